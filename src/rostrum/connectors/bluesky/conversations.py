"""What others say to the channel: notifications and threads tell where, the authors' own repositories tell what.

The AppView is an index: it may be late, and shows a copy. So each reply and mention is read again, byte for byte,
where its author keeps it; only where that fails is the AppView's copy kept, and marked as such.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rostrum.connectors.bluesky import names, records, xrpc
from rostrum.connectors.bluesky.cursor import Cursor
from rostrum.connectors.bluesky.identity import Directory
from rostrum.connectors.bluesky.reader import AuthorNames, RecordReader, read_json_value
from rostrum.connectors.bluesky.records import Sight
from rostrum.connectors.bluesky.repository import BadRepository
from rostrum.connectors.bluesky.stream import EventStream, read_instant
from rostrum.connectors.interface import CapturePage, ConnectorError, Trouble, read_clock
from rostrum.kernel import slices
from rostrum.kernel.items import Fault, Item, Route, Seen

_REASONS = ("reply", "mention", "quote")
# The list is ordered by a time the author claims: a reply may turn up below ones already seen.
_OVERLAP = timedelta(days=2)
_THREAD_DEPTH = 1000
_LATEST_POSTS = 100
# The stream brings a post with all its versions in order, the AppView only the latest: so the stream goes first.
_HEAD_START = timedelta(minutes=2)
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class _Told:
    """A post the AppView tells of: its version, its author's names, and where in the page its copy stands."""

    uri: str
    cid: str
    author: AuthorNames
    indexed_at: datetime | None
    copy_at: tuple[slices.Step, ...]
    root: str


