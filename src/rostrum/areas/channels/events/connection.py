"""What the ledger records of the line to a platform."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ConnectionLost(Event):
    """The line to the platform is in trouble (a code of `connectors.interface.Trouble`)."""

    kind: ClassVar[str] = "channels.connection-lost.v1"
    channel: str
    trouble: str


@dataclass(frozen=True, slots=True)
class ConnectionRestored(Event):
    """The line to the platform works again."""

    kind: ClassVar[str] = "channels.connection-restored.v1"
    channel: str
    trouble: str
