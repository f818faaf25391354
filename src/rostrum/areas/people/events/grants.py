"""What the ledger records of roles and rights."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RoleGiven(Event):
    """A person holds a role, over one unit or ("") the whole body."""

    kind: ClassVar[str] = "people.role-given.v1"
    grant: str
    person: str
    role: str
    unit: str
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class RoleEnded(Event):
    """A role ends at the instant given."""

    kind: ClassVar[str] = "people.role-ended.v1"
    grant: str
    person: str
    role: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class ChannelRightGiven(Event):
    """A person may speak on, approve for, moderate, or hold the credential of a channel."""

    kind: ClassVar[str] = "people.channel-right-given.v1"
    grant: str
    person: str
    channel: str
    right: str
    starts_at: str
    ends_at: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ChannelRightEnded(Event):
    """A right on a channel ends at the instant given."""

    kind: ClassVar[str] = "people.channel-right-ended.v1"
    grant: str
    person: str
    channel: str
    right: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class ChannelRightsEnded(Event):
    """All rights on channels of a person, and the roles that act on channels, ended at once: the body asked."""

    kind: ClassVar[str] = "people.channel-rights-ended.v1"
    person: str
    grants: list[str]


@dataclass(frozen=True, slots=True)
class ChannelRightSuspended(Event):
    """A right on a channel is not in force until it is resumed; `because` is a code."""

    kind: ClassVar[str] = "people.channel-right-suspended.v1"
    grant: str
    person: str
    channel: str
    right: str
    because: str


@dataclass(frozen=True, slots=True)
class ChannelRightResumed(Event):
    """A suspended right on a channel is in force again."""

    kind: ClassVar[str] = "people.channel-right-resumed.v1"
    grant: str
    person: str
    channel: str
    right: str


@dataclass(frozen=True, slots=True)
class PostingDenied(Event):
    """A person was put on the denied list: no right on a channel is in force for them."""

    kind: ClassVar[str] = "people.posting-denied.v1"
    denial: str
    person: str


@dataclass(frozen=True, slots=True)
class DenialLifted(Event):
    """A person was taken off the denied list."""

    kind: ClassVar[str] = "people.denial-lifted.v1"
    denial: str
    person: str
