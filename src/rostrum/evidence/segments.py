"""Segments: how a text is cut for commitment, so that single words can be withheld later and the rest still verifies.

A verifier never cuts texts itself: the boundaries are in the parts. So this may change without touching old records.
"""

import re

# Han, Hiragana and Katakana are written without spaces; each character is a segment of its own there, else a whole
# sentence would have to be withheld for one name.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SEGMENT = re.compile(rf"[{_UNSPACED}]\s*|[^\s{_UNSPACED}]+\s*|\s+")
# The same for bytes that are ASCII. Spelled out: of ASCII, `\s` means four characters more in a text than in bytes.
_SPACE = rb" \t-\r\x1c-\x1f"
_ASCII_SEGMENT = re.compile(rb"[^%b]+[%b]*|[%b]+" % (_SPACE, _SPACE, _SPACE))


def text_segments(text: str) -> list[str]:
    """Cut a text into words with their trailing white space; ``"".join`` gives the text back."""
    return _SEGMENT.findall(text)


def encoded_segments(text: str) -> list[bytes]:
    """The segments of a text, each in UTF-8; most texts are ASCII, and are cut as bytes at once."""
    return _ASCII_SEGMENT.findall(text.encode()) if text.isascii() else [*map(str.encode, text_segments(text))]
