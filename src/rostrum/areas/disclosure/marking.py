"""Marking words of a record to be withheld: a word is what the commitment can withhold. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rostrum.evidence.segments import text_segments

# What is most often withheld, found by form alone; a suggestion marks a word and decides nothing.
_SUGGESTED = (
    re.compile(r"(?<![\d-])(?:\+?1[\s.-]?)?(?:\(\d{3}\)|\d{3})[\s.-]?\d{3}[\s.-]?\d{4}(?![\d-])"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"),
)


class Marked(Protocol):
    """What is known here of a redaction."""

    place: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the text with its place, whether it is withheld already, and whether its form suggests it."""

    number: int
    text: str
    start: int
    end: int
    withheld: bool
    suggested: bool
    ends_line: bool


def words(text: str, redactions: Iterable[Marked]) -> list[Word]:
    """The words of a text in order, without the white space between them."""
    spans = [(one.start, one.end) for one in redactions if one.place == "text"]
    found = [match.span() for pattern in _SUGGESTED for match in pattern.finditer(text)]
    result, position = [], 0
    for number, segment in enumerate(text_segments(text)):
        start, position = position, position + len(segment)
        word = segment.rstrip()
        if not word:
            continue
        end = start + len(word)
        withheld = any(low < end and high > start for low, high in spans)
        suggested = not withheld and any(low < end and high > start for low, high in found)
        result.append(Word(number, word, start, end, withheld, suggested, "\n" in segment))
    return result


def ranges(text: str, chosen: Sequence[str]) -> list[tuple[int, int]]:
    """The runs of neighbouring chosen words (by number, as the form sends them) as ranges of code points."""
    wanted = {int(one) for one in chosen if one.isdigit()}
    runs: list[tuple[int, int]] = []
    last: Word | None = None
    for word in words(text, ()):
        if word.number in wanted:
            joins = bool(runs) and last is not None and last.number in wanted
            runs[-1:] = [(runs[-1][0], word.end)] if joins else [*runs[-1:], (word.start, word.end)]
        last = word
    return runs
