"""What the ledger records of the life of a channel."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ChannelRequested(Event):
    """A channel was asked for."""

    kind: ClassVar[str] = "channels.channel-requested.v1"
    channel: str
    platform: str
    channel_kind: str
    address: str
    unit: str
    serves: list[str]
    use: str = "official"
    has_business_case: bool = False


@dataclass(frozen=True, slots=True)
class ChannelStepTaken(Event):
    """One step of an approval that is not the last."""

    kind: ClassVar[str] = "channels.channel-step-taken.v1"
    channel: str
    step: int
    role: str
    note: str
    risk_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class ChannelApproved(Event):
    """The last step of the approval was taken."""

    kind: ClassVar[str] = "channels.channel-approved.v1"
    channel: str
    step: int
    role: str
    note: str
    risk_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class ChannelUseDecided(Event):
    """It was decided whose use the channel is of; one that is only personal ends here."""

    kind: ClassVar[str] = "channels.channel-use-decided.v1"
    channel: str
    use: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelDeclined(Event):
    """A request was declined."""

    kind: ClassVar[str] = "channels.channel-declined.v1"
    channel: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelOpened(Event):
    """The channel was opened on its platform; who owns what is settled."""

    kind: ClassVar[str] = "channels.channel-opened.v1"
    channel: str
    owner: str
    unit: str
    copyright_holder: str
    official_email: bool
    why_other_email: str
    official_name: bool = True
    official_contact: bool = True
    why_other_name: str = ""
    tied_to: str = ""


@dataclass(frozen=True, slots=True)
class ChannelDescribed(Event):
    """Page elements, capture plan or cadence were set; names which."""

    kind: ClassVar[str] = "channels.channel-described.v1"
    channel: str
    changed: list[str]


@dataclass(frozen=True, slots=True)
class ChannelWentLive(Event):
    """The channel speaks for the body from now on; names the clauses whose elements its page shows."""

    kind: ClassVar[str] = "channels.channel-went-live.v1"
    channel: str
    cadence_minutes: int
    page_elements_seen: list[str]


@dataclass(frozen=True, slots=True)
class ChannelPaused(Event):
    """Nothing is published on the channel until it goes on."""

    kind: ClassVar[str] = "channels.channel-paused.v1"
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelResumed(Event):
    """A paused channel goes on."""

    kind: ClassVar[str] = "channels.channel-resumed.v1"
    channel: str


@dataclass(frozen=True, slots=True)
class ChannelClosed(Event):
    """The channel ended; its records are kept."""

    kind: ClassVar[str] = "channels.channel-closed.v1"
    channel: str
    reason: str
