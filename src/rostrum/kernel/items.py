"""Items: what a platform shows, in one vocabulary (after ActivityStreams 2.0).

Importers and connectors yield `Item` or `Fault`; the archive stores them. Ids are strings; times are aware.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO


class Kind(StrEnum):
    """What the Item is."""

    POST = "post"
    COMMENT = "comment"
    SHARE = "share"
    MESSAGE = "message"
    PROFILE = "profile"


class Visibility(StrEnum):
    """Who could see it on the platform, as the platform says."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"
    UNKNOWN = "unknown"


class Access(StrEnum):
    """Who may see it in Rostrum by default: direct messages and personal data are restricted."""

    OPEN = "open"
    RESTRICTED = "restricted"


class Route(StrEnum):
    """How it was acquired (records-and-law R10)."""

    OWN_POST = "own_post"
    OWNER_EXPORT = "owner_export"
    API = "api"
    FIREHOSE = "firehose"
    USER_SUPPLIED = "user_supplied"


class Seen(StrEnum):
    """What a look at an Item showed."""

    PRESENT = "present"
    EDITED = "edited"
    GONE = "gone"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One medium of an Item. `open` gives its bytes, or is None when they are missing (then `missing` says why)."""

    name: str
    mime: str
    alt: str = ""
    url: str = ""
    open: Callable[[], IO[bytes]] | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one thing as the platform shows it.

    `raw` is the Item's own slice of the payload, byte for byte, and `raw_type` its media type. `native_id` is the
    platform's id, or a derived one (then `id_is_derived`). `deleted_at` is set where the source itself says so.
    """

    platform: str
    kind: Kind
    native_id: str
    text: str
    raw: bytes
    route: Route
    raw_type: str = "application/json"
    url: str = ""
    author_id: str = ""
    author_handle: str = ""
    author_name: str = ""
    published_at: datetime | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    parent_id: str = ""
    root_id: str = ""
    quoted_id: str = ""
    lang: str = ""
    visibility: Visibility = Visibility.PUBLIC
    access: Access = Access.OPEN
    seen: Seen = Seen.PRESENT
    id_is_derived: bool = False
    version_key: str = ""  # the platform's own id of this version (a CID, an edit id), where it has one
    media: tuple[MediaFile, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that could not be read: where, and why. The rest goes on."""

    where: str
    why: str
