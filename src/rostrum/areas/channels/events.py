"""What the channels area records. No secret, no keyed hash of one, and no password's length is ever in an event."""

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


@dataclass(frozen=True, slots=True)
class ChannelStepTaken(Event):
    """One step of an approval that is not the last."""

    kind: ClassVar[str] = "channels.channel-step-taken.v1"
    channel: str
    step: int
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class ChannelApproved(Event):
    """The last step of the approval was taken."""

    kind: ClassVar[str] = "channels.channel-approved.v1"
    channel: str
    step: int
    role: str
    note: str


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


@dataclass(frozen=True, slots=True)
class ChannelDescribed(Event):
    """Page elements, capture plan or cadence were set; names which."""

    kind: ClassVar[str] = "channels.channel-described.v1"
    channel: str
    changed: list[str]


@dataclass(frozen=True, slots=True)
class CredentialDeposited(Event):
    """A log-in went into custody."""

    kind: ClassVar[str] = "channels.credential-deposited.v1"
    channel: str
    credential: str
    replaces: str


@dataclass(frozen=True, slots=True)
class ChannelWentLive(Event):
    """The channel speaks for the body from now on; names the clauses whose page elements the actor saw there."""

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
