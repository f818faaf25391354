"""What the ledger records of who and what may act on a channel: ids, codes and digests, no names of outsiders."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class AdministratorsListed(Event):
    """A list of a channel's administrators was read or handed in, and compared with the roster."""

    kind: ClassVar[str] = "channels.administrators-listed.v1"
    channel: str
    listing: str
    source: str
    is_read: bool
    count: int
    faults: int
    opened: list[str]
    resolved: list[str]


@dataclass(frozen=True, slots=True)
class AdministratorFindingAnswered(Event):
    """A disagreement was answered with a reason, or by saying which person an administrator is."""

    kind: ClassVar[str] = "channels.administrator-finding-answered.v1"
    channel: str
    finding: str
    disagreement: str
    reason: str
    is_person: str


@dataclass(frozen=True, slots=True)
class ApplicationProposed(Event):
    """An application was put forward for the list of those allowed."""

    kind: ClassVar[str] = "channels.application-proposed.v1"
    application: str
    name: str
    platform: str


@dataclass(frozen=True, slots=True)
class ApplicationApproved(Event):
    """The coordinator or IT approved an application; `is_allowed` once both have."""

    kind: ClassVar[str] = "channels.application-approved.v1"
    application: str
    office: str
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn(Event):
    """An application is allowed no more."""

    kind: ClassVar[str] = "channels.application-withdrawn.v1"
    application: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationsChecked(Event):
    """What is connected to a channel was looked at: how many, and the findings this opened and resolved."""

    kind: ClassVar[str] = "channels.applications-checked.v1"
    channel: str
    check: str
    source: str
    count: int
    opened: list[str]
    resolved: list[str]


@dataclass(frozen=True, slots=True)
class SettingsChecked(Event):
    """The checklist of a channel's settings was completed; `open` are the items not set as the guide says."""

    kind: ClassVar[str] = "channels.settings-checked.v1"
    channel: str
    check: str
    guide: str
    guide_version: str
    open: list[str]
