"""Counts what a reader calls characters (extended grapheme clusters, UAX 29): platforms limit posts by them.

Written from the standard's rules with the properties Python ships (`unicodedata`); emoji sequences, flags, combining
marks and Hangul syllables count as one each.
"""

import unicodedata

_JOINER = "\u200d"
_MARKS = ("Mn", "Me", "Mc")


def count_graphemes(text: str) -> int:
    """Return the number of grapheme clusters in a text."""
    count = 0
    before = ""
    flags_open = 0
    for character in unicodedata.normalize("NFC", text):
        is_flag_letter = "\U0001f1e6" <= character <= "\U0001f1ff"
        # GB12, GB13: two regional indicators make one flag.
        second_of_flag = is_flag_letter and flags_open % 2 == 1
        if not (before and (second_of_flag or _joins(before, character))):
            count += 1
        flags_open = flags_open + 1 if is_flag_letter else 0
        before = character
    return count


def _joins(before: str, character: str) -> bool:
    """Whether no boundary stands between two characters."""
    if before == "\r" and character == "\n":  # GB3
        return True
    if unicodedata.category(before) in ("Cc", "Zl", "Zp"):  # GB4
        return False
    if _extends(character):  # GB9, GB9a
        return True
    if before == _JOINER and _is_pictograph(character):  # GB11
        return True
    return _same_hangul_syllable(before, character)  # GB6 to GB8


def _extends(character: str) -> bool:
    return (
        character in (_JOINER, "\u200c")
        or unicodedata.category(character) in _MARKS
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, as in regional flags
    )


def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) == "So" or "\U0001f000" <= character <= "\U0001faff"


def _same_hangul_syllable(before: str, character: str) -> bool:
    first, second = _hangul(before), _hangul(character)
    return (first, second) in {
        ("L", "L"), ("L", "V"), ("L", "LV"), ("L", "LVT"), ("LV", "V"), ("LV", "T"), ("V", "V"), ("V", "T"),
        ("LVT", "T"), ("T", "T"),
    }  # fmt: skip


def _hangul(character: str) -> str:
    code = ord(character)
    if 0x1100 <= code <= 0x115F:
        return "L"
    if 0x1160 <= code <= 0x11A7:
        return "V"
    if 0x11A8 <= code <= 0x11FF:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""
