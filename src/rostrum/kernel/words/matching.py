"""What a query means, written as plainly as it can be: the reference both search engines are tested against."""

from rostrum.kernel.words.query import AllOf, AnyOf, Mark, Not, Phrase, Query, Word
from rostrum.kernel.words.tokens import Token, tokens


def matches(query: Query | None, text: str) -> bool:
    """Whether the text answers the query; None is answered by every text."""
    return query is None or _holds(query, tokens(text))


def highlights(query: Query | None, text: str) -> list[tuple[int, int]]:
    """The places in the text that answer the query, as offsets in code points, in order and not overlapping.

    What stands under a negation is not a place. Marked places need not mean that the whole query matches.
    """
    if query is None:
        return []
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_places(query, tokens(text))):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _holds(query: Query, found: list[Token]) -> bool:
    match query:
        case Word() | Mark() | Phrase():
            return bool(_places(query, found))
        case AllOf(parts):
            return all(_holds(part, found) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, found) for part in parts)
        case Not(part):
            return not _holds(part, found)


def _places(query: Query, found: list[Token]) -> list[tuple[int, int]]:
    match query:
        case Word(text, begins):
            return [(t.start, t.end) for t in found if t.position >= 0 and _is(t.text, text, begins)]
        case Mark(text, begins):
            return [(t.start, t.end) for t in found if t.position < 0 and _is(t.text, text, begins)]
        case Phrase(words, begins):
            line = [token for token in found if token.position >= 0]
            last = len(words) - 1
            return [
                (line[at].start, line[at + last].end)
                for at in range(len(line) - last)
                if all(_is(line[at + i].text, word, begins and i == last) for i, word in enumerate(words))
            ]
        case AllOf(parts) | AnyOf(parts):
            return [place for part in parts for place in _places(part, found)]
        case Not():
            return []


def _is(word: str, wanted: str, begins: bool) -> bool:
    return word.startswith(wanted) if begins else word == wanted
