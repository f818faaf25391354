"""The query language: what a person types, as a tree, or the place where it cannot be read.

    water main            both words, anywhere
    "water main"          in this order, next to each other
    flood OR sewer        either
    -drill, NOT drill     without
    (flood OR sewer) -drill
    evacuat*              words that begin so
    #flood  @wausau.gov   only the hashtag, only the mention; ``flood`` finds ``#flood`` too

A term that is cut into several words (``don't``, a URL, ``715-555-0100``, ``停水通知``) means them in sequence. A mark
inside quotation marks demands both: the words in sequence, and the mark in the text.
"""

import re
from dataclasses import dataclass

from rostrum.kernel.words.tokens import LONGEST_WORD, fold, runs, whole_marks

_MOST_TERMS = 100
_MOST_WORDS_IN_SEQUENCE = 64
_DEEPEST = 20
_SHORTEST_BEGINNING = 2
_LEXEME = re.compile(
    r'\s*(?:(?P<open>\()|(?P<close>\))|(?P<quote>"(?P<quoted>[^"]*)"(?P<star>\*?))|(?P<term>[^\s()"]+))'
)
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


class QueryProblem(Exception):
    """A query that cannot be read: what to correct, and where (`start`, `end` in code points)."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(f"{message} (at character {start + 1})")
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Word:
    """One word; with `begins`, every word that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One hashtag or mention, its sign included; with `begins`, every one that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in sequence; with `begins`, the last is only a beginning."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Query"


Query = Word | Mark | Phrase | AllOf | AnyOf | Not


def parse(text: str) -> Query | None:
    """The tree of a query, or None when the text is blank (everything).

    Raises `QueryProblem` with the place of what cannot be read.
    """
    reader = _Reader(text.translate(_CURLY))
    if not reader.lexemes:
        return None
    tree = reader.alternatives(0)
    if reader.at < len(reader.lexemes):
        lexeme = reader.lexemes[reader.at]
        raise QueryProblem("This closing parenthesis has no opening one.", lexeme.start, lexeme.end)
    if tree is None:
        raise QueryProblem("There is no word in this query.", 0, len(text))
    return tree


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str  # open, close, or, and, not, quoted, term
    text: str
    start: int
    end: int


class _Reader:
    """Recursive descent over the lexemes: alternatives of sequences of possibly negated atoms."""

    def __init__(self, text: str) -> None:
        self.lexemes = list(_lexemes(text))
        self.at = 0
        self.terms = 0

    def _next(self) -> _Lexeme | None:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else None

    def alternatives(self, depth: int) -> Query | None:
        parts = [self.conjunction(depth)]
        while (lexeme := self._next()) and lexeme.kind == "or":
            if parts[-1] is None:
                raise QueryProblem("OR needs a word before it.", lexeme.start, lexeme.end)
            self.at += 1
            parts.append(self.conjunction(depth))
            if parts[-1] is None:
                raise QueryProblem("OR needs a word after it.", lexeme.start, lexeme.end)
        present = tuple(part for part in parts if part is not None)
        return AnyOf(present) if len(present) > 1 else (present[0] if present else None)

    def conjunction(self, depth: int) -> Query | None:
        parts: list[Query] = []
        while (lexeme := self._next()) and lexeme.kind not in ("or", "close"):
            if lexeme.kind == "and":
                self.at += 1
                follower = self._next()
                if not parts or follower is None or follower.kind in ("or", "and", "close"):
                    raise QueryProblem("AND needs a word on each side.", lexeme.start, lexeme.end)
                continue
            part = self.part(lexeme, depth)
            if part is not None:
                parts.append(part)
        return AllOf(tuple(parts)) if len(parts) > 1 else (parts[0] if parts else None)

    def part(self, lexeme: _Lexeme, depth: int) -> Query | None:
        self.at += 1
        if lexeme.kind == "not":
            follower = self._next()
            if follower is None or follower.kind in ("or", "and", "close", "not"):
                raise QueryProblem("“Not” needs a word after it.", lexeme.start, lexeme.end)
            inner = self.part(follower, depth)
            if inner is None:
                raise QueryProblem("There is no word to leave out here.", follower.start, follower.end)
            return Not(inner)
        if lexeme.kind == "open":
            if depth >= _DEEPEST:
                raise QueryProblem(f"Parentheses can be nested {_DEEPEST} deep.", lexeme.start, lexeme.end)
            inner = self.alternatives(depth + 1)
            closing = self._next()
            if closing is None or closing.kind != "close":
                raise QueryProblem("This parenthesis is never closed.", lexeme.start, lexeme.end)
            if inner is None:
                raise QueryProblem("There is no word between these parentheses.", lexeme.start, closing.end)
            self.at += 1
            return inner
        self.terms += 1
        if self.terms > _MOST_TERMS:
            raise QueryProblem(f"A query can have {_MOST_TERMS} terms.", lexeme.start, lexeme.end)
        return _term(lexeme)


