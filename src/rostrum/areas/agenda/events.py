"""What the agenda records: escalations, mails about duties, calendars made and revoked. Never an address or a text."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class DutyEscalated(Event):
    """An overdue duty was put before these persons, the holders of a role; level 1 comes first."""

    kind: ClassVar[str] = "agenda.duty-escalated.v1"
    duty: str
    duty_kind: str
    level: int
    role: str
    persons: list[str]


@dataclass(frozen=True, slots=True)
class PersonReminded(Event):
    """A person is sent one mail about so many duties, by what they are about; `batch` names the rows."""

    kind: ClassVar[str] = "agenda.person-reminded.v1"
    person: str
    batch: str
    soon: int
    due: int
    overdue: int
    escalated: int


@dataclass(frozen=True, slots=True)
class CalendarMade(Event):
    """A person made a calendar of their duties; whoever has its address can read it. An earlier one ended."""

    kind: ClassVar[str] = "agenda.calendar-made.v1"
    feed: str
    person: str


@dataclass(frozen=True, slots=True)
class CalendarRevoked(Event):
    """The address of a calendar no longer opens anything."""

    kind: ClassVar[str] = "agenda.calendar-revoked.v1"
    feed: str
    person: str
