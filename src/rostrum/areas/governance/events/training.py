"""What the ledger records of trainings and bulletins."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class TrainingEntered(Event):
    """The body gives a training in this version from now on; `digest` is of its content."""

    kind: ClassVar[str] = "governance.training-entered.v1"
    training: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class TrainingRetired(Event):
    """The body gives a training of its own no more; where a pack asks for one, the pack's text counts again."""

    kind: ClassVar[str] = "governance.training-retired.v1"
    training: str
    reason: str


@dataclass(frozen=True, slots=True)
class TrainingAssigned(Event):
    """A person owes a training by `due_at`, an ISO instant in UTC."""

    kind: ClassVar[str] = "governance.training-assigned.v1"
    assignment: str
    person: str
    training: str
    due_at: str
    is_renewal: bool


@dataclass(frozen=True, slots=True)
class TrainingCompleted(Event):
    """A person completed a training; `digest` is of the content, `renew_by` an ISO instant or empty."""

    kind: ClassVar[str] = "governance.training-completed.v1"
    completion: str
    person: str
    training: str
    digest: str
    topics: list[str]
    completed_on: str
    renew_by: str
    file: str


@dataclass(frozen=True, slots=True)
class TrainingAssignmentEnded(Event):
    """A person no longer owes a training: they left, or it is not theirs any more."""

    kind: ClassVar[str] = "governance.training-assignment-ended.v1"
    assignment: str


@dataclass(frozen=True, slots=True)
class BulletinIssued(Event):
    """News about a threat went out; `digest` is of its text."""

    kind: ClassVar[str] = "governance.bulletin-issued.v1"
    bulletin: str
    digest: str
    sent_to: int


@dataclass(frozen=True, slots=True)
class BulletinRead(Event):
    """A person confirmed having read a bulletin."""

    kind: ClassVar[str] = "governance.bulletin-read.v1"
    bulletin: str
    person: str
