"""What the ledger records of itself."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class EntriesLost(Event):
    """The log has signed the leaves from `first` up to, not including, `end`; the database no longer knows them."""

    kind: ClassVar[str] = "ledger.entries-lost.v1"
    log: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class LogRestarted(Event):
    """The log before could not be continued: a new origin and key, and the last checkpoint known of the old one."""

    kind: ClassVar[str] = "ledger.log-restarted.v1"
    log: str
    origin: str
    verifier_key: str
    previous_checkpoint: str
