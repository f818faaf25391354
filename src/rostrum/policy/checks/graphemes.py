"""Counting text as platforms count it: graphemes, code points, weighted characters, links at a fixed length. Pure.

Grapheme clusters follow UAX #29 for what posts contain: combining marks, emoji with modifiers and joiners, flags,
keycaps, Hangul syllables, line ends. The standard library has no table of them; the properties used here do.
"""

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

_ZWJ, _VS16, _ZWNJ = "\u200d", "\ufe0f", "\u200c"
_LINK = re.compile(r"https?://[^\s<>\"]+|(?<![\w@.])(?:www\.)[^\s<>\"]+", re.IGNORECASE)
_REMOTE_MENTION = re.compile(r"(@[\w.-]+)@[\w.-]+\.\w+")
_LINK_LENGTH = 23


def _is_extend(char: str) -> bool:
    if char in (_ZWNJ, "\ufe0e", _VS16) or "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":
        return True
    return unicodedata.category(char) in ("Mn", "Me", "Mc")


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def is_pictograph(char: str) -> bool:
    """Whether a character is drawn as a picture: an emoji or a symbol that may be one."""
    point = ord(char)
    return (
        0x1F300 <= point <= 0x1FAFF
        or 0x2600 <= point <= 0x27BF
        or 0x1F000 <= point <= 0x1F2FF
        or point in (0x00A9, 0x00AE, 0x203C, 0x2049, 0x2122, 0x2139, 0x231A, 0x231B, 0x2328, 0x23CF, 0x2B50, 0x2B55)
        or 0x2190 <= point <= 0x21FF
        or 0x23E9 <= point <= 0x23FA
        or 0x2B05 <= point <= 0x2B1C
    )


def _hangul(char: str) -> str:
    point = ord(char)
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return "L"
    if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return "V"
    if 0x11A8 <= point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return "T"
    if 0xAC00 <= point <= 0xD7A3:
        return "LV" if (point - 0xAC00) % 28 == 0 else "LVT"
    return ""


_HANGUL_JOINS = {("L", "L"), ("L", "V"), ("L", "LV"), ("L", "LVT"), ("LV", "V"), ("LV", "T"), ("V", "V"), ("V", "T"),
                 ("LVT", "T"), ("T", "T")}  # fmt: skip


def _joins(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if last == "\r":
        return char == "\n"
    if unicodedata.category(last) in ("Cc", "Zl", "Zp") or unicodedata.category(char) in ("Cc", "Zl", "Zp"):
        return False
    if char == _ZWJ or _is_extend(char):
        return True
    if last == _ZWJ and is_pictograph(char):
        return is_pictograph(cluster[0])
    if _is_regional(char) and _is_regional(last):
        # Flags are pairs: a third letter starts the next flag.
        return sum(_is_regional(each) for each in cluster) % 2 == 1
    return (_hangul(last), _hangul(char)) in _HANGUL_JOINS


def graphemes(text: str) -> list[str]:
    """Split a text into what a reader sees as single characters; joined they are the text."""
    found: list[str] = []
    for char in text:
        if found and _joins(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _weight(cluster: str) -> int:
    point = ord(cluster[0])
    narrow = point <= 0x10FF or 0x2000 <= point <= 0x200D or 0x2010 <= point <= 0x201F or 0x2032 <= point <= 0x2037
    if any(is_pictograph(char) and ord(char) > 0xFF for char in cluster) or _is_regional(cluster[0]):
        return 2
    return sum(1 if narrow else 2 for _ in cluster)


def count_as(text: str, count: str) -> int:
    """Return the length of a text as a platform counts it.

    `count` is one of graphemes, characters (code points), weighted (X: a link is 23, wide letters and emoji 2) and
    links-as-23 (Mastodon: a link is 23, a mention without its server).
    """
    if count == "graphemes":
        return len(graphemes(text))
    if count == "weighted":
        text = unicodedata.normalize("NFC", text)
        links = len(_LINK.findall(text))
        return links * _LINK_LENGTH + sum(_weight(cluster) for cluster in graphemes(_LINK.sub("", text)))
    if count == "links-as-23":
        text = _REMOTE_MENTION.sub(r"\1", text)
        return len(graphemes(_LINK.sub("x" * _LINK_LENGTH, text)))
    return len(text)


def cut_at(text: str, count: str, limit: int) -> int:
    """Return the offset, in code points, at which a text passes `limit`; the length of the text if it never does."""
    ends = list(accumulate(map(len, graphemes(text)), initial=0))
    # The count never falls as the text grows, so the last end that still fits is found by halving.
    return ends[bisect_right(ends, limit, key=lambda end: count_as(text[:end], count)) - 1]
