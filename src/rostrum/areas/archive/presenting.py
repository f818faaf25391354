"""Texts as pages show them: the places that answer a query, marked; long ones cut around the first. Pure."""

from dataclasses import dataclass

from rostrum.kernel import words

_LONGEST = 700
_BEFORE = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it answers the query."""

    text: str
    is_hit: bool


def marked(tree: words.Query | None, text: str) -> list[Piece]:
    """The whole text in pieces; joined, they are the text."""
    return _pieces(text, words.highlights(tree, text), 0, len(text))


def excerpt(tree: words.Query | None, text: str) -> list[Piece]:
    """The text in pieces, cut to what fits in a list; where it is cut, an ellipsis says so."""
    places = words.highlights(tree, text)
    if len(text) <= _LONGEST:
        return _pieces(text, places, 0, len(text))
    start = max(0, places[0][0] - _BEFORE) if places else 0
    end = min(len(text), start + _LONGEST)
    pieces = _pieces(text, places, start, end)
    if start:
        pieces.insert(0, Piece("… ", False))
    if end < len(text):
        pieces.append(Piece(" …", False))
    return pieces


def _pieces(text: str, places: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for place in places:
        first, last = max(place[0], at), min(place[1], end)
        if first >= last:
            continue
        if at < first:
            pieces.append(Piece(text[at:first], False))
        pieces.append(Piece(text[first:last], True))
        at = last
    if at < end:
        pieces.append(Piece(text[at:end], False))
    return pieces
