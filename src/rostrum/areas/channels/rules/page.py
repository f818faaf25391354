"""What a channel's page must show, and whether it does: read from the profile, or attested by a person. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rostrum.areas.channels.rules.grounds import names_its_ground
from rostrum.kernel.decisions import Decision, Reason

# What packs ask a page to show, and the field that answers it (with its name in words). Without a field, the body
# settles one text for all its pages.
ELEMENTS: Mapping[str, tuple[str, str]] = {
    "maintained-by": ("maintained_by", "the statement that the body maintains it and follows its policy"),
    "policy-link": ("policy_link", "the link to the policy"),
    "department": ("department", "the department"),
    "comment-policy": ("comment_policy", "the comment policy"),
    "purpose": ("stated_purpose", "its purpose"),
    "purpose-and-scope": ("stated_purpose", "its purpose and scope"),
    "blocking-notice": ("blocking_notice", "the notice that breaking the comment policy leads to blocking"),
    "contact": ("official_contact", "the official contact"),
    "official-site-link": ("official_site_link", "the link back to the official site"),
    "not-legal-notice": ("", "the statement that nothing sent to or from it is legal notice"),
}
# Elements whose text is an address: compared as addresses, and held against the body's own domains.
LINKS = frozenset({"policy-link", "official-site-link"})


class How(StrEnum):
    """How it is known that an element stands on the page."""

    READ = "read"  # the product read the profile, as the platform shows it
    ATTESTED = "attested"  # a named person looked, with a picture of the page


class Place(StrEnum):
    """How an element stands now."""

    IN_PLACE = "in_place"
    MISSING = "missing"
    LAPSED = "lapsed"
    UNSEEN = "unseen"
    UNSETTLED = "unsettled"


PLACE_TITLES = {
    Place.IN_PLACE: ("In place", "ok"),
    Place.MISSING: ("Missing", "stop"),
    Place.LAPSED: ("Not looked at in time", "stop"),
    Place.UNSEEN: ("Not seen yet", "wait"),
    Place.UNSETTLED: ("Text not settled yet", "wait"),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element that clauses ask a page to show.

    `text` is what the page should say ("" while it is not settled); `is_advice` where the clauses only advise it.
    """

    code: str
    clauses: tuple[str, ...]
    words: str
    text: str
    is_advice: bool = False

    @property
    def clause(self) -> str:
        """The first of its clauses, which a refusal cites."""
        return self.clauses[0]