class Conversations:
    """Finds replies, mentions and quotes of one channel."""

    def __init__(
        self, signed_in: xrpc.SignedIn, reader: RecordReader, directory: Directory, stream: EventStream
    ) -> None:
        self._signed_in = signed_in
        self._reader = reader
        self._directory = directory
        self._stream = stream
        self._left_roots: set[str] = set()

    def pages(self, cursor: Cursor) -> Iterator[CapturePage]:
        """Yield what is new in the channel's conversations. Raises `ConnectorError`."""
        did = self._signed_in.session.did
        newest, roots = cursor.notified, dict[str, None]()
        for content in reversed(list(self._notification_pages(cursor))):
            notifications = json.loads(content)["notifications"]
            told = [
                _told(entry, ("notifications", number, "record"))
                for number, entry in enumerate(notifications)
                if entry.get("reason") in _REASONS
            ]
            newest = max([newest, *(str(entry.get("indexedAt", "")) for entry in notifications)])
            roots.update((one.root, None) for one in told if one.root.startswith(f"at://{did}/"))
            # Newest first on the page; what was said first is stored first.
            yield self._page(cursor, content, list(reversed(told)))
        counted = self._counted_replies(did)
        changed = [uri for uri, count in counted.items() if count != cursor.counted.get(uri, 0)]
        for root in dict.fromkeys([*roots, *changed]):
            yield from self._thread(cursor, root)
        for root in self._left_roots:
            counted.pop(root, None)  # to be looked at again
        cursor.notified, cursor.counted = newest, counted
        yield CapturePage(b"", "", (), cursor.write(), None, None)

    def _notification_pages(self, cursor: Cursor) -> Iterator[bytes]:
        """Yield the notification list's pages back to what was seen before, with some overlap."""
        seen_to, place = read_instant(cursor.notified), ""
        while True:
            parameters: dict[str, str | int] = {"limit": 100, **({"cursor": place} if place else {})}
            answer = self._signed_in.query("app.bsky.notification.listNotifications", **parameters)
            told = xrpc.read_json(answer)
            notifications = told.get("notifications")
            if not isinstance(notifications, list):
                raise ConnectorError(Trouble.PLATFORM_ERROR, "The notification list has no notifications.")
            if not notifications:
                return
            yield answer.content
            place = str(told.get("cursor") or "")
            oldest = read_instant(notifications[-1].get("indexedAt"))
            if not place or (seen_to and oldest and oldest < seen_to - _OVERLAP):
                return

    def _counted_replies(self, did: str) -> dict[str, int]:
        """Return how many direct replies the AppView counts below each of the channel's latest posts.

        Notifications are not enough: when the AppView happens to index a reply before the post it answers, it never
        notifies of it, yet the reply stands in the thread.
        """
        answer = self._signed_in.query(
            "app.bsky.feed.getAuthorFeed", actor=did, filter="posts_no_replies", limit=_LATEST_POSTS
        )
        feed = xrpc.read_json(answer).get("feed")
        posts = [entry.get("post") for entry in feed if isinstance(entry, dict)] if isinstance(feed, list) else []
        return {
            str(post["uri"]): int(post.get("replyCount") or 0)
            for post in posts
            if isinstance(post, dict) and str(post.get("uri", "")).startswith(f"at://{did}/")
        }

    def _thread(self, cursor: Cursor, root: str) -> Iterator[CapturePage]:
        """Yield a thread's replies: answers to answers are not all notified."""
        try:
            answer = self._signed_in.query("app.bsky.feed.getPostThread", uri=root, depth=_THREAD_DEPTH, parentHeight=0)
        except ConnectorError as error:
            if error.kind is Trouble.REFUSED:
                return  # the root is deleted: its replies are known from their notifications
            raise
        told = list(_posts_below(xrpc.read_json(answer).get("thread"), ("thread",)))
        yield self._page(cursor, answer.content, told)

    def _page(self, cursor: Cursor, content: bytes, told: list[_Told]) -> CapturePage:
        items: list[Item] = []
        faults: list[Fault] = []
        for one in told:
            name = names.parse_uri(one.uri)
            if name is None or name.did == self._signed_in.session.did or cursor.knows(one.uri, one.cid):
                continue
            try:
                if self._is_left_to_the_stream(name.did, one):
                    self._left_roots.add(one.root)
                    continue
                found = self._read(name, one, content)
            except (ConnectorError, BadRepository, records.BadRecord, slices.NotFound) as error:
                if isinstance(error, ConnectorError) and error.kind is Trouble.LOST_TOKEN:
                    raise
                faults.append(Fault(one.uri, str(error)))
                continue
            if cursor.knows(one.uri, found[-1].version_key):
                continue  # the AppView is late: we have what its author's server has
            items += found
            cursor.remember(one.uri, found[-1].version_key or one.cid)
        is_kept = bool(items or faults)
        return CapturePage(
            container=content if is_kept else b"",
            container_type=_JSON if is_kept else "",
            items=tuple(items),
            cursor=cursor.write(),
            window_from=None,
            window_to=None,
            faults=tuple(faults),
        )

    def _read(self, name: names.RecordName, one: _Told, content: bytes) -> list[Item]:
        """Return the post from where its author keeps it; else the AppView's copy, and a GONE notice if it is gone."""
        try:
            item = self._reader.look(name, one.author)
        except (ConnectorError, BadRepository):
            return [self._copy(name, one, content)]
        return [item] if item.seen is Seen.PRESENT else [self._copy(name, one, content), item]

    def _copy(self, name: names.RecordName, one: _Told, content: bytes) -> Item:
        start, end = slices.value_span(content, *one.copy_at)
        sight = Sight(
            name=name,
            cid=one.cid,
            raw=content[start:end],
            raw_type=_JSON,
            value=read_json_value(content[start:end]),
            route=Route.API,
            handle=one.author.handle,
            author_name=one.author.name,
            told={"source": "the AppView's copy: its author's server did not give it"},
        )
        return self._reader.item(sight)

    def _is_left_to_the_stream(self, did: str, one: _Told) -> bool:
        """Whether the stream is to bring this post: it does when its author's server is the one we follow.

        What it has not brought some minutes later is older than our following it, and read here.
        """
        if self._stream.is_caught_up and (one.indexed_at is None or read_clock() - one.indexed_at > _HEAD_START):
            return False
        try:
            return self._directory.identity(did).server == self._stream.server
        except ConnectorError:
            return False


def _posts_below(node: object, at: tuple[slices.Step, ...]) -> Iterator[_Told]:
    """Yield the posts of a thread below its root, from the top."""
    waiting: list[tuple[Any, tuple[slices.Step, ...]]] = [(node, at)]
    while waiting:
        view, place = waiting.pop(0)
        replies = view.get("replies") if isinstance(view, dict) else None
        for number, reply in enumerate(replies if isinstance(replies, list) else []):
            below = (*place, "replies", number)
            post = reply.get("post") if isinstance(reply, dict) else None
            if isinstance(post, dict):
                yield _told(post, (*below, "post", "record"))
            waiting.append((reply, below))


def _told(view: dict[str, Any], copy_at: tuple[slices.Step, ...]) -> _Told:
    author = view.get("author") if isinstance(view.get("author"), dict) else {}
    record = view.get("record")
    return _Told(
        uri=str(view.get("uri", "")),
        cid=str(view.get("cid", "")),
        author=AuthorNames(str((author or {}).get("handle", "")), str((author or {}).get("displayName") or "")),
        indexed_at=read_instant(view.get("indexedAt")),
        copy_at=copy_at,
        root=records.reply_ids(record)[1] if isinstance(record, dict) else "",
    )
