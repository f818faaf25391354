"""The search index in PostgreSQL: literal tsvectors with positions under a GIN index, keyed like the version.

No text search configuration is used: `kernel.words` has cut and folded already, and the vectors are written out word
by word. A tsvector holds positions up to 16,383 and 256 per word, so a long text is indexed in overlapping parts:
phrases are looked for in each part, and the row in the main table carries only its labels.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from rostrum.areas.archive.search.documents import EVERYTHING, Document
from rostrum.areas.archive.search.engine import KeyedIndex
from rostrum.kernel.words import AllOf, AnyOf, Mark, Not, Phrase, Query, Word

_MOST_WORDS = 8_000
_MOST_REPEATS = 250
# A phrase has at most 64 words (kernel.words.query): parts that share 63 cannot hide one between them.
_OVERLAP = 63


class TsvectorIndex(KeyedIndex):
    """PostgreSQL's engine. See `SearchIndex` for what the methods promise."""

    table = "archive_words"
    key = "key"

    def add(self, documents: Iterable[Document]) -> None:
        """Index the documents."""
        rows: list[tuple[int, str, bool]] = []
        parts: list[tuple[int, int, str]] = []
        for document in documents:
            words, labels = document.words_and_labels()
            is_long = _is_long(words)
            rows.append((document.key, _vector([] if is_long else words, labels), is_long))
            if is_long:
                parts += [(document.key, number, _vector(part, ())) for number, part in enumerate(_parts(words))]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO archive_words (key, words, is_long) VALUES (%s, %s::tsvector, %s)", rows)
            if parts:
                cursor.executemany(
                    "INSERT INTO archive_words_part (key, number, words) VALUES (%s, %s, %s::tsvector)", parts
                )

    def remove(self, documents: Iterable[Document]) -> None:
        """Take the documents out."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM archive_words WHERE key = ANY(%s)", [[document.key for document in documents]])

    def merge_some(self) -> bool:
        """Nothing to do here: the database's own VACUUM reclaims removed rows."""
        return False

    def condition(self, tree: Query) -> tuple[str, list[Any]]:
        """The tree as a tsquery; long texts, where there are any, part by part."""
        sql, values = "(words @@ %s::tsquery AND NOT is_long)", [expression(tree)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM archive_words WHERE is_long)")
            if not cursor.fetchone()[0]:
                return sql, [*values]
        long_sql, long_values = _in_parts(tree)
        return f"({sql} OR (is_long AND {long_sql}))", [*values, *long_values]


def expression(tree: Query) -> str:
    """The tree as the text of a tsquery."""
    match tree:
        case Word(text, begins) | Mark(text, begins):
            return f"'{text}':*" if begins else f"'{text}'"
        case Phrase(words, begins):
            line = " <-> ".join(f"'{word}'" for word in words)
            return f"({line}:*)" if begins else f"({line})"
        case AllOf(parts):
            wanted = [expression(part) for part in parts if not isinstance(part, Not)] or [expression(EVERYTHING)]
            unwanted = [f"!{expression(part.part)}" for part in parts if isinstance(part, Not)]
            return f"({' & '.join(wanted + unwanted)})"
        case AnyOf(parts):
            return f"({' | '.join(expression(part) for part in parts)})"
        case Not(part):
            # Intersected with everything, so that the index is used instead of reading each row.
            return f"({expression(EVERYTHING)} & !{expression(part)})"


def _in_parts(tree: Query) -> tuple[str, list[Any]]:
    match tree:
        case Mark():
            return "words @@ %s::tsquery", [expression(tree)]
        case Word() | Phrase():
            return (
                "EXISTS (SELECT 1 FROM archive_words_part part WHERE part.key = archive_words.key"
                " AND part.words @@ %s::tsquery)",
                [expression(tree)],
            )
        case AllOf(parts) | AnyOf(parts):
            pieces = [_in_parts(part) for part in parts]
            joined = (" AND " if isinstance(tree, AllOf) else " OR ").join(sql for sql, _ in pieces)
            return f"({joined})", [value for _, values in pieces for value in values]
        case Not(part):
            sql, values = _in_parts(part)
            return f"NOT ({sql})", values


def _vector(words: Sequence[str], labels: Sequence[str]) -> str:
    """The literal of a tsvector: words with their positions from 1, labels without any."""
    places: dict[str, list[str]] = defaultdict(list)
    for position, word in enumerate(words, start=1):
        places[word].append(str(position))
    pieces = [f"'{word}':{','.join(positions)}" for word, positions in places.items()]
    pieces += [f"'{label}'" for label in labels]
    return " ".join(pieces)


def _is_long(words: Sequence[str]) -> bool:
    if len(words) <= _MOST_REPEATS:
        return False
    return len(words) > _MOST_WORDS or max(Counter(words).values()) > _MOST_REPEATS


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    start = 0
    while True:
        seen: Counter[str] = Counter()
        end = start
        while end < len(words) and end - start < _MOST_WORDS and seen[words[end]] < _MOST_REPEATS:
            seen[words[end]] += 1
            end += 1
        yield words[start:end]
        if end == len(words):
            return
        start = end - _OVERLAP
