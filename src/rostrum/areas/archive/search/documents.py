"""What is indexed of a version, and where its document stands in time.

Besides words and marks a document has *labels*: words beginning with a colon, which no text can contain. A filter by
channel, kind or author is thus one more list of documents to intersect, as fast as another word.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from rostrum.kernel.words import AllOf, AnyOf, Mark, Not, Query, fold, index_words

# Room for 2**20 versions in one second; the year 9999 still leaves five bits.
_SHIFT = 20
NUMBERS_PER_SECOND = 1 << _SHIFT
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
LAST_KEY = (1 << 63) - 1

OPEN = ":o"
RESTRICTED = ":r"
LATER = ":v"
EVERYTHING = AnyOf((Mark(OPEN), Mark(RESTRICTED)))


def second_of(at: datetime) -> int:
    """Whole seconds since the beginning of year 1, UTC; never negative."""
    passed = at - _YEAR_ONE
    return passed.days * 86_400 + passed.seconds


def key_for(at: datetime, number: int) -> int:
    """The key of the `number`-th version of that second."""
    return (second_of(at) << _SHIFT) | (number & (NUMBERS_PER_SECOND - 1))


def span_of(from_: datetime | None, to: datetime | None) -> tuple[int, int]:
    """The lowest and the highest key of versions published from `from_` (inclusive) until `to` (exclusive).

    Keys know whole seconds: a bound within a second is moved outwards to include all of it.
    """
    lowest = 0 if from_ is None else second_of(from_) << _SHIFT
    if to is None:
        return lowest, LAST_KEY
    after = second_of(to) + (1 if to.microsecond else 0)
    return lowest, (after << _SHIFT) - 1


def second_of_key(key: int) -> int:
    """The second a key belongs to: all versions of an Item have the same one."""
    return key >> _SHIFT


@dataclass(frozen=True, slots=True)
class Document:
    """One version as the index sees it. `is_later` marks every version of an Item but its first."""

    key: int
    text: str
    channel: int
    kind: str
    authors: tuple[str, ...] = ()
    is_restricted: bool = False
    is_later: bool = False

    def words_and_labels(self) -> tuple[list[str], list[str]]:
        """The words in sequence; the marks and labels, which have no sequence."""
        words, marks = index_words(self.text)
        labels = [RESTRICTED if self.is_restricted else OPEN, f":c:{self.channel}", f":k:{self.kind}"]
        if self.is_later:
            labels.append(LATER)
        labels += dict.fromkeys(author_label(author) for author in self.authors if author)
        return words, labels + marks


@lru_cache(maxsize=10_000)
def author_label(author: str) -> str:
    """The label of an author's id, handle or name; a leading @ and letter case make no difference."""
    name = fold(author).strip().lstrip("@")
    # Hashed: handles hold characters that engines split at, and names have spaces.
    return ":a:" + sha256(name.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents are asked for. Empty tuples ask for all; `states` are those of the Item now."""

    tree: Query | None = None
    channels: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    from_: datetime | None = None
    to: datetime | None = None
    states: tuple[str, ...] = field(default=())
    include_restricted: bool = False

    def whole_tree(self, *further: Query) -> Query:
        """The query with its filters as one tree."""
        parts: list[Query] = [] if self.tree is None else [self.tree]
        for labels in (
            tuple(f":c:{channel}" for channel in self.channels),
            tuple(f":k:{kind}" for kind in self.kinds),
            tuple(author_label(author) for author in self.authors),
        ):
            if labels:
                parts.append(AnyOf(tuple(Mark(label) for label in labels)) if len(labels) > 1 else Mark(labels[0]))
        if not self.include_restricted:
            parts.append(Mark(OPEN))
        parts += further
        if not parts:
            return EVERYTHING
        return AllOf(tuple(parts)) if len(parts) > 1 else parts[0]

    @property
    def span(self) -> tuple[int, int]:
        """The lowest and highest key asked for."""
        return span_of(self.from_, self.to)


FIRST_VERSIONS = Not(Mark(LATER))
LATER_VERSIONS = Mark(LATER)
