"""One capture run: the own repository whole at first, then the event stream, then the conversations.

Order matters: the stream's position is taken before the repository is read, so that nothing falls between; what
others say is looked for last, when the stream has told what it can.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rostrum.connectors.bluesky import names, records, repository
from rostrum.connectors.bluesky.conversations import Conversations
from rostrum.connectors.bluesky.cursor import Cursor
from rostrum.connectors.bluesky.names import RecordName
from rostrum.connectors.bluesky.reader import CAPTURED, RecordReader, read_value
from rostrum.connectors.bluesky.records import Sight
from rostrum.connectors.bluesky.repository import BadRepository, Car, Commit
from rostrum.connectors.bluesky.stream import FRAMES_TYPE, EventStream, Frame, FutureCursor, read_instant
from rostrum.connectors.interface import CapturePage, ConnectorError, Lost, read_clock
from rostrum.kernel.items import Fault, Item, Route, Seen

_PAGE_ITEMS = 25
_PAGE_BYTES = 4 * 1024 * 1024
# A long stretch of other people's events still moves the cursor now and then.
_PAGE_EVENTS = 5000
_UNAVAILABLE = {"deleted", "takendown", "suspended", "deactivated"}


@dataclass(slots=True)
class _Page:
    """A page being filled."""

    container: bytearray = field(default_factory=bytearray)
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    events: int = 0
    window_from: datetime | None = None
    lost: Lost | None = None

    @property
    def is_full(self) -> bool:
        return len(self.items) >= _PAGE_ITEMS or len(self.container) >= _PAGE_BYTES or self.events >= _PAGE_EVENTS


@dataclass(frozen=True, slots=True)
class _Blocks:
    """What a commit's frame holds, checked; nothing where it holds none or they do not hold together."""

    car: Car | None = None
    commit: Commit | None = None


