"""The search index in SQLite: one contentless FTS5 table whose row number is the version's key.

FTS5 keeps its lists in row order, so the order of publication is the order of the answer: no sorting, early stop.
The tokeniser is `ascii`, which splits at ASCII punctuation only, with the signs of marks and labels made part of
words: what `kernel.words` cut is cut no further, and nothing else is folded.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from rostrum.areas.archive.search.documents import EVERYTHING, Document
from rostrum.areas.archive.search.engine import KeyedIndex
from rostrum.kernel.words import AllOf, AnyOf, Mark, Not, Phrase, Query, Word

# Pages per step of a merge: a few milliseconds, so that writers do not wait.
_PAGES_PER_STEP = 64


class Fts5Index(KeyedIndex):
    """SQLite's engine. See `SearchIndex` for what the methods promise."""

    table = "archive_words"
    key = "rowid"

    def add(self, documents: Iterable[Document]) -> None:
        """Index the documents, in key order: FTS5 flushes whenever a key goes down (twice the work)."""
        rows = sorted((document.key, _line(document)) for document in documents)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO archive_words(rowid, words) VALUES (%s, %s)", rows)

    def remove(self, documents: Iterable[Document]) -> None:
        """Take the documents out; a contentless table must be told the very words it was given."""
        rows = sorted((document.key, _line(document)) for document in documents)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO archive_words(archive_words, rowid, words) VALUES ('delete', %s, %s)", rows)

    def merge_some(self) -> bool:
        """One small step of merging all segments; removed words are gone from the file when there is no more to do."""
        with connection.cursor() as cursor:
            before = connection.connection.total_changes
            cursor.execute("INSERT INTO archive_words(archive_words, rank) VALUES ('merge', %s)", [-_PAGES_PER_STEP])
            # FTS5 reports fewer than two changed rows when nothing was left to merge.
            return bool(connection.connection.total_changes - before >= 2)

    def condition(self, tree: Query) -> tuple[str, list[Any]]:
        """The tree as a MATCH."""
        return "archive_words MATCH %s", [expression(tree)]


def _line(document: Document) -> str:
    words, labels = document.words_and_labels()
    # Labels first: small positions take one byte.
    return " ".join(labels + words)


def expression(tree: Query) -> str:
    """The tree in FTS5's query language. Every word is quoted, so none is taken for an operator."""
    match tree:
        case Word(text, begins) | Mark(text, begins):
            return f'"{text}" *' if begins else f'"{text}"'
        case Phrase(words, begins):
            return f'"{" ".join(words)}" *' if begins else f'"{" ".join(words)}"'
        case AnyOf(parts):
            return f"({' OR '.join(expression(part) for part in parts)})"
        case AllOf(parts):
            wanted = [expression(part) for part in parts if not isinstance(part, Not)] or [expression(EVERYTHING)]
            unwanted = [expression(part.part) for part in parts if isinstance(part, Not)]
            together = " AND ".join(wanted)
            return f"(({together}) NOT ({' OR '.join(unwanted)}))" if unwanted else f"({together})"
        case Not(part):
            # FTS5 has no "without" of its own: it is taken from everything.
            return f"({expression(EVERYTHING)} NOT {expression(part)})"
