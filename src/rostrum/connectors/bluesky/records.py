"""Records as Items: posts, replies, reposts, profiles; their media, fetched at first sight."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rostrum.connectors.bluesky import names, repository
from rostrum.connectors.bluesky.names import RecordName
from rostrum.connectors.bluesky.stream import read_instant
from rostrum.kernel.items import Item, Kind, MediaFile, Route, Seen

PLATFORM = "bluesky"

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4"}


class BadRecord(Exception):
    """The record does not have the form its collection promises."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file a record names: bytes are its own server's, by CID."""

    cid: str
    mime: str
    alt: str


FetchBlob = Callable[[str, Blob, str], MediaFile]


@dataclass(frozen=True, slots=True)
class Sight:
    """How a record was come by: its bytes and CID, by which route, and what is known of its author."""

    name: RecordName
    cid: str
    raw: bytes
    value: dict[str, Any]
    route: Route
    raw_type: str = repository.RECORD_TYPE
    handle: str = ""
    author_name: str = ""
    seen: Seen = Seen.PRESENT
    changed_at: datetime | None = None
    told: dict[str, str] = field(default_factory=dict)


def item_of(sight: Sight, *, web_address: str, fetch: FetchBlob) -> Item:
    """Build the Item of a record. Raises `BadRecord`."""
    name, value = sight.name, sight.value
    kind, text, parent, root, quoted = _shape(name, value)
    extra = dict(sight.told)
    if links := _links(value):
        extra["links"] = " ".join(links)
    published_at = read_instant(value.get("createdAt"))
    if published_at is None and name.collection != names.PROFILE:
        extra["created_as_told"] = str(value.get("createdAt"))[:100]
    languages = value.get("langs")
    return Item(
        platform=PLATFORM,
        kind=kind,
        native_id=name.uri,
        text=text,
        raw=sight.raw,
        raw_type=sight.raw_type,
        route=sight.route,
        url=address_of(name, web_address),
        author_id=name.did,
        author_handle=sight.handle,
        author_name=str(value.get("displayName") or "") if kind is Kind.PROFILE else sight.author_name,
        published_at=published_at,
        edited_at=sight.changed_at if sight.seen is Seen.EDITED else None,
        parent_id=parent,
        root_id=root,
        quoted_id=quoted,
        lang=str(languages[0]) if isinstance(languages, list) and languages else "",
        seen=sight.seen,
        version_key=sight.cid,
        media=tuple(
            fetch(name.did, blob, f"{blob.cid[:16]}.{_EXTENSIONS.get(blob.mime, 'bin')}")
            for blob in _blobs(name, value)
        ),
        extra=extra,
    )


def notice_of(
    name: RecordName,
    seen: Seen,
    *,
    raw: bytes,
    raw_type: str,
    route: Route,
    deleted_at: datetime | None = None,
    told: dict[str, str] | None = None,
) -> Item:
    """Build the Item that only tells of a state (gone, hidden)."""
    return Item(
        platform=PLATFORM,
        kind={names.PROFILE: Kind.PROFILE, names.REPOST: Kind.SHARE}.get(name.collection, Kind.POST),
        native_id=name.uri,
        text="",
        raw=raw,
        raw_type=raw_type,
        route=route,
        author_id=name.did,
        deleted_at=deleted_at,
        seen=seen,
        extra=dict(told or {}),
    )


def address_of(name: RecordName, web_address: str) -> str:
    """Return where readers see a record."""
    page = f"{web_address}/profile/{name.did}"
    return f"{page}/post/{name.rkey}" if name.collection == names.POST else page


def reply_ids(value: dict[str, Any]) -> tuple[str, str]:
    """Return (parent, root) URIs of a post's record, empty when it answers nothing."""
    reply = value.get("reply")
    if not isinstance(reply, dict):
        return "", ""
    return _uri(reply.get("parent")), _uri(reply.get("root"))


def concerns(did: str, value: dict[str, Any]) -> bool:
    """Whether another's post answers, mentions or quotes something of this DID's."""
    own = f"at://{did}/"
    parent, root = reply_ids(value)
    if parent.startswith(own) or root.startswith(own) or _quoted(value).startswith(own):
        return True
    return any(feature.get("did") == did for feature in _features(value))


def hidden_replies(value: dict[str, Any]) -> list[str]:
    """Return the replies a threadgate hides."""
    hidden = value.get("hiddenReplies")
    return [uri for uri in hidden if isinstance(uri, str)] if isinstance(hidden, list) else []


def _shape(name: RecordName, value: dict[str, Any]) -> tuple[Kind, str, str, str, str]:
    """Return (kind, text, parent, root, quoted)."""
    if name.collection == names.POST:
        parent, root = reply_ids(value)
        return Kind.COMMENT if parent else Kind.POST, _text(value, "text"), parent, root, _quoted(value)
    if name.collection == names.REPOST:
        return Kind.SHARE, "", "", "", _uri(value.get("subject"))
    if name.collection == names.PROFILE:
        return Kind.PROFILE, _text(value, "description", optional=True), "", "", ""
    raise BadRecord(f"{name.collection} is not captured")


def _text(value: dict[str, Any], key: str, *, optional: bool = False) -> str:
    text = value.get(key, "" if optional else None)
    if not isinstance(text, str):
        raise BadRecord(f"“{key}” is not text")
    return text


def _quoted(value: dict[str, Any]) -> str:
    embed = value.get("embed")
    if not isinstance(embed, dict):
        return ""
    record = embed.get("record")
    if embed.get("$type") == "app.bsky.embed.recordWithMedia" and isinstance(record, dict):
        record = record.get("record")
    return _uri(record)


def _features(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    facets = value.get("facets")
    for facet in facets if isinstance(facets, list) else []:
        features = facet.get("features") if isinstance(facet, dict) else None
        yield from (feature for feature in features or [] if isinstance(feature, dict))


def _links(value: dict[str, Any]) -> list[str]:
    """Return the whole addresses a post links to: its text may show them cut."""
    links = [str(feature["uri"]) for feature in _features(value) if feature.get("uri")]
    embed = value.get("embed")
    external = embed.get("external") if isinstance(embed, dict) else None
    if isinstance(external, dict) and external.get("uri"):
        links.append(str(external["uri"]))
    return list(dict.fromkeys(links))


def _blobs(name: RecordName, value: dict[str, Any]) -> Iterator[Blob]:
    if name.collection == names.PROFILE:
        for key in ("avatar", "banner"):
            yield from _blob(value.get(key), key)
        return
    embed = value.get("embed")
    if isinstance(embed, dict) and isinstance(embed.get("media"), dict):
        embed = embed["media"]
    if not isinstance(embed, dict):
        return
    images = embed.get("images")
    for image in images if isinstance(images, list) else []:
        if isinstance(image, dict):
            yield from _blob(image.get("image"), str(image.get("alt") or ""))
    yield from _blob(embed.get("video"), str(embed.get("alt") or ""))
    external = embed.get("external")
    if isinstance(external, dict):
        yield from _blob(external.get("thumb"), str(external.get("title") or ""))


def _blob(blob: object, alt: str) -> Iterator[Blob]:
    if not isinstance(blob, dict):
        return
    reference = blob.get("ref")
    if isinstance(reference, bytes):  # DAG-CBOR
        cid = repository.cid_text(reference)
    elif isinstance(reference, dict):  # the same record as JSON
        cid = str(reference.get("$link", ""))
    else:
        return
    yield Blob(cid, str(blob.get("mimeType") or "application/octet-stream"), alt)


def _uri(reference: object) -> str:
    return str(reference.get("uri") or "") if isinstance(reference, dict) else ""
