"""What the ledger records of questions to a supervisor: that there was one, never what it says."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SupervisorAsked(Event):
    """An employee asked the head of the department whether something is appropriate."""

    kind: ClassVar[str] = "governance.supervisor-asked.v1"
    question: str
    unit: str


@dataclass(frozen=True, slots=True)
class SupervisorAnswered(Event):
    """The question was answered."""

    kind: ClassVar[str] = "governance.supervisor-answered.v1"
    question: str
