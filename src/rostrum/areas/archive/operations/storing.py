"""Storing what was seen: a page of a capture, or a whole import, is one act, one transaction, one entry."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from rostrum.areas.archive import content, events
from rostrum.areas.archive.models import Capture, CaptureCursor, Source
from rostrum.areas.archive.operations.acting import Person, actor_id
from rostrum.areas.archive.operations.batch import Batch
from rostrum.areas.archive.operations.gaps import open_gap
from rostrum.areas.archive.rules import Cause
from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger import operations as ledger
from rostrum.connectors.blobs import LocalBlobs
from rostrum.connectors.interface import CapturePage
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.events import Event
from rostrum.kernel.items import Fault, Item, Route
from rostrum.kernel.words import storable

# Lists in a capture's row are for people; the counts say how many there were in all.
_MOST_LISTED = 1_000
_CHUNK = 200
# So many captures back it is looked for one that a look with nothing new lengthens.
_LATELY = 10

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A file that is imported: its hashes, those of its members, and where it lies, so that it can be kept."""

    name: str
    kind: str
    size_bytes: int
    sha256: str
    members: Sequence[tuple[str, int, str]] = ()  # name, size in bytes, SHA-256 in hex or ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What storing came to. `capture` and `entry` are public ids, empty where there was nothing to record."""

    recognised: dict[str, int]
    stored: int
    unchanged: int
    sightings: int
    missing: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    capture: str = ""
    entry: str = ""


@transaction.atomic
def store_batch(
    *,
    channel: Channel,
    items: Iterable[Item | Fault],
    route: Route,
    actor: Person | str,
    now: datetime,
    sources: Sequence[SourceInfo] = (),
    container: bytes = b"",
    container_type: str = "",
    window: tuple[datetime | None, datetime | None] = (None, None),
    progress: Progress | None = None,
    is_made_for_body: bool = False,
) -> BatchReport:
    """Store what a page of a capture or an import shows: new Items, new versions of known ones, how they stand.

    Storing the same again changes nothing: an Item is known by the channel and its native id, and a version is new
    only where it says something else (`rules.is_new_version`). A look that shows nothing new lengthens the last
    capture and adds no entry; an import of known files that shows nothing new leaves no trace at all.

    `is_made_for_body`: whoever wrote them wrote them for the body, so all of them are stamped with their owner.
    `items` is walked once, `progress` is told how many were walked. Items that cannot be stored become faults.
    """
    # Locked, so that two captures of one channel cannot both take an Item for new.
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    blobs = LocalBlobs(settings.BLOBS_FOLDER)
    capture = Capture.objects.create(
        channel=channel,
        route=Route(route),
        window_from=window[0],
        window_to=window[1],
        started_at=now,
        finished_at=now,
    )
    batch = Batch(channel=channel, capture=capture, blobs=blobs, now=now, is_made_for_body=is_made_for_body)
    recognised, faults = _walk(batch, items, progress)
    new_sources = _keep_sources(capture, sources, blobs, now)
    report = BatchReport(
        recognised=dict(recognised),
        stored=batch.stored,
        unchanged=batch.unchanged,
        sightings=len(batch.seen_otherwise),
        missing=batch.missing,
        faults=faults,
    )
    capture.recognised = dict(recognised)
    capture.stored, capture.unchanged = batch.stored, batch.unchanged
    capture.missing = [storable(line) for line in batch.missing[:_MOST_LISTED]]
    capture.faults = [{"where": storable(fault.where), "why": storable(fault.why)} for fault in faults[:_MOST_LISTED]]
    if not batch.stored and not batch.seen_otherwise and not new_sources and _nothing_new(capture, bool(sources)):
        return report
    if container:
        # Only now: the pages of looks that showed nothing new are not kept.
        capture.container, capture.container_type = blobs.put(container), container_type
    event = _event(channel, capture, batch, sources, len(faults))
    entry = ledger.record(event, actor=actor_id(actor), now=now, leaves=batch.leaves())
    capture.entry = entry.public_id
    capture.save()
    return replace(report, capture=capture.public_id, entry=entry.public_id)


