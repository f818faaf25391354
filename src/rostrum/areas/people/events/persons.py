"""What the ledger records of persons."""

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
    engagement_ends_at: str = ""


@dataclass(frozen=True, slots=True)
class PersonDeactivated(Event):
    """A person cannot sign in any more; the grants named ended at the same instant."""

    kind: ClassVar[str] = "people.person-deactivated.v1"
    person: str
    ended_grants: list[str]
    left_at: str = ""


@dataclass(frozen=True, slots=True)
class LeavingPlanned(Event):
    """A person's sign-in, roles and rights end by themselves at the instant given."""

    kind: ClassVar[str] = "people.leaving-planned.v1"
    person: str
    left_at: str


@dataclass(frozen=True, slots=True)
class LeavingRescinded(Event):
    """A planned leaving was taken back before its time."""

    kind: ClassVar[str] = "people.leaving-rescinded.v1"
    person: str
    left_at: str


@dataclass(frozen=True, slots=True)
class EngagementSet(Event):
    """Until when a contractor, vendor or agent works for the body; "" for no end."""

    kind: ClassVar[str] = "people.engagement-set.v1"
    person: str
    engagement_ends_at: str


@dataclass(frozen=True, slots=True)
class AttemptRefused(Event):
    """Somebody who has left tried to get in, for the first time within an hour."""

    kind: ClassVar[str] = "people.attempt-refused.v1"
    person: str
    way: str
