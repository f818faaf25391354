"""What the ledger records of people who leave. Never why, never where they can be reached, never what they answered."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SeparationPlanned(Event):
    """A person leaves at the instant given; the channels are those they reach by then."""

    kind: ClassVar[str] = "channels.separation-planned.v1"
    separation: str
    person: str
    left_at: str
    channels: list[str]


@dataclass(frozen=True, slots=True)
class PersonSeparated(Event):
    """A person left at `left_at`; access ended at `ended_at`, with everything held then."""

    kind: ClassVar[str] = "channels.person-separated.v1"
    separation: str
    person: str
    left_at: str
    ended_at: str
    channels: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class SeparationRescinded(Event):
    """A planned separation was taken back."""

    kind: ClassVar[str] = "channels.separation-rescinded.v1"
    separation: str
    person: str


@dataclass(frozen=True, slots=True)
class LogInSurrendered(Event):
    """Before a person leaves, the body holds a log-in of the channel that was signed in with."""

    kind: ClassVar[str] = "channels.log-in-surrendered.v1"
    separation: str
    channel: str
    credential: str


@dataclass(frozen=True, slots=True)
class RotationConfirmed(Event):
    """A second person confirmed that the channel's log-in was changed after the separation, and tested."""

    kind: ClassVar[str] = "channels.rotation-confirmed.v1"
    separation: str
    channel: str
    credential: str
    deposited_by: str
    was_late: bool


@dataclass(frozen=True, slots=True)
class PlatformRolesRemoved(Event):
    """Somebody looked on the platform: the person holds no role there any more."""

    kind: ClassVar[str] = "channels.platform-roles-removed.v1"
    separation: str
    channel: str


@dataclass(frozen=True, slots=True)
class HandOverGiven(Event):
    """The hand-over of a channel was given, by who leaves or for them."""

    kind: ClassVar[str] = "channels.hand-over-given.v1"
    separation: str
    channel: str
    by_leaver: bool
    backup_codes: str


@dataclass(frozen=True, slots=True)
class HandOverConfirmed(Event):
    """A second person confirmed that a hand-over says all that is needed."""

    kind: ClassVar[str] = "channels.hand-over-confirmed.v1"
    separation: str
    channel: str


@dataclass(frozen=True, slots=True)
class HolderNamed(Event):
    """A channel has a new named holder."""

    kind: ClassVar[str] = "channels.holder-named.v1"
    separation: str
    channel: str
    holder: str


@dataclass(frozen=True, slots=True)
class TaskAssigned(Event):
    """The person who leaves is asked to help with the transition."""

    kind: ClassVar[str] = "channels.transition-task-assigned.v1"
    separation: str
    task: str
    due_at: str


@dataclass(frozen=True, slots=True)
class TaskAnswered(Event):
    """A question of the transition was answered: at the desk, by the link, or recorded by somebody who was told."""

    kind: ClassVar[str] = "channels.transition-task-answered.v1"
    separation: str
    task: str
    how: str


@dataclass(frozen=True, slots=True)
class SeparationClosed(Event):
    """Every channel the person could reach is handed over and has a new named holder."""

    kind: ClassVar[str] = "channels.separation-closed.v1"
    separation: str
    person: str
    holders: dict[str, str]