def _lexemes(text: str) -> list[_Lexeme]:
    found: list[_Lexeme] = []
    place = 0
    while (match := _LEXEME.match(text, place)) is not None:
        kind = match.lastgroup if match.lastgroup in ("open", "close", "term") else "quoted"
        start, end = match.span("quote") if kind == "quoted" else match.span(kind)
        word = match.group("quoted") + match.group("star") if kind == "quoted" else match.group(kind)
        place = match.end()
        if kind == "term" and word in ("OR", "AND", "NOT"):
            kind = word.lower()
        elif kind == "term" and word[0] == "-" and (len(word) > 1 or text[place : place + 1] in ("(", '"')):
            found.append(_Lexeme("not", "-", start, start + 1))
            place, word = start + 1, ""
            kind = ""
        if kind:
            found.append(_Lexeme(kind, word, start, end))
    rest = text[place:].lstrip()
    if rest:
        start = len(text) - len(rest)
        raise QueryProblem("This quotation mark is never closed.", start, start + 1)
    return found


def _term(lexeme: _Lexeme) -> Query | None:
    begins = lexeme.text.endswith("*")
    text = lexeme.text.rstrip("*")
    words, open_end = _sequence(text, begins)
    if not words:
        # Punctuation alone means nothing to either engine, so leaving it out does not change the answer.
        return None
    if begins and words[-1].isascii() and len(words[-1]) < _SHORTEST_BEGINNING:
        raise QueryProblem(
            f"A beginning needs at least {_SHORTEST_BEGINNING} letters before the star.", lexeme.start, lexeme.end
        )
    if len(words) > _MOST_WORDS_IN_SEQUENCE:
        raise QueryProblem(
            f"At most {_MOST_WORDS_IN_SEQUENCE} words can be searched in sequence.", lexeme.start, lexeme.end
        )
    signs = tuple(Mark(mark, begins and at_end) for mark, _, at_end in whole_marks(text))
    if len(signs) == 1 and fold(text).strip() == signs[0].text:
        return signs[0]
    sequence: Query = Word(words[0], open_end) if len(words) == 1 else Phrase(words, open_end)
    return AllOf((sequence, *signs)) if signs else sequence


def _sequence(text: str, begins: bool) -> tuple[tuple[str, ...], bool]:
    """The words a term means in sequence, and whether the last is only a beginning."""
    words: list[str] = []
    open_end = False
    found = list(runs(text))
    for place, (run, unspaced) in enumerate(found):
        last = place == len(found) - 1
        if not unspaced:
            words.append(run[:LONGEST_WORD])
            open_end = last and begins
        elif last and len(run) == 1:
            # Every pair at this place begins with the character, and so does the character alone.
            words.append(run)
            open_end = True
        else:
            words += [run[at : at + 2] for at in range(len(run) - 1)]
            if not last:
                words.append(run[-1])
    return tuple(words), open_end
