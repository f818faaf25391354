"""Cutting a text into words that are the same for every search engine.

The rules, in the order they act:

1. A text is folded: NFKC, case folded, combining marks dropped (``Café`` and ``cafe`` are one word; both dots of a
   Japanese voiced kana stay). Invisible characters (soft hyphen, joiners, direction marks, skin tones) vanish.
2. A run of letters and digits is a word. Everything else separates: punctuation, apostrophes, hyphens, underscores,
   so the parts of a URL, of ``don't`` and of ``715-555-0100`` are words in sequence.
3. A run in a script written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Myanmar) becomes overlapping pairs,
   one per character, the last character alone. A character is thus always the beginning of the word at its place, and
   any stretch of such a run can be found.
4. An emoji or other pictograph is a word.
5. ``#tag`` and ``@name`` are words like any other (searching ``flood`` finds ``#flood``) and *marks* besides
   (searching ``#flood`` finds only the hashtag). Marks have no place in the sequence.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Longer words are cut: nobody types them, and PostgreSQL refuses lexemes over 2,046 bytes.
LONGEST_WORD = 100

_UNSPACED = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00016fe0-\U00018cff"
    "\U0001b000-\U0001b16f\U00020000-\U000323af"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ec6\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
)
_RUN = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>[^\\W_{_UNSPACED}]+)|(?P<symbol>[^\\w\\s\\x00-\\x7f])")
# The same for texts that need less looking, which are most: of ASCII, letters and digits alone are words.
_ASCII_SEPARATORS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_SPACED_RUN = re.compile(r"[^\W_]+|[^\w\s\x00-\x7f]")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
# Not after a letter (an e-mail address), a slash or an ampersand (parts of a URL, ``&#39;``). The sign stands first,
# and what must not be before it second, so that the search leaps from sign to sign.
_MARK = re.compile(r"#(?<![\w&/.]#)_*[^\W_]\w*|@(?<![\w&/.]@)\w[\w.-]*(?:@\w[\w.-]*)?")
_NOT_ASCII = re.compile("([^\x00-\x7f]+)")
# Characters that only mean something together with the one before them are composed first.
_COMPOSED = re.compile(
    "[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|[\uac00-\ud7a3][\u11a8-\u11ff]|.[\u3099\u309a\uff9e\uff9f]",
    re.DOTALL,
)
_NEEDS_COMPOSING = re.compile("[\u1100-\u11ff\u3099\u309a\uff9e\uff9f]")
_VOICED = "\u3099\u309a"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word at its place: `position` counts words from 0, `start` and `end` are offsets in code points.

    A mark (``#tag``, ``@name``) has the position -1: it belongs to the text, not to the sequence.
    """

    text: str
    position: int
    start: int
    end: int


def storable(text: str) -> str:
    """The text with what no database can hold (NUL, lone surrogates) replaced by U+FFFD; raw bytes keep the truth."""
    if text.isascii() and "\0" not in text:
        return text  # nearly every one, and told without a pattern
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text


def fold(text: str) -> str:
    """The text in the form in which words are compared."""
    if text.isascii():
        return text.lower()
    if _NEEDS_COMPOSING.search(text):
        text = _COMPOSED.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    # Character by character only where it must be: every other piece is ASCII.
    pieces = _NOT_ASCII.split(text)
    return "".join([piece.lower() if piece.isascii() else piece.translate(_FOLDING) for piece in pieces])


def index_words(text: str) -> tuple[list[str], list[str]]:
    """The words in sequence and the distinct marks, as both engines index them."""
    folded = fold(text)
    if folded.isascii():
        words = folded.translate(_ASCII_SEPARATORS).split()
    elif _UNSPACED_LETTER.search(folded):
        words = [word for word, _, _ in _cut(folded)]
    else:
        words = _SPACED_RUN.findall(folded)
    if len(folded) > LONGEST_WORD and max(map(len, words), default=0) > LONGEST_WORD:
        words = [word[:LONGEST_WORD] for word in words]
    marks = dict.fromkeys(mark for mark, _, _ in _marks(folded)) if "#" in folded or "@" in folded else {}
    return words, list(marks)


def tokens(text: str) -> list[Token]:
    """Every word and mark with its place in the original text, words in sequence, then marks."""
    folded, starts, ends = _fold_with_places(text)
    found = [Token(word, place, starts[a], ends[b - 1]) for place, (word, a, b) in enumerate(_cut(folded))]
    found += [Token(mark, -1, starts[a], ends[b - 1]) for mark, a, b in _marks(folded)]
    return found


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The uncut runs of a text: each word, symbol or unspaced run, and whether it is of a script without spaces."""
    for match in _RUN.finditer(fold(text)):
        yield match.group(), match.lastgroup == "unspaced"


def whole_marks(text: str) -> Iterator[tuple[str, int, bool]]:
    """The marks of a text as typed, each with its start in the folded text and whether the text ends with it."""
    folded = fold(text)
    length = len(folded.rstrip())
    last = -1
    for mark, start, end in _marks(folded):
        if start != last:
            yield mark, start, end == length
        last = start


def _cut(folded: str) -> Iterator[tuple[str, int, int]]:
    for match in _RUN.finditer(folded):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            for place in range(start, end):
                yield folded[place : min(place + 2, end)], place, min(place + 2, end)
        else:
            yield folded[start : min(end, start + LONGEST_WORD)], start, end


def _marks(folded: str) -> Iterator[tuple[str, int, int]]:
    for match in _MARK.finditer(folded):
        mark = match.group().rstrip(".-")
        start, end = match.start(), match.start() + len(mark)
        yield mark[:LONGEST_WORD], start, end
        if mark[0] == "@" and (local := re.split(r"[.@]", mark[1:], maxsplit=1)[0]) != mark[1:]:
            yield f"@{local}"[:LONGEST_WORD], start, start + 1 + len(local)


def _fold_with_places(text: str) -> tuple[str, list[int], list[int]]:
    """The folded text and, for each of its characters, where the original character starts and ends."""
    if text.isascii():
        return text.lower(), list(range(len(text))), list(range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _characters(text):
        piece = fold(text[start:end])
        if not piece and ends:
            ends[-1] = end  # a mark belongs to the character before it
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return "".join(pieces), starts, ends


def _characters(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    if _NEEDS_COMPOSING.search(text):
        for match in _COMPOSED.finditer(text):
            yield from ((at, at + 1) for at in range(place, match.start()))
            yield match.span()
            place = match.end()
    yield from ((at, at + 1) for at in range(place, len(text)))


class _Folding(dict[int, str]):
    """What each character folds to, worked out once when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    if ord(character) in _SKIN_TONES and ord(character) <= 0x1F3FF:
        return ""
    if character in _VOICED:
        return character
    category = unicodedata.category(character)
    if category == "Cf" and character != "\u200b":
        return ""
    if category[0] == "P" or category in ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs"):
        # Full-width # and @ are typed by people who mean # and @.
        plain = unicodedata.normalize("NFKC", character)
        return plain if plain in ("#", "@") else " "
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    kept = "".join(mark for mark in decomposed if mark in _VOICED or unicodedata.category(mark)[0] != "M")
    folded = unicodedata.normalize("NFKC", kept).casefold()
    return "".join(" " if _separates(part) else part for part in folded)


def _separates(character: str) -> bool:
    """Mathematics and currency are no words; pictographs, and characters too new to be known, are."""
    category = unicodedata.category(character)
    return category in ("Sm", "Sc", "Sk") or category[0] in "PZ"


_FOLDING = _Folding()
