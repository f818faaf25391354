"""What the ledger records of reviews of rights. Never the reasons."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ReviewBegun(Event):
    """A department's rights are to be reviewed by the instant given."""

    kind: ClassVar[str] = "channels.review-begun.v1"
    review: str
    unit: str
    due_at: str
    grants: list[str]


@dataclass(frozen=True, slots=True)
class RightsReviewed(Event):
    """Rights were kept, each for a need and a duty of the job, or ended; `finished` says that none is left."""

    kind: ClassVar[str] = "channels.rights-reviewed.v1"
    review: str
    unit: str
    kept: list[str]
    ended: list[str]
    finished: bool


@dataclass(frozen=True, slots=True)
class ReviewLapsed(Event):
    """A review was not finished in time; what is not confirmed is suspended at the instant announced."""

    kind: ClassVar[str] = "channels.review-lapsed.v1"
    review: str
    unit: str
    suspend_at: str
    unconfirmed: list[str]


@dataclass(frozen=True, slots=True)
class ReviewEscalated(Event):
    """A lapsed review went to the appointing authority."""

    kind: ClassVar[str] = "channels.review-escalated.v1"
    review: str
    unit: str


@dataclass(frozen=True, slots=True)
class UnconfirmedSuspended(Event):
    """What nobody confirmed was suspended, as announced; each is in force again once it is kept."""

    kind: ClassVar[str] = "channels.unconfirmed-suspended.v1"
    review: str
    unit: str
    grants: list[str]
