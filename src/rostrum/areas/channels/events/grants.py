"""What the ledger records of rights on channels: how each came about, and how it was reviewed. Never the reasons."""

from dataclasses import dataclass, field
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RightRequested(Event):
    """A right was asked for; `channel` is empty where it is for all channels of the unit."""

    kind: ClassVar[str] = "channels.right-requested.v1"
    request: str
    person: str
    right: str
    channel: str
    unit: str
    sponsor: str
    represents: str
    # The programme areas within which the holder would speak; none where the right names none.
    topics: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RightDesignated(Event):
    """The department designated the person, by its head or who stands above."""

    kind: ClassVar[str] = "channels.right-designated.v1"
    request: str
    person: str
    channel: str
    unit: str
    role: str
    over_cap: bool
    # As the department left them.
    topics: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RulesAccepted(Event):
    """The holder signed the acceptance: each statement by its code, with the versions of the rules it names."""

    kind: ClassVar[str] = "channels.rules-accepted.v1"
    request: str
    person: str
    statements: list[str]
    rules: dict[str, str]


@dataclass(frozen=True, slots=True)
class RightIssued(Event):
    """The right was issued; `grants` are the rights given, one per channel."""

    kind: ClassVar[str] = "channels.right-issued.v1"
    request: str
    person: str
    right: str
    channel: str
    unit: str
    role: str
    designated_by: str
    subject_scope: str
    grants: list[str]


@dataclass(frozen=True, slots=True)
class RightExtended(Event):
    """A right over a department's channels reaches a channel that was opened after it was issued."""

    kind: ClassVar[str] = "channels.right-extended.v1"
    channel: str
    grants: list[str]


@dataclass(frozen=True, slots=True)
class RightDeclined(Event):
    """A request for a right was declined."""

    kind: ClassVar[str] = "channels.right-declined.v1"
    request: str
    person: str
    channel: str
    unit: str


@dataclass(frozen=True, slots=True)
class RightWithdrawn(Event):
    """A request for a right was withdrawn by who asked, or because the holder is to stop or leaves."""

    kind: ClassVar[str] = "channels.right-withdrawn.v1"
    request: str
    person: str
    channel: str
    unit: str


@dataclass(frozen=True, slots=True)
class StopAsked(Event):
    """The body asked a person to stop acting on channels at once; everything named ended then."""

    kind: ClassVar[str] = "channels.stop-asked.v1"
    stop: str
    person: str
    ended: list[str]


@dataclass(frozen=True, slots=True)
class StopConfirmed(Event):
    """The person confirmed having stopped."""

    kind: ClassVar[str] = "channels.stop-confirmed.v1"
    stop: str
    person: str
