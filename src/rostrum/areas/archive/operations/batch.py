"""One batch of Items on its way into the rows: what is known of each, what is new, and how each stands now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import F

from rostrum.areas.archive import content, payloads, rules, search
from rostrum.areas.archive.models import Capture, Media, Sighting, Version
from rostrum.areas.archive.models import Item as ItemRow
from rostrum.areas.archive.operations import rows
from rostrum.areas.archive.operations.known import (
    KNOWN_FIELDS,
    LOOKS,
    Known,
    StoredMedium,
    cleaned,
    first_seen,
    is_notice,
    shown_by,
    unusable,
)
from rostrum.areas.archive.rules import Shown, ShownMedium, Standing, State, Tool
from rostrum.areas.archive.search.documents import NUMBERS_PER_SECOND
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries.property import is_made_by_channel, speaks_alone, stamp_of
from rostrum.connectors.blobs import LocalBlobs
from rostrum.evidence.commitments import commit_values, new_seed
from rostrum.importers.reading import DAMAGE
from rostrum.kernel.items import Access, Fault, Item, Kind, MediaFile, Route, Seen
from rostrum.kernel.words import storable

# Items stored in one transaction spread over the numbers of a second, so that two captures rarely meet.
_STRIDE = 4_099
_ATTEMPTS = 1_000
_BY_PLATFORM = Tool.PLATFORM.value

_ITEM = (
    "public_id", "channel", "platform", "kind", "native_id", "id_is_derived", "url", "author_id", "author_handle",
    "author_name", "published_at", "sorted_at", "parent_id", "root_id", "quoted_id", "access", "state", "state_since",
    "absences", "version_count", "property_holder", "property_kind",
    "tool",
)  # fmt: skip
_VERSION = (
    "id", "item", "number", "text", "lang", "url", "author_handle", "author_name", "visibility", "edited_at",
    "version_key", "extra", "raw_sha256", "raw_size", "raw_type", "raw_packing", "raw", "route", "captured_at",
    "capture", "seed", "commitment",
)  # fmt: skip
_MEDIA = ("version", "position", "name", "mime", "alt", "url", "sha256", "size_bytes", "missing")
_SIGHTING = ("item", "at", "seen", "announced", "route", "notice", "note")


@dataclass(slots=True)
class Batch:
    """Stores chunks of Items within the caller's transaction, and gathers what the act comes to."""

    channel: Channel
    capture: Capture
    blobs: LocalBlobs
    now: datetime
    is_made_for_body: bool = False
    stored: int = 0
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    seen_otherwise: list[tuple[str, str]] = field(default_factory=list)
    _number: int = 0
    _items: list[tuple[Known, Item]] = field(default_factory=list)
    _versions: list[tuple[Known, Item, int, list[StoredMedium]]] = field(default_factory=list)
    _sightings: list[tuple[Known, Seen, bool, datetime, Item | None]] = field(default_factory=list)

    def store(self, items: Sequence[Item]) -> list[Fault]:
        """Store one chunk; what cannot be stored comes back as faults."""
        faults: list[Fault] = []
        usable: list[Item] = []
        for item in items:
            why = unusable(item)
            if why:
                faults.append(Fault(f"item {item.native_id[:100]!r}", why))
            else:
                usable.append(cleaned(item))
        known = self._known(usable)
        for item in usable:
            self._take(item, known)
        for one in known.values():
            self._settle(one)
        self._write()
        return faults

    def leaves(self) -> Iterator[bytes]:
        """The commitments of the versions stored, in key order; read back from the rows: none wait in memory."""
        stored = Version.objects.filter(capture=self.capture).order_by("pk").values_list("commitment", flat=True)
        for commitment in stored.iterator(chunk_size=1_000):
            yield bytes(commitment)

    # What is known already

    def _known(self, items: Sequence[Item]) -> dict[str, Known]:
        keys = rows.keys_of(ItemRow, "native_id", {item.native_id for item in items}, channel=self.channel.pk)
        if not keys:
            return {}
        found = {row[0]: Known(*row) for row in ItemRow.objects.filter(pk__in=keys).values_list(*KNOWN_FIELDS)}
        known = {one.native_id: one for one in found.values()}
        media: dict[int, list[ShownMedium]] = {}
        latest = Version.objects.filter(item__in=found, number=F("item__version_count"))
        for version_id, digest, alt in (
            Media.objects.filter(version__in=latest).order_by("position").values_list("version", "sha256", "alt")
        ):
            media.setdefault(version_id, []).append(ShownMedium(digest, alt))
        for version in latest.only(
            "item_id",
            "text",
            "visibility",
            "route",
            "version_key",
            "edited_at",
            "author_handle",
            "author_name",
            "extra",
        ):
            one = found[version.item_id]
            one.latest = Shown(
                kind=one.kind,
                text=version.text,
                visibility=version.visibility,
                route=version.route,
                version_key=version.version_key,
                edited_at=version.edited_at,
                author_handle=version.author_handle,
                author_name=version.author_name,
                extra=version.extra,
                media=tuple(media.get(version.pk, ())),
            )
        for item_id, key in (
            Version.objects.filter(item__in=found).exclude(version_key="").values_list("item_id", "version_key")
        ):
            found[item_id].version_keys.add(key)
        return known

    # What each Item brings

    def _take(self, item: Item, known: dict[str, Known]) -> None:
        native_id, key = item.native_id, item.version_key
        one = known.get(native_id)
        if is_notice(item):
            self._take_notice(item, one)
            return
        if one is not None and key in one.version_keys and not _stands_again(one, item, key):
            self._stands(one, item, is_new_version=False)
            self.unchanged += 1
            return
        media = [self._medium(medium, item) for medium in item.media]
        shown = shown_by(item, media)
        if one is None:
            one = known[native_id] = first_seen(item, self.now)
            self._items.append((one, item))
        elif one.latest is not None and not rules.is_new_version(one.latest, shown):
            self._stands(one, item, is_new_version=False)
            self.unchanged += 1
            return
        one.version_count += 1
        one.is_dirty = True
        one.latest = shown
        if shown.version_key:
            one.version_keys.add(shown.version_key)
        self._versions.append((one, item, one.version_count, media))
        self._stands(one, item, is_new_version=True)

    def _take_notice(self, item: Item, one: Known | None) -> None:
        if one is None:
            self.missing.append(f"{item.native_id}: said to be {item.seen.value}, never captured")
            return
        announced = item.seen is Seen.HIDDEN or item.deleted_at is not None
        if item.seen is Seen.GONE and one.state == State.DELETED and not (announced and one.absences):
            one.seen_again = False
            return
        if item.seen is Seen.HIDDEN and one.state in (State.HIDDEN, State.DELETED):
            one.seen_again = False
            return
        self._move(one, item, announced=announced)

    def _stands(self, one: Known, item: Item, *, is_new_version: bool) -> None:
        """How the Item stands after content was shown for it."""
        if item.seen in (Seen.GONE, Seen.HIDDEN):
            if one.state == State.PRESENT:
                # The source itself says so, and shows what was there.
                self._move(one, item, announced=True)
            return
        if is_new_version and one.version_count > 1:
            self._sightings.append((one, Seen.EDITED, False, self.now, item))
            self.seen_otherwise.append((one.public_id, Seen.EDITED.value))
        if item.route in LOOKS and (
            # Its author's edit does not show a hidden one again: only a look at the Item itself does.
            (one.state == State.HIDDEN and item.seen is Seen.PRESENT and item.route is not Route.FIREHOSE)
            or one.absences > 0
            # What was announced as deleted does not come back by being read again out of order.
            or (one.state == State.DELETED and is_new_version)
        ):
            one.seen_again = True

    def _move(self, one: Known, item: Item, *, announced: bool) -> None:
        before = Standing(State(one.state), one.absences)
        after = rules.standing_after(before, item.seen, announced=announced)
        at = item.deleted_at or self.now
        self._sightings.append((one, item.seen, announced, at, item))
        self.seen_otherwise.append((one.public_id, item.seen.value))
        one.state, one.absences, one.is_dirty, one.seen_again = after.state, after.absences, True, False

    def _settle(self, one: Known) -> None:
        """An Item shown again, and not told to be hidden or gone in the same chunk, is there again."""
        if one.seen_again:
            self._sightings.append((one, Seen.PRESENT, False, self.now, None))
            self.seen_otherwise.append((one.public_id, Seen.PRESENT.value))
            one.state, one.absences, one.is_dirty, one.seen_again = State.PRESENT, 0, True, False

    def _medium(self, medium: MediaFile, item: Item) -> StoredMedium:
        missing = medium.missing or "the source gives no bytes for it"
        if medium.open is not None:
            try:
                with medium.open() as stream:
                    stored = self.blobs.store(stream)
                return StoredMedium(medium, stored.digest, stored.size_bytes, "")
            except (OSError, ValueError, *DAMAGE) as problem:
                missing = f"could not be read: {problem}"
        self.missing.append(f"{item.native_id}: {medium.name or medium.url}: {missing}")
        return StoredMedium(medium, "", 0, storable(missing))

    # Into the rows

    def _write(self) -> None:
        self._write_items()
        self._write_versions()
        instant = rows.instants()
        now = instant(self.now)
        sighted = [
            (one.pk, instant(at), seen.value, announced, str(self.capture.route), self._notice(item), "")
            for one, seen, announced, at, item in self._sightings
        ]
        rows.insert(Sighting, _SIGHTING, sighted)
        touched = [version[0] for version in self._versions] + [sighting[0] for sighting in self._sightings]
        changed = {one.pk: one for one in touched if one.is_dirty and not one.is_new}
        if changed:
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE archive_item SET version_count = %s, absences = %s,"
                    " state_since = CASE WHEN state = %s THEN state_since ELSE %s END, state = %s WHERE id = %s",
                    [
                        (one.version_count, one.absences, str(one.state), now, str(one.state), one.pk)
                        for one in changed.values()
                    ],
                )
        for one in changed.values():
            one.is_dirty = False
        self._items, self._versions, self._sightings = [], [], []

    def _notice(self, item: Item | None) -> str:
        """The digest of what the platform said of this Item alone, kept as it came."""
        return self.blobs.put(item.raw) if item is not None and item.raw and is_notice(item) else ""

    def _write_items(self) -> None:
        if not self._items:
            return
        instant = rows.instants()
        now, channel = instant(self.now), self.channel.pk
        stamp = stamp_of(self.channel)
        values = []
        for one, item in self._items:
            is_ours = stamp is not None and (
                self.is_made_for_body
                or (item.kind is Kind.POST and speaks_alone(self.channel))
                or is_made_by_channel(self.channel, author_id=one.author_id, author_handle=one.author_handle)
            )
            owner = (stamp.holder, stamp.kind) if stamp is not None and is_ours else ("", "")
            values.append(
                (
                    one.public_id, channel, item.platform, one.kind, one.native_id, item.id_is_derived,
                    item.url, one.author_id, one.author_handle, one.author_name, instant(one.published_at),
                    instant(one.sorted_at), one.parent_id, one.root_id, one.quoted_id, one.access, str(one.state), now,
                    one.absences, one.version_count, *owner, _BY_PLATFORM,
                )
            )  # fmt: skip
        last = rows.last_key(ItemRow)
        rows.insert(ItemRow, _ITEM, values)
        # Not asked by channel: SQLite would then read the channel's whole index. Others may store in other channels.
        key_of = dict(rows.added_since(ItemRow, "public_id", last))
        for one, _ in self._items:
            one.pk = key_of[one.public_id]

    def _write_versions(self) -> None:
        if not self._versions:
            return
        versions: list[tuple[Any, ...]] = []
        media: list[tuple[Any, ...]] = []
        documents: list[search.Document] = []
        instant, no_extra = rows.instants(), rows.json({})
        captured, channel, capture = instant(self.now), self.channel.pk, self.capture.pk
        keys = self._keys([version[0].sorted_at for version in self._versions])
        for key, (one, item, number, stored) in zip(keys, self._versions, strict=True):
            handle, name = item.author_handle, item.author_name
            visibility, route = item.visibility.value, item.route.value
            shown = [(medium.sha256, storable(medium.file.alt)) for medium in stored]
            digest = sha256(item.raw)
            made = content.Content(
                platform=item.platform, kind=one.kind, native_id=one.native_id, number=number,
                route=route, raw_sha256=digest.hexdigest(), raw_type=item.raw_type, captured_at=self.now,
                published_at=one.published_at, edited_at=item.edited_at, parent_id=one.parent_id,
                root_id=one.root_id, quoted_id=one.quoted_id, visibility=visibility,
                version_key=item.version_key, lang=item.lang, author_id=one.author_id, author_handle=handle,
                author_name=name, url=item.url, text=item.text, extra=item.extra, media=shown,
            )  # fmt: skip
            seed = new_seed()
            leaf = commit_values(*content.names_and_values(made), seed)
            packing, packed = payloads.pack(item.raw, self.blobs)
            versions.append(
                (
                    key, one.pk, number, item.text, item.lang, item.url, handle, name, visibility,
                    instant(item.edited_at), item.version_key, rows.json(item.extra) if item.extra else no_extra,
                    digest.digest(), len(item.raw), item.raw_type, packing, packed, route, captured,
                    capture, seed, leaf,
                )
            )  # fmt: skip
            for position, (medium, (sha, alt)) in enumerate(zip(stored, shown, strict=True)):
                file = medium.file
                media.append(
                    (
                        key, position, storable(file.name)[:500], storable(file.mime)[:100], alt,
                        storable(file.url), sha, medium.size_bytes, medium.missing,
                    )
                )  # fmt: skip
            documents.append(
                search.Document(
                    key=key,
                    text=content.searchable_text(item.text, [alt for _, alt in shown], item.extra),
                    channel=channel,
                    kind=one.kind,
                    authors=(one.author_id, handle, name),
                    is_restricted=one.access == Access.RESTRICTED,
                    is_later=number > 1,
                )
            )
        self.stored += len(versions)
        rows.insert(Version, _VERSION, versions)
        rows.insert(Media, _MEDIA, media)
        search.index().add(documents)

    def _keys(self, instants: Sequence[datetime]) -> list[int]:
        """A free key for each instant: its second, and a number no other version of that second has."""
        if not self._number:
            self._number = self.capture.pk * _STRIDE % NUMBERS_PER_SECOND
        keys: list[int] = []
        for at in instants:
            keys.append(search.key_for(at, self._number))
            self._number += 1
        for _ in range(_ATTEMPTS):
            clashes = set(rows.keys_of(Version, "id", keys))
            if not clashes and len(set(keys)) == len(keys):
                return keys
            seen: set[int] = set()
            for place, key in enumerate(keys):
                if key in clashes or key in seen:
                    keys[place] = search.key_for(instants[place], self._number)
                    self._number += 1
                seen.add(keys[place])
        raise OverflowError("one second has no room for more versions")


def _stands_again(one: Known, item: Item, key: str) -> bool:
    """Whether a look shows that a version known before is the latest again; an export only shows how it was."""
    if one.latest is None or item.route not in LOOKS:
        return False
    return rules.stands_again(one.latest, key, seen=item.seen, edited_at=item.edited_at)
