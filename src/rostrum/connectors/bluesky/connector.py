"""The connector to Bluesky: the calls of the interface, put together from the package's parts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from rostrum.connectors import web
from rostrum.connectors.bluesky import names, records, richtext, xrpc
from rostrum.connectors.bluesky.capture import CaptureRun
from rostrum.connectors.bluesky.conversations import Conversations
from rostrum.connectors.bluesky.cursor import Cursor
from rostrum.connectors.bluesky.identity import Directory
from rostrum.connectors.bluesky.names import RecordName
from rostrum.connectors.bluesky.reader import RecordReader
from rostrum.connectors.bluesky.repository import BadRepository
from rostrum.connectors.bluesky.stream import EventStream, read_instant
from rostrum.connectors.interface import (
    Abilities,
    CapturePage,
    ConnectorError,
    OutgoingPost,
    Receipt,
    Trouble,
    read_clock,
    settle,
)
from rostrum.kernel.items import Fault, Item, Route, Seen

_SWAP_TRIES = 4


class BlueskyConnector:
    """One channel's line to Bluesky.

    Settings: service, and optionally plc, web, stream, conversations ("off"), private_addresses ("allowed"),
    capture_seconds, quiet_seconds. Secret: identifier (handle or DID), password (an app password).
    """

    platform = records.PLATFORM
    abilities = Abilities(
        hides_replies=True,
        deletes_own=True,
        announces_edits=True,
        announces_deletions=True,
        keeps_alt_text=True,
        notes="Edits and deletions by people on other servers are seen when their posts are read again.",
    )

    def __init__(
        self, settings: Mapping[str, str], secret: Mapping[str, str], transport: httpx.BaseTransport | None = None
    ) -> None:
        self._web = (settings.get("web") or "https://bsky.app").rstrip("/")
        self._stream = settings.get("stream") or ""
        self._has_conversations = settings.get("conversations") != "off"
        self._seconds = float(settings.get("capture_seconds") or 60)
        self._quiet_seconds = float(settings.get("quiet_seconds") or 1)
        self._signed_in = xrpc.SignedIn(settings["service"], secret["identifier"], secret["password"], transport)
        self._directory = Directory(
            settings.get("plc") or "https://plc.directory",
            allows_private=settings.get("private_addresses") == "allowed",
            transport=transport,
        )
        self._reader = RecordReader(self._directory, self._web)

    def sign_in(self) -> None:
        """Open a session anew with the log-in, whatever session is already there."""
        self._signed_in.sign_in_anew()

    # Writing

    def publish(self, post: OutgoingPost, *, idempotency_key: str) -> Receipt:
        """Publish, at most once per key: the key decides the record's own key, and a record key is used once."""
        richtext.check_limits(post)
        found = self.find_published(post, idempotency_key=idempotency_key)
        if found is not None:
            return found
        rkey = names.record_key(idempotency_key, post.intended_at)
        record = self._record(post)

        def write() -> Receipt:
            answer = self._signed_in.procedure(
                "com.atproto.repo.createRecord",
                {"repo": self._did, "collection": names.POST, "rkey": rkey, "record": record},
            )
            told = xrpc.read_json(answer)
            name = RecordName(self._did, names.POST, rkey)
            at = read_instant(record["createdAt"]) or read_clock()
            return Receipt(name.uri, str(told["cid"]), records.address_of(name, self._web), at, answer.content)

        return settle(write, lambda: self.find_published(post, idempotency_key=idempotency_key))

    def find_published(self, post: OutgoingPost, *, idempotency_key: str) -> Receipt | None:
        """Look whether the record that this key decides is in the channel's repository."""
        name = RecordName(self._did, names.POST, names.record_key(idempotency_key, post.intended_at))
        answer = self._own_record(name)
        if answer is None:
            return None
        told = xrpc.read_json(answer)
        at = read_instant(told["value"].get("createdAt")) or read_clock()
        return Receipt(name.uri, str(told["cid"]), records.address_of(name, self._web), at, answer.content)

    def hide(self, native_id: str) -> Receipt:
        """List a reply as hidden in its thread's gate; readers see it folded away."""
        return self._set_hidden(native_id, hidden=True)

    def unhide(self, native_id: str) -> Receipt:
        """Take a reply off the gate's hidden list."""
        return self._set_hidden(native_id, hidden=False)

    def delete(self, native_id: str) -> Receipt:
        """Delete the channel's own record."""
        name = _name(native_id)
        if name.did != self._did:
            raise ConnectorError(Trouble.REFUSED, "Only the channel's own posts can be deleted.")
        body = {"repo": name.did, "collection": name.collection, "rkey": name.rkey}
        answer = self._signed_in.procedure("com.atproto.repo.deleteRecord", body)
        return Receipt(native_id, "", records.address_of(name, self._web), read_clock(), answer.content)

    # Reading

    def capture(self, cursor: str | None) -> Iterator[CapturePage]:
        """Yield what happened since the cursor: own records by the stream, others' by stream and conversations."""
        stream = EventStream(self._stream or self._signed_in.session.pds, quiet_seconds=self._quiet_seconds)
        conversations = (
            Conversations(self._signed_in, self._reader, self._directory, stream) if self._has_conversations else None
        )
        run = CaptureRun(
            did=self._did,
            reader=self._reader,
            stream=stream,
            conversations=conversations,
            cursor=Cursor.read(cursor),
            seconds=self._seconds,
        )
        return run.pages()

    def reread(self, native_ids: Sequence[str]) -> Iterator[Item | Fault]:
        """Look at single records where they live, and at the gates that hide them."""
        gates: dict[str, tuple[bytes, list[str]]] = {}
        for native_id in native_ids:
            name = names.parse_uri(native_id)
            if name is None:
                yield Fault(native_id, "This is not an AT URI.")
                continue
            try:
                item = self._reader.look(name)
            except (BadRepository, records.BadRecord) as error:
                yield Fault(native_id, str(error))
                continue
            except ConnectorError as error:
                if error.kind is Trouble.LOST_TOKEN:
                    raise
                yield Fault(native_id, error.message)
                continue
            yield item
            root = names.parse_uri(item.root_id)
            if item.seen is Seen.PRESENT and root is not None and root.did == self._did:
                if root.rkey not in gates:
                    gates[root.rkey] = self._gate(root.rkey)
                raw, hidden = gates[root.rkey]
                if native_id in hidden:
                    gate = RecordName(self._did, names.THREADGATE, root.rkey).uri
                    yield records.notice_of(
                        name,
                        Seen.HIDDEN,
                        raw=raw,
                        raw_type="application/json",
                        route=Route.API,
                        told={"hidden_by": gate},
                    )

    def profile(self) -> Item:
        """Return the channel's profile record, or what its server says of it when there is none."""
        name = RecordName(self._did, names.PROFILE, "self")
        try:
            item = self._reader.look(name)
        except (BadRepository, records.BadRecord) as error:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"The profile cannot be read: {error}") from error
        if item.seen is Seen.PRESENT:
            return item
        # A channel that has not written a profile yet is still there, by its handle.
        answer = self._signed_in.query("com.atproto.repo.describeRepo", repo=self._did)
        sight = records.Sight(
            name=name,
            cid="",
            raw=answer.content,
            raw_type="application/json",
            value={"description": ""},
            route=Route.API,
            handle=self._signed_in.session.handle,
        )
        return self._reader.item(sight)

    def close(self) -> None:
        """Close the connections; the session serves the next connector of this process."""
        self._signed_in.close()
        self._directory.close()

    # Parts

    @property
    def _did(self) -> str:
        return self._signed_in.session.did

    def _record(self, post: OutgoingPost) -> dict[str, Any]:
        written_at = post.intended_at or read_clock()
        record: dict[str, Any] = {
            "$type": names.POST,
            "text": post.text,
            "createdAt": written_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if post.langs:
            record["langs"] = list(post.langs[:3])
        if facets := richtext.facets_of(post.text, self._did_of):
            record["facets"] = facets
        if post.reply_to:
            record["reply"] = self._reply(post.reply_to)
        if post.media:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [self._image(one) for one in post.media]}
        return record

    def _image(self, medium: Any) -> dict[str, Any]:
        answer = self._signed_in.upload("com.atproto.repo.uploadBlob", medium.data, medium.mime)
        return {"alt": medium.alt, "image": xrpc.read_json(answer)["blob"]}

    def _reply(self, parent_id: str) -> dict[str, Any]:
        name = _name(parent_id)
        parameters = {"repo": name.did, "collection": name.collection, "rkey": name.rkey}
        told = xrpc.read_json(xrpc.query(self._directory.server_of(name.did), "com.atproto.repo.getRecord", parameters))
        parent = {"uri": name.uri, "cid": str(told["cid"])}
        answered = told["value"].get("reply")
        return {"root": answered["root"] if isinstance(answered, dict) else parent, "parent": parent}

    def _did_of(self, handle: str) -> str | None:
        try:
            answer = self._signed_in.query("com.atproto.identity.resolveHandle", handle=handle)
        except ConnectorError as error:
            if error.kind is Trouble.REFUSED:
                return None
            raise
        return str(xrpc.read_json(answer).get("did") or "") or None

    def _own_record(self, name: RecordName) -> web.Answer | None:
        try:
            return self._signed_in.query(
                "com.atproto.repo.getRecord", repo=name.did, collection=name.collection, rkey=name.rkey
            )
        except ConnectorError as error:
            if error.code == "RecordNotFound":
                return None
            raise

    def _gate(self, rkey: str) -> tuple[bytes, list[str]]:
        answer = self._own_record(RecordName(self._did, names.THREADGATE, rkey))
        if answer is None:
            return b"", []
        return answer.content, records.hidden_replies(xrpc.read_json(answer)["value"])

    def _set_hidden(self, native_id: str, *, hidden: bool) -> Receipt:
        root = self._own_root(native_id)
        gate = RecordName(self._did, names.THREADGATE, root.rkey)
        for last_try in range(_SWAP_TRIES):
            answer = self._own_record(gate)
            told = xrpc.read_json(answer) if answer is not None else {}
            value = dict(told.get("value") or {"$type": names.THREADGATE, "post": root.uri, "createdAt": _now()})
            now_hidden = records.hidden_replies(value)
            if (native_id in now_hidden) is hidden:
                raw = answer.content if answer is not None else b""
                return Receipt(native_id, str(told.get("cid", "")), self._web, read_clock(), raw)
            value["hiddenReplies"] = (
                [*now_hidden, native_id] if hidden else [uri for uri in now_hidden if uri != native_id]
            )
            body = {
                "repo": gate.did,
                "collection": gate.collection,
                "rkey": gate.rkey,
                "record": value,
                # Only over the version we read: someone else may be changing the gate too.
                "swapRecord": told.get("cid"),
            }
            try:
                answer = self._signed_in.procedure("com.atproto.repo.putRecord", body)
            except ConnectorError as error:
                if error.code == "InvalidSwap" and last_try < _SWAP_TRIES - 1:
                    continue
                raise
            cid = str(xrpc.read_json(answer).get("cid", ""))
            return Receipt(native_id, cid, records.address_of(root, self._web), read_clock(), answer.content)
        raise AssertionError("the last try always returns or raises")

    def _own_root(self, native_id: str) -> RecordName:
        """Return the channel's own post that a reply hangs below. Raises `ConnectorError` (REFUSED)."""
        name = _name(native_id)
        parameters = {"repo": name.did, "collection": name.collection, "rkey": name.rkey}
        answer = xrpc.query(self._directory.server_of(name.did), "com.atproto.repo.getRecord", parameters)
        root = names.parse_uri(records.reply_ids(xrpc.read_json(answer)["value"])[1])
        if root is None or root.did != self._did or name.did == self._did:
            raise ConnectorError(Trouble.REFUSED, "Only others' replies below the channel's own posts can be hidden.")
        return root


def _name(native_id: str) -> RecordName:
    name = names.parse_uri(native_id)
    if name is None:
        raise ConnectorError(Trouble.REFUSED, f"{native_id} is not an AT URI.")
    return name


def _now() -> str:
    return read_clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
