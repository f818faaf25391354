"""One post of an X archive: its parsed element to an Item."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

import orjson

from rostrum.importers.dates import instant_of_snowflake, read_instant
from rostrum.importers.x_archive.layout import Owner
from rostrum.kernel.items import Item, Kind, MediaFile, Route, Seen

_ID = re.compile(r"[0-9]{1,19}")
_REPOST = re.compile(r"RT @(\w{1,20}):")
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w+/status/(\d+)")
_CLIENT = re.compile(r">([^<]*)<")
_MIME = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "m4s": "video/mp4",
    "mov": "video/quicktime",
}

FindMedia = Callable[[str, list[str]], MediaFile]
"""Given an id and the addresses a medium may be stored under, best first: the medium, or what is missing."""


@dataclass(frozen=True, slots=True)
class Post:
    """What the walk needs of one element before it makes an Item: ids, the chain of edits, times."""

    tweet: dict[str, Any]
    native_id: str
    versions: tuple[str, ...]  # ids of all versions, the first one first; one id for a post never edited
    written_at: datetime | None
    deleted_at: datetime | None


def read_post(value: Any) -> Post:
    """Read ids and times of one element. Raises `ValueError` with what is wrong with it."""
    tweet = value.get("tweet", value) if isinstance(value, dict) else None
    if not isinstance(tweet, dict):
        raise ValueError("is not a post: an object with a post's fields was expected")
    native_id = tweet.get("id_str") or tweet.get("id") or tweet.get("tweet_id")
    if isinstance(native_id, int):
        native_id = str(native_id)
    if not _is_id(native_id):
        raise ValueError(f"has no usable id ({native_id!r})")
    if not isinstance(tweet.get("full_text", tweet.get("text", "")), str):
        raise ValueError(f"post {native_id}: its text is not a text")
    try:
        created = tweet.get("created_at")
        written_at = read_instant(created) if created is not None else instant_of_snowflake(native_id)
        deleted = tweet.get("deleted_at")
        deleted_at = read_instant(deleted) if deleted is not None else None
    except ValueError as error:
        raise ValueError(f"post {native_id}: {error}") from None
    return Post(tweet, native_id, _versions(tweet, native_id), written_at, deleted_at)


def _is_id(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and _ID.fullmatch(value) is not None and int(value) < 1 << 63


def _versions(tweet: dict[str, Any], native_id: str) -> tuple[str, ...]:
    info = tweet.get("edit_info")
    if not isinstance(info, dict):
        return (native_id,)
    edit = info.get("edit")
    control = info.get("initial")
    first = None
    if isinstance(edit, dict):
        control = edit.get("editControlInitial", control)
        first = edit.get("initialTweetId")
    listed = control.get("editTweetIds") if isinstance(control, dict) else None
    ids = {native_id, *filter(_is_id, listed if isinstance(listed, list) else ())}
    if _is_id(first):
        ids.add(first)
    return tuple(sorted(ids, key=int))


def item_of_post(
    post: Post, raw: bytes, owner: Owner, find_media: FindMedia, *, long_text: str | None, source: str
) -> Item:
    """The Item of one post. `long_text` replaces the shortened text; `source` is the data type it was found in.

    A reply is a COMMENT, also the body's own; a repost a SHARE; a later version of an edited post carries the first
    one's id as its native id and its own as version key.
    """
    tweet, native_id = post.tweet, post.native_id
    text = unescaped(tweet.get("full_text", tweet.get("text", "")))
    entities = mapping(tweet.get("entities"))
    urls = objects(entities.get("urls"))
    extra: dict[str, str] = {}
    repost = _REPOST.match(text)
    parent = tweet.get("in_reply_to_status_id_str") or tweet.get("in_reply_to_status_id") or ""
    kind = Kind.SHARE if repost else Kind.COMMENT if parent else Kind.POST
    quoted = ""
    media = objects(mapping(tweet.get("extended_entities")).get("media")) or objects(entities.get("media"))
    if repost:
        extra["shared_handle"] = repost[1]
        quoted = next((str(one["source_status_id_str"]) for one in media if one.get("source_status_id_str")), "")
    else:
        # X shows a link to a post as a quotation; the archive has no other sign of one.
        links = (_STATUS.match(str(one.get("expanded_url", ""))) for one in urls)
        quoted = next((link[1] for link in links if link), "")
    if long_text is not None:
        text = long_text
    elif "https://t.co/" in text or "http://t.co/" in text:
        text = expanded(text, [*urls, *media], "expanded_url")
    if tweet.get("in_reply_to_screen_name"):
        extra["reply_to_handle"] = str(tweet["in_reply_to_screen_name"])
    if tweet.get("community_id"):
        extra["community_id"] = str(tweet["community_id"])
    if client := _CLIENT.search(str(tweet.get("source", ""))):
        extra["client"] = client[1]
    if tweet.get("withheld_in_countries"):
        extra["withheld_in"] = orjson.dumps(tweet["withheld_in_countries"]).decode()
    if source == "deleted-tweets" or post.deleted_at:
        seen = Seen.GONE
    elif native_id != post.versions[0]:
        seen = Seen.EDITED
    else:
        seen = Seen.PRESENT
    edited = native_id != post.versions[0]
    published_at = instant_of_snowflake(post.versions[0]) if edited else post.written_at
    handle = owner.handle_at(post.written_at)
    return Item(
        platform="x",
        kind=kind,
        native_id=post.versions[0],
        version_key=native_id,
        text=text,
        raw=raw,
        route=Route.OWNER_EXPORT,
        url=f"https://x.com/{handle or 'i/web'}/status/{native_id}",
        author_id=owner.native_id,
        author_handle=handle,
        author_name=owner.name,
        published_at=published_at or post.written_at,
        edited_at=post.written_at if edited else None,
        deleted_at=post.deleted_at,
        parent_id=str(parent),
        quoted_id=quoted,
        lang=str(tweet.get("lang") or ""),
        seen=seen,
        media=tuple(find_media(native_id, _addresses(one)) for one in media) if media else (),
        extra=extra,
    )


def mapping(value: Any) -> dict[str, Any]:
    """The object itself; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; an empty list for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _addresses(medium: dict[str, Any]) -> list[str]:
    """Where one medium may have been stored from: a video's variants by bitrate, best first; else the picture."""
    variants = objects(mapping(medium.get("video_info")).get("variants"))
    films = [one for one in variants if "mp4" in str(one.get("content_type", "")) and one.get("url")]
    films.sort(key=lambda one: int(one["bitrate"]) if str(one.get("bitrate", "")).isdigit() else 0, reverse=True)
    return [str(one["url"]) for one in films] or [str(medium.get("media_url_https") or medium.get("media_url") or "")]


def stored_name(native_id: str, address: str) -> str:
    """The name X stores a medium under: the post's id, a dash, the address's last part without its query."""
    return f"{native_id}-{address.partition('?')[0].rpartition('/')[2]}"


def mime_of(name: str) -> str:
    """The media type by a name's ending."""
    return _MIME.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def unescaped(text: str) -> str:
    """Undo X's escaping, which knows these characters only: ``&copy;`` typed by hand must stay as it was typed."""
    if "&" not in text:
        return text
    return (
        text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#39;", "'")
        .replace("&amp;", "&")
    )


def expanded(text: str, links: list[dict[str, Any]], key: str, short_key: str = "url") -> str:
    """The text with each shortened address replaced by the one it stands for, found under `key`."""
    for link in links:
        short, long = link.get(short_key), link.get(key)
        if isinstance(short, str) and short and isinstance(long, str) and long:
            text = text.replace(short, long)
    return text
