"""Exports that Mastodon hands out: outbox.json with its media, as tar.gz, zip, or the outbox alone."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from rostrum.importers.dates import read_instant
from rostrum.importers.export import Export, place_of
from rostrum.importers.html_text import text_of_html
from rostrum.importers.index import Index, Meeting
from rostrum.importers.reading import DAMAGE, Container, Limits, Member
from rostrum.importers.splitting import Element, read_value
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Access, Fault, Item, Kind, MediaFile, Route, Seen, Visibility

_ITEMS = re.compile(rb'"orderedItems"\s*:\s*\[')
_COLLECTION = re.compile(rb'"type"\s*:\s*"OrderedCollection"|"orderedItems"\s*:')
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_STATUS = re.compile(r"/statuses/(\d+)")
_ACTOR_BYTES = 1 << 20
_OBJECTS = ("Note", "Question", "Article", "Page", "Image", "Video", "Audio", "Event", "Document")


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose export it is, by actor.json."""

    native_id: str = ""
    handle: str = ""
    name: str = ""


def looks_like_mastodon(container: Container) -> bool:
    """Whether a file is a Mastodon export: by the outbox's name, then by its content."""
    return any(_is_outbox(member) for member in container.members if _base(member.name) == "outbox.json")


def _is_outbox(member: Member) -> bool:
    try:
        with member.open() as stream:
            return _COLLECTION.search(stream.read(1 << 16)) is not None
    except DAMAGE:
        return True  # by its name; that it is damaged is told when it is read


def _base(name: str) -> str:
    return name.rpartition("/")[2]


class MastodonExport(Export):
    """One export of one owner; several are read as one, doubled posts once.

    Raises `InvalidInput` where no file holds an outbox.
    """

    kind = "mastodon"
    platform = "mastodon"

    def __init__(self, containers: list[Container], limits: Limits) -> None:
        super().__init__(containers, limits)
        self._outboxes = [(c, m) for c in containers for m in c.members if _base(m.name) == "outbox.json"]
        if not self._outboxes:
            # Told to be one: a single file under another name is its outbox.
            self._outboxes = [(c, m) for c in containers for m in c.members if len(c.members) == 1]
        if not self._outboxes:
            raise InvalidInput(containers[0].name, "holds no outbox.json: it is no Mastodon export, or not all of one")
        self._actors = [(c, m) for c in containers for m in c.members if _base(m.name) == "actor.json"]
        self._media = {
            name[name.index("media_attachments/") :]: member
            for container in containers
            for member in container.members
            if "media_attachments/" in (name := member.name)
        }

    def _read(self, index: Index) -> Iterator[Item | Fault]:
        actor = Actor()
        for container, member in self._actors:
            try:
                actor = read_actor(member)
            except ValueError as error:
                yield Fault(self.place(container, member.name), str(error))
        others: Counter[str] = Counter()
        for container, member in self._outboxes:
            where = self.place(container, member.name)
            for found in self.walk(where, member, _ITEMS, closing=b"}"):
                if isinstance(found, Fault):
                    yield found
                    continue
                element = found[1]
                try:
                    item = self._item(element, actor)
                except ValueError as error:
                    yield Fault(place_of(where, element), str(error))
                    continue
                if isinstance(item, str):
                    others[item] += 1
                    continue
                meeting, before = index.meet(item.native_id, element.raw, where)
                if meeting is not Meeting.NEW and before == where:
                    yield Fault(
                        place_of(where, element),
                        f"{item.native_id} occurs twice in this export: "
                        + ("the same again, left out" if meeting is Meeting.SAME else "different, kept as a version"),
                    )
                if meeting is not Meeting.SAME:
                    yield item
        self._list_ignored(others)

    def _item(self, element: Element, actor: Actor) -> Item | str:
        """The Item of one activity, or the type of an activity that is none. Raises `ValueError`."""
        activity = element.value
        if not isinstance(activity, dict):
            raise ValueError("is not an activity: an object was expected")
        kind = activity.get("type")
        if kind == "Announce":
            return _share(activity, element.raw, actor)
        thing = activity.get("object")
        if kind in _OBJECTS:
            thing = activity
        elif kind != "Create":
            return str(kind)
        if not isinstance(thing, dict):
            raise ValueError("is a Create activity without the post itself")
        return self._post(thing, element.raw, actor)

    def _post(self, note: dict[str, Any], raw: bytes, actor: Actor) -> Item:
        native_id = _text(note, "id")
        if not native_id:
            raise ValueError("is a post without an id")
        published_at, edited_at = _instant(note, "published"), _instant(note, "updated")
        visibility = visibility_of(note.get("to"), note.get("cc"))
        parent = _address(note.get("inReplyTo"))
        direct = visibility is Visibility.DIRECT
        warning = _text(note, "summary")
        extra = {"status_id": found[1]} if (found := _STATUS.search(native_id)) else {}
        if warning:
            extra["content_warning"] = warning
        if note.get("type") == "Question":
            extra["poll"] = "one" if note.get("oneOf") else "any"
        languages = note.get("contentMap")
        lang = next(iter(languages), "") if isinstance(languages, dict) else ""
        texts = [text_of_html(warning), text_of_html(_content(note, lang)), _options(note)]
        return Item(
            platform="mastodon",
            kind=Kind.MESSAGE if direct else Kind.COMMENT if parent else Kind.POST,
            native_id=native_id,
            text="\n\n".join(text for text in texts if text),
            raw=raw,
            route=Route.OWNER_EXPORT,
            url=_address(note.get("url")),
            author_id=_address(note.get("attributedTo")) or actor.native_id,
            author_handle=actor.handle,
            author_name=actor.name,
            published_at=published_at,
            edited_at=edited_at,
            parent_id=parent,
            root_id=_text(note, "conversation"),
            lang=lang,
            visibility=visibility,
            access=Access.RESTRICTED if direct else Access.OPEN,
            seen=Seen.EDITED if edited_at else Seen.PRESENT,
            media=tuple(self._attachment(one, native_id) for one in _objects(note.get("attachment"))),
            extra=extra,
        )

    def _attachment(self, attachment: dict[str, Any], native_id: str) -> MediaFile:
        url = _address(attachment.get("url"))
        name, mime = _base(url), _text(attachment, "mediaType") or "application/octet-stream"
        alt = _text(attachment, "name")
        # The address is a path of the server's storage; the export keeps what follows the bucket.
        place = url.find("media_attachments/")
        member = self._media.get(url[place:]) if place >= 0 else None
        if member is None:
            self.missing.append(
                f"{url[max(place, 0) :] or 'a medium without an address'}: named by {native_id}, not in the export"
            )
            return MediaFile(name, mime, alt, url, missing="not in the export")
        member.used = True
        if member.damage:
            return MediaFile(name, mime, alt, url, missing=member.damage)
        return MediaFile(name, mime, alt, url, open=member.open)

    def _list_ignored(self, others: Counter[str]) -> None:
        for kind, count in sorted(others.items()):
            self.ignored.append(f"{count} activities of the type {kind}")
        read = {id(member) for _, member in (*self._outboxes, *self._actors)}
        media = 0
        for container in self.containers:
            for member in container.members:
                if id(member) in read or member.used:
                    continue
                if "media_attachments/" in member.name:
                    media += 1
                else:
                    self.ignored.append(f"{self.place(container, member.name)}: account data, not imported")
        if media:
            self.ignored.append(f"media_attachments: {media} file{'s' if media > 1 else ''}, media that no post names")


