"""What the people area records: persons, roles, rights. Never a password, a token, or a reason for leaving."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    """A person can be given roles from now on."""

    kind: ClassVar[str] = "people.person-added.v1"
    person: str
    unit: str
    employment_class: str


@dataclass(frozen=True, slots=True)
class PersonDeactivated(Event):
    """A person cannot sign in any more; the grants named ended at the same instant."""

    kind: ClassVar[str] = "people.person-deactivated.v1"
    person: str
    ended_grants: list[str]


@dataclass(frozen=True, slots=True)
class PasswordSet(Event):
    """A person set a password; all of the person's other sessions ended."""

    kind: ClassVar[str] = "people.password-set.v1"
    person: str


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


@dataclass(frozen=True, slots=True)
class ChannelRightEnded(Event):
    """A right on a channel ends at the instant given."""

    kind: ClassVar[str] = "people.channel-right-ended.v1"
    grant: str
    person: str
    channel: str
    right: str
    ends_at: str
