"""What the ledger records of reviews and of readings of user content: ids, seeds and codes, never what was read."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ReviewOpened(Event):
    """A review of activity was opened, its sample drawn by the seed from the population that the digest fixes."""

    kind: ClassVar[str] = "assurance.review-opened.v1"
    review: str
    role: str
    channels: list[str]
    from_at: str
    to_at: str
    seed: str
    population: int
    population_digest: str
    sample: list[str]
    every_days: int


@dataclass(frozen=True, slots=True)
class SampleJudged(Event):
    """The reviewer looked at one item of the sample."""

    kind: ClassVar[str] = "assurance.sample-judged.v1"
    review: str
    item: str
    found: str


@dataclass(frozen=True, slots=True)
class ReviewCompleted(Event):
    """A review came to its end; `conclusion_digest` is of what it came to."""

    kind: ClassVar[str] = "assurance.review-completed.v1"
    review: str
    findings: int
    conclusion_digest: str


@dataclass(frozen=True, slots=True)
class ReviewIntervalEnded(Event):
    """Reviews are no longer repeated after this one."""

    kind: ClassVar[str] = "assurance.review-interval-ended.v1"
    review: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContentReadingOpened(Event):
    """Somebody begins to read what users wrote, for the purpose given."""

    kind: ClassVar[str] = "assurance.content-reading-opened.v1"
    reading: str
    purpose: str
    channels: list[str]
    from_at: str
    to_at: str


@dataclass(frozen=True, slots=True)
class UserContentShown(Event):
    """These items were shown in the session."""

    kind: ClassVar[str] = "assurance.user-content-shown.v1"
    reading: str
    items: list[str]


@dataclass(frozen=True, slots=True)
class ContentReadingEnded(Event):
    """The session is over; how many items it showed."""

    kind: ClassVar[str] = "assurance.content-reading-ended.v1"
    reading: str
    items: int
