"""What the ledger records of questions and of the parts of a channel: ids, codes and digests."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class QuestionAsked(Event):
    """Somebody asked the coordinator about a channel ("" for one not yet there)."""

    kind: ClassVar[str] = "channels.question-asked.v1"
    question: str
    channel: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """It was answered, from this clause where one settles it."""

    kind: ClassVar[str] = "channels.question-answered.v1"
    question: str
    channel: str
    clause: str


@dataclass(frozen=True, slots=True)
class PartRecorded(Event):
    """An entry about one part of a channel was made, with the digest of its export ("" without one)."""

    kind: ClassVar[str] = "channels.part-recorded.v1"
    channel: str
    entry: str
    part: str
    export: str
    taken_on: str
