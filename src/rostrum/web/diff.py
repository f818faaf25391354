"""Two texts side by side: which words went, which came. Pure; for pages that show versions."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Change(StrEnum):
    """What happened to a stretch of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive words with the same fate."""

    change: Change
    text: str


def word_changes(old: str, new: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """The old text marked with what went, and the new one with what came; joined, each side is its text unchanged."""
    before, after = re.findall(r"\s+|[^\s]+", old), re.findall(r"\s+|[^\s]+", new)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if i1 < i2:
            left.append(Stretch(Change.SAME if tag == "equal" else Change.GONE, "".join(before[i1:i2])))
        if j1 < j2:
            right.append(Stretch(Change.SAME if tag == "equal" else Change.NEW, "".join(after[j1:j2])))
    return tuple(left), tuple(right)
