"""What is known of an Item while a batch is stored, and what one Item on its way in amounts to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from rostrum.areas.archive.rules import Shown, ShownMedium, State
from rostrum.kernel.ids import new_id
from rostrum.kernel.items import Item, MediaFile, Route, Seen
from rostrum.kernel.words import storable

# Only these are looks at the platform as it is now; an export or a file shows how it was.
LOOKS = (Route.API, Route.FIREHOSE, Route.OWN_POST)
# The columns of `Known`, in its order.
KNOWN_FIELDS = (
    "pk", "public_id", "native_id", "kind", "published_at", "sorted_at", "author_id", "author_handle", "author_name",
    "parent_id", "root_id", "quoted_id", "access", "state", "absences", "version_count",
)  # fmt: skip


@dataclass(slots=True)
class Known:
    """What is known of one Item while the batch is stored."""

    pk: int
    public_id: str
    native_id: str
    kind: str
    published_at: datetime | None
    sorted_at: datetime
    author_id: str
    author_handle: str
    author_name: str
    parent_id: str
    root_id: str
    quoted_id: str
    access: str
    state: str
    absences: int
    version_count: int
    latest: Shown | None = None
    version_keys: set[str] = field(default_factory=set)
    is_new: bool = False
    is_dirty: bool = False
    seen_again: bool = False


@dataclass(frozen=True, slots=True)
class StoredMedium:
    """A medium whose bytes were read (or could not be)."""

    file: MediaFile
    sha256: str
    size_bytes: int
    missing: str


def is_notice(item: Item) -> bool:
    """Whether it only tells that the Item is gone or hidden, and shows nothing of it (see `connectors.interface`)."""
    return (
        item.seen in (Seen.GONE, Seen.HIDDEN)
        and item.route in LOOKS
        and not item.text
        and not item.media
        and not item.version_key
    )


def unusable(item: Item) -> str:
    """Why the Item cannot be stored, or ""."""
    if not item.native_id:
        return "it has no id"
    for name, value, most in (
        ("id", item.native_id, 500),
        ("parent's id", item.parent_id, 500),
        ("thread's id", item.root_id, 500),
        ("quoted id", item.quoted_id, 500),
        ("version's id", item.version_key, 300),
        ("language", item.lang, 40),
        ("payload's type", item.raw_type, 100),
    ):
        if len(value) > most:
            return f"its {name} is longer than {most} characters"
    for name, value in (("platform", item.platform), ("language", item.lang), ("payload's type", item.raw_type)):
        if storable(value) != value:
            return f"its {name} holds a character that cannot be stored"
    for at in (item.published_at, item.edited_at, item.deleted_at):
        if at is not None and at.tzinfo is None:
            return "one of its times has no zone"
    return ""


# The fields of an Item that may hold anything at all (`unusable` has looked at the others).
_FREE = (
    "native_id", "text", "url", "author_id", "author_handle", "author_name", "parent_id", "root_id", "quoted_id",
    "version_key",
)  # fmt: skip
_free_of = attrgetter(*_FREE)


def cleaned(item: Item) -> Item:
    """The Item with what no database can hold replaced in its fields; nearly every one comes back as it is."""
    everything = "".join(_free_of(item))
    if item.extra:
        everything += "".join((*item.extra.keys(), *item.extra.values()))
    # All fields at once: an import asks this for every Item, and hardly ever is there anything to replace.
    if storable(everything) == everything:
        return item
    extra = {storable(key): storable(value) for key, value in item.extra.items()}
    free: dict[str, Any] = {name: storable(getattr(item, name)) for name in _FREE}
    return replace(item, extra=extra, **free)


def shown_by(item: Item, media: Sequence[StoredMedium]) -> Shown:
    """What the Item (a cleaned one) shows, to be compared with the latest version."""
    return Shown(
        kind=item.kind.value,
        text=item.text,
        visibility=item.visibility.value,
        route=item.route.value,
        version_key=item.version_key,
        edited_at=item.edited_at,
        author_handle=item.author_handle,
        author_name=item.author_name,
        extra=item.extra,
        media=tuple(ShownMedium(medium.sha256, storable(medium.file.alt)) for medium in media),
    )


def first_seen(item: Item, now: datetime) -> Known:
    """The beginning of an Item (a cleaned one) nobody has seen before."""
    return Known(
        pk=0,
        public_id=new_id("itm"),
        native_id=item.native_id,
        kind=item.kind.value,
        published_at=item.published_at,
        sorted_at=item.published_at or now,
        author_id=item.author_id,
        author_handle=item.author_handle,
        author_name=item.author_name,
        parent_id=item.parent_id,
        root_id=item.root_id,
        quoted_id=item.quoted_id,
        access=item.access.value,
        state=State.PRESENT,
        absences=0,
        version_count=0,
        is_new=True,
    )
