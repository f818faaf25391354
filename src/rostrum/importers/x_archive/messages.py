"""One entry of a direct-message conversation of an X archive, to an Item. Always restricted."""

import hashlib
from datetime import datetime
from typing import Any

import orjson

from rostrum.importers.dates import read_instant
from rostrum.importers.x_archive.layout import Owner
from rostrum.importers.x_archive.posts import FindMedia, expanded, objects, unescaped
from rostrum.kernel.items import Access, Item, Kind, Route, Seen, Visibility


def item_of_message(value: Any, raw: bytes, conversation: str, owner: Owner, find_media: FindMedia) -> Item:
    """The Item of one message, or of one event of a group (joining, leaving, a new name).

    Raises `ValueError` with what is wrong with the element.
    """
    if not isinstance(value, dict) or len(value) != 1 or not isinstance(next(iter(value.values())), dict):
        raise ValueError("is not an entry of a conversation: an object with one named entry was expected")
    event, entry = next(iter(value.items()))
    if event == "messageCreate":
        return _message(entry, raw, conversation, owner, find_media)
    at = _instant(entry, "createdAt", f"{event} in conversation {conversation}")
    sender = str(entry.get("initiatingUserId") or entry.get("userId") or "")
    native_id = entry.get("id")
    # Most events have no id of their own: theirs is made of what they say.
    content = hashlib.sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    return Item(
        platform="x",
        kind=Kind.MESSAGE,
        native_id=str(native_id) if native_id else f"{conversation}/{event}/{content}",
        id_is_derived=not native_id,
        text=str(entry.get("name", "")),
        raw=raw,
        route=Route.OWNER_EXPORT,
        author_id=sender,
        author_handle=owner.handle_at(at) if sender == owner.native_id else "",
        published_at=at,
        root_id=conversation,
        visibility=Visibility.DIRECT,
        access=Access.RESTRICTED,
        extra={"event": str(event)},
    )


def _message(entry: dict[str, Any], raw: bytes, conversation: str, owner: Owner, find_media: FindMedia) -> Item:
    native_id = entry.get("id")
    if not isinstance(native_id, str) or not native_id:
        raise ValueError(f"is a message without an id, in conversation {conversation}")
    if not isinstance(entry.get("text", ""), str):
        raise ValueError(f"message {native_id}: its text is not a text")
    at = _instant(entry, "createdAt", f"message {native_id}")
    sender = str(entry.get("senderId", ""))
    urls = objects(entry.get("urls"))
    text = expanded(unescaped(entry.get("text", "")), urls, "expanded")
    edits = entry.get("editHistory")
    extra = {"recipient_id": str(entry["recipientId"])} if entry.get("recipientId") else {}
    if isinstance(edits, list) and edits:
        # The earlier texts are in the raw slice; their shape is not documented.
        extra["earlier_versions"] = str(len(edits))
    addresses = entry.get("mediaUrls")
    media = [one for one in addresses if isinstance(one, str)] if isinstance(addresses, list) else []
    ours = sender == owner.native_id
    return Item(
        platform="x",
        kind=Kind.MESSAGE,
        native_id=native_id,
        text=text,
        raw=raw,
        route=Route.OWNER_EXPORT,
        author_id=sender,
        author_handle=owner.handle_at(at) if ours else "",
        author_name=owner.name if ours else "",
        published_at=at,
        root_id=conversation,
        visibility=Visibility.DIRECT,
        access=Access.RESTRICTED,
        seen=Seen.EDITED if edits else Seen.PRESENT,
        media=tuple(find_media(native_id, [address]) for address in media),
        extra=extra,
    )


def _instant(entry: dict[str, Any], key: str, what: str) -> datetime | None:
    if entry.get(key) is None:
        return None
    try:
        return read_instant(entry[key])
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None
