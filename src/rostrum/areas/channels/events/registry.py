"""What the ledger records of the registry: channels found, look-alikes explained."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ChannelFound(Event):
    """A channel that exists without approval was registered as found; says in what it was found."""

    kind: ClassVar[str] = "channels.channel-found.v1"
    channel: str
    platform: str
    channel_kind: str
    address: str
    unit: str
    found_in: str


@dataclass(frozen=True, slots=True)
class LookAlikeExplained(Event):
    """A handle that can be mistaken for another channel's is used all the same, for the reason given."""

    kind: ClassVar[str] = "channels.look-alike-explained.v1"
    channel: str
    resembles: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListReceived(Event):
    """A list of channels was given in, with its digest and what it claims to name."""

    kind: ClassVar[str] = "channels.list-received.v1"
    source: str
    sha256: str
    size_bytes: int
    covers: str


@dataclass(frozen=True, slots=True)
class ListRead(Event):
    """A list was read: rows by kind, addresses by outcome, known channels it misses, and whether it is held."""

    kind: ClassVar[str] = "channels.list-read.v1"
    source: str
    rows: dict[str, int]
    finds: dict[str, int]
    known: int
    missing: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class ListRefused(Event):
    """A list could not be read."""

    kind: ClassVar[str] = "channels.list-refused.v1"
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListReleased(Event):
    """A held list may be taken in although it misses known channels; nothing is closed by that."""

    kind: ClassVar[str] = "channels.list-released.v1"
    source: str
    missing: int
    reason: str


@dataclass(frozen=True, slots=True)
class ListSetAside(Event):
    """A list is not taken in."""

    kind: ClassVar[str] = "channels.list-set-aside.v1"
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelsTakenIn(Event):
    """Channels of a list were registered as found; names them."""

    kind: ClassVar[str] = "channels.channels-taken-in.v1"
    source: str
    channels: list[str]


@dataclass(frozen=True, slots=True)
class ListUnitNamed(Event):
    """A person said which department a name in a list means, for so many addresses."""

    kind: ClassVar[str] = "channels.list-unit-named.v1"
    source: str
    unit: str
    finds: int


@dataclass(frozen=True, slots=True)
class ListFindSettled(Event):
    """A person settled an address or a row of a list: taken in as a channel, or left, with the reason."""

    kind: ClassVar[str] = "channels.list-find-settled.v1"
    source: str
    row: int
    channel: str
    reason: str
