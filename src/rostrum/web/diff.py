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


# Beyond this many words on one side a passage is shown as gone and come, not word by word.
_WORD_BY_WORD = 2000


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive paragraphs with the same fate: unchanged ones, or what stood there beside what stands there now."""

    is_same: bool
    old: tuple[Stretch, ...]
    new: tuple[Stretch, ...]
    paragraphs: int

    @property
    def what(self) -> str:
        """What happened to the passage, in words."""
        if self.is_same:
            return "Unchanged"
        if not self.old:
            return "Added"
        return "Changed" if self.new else "Removed"


def passage_changes(old: str, new: str) -> tuple[Passage, ...]:
    """Two long texts paragraph by paragraph, and changed paragraphs word by word."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[Passage] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = "\n\n".join(before[i1:i2]), "\n\n".join(after[j1:j2])
        if tag == "equal":
            found.append(Passage(True, (Stretch(Change.SAME, left),), (Stretch(Change.SAME, right),), i2 - i1))
        elif tag == "replace" and max(len(left.split()), len(right.split())) <= _WORD_BY_WORD:
            found.append(Passage(False, *word_changes(left, right), max(i2 - i1, j2 - j1)))
        else:
            gone = (Stretch(Change.GONE, left),) if left else ()
            come = (Stretch(Change.NEW, right),) if right else ()
            found.append(Passage(False, gone, come, max(i2 - i1, j2 - j1)))
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n+", text) if part.strip()]
