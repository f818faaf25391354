"""What the ledger records of the body's computers. Never the mark, nor a browser's own words about itself."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ComputerProposed(Event):
    """A person said that the browser they use stands on a computer of the body."""

    kind: ClassVar[str] = "people.computer-proposed.v1"
    computer: str
    label: str


@dataclass(frozen=True, slots=True)
class ComputerConfirmed(Event):
    """IT confirmed that it does."""

    kind: ClassVar[str] = "people.computer-confirmed.v1"
    computer: str
    label: str


@dataclass(frozen=True, slots=True)
class ComputerWithdrawn(Event):
    """It counts as the body's no longer."""

    kind: ClassVar[str] = "people.computer-withdrawn.v1"
    computer: str
    reason: str
