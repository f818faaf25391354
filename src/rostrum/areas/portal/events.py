"""What the ledger records of the public registry."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RegistryExported(Event):
    """The registry was put together as a file; binds its canonical JSON by digest."""

    kind: ClassVar[str] = "portal.registry-exported.v1"
    export: str
    sha256: str
    channels: int