def read_actor(member: Member) -> Actor:
    """Read actor.json. Raises `ValueError` with what is wrong with it."""
    if member.size_bytes > _ACTOR_BYTES:
        raise ValueError(f"is {member.size_bytes} bytes long; expected at most {_ACTOR_BYTES}")
    try:
        with member.open() as stream:
            value, wrong = read_value(stream.read())
    except DAMAGE as error:
        raise ValueError(f"could not be read: {error}") from error
    if wrong or not isinstance(value, dict):
        raise ValueError(wrong or "is not an actor: an object was expected")
    native_id = _text(value, "id")
    user = _text(value, "preferredUsername")
    host = urlsplit(native_id).netloc
    return Actor(native_id, f"{user}@{host}" if host else user, _text(value, "name"))


def visibility_of(to: object, cc: object) -> Visibility:
    """Who could see a post, by whom it is addressed to."""
    main, copies = _addresses(to), _addresses(cc)
    if _PUBLIC & main:
        return Visibility.PUBLIC
    if _PUBLIC & copies:
        return Visibility.UNLISTED
    if any(one.endswith("/followers") for one in main | copies):
        return Visibility.FOLLOWERS
    return Visibility.DIRECT


def _share(activity: dict[str, Any], raw: bytes, actor: Actor) -> Item:
    native_id = _text(activity, "id")
    shared = _address(activity.get("object"))
    if not native_id or not shared:
        raise ValueError("is a shared post without its own id or the other's")
    return Item(
        platform="mastodon",
        kind=Kind.SHARE,
        native_id=native_id,
        text="",
        raw=raw,
        route=Route.OWNER_EXPORT,
        url=shared,
        author_id=_address(activity.get("actor")) or actor.native_id,
        author_handle=actor.handle,
        author_name=actor.name,
        published_at=_instant(activity, "published"),
        quoted_id=shared,
        visibility=visibility_of(activity.get("to"), activity.get("cc")),
    )


def _content(note: dict[str, Any], lang: str) -> str:
    content = _text(note, "content")
    languages = note.get("contentMap")
    return content or (_text(languages, lang) if isinstance(languages, dict) else "") or _text(note, "name")


def _options(note: dict[str, Any]) -> str:
    options = _objects(note.get("oneOf")) or _objects(note.get("anyOf"))
    return "\n".join(f"- {_text(option, 'name')}" for option in options)


def _instant(entry: dict[str, Any], key: str) -> datetime | None:
    if entry.get(key) is None:
        return None
    try:
        return read_instant(entry[key])
    except ValueError as error:
        raise ValueError(f"{_text(entry, 'id')}: {error}") from None


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _address(value: object) -> str:
    """An address given as text, as an object with an id or href, or as a list of these."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("href") or value.get("id")
    return value if isinstance(value, str) else ""


def _addresses(value: object) -> set[str]:
    return {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