@transaction.atomic
def store_page(*, channel: Channel, page: CapturePage, route: Route, actor: Person | str, now: datetime) -> BatchReport:
    """Store one page of a capture and the cursor to go on from, together; a stretch the platform lost opens a gap."""
    report = store_batch(
        channel=channel,
        items=[*page.faults, *page.items],
        route=route,
        actor=actor,
        now=now,
        container=page.container,
        container_type=page.container_type,
        window=(page.window_from, page.window_to),
    )
    if page.lost is not None:
        open_gap(
            channel=channel,
            cause=Cause.STREAM_LOST,
            from_at=page.lost.since,
            to_at=page.lost.until,
            note=page.lost.cause,
            actor=actor,
            now=now,
        )
    CaptureCursor.objects.update_or_create(channel=channel, defaults={"cursor": page.cursor, "moved_at": now})
    return report


def _walk(batch: Batch, items: Iterable[Item | Fault], progress: Progress | None) -> tuple[Counter[str], list[Fault]]:
    recognised: Counter[str] = Counter()
    faults: list[Fault] = []
    chunk: list[Item] = []
    walked = 0
    for walked, thing in enumerate(items, start=1):
        if isinstance(thing, Fault):
            faults.append(thing)
            continue
        recognised[thing.kind.value] += 1
        chunk.append(thing)
        if len(chunk) >= _CHUNK:
            faults += batch.store(chunk)
            chunk = []
            if progress:
                progress(walked)
    if chunk:
        faults += batch.store(chunk)
    if progress:
        progress(walked)
    return recognised, faults


def _keep_sources(capture: Capture, sources: Sequence[SourceInfo], blobs: LocalBlobs, now: datetime) -> bool:
    """Keep the files as they came, with their manifests; whether any of them was not known yet."""
    any_new = False
    for info in sources:
        source = Source.objects.filter(channel=capture.channel, sha256=info.sha256).first()
        if source is None:
            any_new = True
            lines = "".join(f"{sha256 or '-'} {size} {name}\n" for name, size, sha256 in info.members)
            if info.path is not None:
                with info.path.open("rb") as stream:
                    stored = blobs.put(stream)
                if stored != info.sha256:
                    raise SourceChanged(info.name)
            source = Source.objects.create(
                channel=capture.channel,
                name=info.name[:255],
                kind=info.kind,
                size_bytes=info.size_bytes,
                sha256=info.sha256,
                manifest=blobs.put(lines.encode("utf-8", "surrogateescape")) if lines else "",
                imported_at=now,
            )
        capture.sources.add(source)
    return any_new


class SourceChanged(InvalidInput):
    """A file changed while it was being imported; nothing was stored."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "it changed while it was being read; nothing was stored")


def _nothing_new(capture: Capture, is_import: bool) -> bool:
    """Fold a look that showed nothing new into the one before, and forget this one; False where it must stand."""
    told = (capture.faults, capture.missing)
    covers_a_window = bool(capture.window_from or capture.window_to)
    if is_import or (not covers_a_window and told == ([], [])):
        _forget(capture)  # single Items looked at again lengthen nothing
        return True
    lately = (
        Capture.objects.filter(channel=capture.channel, route=capture.route)
        .exclude(pk=capture.pk)
        .order_by("-finished_at", "-pk")[:_LATELY]
    )
    # What cannot be read stays so at every look, between pages that can: the last one of its own kind is lengthened.
    last = next((one for one in lately if (one.faults, one.missing) == told), None)
    if last is None:
        return False
    if last.window_to and capture.window_from and capture.window_from > last.window_to:
        return False  # the windows do not touch: between them is a stretch nobody looked at
    last.looks += 1
    last.finished_at = max(last.finished_at, capture.finished_at)
    last.window_to = max(filter(None, (last.window_to, capture.window_to)), default=None)
    last.save(update_fields=["looks", "finished_at", "window_to"])
    _forget(capture)
    return True


def _forget(capture: Capture) -> None:
    capture.sources.clear()
    capture.delete()


def _event(channel: Channel, capture: Capture, batch: Batch, sources: Sequence[SourceInfo], faults: int) -> Event:
    same: dict[str, Any] = {
        "capture": capture.public_id,
        "channel": channel.public_id,
        "route": str(capture.route),
        "versions": batch.stored,
        "unchanged": batch.unchanged,
        "faults": faults,
        "missing": len(batch.missing),
    }
    if sources:
        return events.ImportStored(
            sources=[info.sha256 for info in sources], sightings=len(batch.seen_otherwise), **same
        )
    return events.CaptureStored(
        container=capture.container,
        window_from=content.instant(capture.window_from),
        window_to=content.instant(capture.window_to),
        sightings=[{"item": item, "seen": seen} for item, seen in batch.seen_otherwise],
        **same,
    )
