"""Material about another department or party without its consent (WAU-use-03a to 03c, 04b). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rostrum.kernel.findings import Strength
from rostrum.policy.checks.base import Context, Hit, Parameters

# Names of departments that are not on the body's list still read as departments.
_DEPARTMENT = re.compile(
    r"\b(?:the\s+)?(?P<name>(?!(?:The|Our|This|Your|Every|Each|Any)\b)(?:[A-Z][a-z]+(?:\s*(?:,|&|and)\s+|"
    r"\s+)){1,4}(?:Department|Dept\.?|Division|Bureau)|"
    r"(?:Department|Dept\.?|Division|Bureau)\s+of\s+(?:[A-Z][a-z]+)(?:(?:\s*(?:,|&|and)\s+|\s+)[A-Z][a-z]+){0,3})\b"
)
_OWN = re.compile(r"\b(?:our|this|my)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """One department and all the names it goes by."""

    name: str
    names: tuple[str, ...]

    def is_called(self, name: str) -> bool:
        """Whether `name` is one of its names."""
        return _plain(name) in {_plain(each) for each in self.names}


def _plain(name: str) -> str:
    words = re.sub(r"[^\w\s]", " ", name.lower()).split()
    return " ".join(word for word in words if word not in ("the", "of", "city", "department", "dept", "office"))


def units_of(context: Context) -> tuple[Unit, ...]:
    """The body's departments: each entry of ``body.units`` is a name and its other names, separated by ``|``."""
    units = []
    for entry in context.words("body.units"):
        names = tuple(name.strip() for name in entry.split("|") if name.strip())
        if names:
            units.append(Unit(names[0], names))
    return tuple(units)


def find_other_parties(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find material about others that has neither consent nor an earlier publication behind it.

    Parties the author named count in full. A department found in the text counts in full when the author's own is
    known to be another one, and as a warning when it is not known. ``party = "unit"`` asks for departments only.
    """
    facts = context.facts
    units = units_of(context)
    own = next((unit for unit in units if unit.is_called(facts.unit)), None) if facts.unit else None
    cleared = {_plain(name) for name in (*facts.consents, *facts.published_sources)}
    # What is cleared, the author's own, or already reported is not reported again when its name is found.
    known = set(cleared) | ({_plain(name) for name in own.names} if own else {_plain(facts.unit)})
    for party in facts.other_party_refs:
        if parameters.get("party") == "unit" and party.kind not in ("unit", "department"):
            continue
        unit = next((each for each in units if each.is_called(party.name)), None)
        names = unit.names if unit else (party.name,)
        if known.isdisjoint(_plain(name) for name in names):
            start, end = _place(context.text, names)
            yield Hit(f"This is about {party.name}, whose consent is not on file.", _ADVICE, start, end)
        known.update(_plain(name) for name in names)
    yield from _found_in_text(context, units, known)


def _found_in_text(context: Context, units: tuple[Unit, ...], known: set[str]) -> Iterator[Hit]:
    taken: list[tuple[int, int]] = []
    for unit in units:
        is_known = not known.isdisjoint(_plain(name) for name in unit.names)
        for name in sorted(unit.names, key=len, reverse=True):
            for match in re.finditer(rf"(?<![\w#@]){re.escape(name)}(?!\w)", context.text, re.IGNORECASE):
                if _overlaps(match.span(), taken):
                    continue
                taken.append(match.span())
                if not is_known:
                    yield _unit_hit(unit.name, match, is_sure=bool(context.facts.unit))
    for match in _DEPARTMENT.finditer(context.text):
        name = match["name"]
        is_own = _OWN.search(context.text[: match.start()]) or _plain(name) in known
        if not is_own and _plain(name) and not _overlaps(match.span("name"), taken):
            message = f"“{name}” reads as another department."
            yield Hit(message, _ADVICE, match.start("name"), match.end("name"), Strength.WARN)


_ADVICE = "Ask it for consent, link what it has already published, or say that it is your own department."


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _unit_hit(name: str, match: re.Match[str], *, is_sure: bool) -> Hit:
    if is_sure:
        message = f"“{match[0]}” is another department ({name}), whose consent is not on file."
        return Hit(message, _ADVICE, match.start(), match.end())
    message = f"“{match[0]}” is a department; if it is not yours, its consent is needed."
    return Hit(message, _ADVICE, match.start(), match.end(), Strength.WARN)


def _place(text: str, names: tuple[str, ...]) -> tuple[int | None, int | None]:
    for name in sorted(names, key=len, reverse=True):
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
        if match:
            return match.start(), match.end()
    return None, None
