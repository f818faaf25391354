"""What the ledger records of a channel's page: digests and codes, never its text."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PageRead(Event):
    """The product read the channel's profile and found something else than at its last look.

    `was_read_before` is false for the first look. `found` and `lost` are codes of elements.
    """

    kind: ClassVar[str] = "channels.page-read.v1"
    channel: str
    check: str
    profile: str
    was_read_before: bool
    found: list[str]
    lost: list[str]


@dataclass(frozen=True, slots=True)
class PageAttested(Event):
    """A person looked at the page: which elements are there and which are not; `picture` is the picture's digest."""

    kind: ClassVar[str] = "channels.page-attested.v1"
    channel: str
    check: str
    picture: str
    seen: list[str]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class PageCheckLapsed(Event):
    """Nobody looked at the page of an open channel in time."""

    kind: ClassVar[str] = "channels.page-check-lapsed.v1"
    channel: str
    due_at: str
