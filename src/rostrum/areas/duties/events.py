"""What the ledger records of duties."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class DutyOpened(Event):
    """Somebody owes something from now on. `due_at` is an ISO instant in UTC, or empty when no clock runs."""

    kind: ClassVar[str] = "duties.duty-opened.v1"
    duty: str
    duty_kind: str
    subject: str
    owner_role: str
    owner: str
    due_at: str
    clock: str
    clause: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DutyClosed(Event):
    """It was done; `evidence` names the entry, record or document that shows it. `was_late` by its own due instant."""

    kind: ClassVar[str] = "duties.duty-closed.v1"
    duty: str
    duty_kind: str
    subject: str
    evidence: str
    was_late: bool


@dataclass(frozen=True, slots=True)
class DutyHandedOver(Event):
    """It goes to another person, or ("") back to the role that owes it; `by_departure` when the person left."""

    kind: ClassVar[str] = "duties.duty-handed-over.v1"
    duty: str
    from_person: str
    to_person: str
    reason: str
    by_departure: bool