class CaptureRun:
    """One bounded run over a channel. `pages` yields what happened since the cursor."""

    def __init__(
        self,
        *,
        did: str,
        reader: RecordReader,
        stream: EventStream,
        conversations: Conversations | None,
        cursor: Cursor,
        seconds: float,
    ) -> None:
        self._did = did
        self._reader = reader
        self._stream = stream
        self._conversations = conversations
        self._cursor = cursor
        self._deadline = time.monotonic() + seconds

    def pages(self) -> Iterator[CapturePage]:
        """Yield the pages of this run. Raises `ConnectorError`."""
        if self._cursor.seq is None or self._cursor.read_to:
            yield from self._look_at_repository()
        try:
            yield from self._follow()
        except FutureCursor:
            lost = self._missing("The event stream begins anew: its server was set back or exchanged.")
            self._cursor.seq = None
            yield self._page(_Page(lost=lost), "", None)
            yield from self._look_at_repository()
            yield from self._follow()
        if self._cursor.is_incomplete:
            yield from self._look_at_repository()
        if self._conversations is not None:
            yield from self._conversations.pages(self._cursor)

    # The own repository, whole

    def _look_at_repository(self) -> Iterator[CapturePage]:
        """Read the own repository as it is now, from where an earlier attempt ended."""
        cursor, started = self._cursor, read_clock()
        position = cursor.seq
        if position is None:
            # Where the stream stands now, taken first, so that nothing falls between.
            with self._stream.present_position() as present:
                data = self._reader.whole_repository(self._did)
            position = present.seq
            cursor.covered_to = started.isoformat()
        else:
            data = self._reader.whole_repository(self._did)
        try:
            car = repository.read_car(data)
            commit = repository.read_commit(car)
            listed = list(repository.records(car, commit.data))
        except BadRepository as error:
            fault = Fault("com.atproto.sync.getRepo", f"The repository does not hold together: {error}")
            yield self._page(_Page(bytearray(data), faults=[fault]), repository.CAR_TYPE, read_clock())
            return
        cursor.seq = position
        if not cursor.read_to:
            cursor.rev = commit.rev
        page = _Page(bytearray(data))
        for path, cid in listed:
            if path <= cursor.read_to:
                continue
            self._take_whole(page, car, commit, path, cid)
            cursor.read_to = path
            if len(page.items) >= _PAGE_ITEMS:
                yield self._page(page, repository.CAR_TYPE, started)
                page = _Page()
        cursor.read_to, cursor.is_incomplete = "", False
        yield self._page(page, repository.CAR_TYPE, started)

    def _take_whole(self, page: _Page, car: Car, commit: Commit, path: str, cid: bytes) -> None:
        collection, _, rkey = path.partition("/")
        name = RecordName(self._did, collection, rkey)
        try:
            if collection == names.THREADGATE:
                block = car.blocks[cid]
                page.items += self._hidden_by(name, block, read_value(block), Route.API)
            elif collection in CAPTURED:
                page.items.append(self._reader.item(self._reader.sight_in(car, commit, name, cid)))
        except (BadRepository, records.BadRecord, KeyError) as error:
            page.faults.append(Fault(name.uri, str(error)))

    # The stream

    def _follow(self) -> Iterator[CapturePage]:
        page, newest = self._new_page(), self._newest_revision()
        frames = self._stream.frames(
            self._cursor.seq or 0,
            seconds=max(1.0, self._deadline - time.monotonic()),
            has_all=lambda: self._cursor.rev >= newest,
        )
        for frame in frames:
            page.events += 1
            taken = len(page.items), len(page.faults)
            self._take(page, frame)
            if (len(page.items), len(page.faults)) != taken:
                page.container += frame.raw
            if frame.seq is not None:
                self._cursor.seq = frame.seq
            if frame.at:
                self._cover_to(frame.at)
            if page.is_full or page.lost:
                yield self._page(page, FRAMES_TYPE, frame.at)
                page = self._new_page()
        if self._stream.is_caught_up:
            self._cover_to(read_clock())
        yield self._page(page, FRAMES_TYPE, read_instant(self._cursor.covered_to))

    def _newest_revision(self) -> str:
        """Return the own repository's present revision: a silence before the stream has told it is not the end."""
        if self._stream.server != self._reader.server_of(self._did):
            return ""  # another server may be late by any time
        return self._reader.latest_revision(self._did)

    def _take(self, page: _Page, frame: Frame) -> None:
        if frame.kind == "#info":
            if frame.body.get("name") == "OutdatedCursor":
                page.lost = self._missing("The event stream no longer reaches back to the last capture.")
                self._cursor.is_incomplete = True
        elif frame.kind == "#commit":
            if frame.body.get("repo") == self._did:
                self._take_own(page, frame)
            else:
                self._take_others(page, frame)
        elif frame.kind == "#sync" and frame.body.get("did") == self._did:
            if str(frame.body.get("rev", "")) > self._cursor.rev:
                page.lost = self._missing("The channel's repository was reset.")
                self._cursor.is_incomplete = True
        elif frame.kind == "#account":
            self._take_standing(page, frame)

    def _take_own(self, page: _Page, frame: Frame) -> None:
        rev, since = str(frame.body.get("rev", "")), frame.body.get("since")
        if rev <= self._cursor.rev:
            return  # already in the repository as it was read whole
        if self._cursor.rev and since != self._cursor.rev:
            page.lost = self._missing("Commits of the channel are missing in the event stream.")
            self._cursor.is_incomplete = True
        self._cursor.rev = rev
        blocks = self._blocks(page, frame)
        for operation in _operations(frame):
            name = RecordName(self._did, *_split(operation["path"]))
            if name.collection == names.THREADGATE:
                self._take_gate(page, blocks, name, operation)
            elif name.collection in CAPTURED:
                self._take_operation(page, frame, blocks, name, operation)

    def _take_others(self, page: _Page, frame: Frame) -> None:
        """Take what another did to their replies to us. Anything else of theirs is not ours to look at."""
        did = str(frame.body.get("repo", ""))
        concerning = []
        for operation in _operations(frame):
            name = RecordName(did, *_split(operation["path"]))
            if name.collection != names.POST:
                continue
            is_known = name.uri in self._cursor.others
            if not is_known and (operation["action"] == "delete" or not self._mentions_us(frame, operation)):
                continue
            if operation.get("cid") and self._cursor.knows(name.uri, repository.cid_text(operation["cid"])):
                continue  # seen in the conversation already
            concerning.append((name, operation))
        blocks = self._blocks(page, frame) if concerning else _Blocks()
        for name, operation in concerning:
            self._take_operation(page, frame, blocks, name, operation)
            if operation["action"] == "delete":
                self._cursor.others.pop(name.uri, None)
            elif operation.get("cid"):
                self._cursor.remember(name.uri, repository.cid_text(operation["cid"]))

    def _mentions_us(self, frame: Frame, operation: dict[str, Any]) -> bool:
        # A cheap look before the frame is checked and decoded: most events concern someone else.
        blocks = frame.body.get("blocks")
        if not isinstance(blocks, bytes) or self._did.encode() not in blocks:
            return False
        try:
            block = repository.read_car(blocks).blocks.get(operation.get("cid") or b"")
            return block is not None and records.concerns(self._did, read_value(block))
        except BadRepository:
            return False

    def _take_operation(
        self, page: _Page, frame: Frame, blocks: _Blocks, name: RecordName, operation: dict[str, Any]
    ) -> None:
        told = {"prev": repository.cid_text(operation["prev"])} if isinstance(operation.get("prev"), bytes) else {}
        if operation["action"] == "delete":
            notice = records.notice_of(
                name,
                Seen.GONE,
                raw=frame.raw,
                raw_type=FRAMES_TYPE,
                route=Route.FIREHOSE,
                deleted_at=frame.at,
                told=told,
            )
            page.items.append(notice)
            return
        cid, car, commit = operation.get("cid"), blocks.car, blocks.commit
        try:
            if car is None or commit is None or not isinstance(cid, bytes) or cid not in car.blocks:
                # Too large for the stream, or cut: read it where it lives.
                page.items.append(self._reader.look(name))
                return
            sight = Sight(
                name=name,
                cid=repository.cid_text(cid),
                raw=car.blocks[cid],
                value=read_value(car.blocks[cid]),
                route=Route.FIREHOSE,
                seen=Seen.EDITED if operation["action"] == "update" else Seen.PRESENT,
                changed_at=frame.at,
                told={**told, **self._reader.provenance(commit)},
            )
            page.items.append(self._reader.item(sight))
        except (BadRepository, records.BadRecord) as error:
            page.faults.append(Fault(name.uri, str(error)))

    def _take_gate(self, page: _Page, blocks: _Blocks, name: RecordName, operation: dict[str, Any]) -> None:
        block = b""
        value: dict[str, Any] = {}
        try:
            if operation["action"] != "delete":
                block = blocks.car.blocks[operation["cid"]] if blocks.car else b""
                value = read_value(block)
        except (BadRepository, KeyError) as error:
            page.faults.append(Fault(name.uri, str(error)))
            return
        before = self._cursor.hidden.get(name.rkey, [])
        page.items += self._hidden_by(name, block, value, Route.FIREHOSE)
        for uri in before:
            shown = names.parse_uri(uri)
            if shown is not None and uri not in records.hidden_replies(value):
                # Shown again: look at it now, so that the sighting has content.
                self._look_again(page, shown)

    def _look_again(self, page: _Page, name: RecordName) -> None:
        try:
            page.items.append(self._reader.look(name))
        except (ConnectorError, BadRepository, records.BadRecord) as error:
            page.faults.append(Fault(name.uri, str(error)))

    def _hidden_by(self, gate: RecordName, block: bytes, value: dict[str, Any], route: Route) -> list[Item]:
        """Return a HIDDEN notice for each reply a threadgate newly hides, and remember what it hides."""
        now_hidden = records.hidden_replies(value)
        before = self._cursor.hidden.get(gate.rkey, [])
        if now_hidden:
            self._cursor.hidden[gate.rkey] = now_hidden
        else:
            self._cursor.hidden.pop(gate.rkey, None)
        return [
            records.notice_of(
                name, Seen.HIDDEN, raw=block, raw_type=repository.RECORD_TYPE, route=route, told={"hidden_by": gate.uri}
            )
            for uri in now_hidden
            if uri not in before and (name := names.parse_uri(uri)) is not None
        ]

    def _take_standing(self, page: _Page, frame: Frame) -> None:
        """Take the end (or suspension) of someone whose replies we hold, or of the channel itself."""
        did, status = str(frame.body.get("did", "")), str(frame.body.get("status", ""))
        if frame.body.get("active") is True or status not in _UNAVAILABLE:
            return
        if did == self._did:
            page.faults.append(Fault(did, f"The channel itself is {status} on its server."))
        for uri in [uri for uri in self._cursor.others if uri.startswith(f"at://{did}/")]:
            name = names.parse_uri(uri)
            if name is not None:
                notice = records.notice_of(
                    name,
                    Seen.GONE,
                    raw=frame.raw,
                    raw_type=FRAMES_TYPE,
                    route=Route.FIREHOSE,
                    deleted_at=frame.at if status == "deleted" else None,
                    told={"why": f"its author is {status}"},
                )
                page.items.append(notice)

    def _blocks(self, page: _Page, frame: Frame) -> _Blocks:
        """Read and check a commit's blocks; a fault says what does not hold, and the records are read elsewhere."""
        if frame.body.get("tooBig"):
            return _Blocks()
        try:
            car = repository.read_car(frame.body["blocks"])
            return _Blocks(car, repository.read_commit(car))
        except (BadRepository, KeyError, TypeError) as error:
            page.faults.append(Fault(f"event {frame.seq}", f"Its blocks do not hold together: {error}"))
            return _Blocks()

    # Pages

    def _new_page(self) -> _Page:
        return _Page(window_from=read_instant(self._cursor.covered_to))

    def _page(self, page: _Page, container_type: str, window_to: datetime | None) -> CapturePage:
        return CapturePage(
            container=bytes(page.container),
            container_type=container_type if page.container else "",
            items=tuple(page.items),
            cursor=self._cursor.write(),
            window_from=page.window_from,
            # The server's clock and ours differ: a window never ends before it begins.
            window_to=max(window_to, page.window_from or window_to) if window_to else None,
            faults=tuple(page.faults),
            lost=page.lost,
        )

    def _cover_to(self, at: datetime) -> None:
        """Note that everything up to an instant was seen. Old events told again do not set it back."""
        before = read_instant(self._cursor.covered_to)
        self._cursor.covered_to = max(at, before or at).isoformat()

    def _missing(self, cause: str) -> Lost:
        until = read_clock()
        since = read_instant(self._cursor.covered_to)
        return Lost(cause, min(since, until) if since else None, until)


def _operations(frame: Frame) -> list[dict[str, Any]]:
    operations = frame.body.get("ops")
    return [
        operation
        for operation in (operations if isinstance(operations, list) else [])
        if isinstance(operation, dict) and isinstance(operation.get("path"), str) and operation.get("action")
    ]


def _split(path: str) -> tuple[str, str]:
    collection, _, rkey = path.partition("/")
    return collection, rkey
