"""What one cell of a list says: text without a spreadsheet's leftovers, and the addresses that stand in it. Pure."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from rostrum.areas.channels.addresses import cleaned
from rostrum.areas.channels.naming import platforms_called

_ERROR = re.compile(
    r"#(?:NAME\?|REF!|N/?A|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|¿NOMBRE\?|NOM\s?\?|BEZUG!)", re.IGNORECASE
)
_AS_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"')
# The name of the function is in the language of whoever wrote it; that its first argument is an address tells.
_LINK_FORMULA = re.compile(r'[=+]\s*[^\W\d][\w.]*\(\s*"((?:[^"]|"")*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)')
_FORMULA = re.compile(r"=.|[+-]\s*[^\W\d_][\w.]*\s*\(|@[A-Z]+\(")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\s[^>]*?href\s*=\s*[\"']?([^\"'>\s]+)[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{1,200}>")
_NOTHING = re.compile(
    r"[-–—._?*/\s]*|n/?a\.?|none|null|nil|tbd|not applicable|unknown|ninguno|ninguna|aucun|keine?", re.IGNORECASE
)

_END = r"[^\s,;|<>\"“”«»\]\[(){}]"
_WITH_SCHEME = re.compile(rf"(?:h?tt?p?ps?:?/{{1,3}})+{_END}+", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![\w@./\-])(?:[^\W_](?:[\w\-]*[^\W_])?\.)+[^\W\d_]{{2,24}}(?::\d{{2,5}})?(?:/{_END}*)?(?![\w@])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w@])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_AT_HANDLE = re.compile(r"(?<![\w./])[@＠]\s?([\w.\-]*\w(?:@[\w\-]+(?:\.[\w\-]+)+)?)")
_ONE_WORD = re.compile(r"[\w.\-]*\w[\w.\-]*")
# A comma parts two channels only where the next one is introduced: "Facebook: a, Twitter: b".
_PARTS = re.compile(r"[\n;|]+|,(?=\s*[^\W\d_][\w ()/]{0,30}(?::(?!//)| - ))")
_SCHEME = re.compile(r"(?:h?tt?p?ps?:?/{1,3})+", re.IGNORECASE)
_TRAILING = ".,;:!?'’”\"*>"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text as a person reads it, the address behind a link in it, and what could not be taken from it."""

    text: str
    link: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One address in a cell: a URL or a handle, and the platforms named right before it."""

    url: str = ""
    handle: str = ""
    platforms: tuple[str, ...] = ()
    # A name of a host with nothing before or behind it: on some platforms that is a handle.
    is_bare: bool = False


def read_cell(raw: str) -> Cell:
    """A cell without what spreadsheets leave in it."""
    text = cleaned(raw.replace("\u00a0", " "))
    if formula := _AS_TEXT.fullmatch(text):
        text = formula.group(1).replace('""', '"').strip()
    elif formula := _LINK_FORMULA.fullmatch(text):
        address, shown = (formula.group(1) or "").strip(), (formula.group(2) or "").strip()
        return Cell(shown.replace('""', '"'), address.replace('""', '"'))
    elif text.startswith("'"):
        text = text[1:].strip()
    if anchor := _ANCHOR.search(text):
        return Cell(_TAG.sub(" ", anchor.group(2)).strip(), anchor.group(1))
    if _ERROR.fullmatch(text):
        return Cell("", "", f"a spreadsheet error stands in place of a value ({text})")
    if _FORMULA.match(text):
        return Cell("", "", "a formula, which is not computed here")
    if _ROUNDED.fullmatch(text):
        return Cell("", "", f"a number that a spreadsheet has rounded ({text})")
    return Cell("" if _NOTHING.fullmatch(text) else text)


def looks_like_address(text: str) -> bool:
    """Whether a text holds a web address or a handle with its @."""
    without = _EMAIL.sub(" ", text)
    return bool(_WITH_SCHEME.search(text) or _AT_HANDLE.search(without) or _BARE.search(without))


def addresses_in(cell: Cell, *, bare_words: bool) -> list[Spoken]:
    """Every address in a cell, in order. With `bare_words` a word without @ is a handle too."""
    found = [Spoken(url=_mended(cell.link))] if cell.link else []
    for part in _PARTS.split(cell.text):
        named, rest = _named_before(part)
        found += [
            replace(one, platforms=one.platforms or named)
            for one in _in_part(rest, bare_words=bare_words or bool(named))
        ]
    return list(dict.fromkeys(found))


def _named_before(part: str) -> tuple[tuple[str, ...], str]:
    """The platforms named before a colon or dash, as in “Facebook: WausauParks”, and what stands behind it."""
    head, mark, rest = part.partition(":")
    if not mark or rest.startswith("/"):
        head, mark, rest = part.partition(" - ")
    if mark and len(head) <= 40 and not looks_like_address(head) and (named := platforms_called(head)):
        return named, rest
    return (), part


def _in_part(text: str, *, bare_words: bool) -> list[Spoken]:
    found: list[tuple[int, Spoken]] = []

    def take(at: int, spoken: Spoken, length: int) -> str:
        found.append((at, spoken))
        return text[:at] + " " * length + text[at + length :]

    for pattern in (_WITH_SCHEME, None, _BARE):
        if pattern is None:
            # An e-mail address is no channel; its domain must not be taken for one.
            text = _EMAIL.sub(lambda match: " " * len(match.group()), text)
            continue
        for match in list(pattern.finditer(text)):
            for url in _apart(match.group()):
                is_bare = pattern is _BARE and "/" not in url
                text = take(match.start(), Spoken(url=_mended(url), is_bare=is_bare), len(match.group()))
    for match in list(_AT_HANDLE.finditer(text)):
        text = take(match.start(), Spoken(handle=match.group(1).rstrip(".-")), len(match.group()))
    if bare_words and not found:
        for word in re.split(r"\s*(?:,|/|\band\b|\by\b|\bund\b|\bet\b|&)\s*", text.strip()):
            if _ONE_WORD.fullmatch(word):
                found.append((text.find(word), Spoken(handle=word)))
    return [spoken for _, spoken in sorted(found, key=lambda one: one[0])]


def _apart(text: str) -> list[str]:
    """Addresses written together without a space."""
    starts = [match.start() for match in _SCHEME.finditer(text) if match.start()]
    # A scheme right behind a scheme, or inside a query, is part of one address.
    cuts = [at for at in starts if text[at - 1] not in "=/&?%" and "?" not in text[:at]]
    bounds = [0, *cuts, len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


def _mended(url: str) -> str:
    """The address with its scheme as it was meant, without the full stop of the sentence it stood in."""
    rest = url.strip().rstrip(_TRAILING)
    scheme = "http" if re.match(r"http:", rest, re.IGNORECASE) else "https"
    without = _SCHEME.sub("", rest, count=1) if _SCHEME.match(rest) else rest.removeprefix("//")
    return f"{scheme}://{without}" if without else ""
