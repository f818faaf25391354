"""What the archive records in the ledger. One entry per act; the versions an act stored are its further leaves."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CaptureStored(Event):
    """A page of a capture was stored: new versions, sightings, or what could not be read."""

    kind: ClassVar[str] = "archive.capture-stored.v1"
    capture: str
    channel: str
    route: str
    container: str
    window_from: str
    window_to: str
    versions: int
    unchanged: int
    sightings: list[dict[str, str]]
    faults: int
    missing: int


@dataclass(frozen=True, slots=True)
class ImportStored(Event):
    """Files were imported into a channel's archive."""

    kind: ClassVar[str] = "archive.import-stored.v1"
    capture: str
    channel: str
    route: str
    sources: list[str]
    versions: int
    unchanged: int
    sightings: int
    faults: int
    missing: int


@dataclass(frozen=True, slots=True)
class SightingRecorded(Event):
    """A look at one Item showed that it stands otherwise than was known."""

    kind: ClassVar[str] = "archive.sighting-recorded.v1"
    item: str
    seen: str
    announced: bool
    state: str
    absences: int
    notice: str


@dataclass(frozen=True, slots=True)
class AbsencesRecorded(Event):
    """A re-read did not find these Items."""

    kind: ClassVar[str] = "archive.absences-recorded.v1"
    channel: str
    absent: list[str]
    gone: list[str]


@dataclass(frozen=True, slots=True)
class GapOpened(Event):
    """A stretch of a channel could not be seen."""

    kind: ClassVar[str] = "archive.gap-opened.v1"
    gap: str
    channel: str
    cause: str
    from_at: str
    to_at: str
    duty: str


@dataclass(frozen=True, slots=True)
class GapClosed(Event):
    """A gap was filled or explained."""

    kind: ClassVar[str] = "archive.gap-closed.v1"
    gap: str
    channel: str
    from_at: str
    to_at: str
    because: str


@dataclass(frozen=True, slots=True)
class RecordsReadBack(Event):
    """A round over every stored version was finished: how many were read, did not read back, were looked for, found."""

    kind: ClassVar[str] = "archive.records-read-back.v1"
    round: str
    checked: int
    failures: int
    searched: int
    found: int


@dataclass(frozen=True, slots=True)
class AdvertisingSetApart(Event):
    """Somebody said that an Item is advertising or a link of the site's owner, vendors or partners."""

    kind: ClassVar[str] = "archive.advertising-set-apart.v1"
    item: str
    channel: str
    whose: str
    reason: str
    clause: str


@dataclass(frozen=True, slots=True)
class AdvertisingTakenBack(Event):
    """An Item that was set apart as advertising counts as content again."""

    kind: ClassVar[str] = "archive.advertising-taken-back.v1"
    item: str
    channel: str


@dataclass(frozen=True, slots=True)
class SubstanceAsked(Event):
    """Somebody asked whether what a version says concerns the body's business."""

    kind: ClassVar[str] = "archive.substance-asked.v1"
    question: str
    item: str
    version: int
    why: str
    duty: str


@dataclass(frozen=True, slots=True)
class SubstanceDecided(Event):
    """Another person answered it on the words alone, with the reason."""

    kind: ClassVar[str] = "archive.substance-decided.v1"
    question: str
    item: str
    version: int
    is_related: bool
    reason: str
    clause: str
