"""What the retention area records."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class HoldPlaced(Event):
    """Items were put under a hold, or added to one; `items` counts those newly held."""

    kind: ClassVar[str] = "retention.hold-placed.v1"
    hold: str
    hold_kind: str
    matter: str
    items: int
    reason: str


@dataclass(frozen=True, slots=True)
class HoldReleaseAsked(Event):
    """A first person asked that a hold end."""

    kind: ClassVar[str] = "retention.hold-release-asked.v1"
    hold: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldReleased(Event):
    """A second person ended a hold."""

    kind: ClassVar[str] = "retention.hold-released.v1"
    hold: str
    asked_by: str
    items: int


@dataclass(frozen=True, slots=True)
class MatterSettled(Event):
    """What a hold is for came to its end; from the day named (empty: at once) two people may end the hold."""

    kind: ClassVar[str] = "retention.matter-settled.v1"
    hold: str
    not_before_on: str