@dataclass(frozen=True, slots=True)
class Sight:
    """The last word on one element: it was there, or it was not. `wanted` is what it was to say then."""

    in_place: bool
    how: How
    place: str
    wanted: str
    matched: str
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One element with the last word on it, and how it stands now."""

    element: Element
    sight: Sight | None
    place: Place

    @property
    def title(self) -> str:
        """How it stands, in words."""
        return PLACE_TITLES[self.place][0]

    @property
    def kind(self) -> str:
        """How a page colours it."""
        return PLACE_TITLES[self.place][1]


def standings(
    elements: Iterable[Element], sights: Mapping[str, Sight], *, check_days: int, now: datetime
) -> tuple[Standing, ...]:
    """How each element stands: by the last word on it, which holds for so many days."""
    return tuple(
        Standing(element, sights.get(element.code), _place(element, sights.get(element.code), check_days, now))
        for element in elements
    )


def _place(element: Element, sight: Sight | None, check_days: int, now: datetime) -> Place:
    if not element.text.strip():
        return Place.UNSETTLED
    if sight is None or sight.wanted.strip() != element.text.strip():
        return Place.UNSEEN
    if not sight.in_place:
        return Place.MISSING
    return Place.LAPSED if now > sight.at + timedelta(days=check_days) else Place.IN_PLACE


@dataclass(frozen=True, slots=True)
class Look:
    """One word on an element in the past: seen from `first_at` to `last_at`, or found missing at `first_at`."""

    first_at: datetime
    last_at: datetime
    in_place: bool
    check: str


def stood_at(looks: Iterable[Look], *, at: datetime, check_days: int) -> Look | None:
    """The look by which the element stood on the page at an instant in the past; None where none shows it.

    The last word by then counts, and for so many days. What nobody had seen was not there, as far as is known.
    """
    by_then = [one for one in looks if one.first_at <= at]
    # A reading that was lengthened says until its end that the element is there.
    last = max(by_then, key=lambda one: min(one.last_at, at) if one.in_place else one.first_at, default=None)
    if last is None or not last.in_place:
        return None
    return last if at <= last.last_at + timedelta(days=check_days) else None


def due_at(standing: Sequence[Standing], checked_at: datetime | None, *, check_days: int) -> datetime | None:
    """Until when the page must be looked at again: when the oldest word on it lapses; None before any look."""
    oldest = [one.sight.at for one in standing if one.sight and one.sight.in_place and not one.element.is_advice]
    at = min(oldest, default=checked_at)
    return at + timedelta(days=check_days) if at else None


def against_page(standing: Iterable[Standing], *, was_checked: bool, clause: str) -> tuple[Reason, ...]:
    """Every reason why the page does not show what it must. What is only advised stops nothing."""
    against = [
        Reason(f"page-element-{one.place}", _SENTENCES[one.place].format(words=one.element.words), one.element.clause)
        for one in standing
        if one.place is not Place.IN_PLACE and not one.element.is_advice
    ]
    if not was_checked:
        against.append(Reason("page-not-checked", "Nobody has looked at its page yet.", clause or None))
    return tuple(against)


_SENTENCES = {
    Place.MISSING: "Its page must show {words}; at the last look it did not.",
    Place.LAPSED: "Its page must show {words}; the last look is too long ago.",
    Place.UNSEEN: "Its page must show {words}; nobody has seen it there yet.",
    Place.UNSETTLED: "Its page must show {words}; the text is not settled yet.",
}


# Reading a profile


def found_in(element: Element, shown: str) -> str:
    """The words of the profile that are the element, or "" where it does not show it."""
    wanted = element.text.strip()
    if not wanted:
        return ""
    if element.code in LINKS:
        return next((link for link in _addresses(shown) if _same_address(link, wanted)), "")
    return wanted if _folded(wanted) in _folded(shown) else ""


_ADDRESS = re.compile(r"(?:https?://)?[\w\-]+(?:\.[\w\-]+)+(?::\d+)?(?:/[^\s<>\"')\]]*)?", re.IGNORECASE)


def _addresses(shown: str) -> list[str]:
    return [found.rstrip(".,;:!?…") for found in _ADDRESS.findall(shown)]


def _same_address(one: str, other: str) -> bool:
    return _address_key(one) == _address_key(other)


def _address_key(address: str) -> str:
    # People and platforms leave out the scheme and "www."; neither makes another page.
    place = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE)
    host, slash, rest = place.partition("/")
    return f"{host.casefold().removeprefix('www.')}{slash}{rest}".rstrip("/")


def _folded(text: str) -> str:
    # Platforms change quotation marks, dashes and spaces; none of that is another notice.
    plain = unicodedata.normalize("NFKC", text).translate(_MARKS).casefold()
    return " ".join(plain.split())


_MARKS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00ad": None, "\u200b": None})


def is_own_link(address: str, domains: Sequence[str]) -> bool:
    """Whether an address is on one of the body's own domains; with none known, every address counts."""
    host = _address_key(address).partition("/")[0].partition(":")[0]
    return not domains or any(host == own or host.endswith(f".{own}") for own in domains)


# A person's check


@dataclass(frozen=True, slots=True)
class PageCheckFacts:
    """A look at a page by a person, about to be recorded.

    `seen` are the elements the person says are there (code → where on the page), `missing` those that are not.
    """

    allows: tuple[Reason, ...]
    may_check: Decision
    elements: tuple[Element, ...]
    seen: Mapping[str, str]
    missing: frozenset[str]
    has_picture: bool
    clause: str
    clauses: Mapping[str, str] = field(default_factory=dict)


@names_its_ground
def decide_page_check(facts: PageCheckFacts) -> Decision:
    """Decide whether the person's look may be recorded: what was seen, where, and a picture that shows it."""
    against = [*facts.allows, *facts.may_check.against]
    known = {element.code: element for element in facts.elements}
    for code, place in facts.seen.items():
        element = known.get(code)
        if element is None:
            continue
        if not element.text.strip():
            words = f"Settle first what the page is to say: {element.words}."
            against.append(Reason("element-unsettled", words, element.clause))
        elif not place.strip():
            words = f"Say where on the page it stands: {element.words}."
            against.append(Reason("no-place", words, element.clause))
        if code in facts.missing:
            against.append(Reason("seen-and-missing", f"Either it is there or it is not: {element.words}."))
    if facts.seen and not facts.has_picture:
        against.append(
            Reason(
                "no-picture", "Add a picture of the page, so that others can see what you saw.", facts.clause or None
            )
        )
    if facts.elements and not facts.seen and not facts.missing:
        against.append(Reason("nothing-said", "Say of at least one element whether it is there.", facts.clause or None))
    return Decision(tuple(against))
