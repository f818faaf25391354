"""Looks at single records and blobs where they live, by exact bytes, and says present or gone, and why."""

import hashlib
import json
from dataclasses import dataclass, replace

import httpx

from rostrum.connectors import web
from rostrum.connectors.bluesky import names, records, repository, xrpc
from rostrum.connectors.bluesky.identity import Directory
from rostrum.connectors.bluesky.names import RecordName
from rostrum.connectors.bluesky.records import Blob, Sight
from rostrum.connectors.bluesky.repository import BadRepository, Car, Commit
from rostrum.connectors.bluesky.signatures import is_signed_by
from rostrum.connectors.interface import ConnectorError, Trouble
from rostrum.kernel.items import Item, MediaFile, Route, Seen

# What a server says when a whole repository is not there, and how we record it.
_REPOSITORY_GONE = {
    "DidNotFound": "its author's identity is gone",
    "RepoNotFound": "its author's repository is gone",
    "RepoTakendown": "its author was taken down by the host",
    "RepoSuspended": "its author was suspended by the host",
    "RepoDeactivated": "its author has deactivated their repository",
}


@dataclass(frozen=True, slots=True)
class AuthorNames:
    """What readers see as a record's author."""

    handle: str = ""
    name: str = ""


class RecordReader:
    """Reads records and blobs from the servers where they live."""

    def __init__(self, directory: Directory, web_address: str) -> None:
        self._directory = directory
        self._web_address = web_address
        self._vouched: tuple[bytes, dict[str, str]] | None = None

    def item(self, sight: Sight) -> Item:
        """Build a record's Item, fetching its media now. Raises `records.BadRecord`."""
        if not sight.handle:
            sight = replace(sight, handle=self._handle_of(sight.name.did))
        return records.item_of(sight, web_address=self._web_address, fetch=self.fetch_blob)

    def look(self, name: RecordName, author: AuthorNames = AuthorNames()) -> Item:
        """Return the record's version as it is now, or a GONE notice that says why.

        Raises `ConnectorError` when its server does not answer, `BadRepository` or `records.BadRecord` when what it
        answers does not hold together.
        """
        try:
            server = self._directory.server_of(name.did)
            parameters = {"repo": name.did, "collection": name.collection, "rkey": name.rkey}
            xrpc.query(server, "com.atproto.repo.getRecord", parameters)
        except ConnectorError as error:
            return self._gone(name, error)
        car = self._proof(server, name)
        commit = repository.read_commit(car)
        cid = repository.find_record(car, commit.data, name.path)
        if cid is None:  # deleted between the two answers
            return self._deleted(name, car, commit)
        return self.item(self.sight_in(car, commit, name, cid, author))

    def sight_in(
        self,
        car: Car,
        commit: Commit,
        name: RecordName,
        cid: bytes,
        author: AuthorNames = AuthorNames(),
    ) -> Sight:
        """Return a record as a CAR holds it. Raises `BadRepository`."""
        block = car.blocks.get(cid)
        if block is None:
            raise BadRepository(f"the record {name.path} is missing")
        return Sight(
            name=name,
            cid=repository.cid_text(cid),
            raw=block,
            value=read_value(block),
            route=Route.API,
            handle=author.handle,
            author_name=author.name,
            told=self.provenance(commit),
        )

    def provenance(self, commit: Commit) -> dict[str, str]:
        """Say which signed state of the repository vouches, and whether its signature holds with today's keys."""
        if self._vouched and self._vouched[0] == commit.cid:
            return self._vouched[1]
        try:
            keys = self._directory.identity(commit.did).keys
        except ConnectorError:
            keys = ()
        signature = "holds" if is_signed_by(commit, keys) else "does not hold with the keys named now"
        told = {
            "commit": repository.cid_text(commit.cid),
            "rev": commit.rev,
            "signature": signature if keys else "not checked: no keys to be had",
        }
        # One commit vouches for every record of a repository read whole.
        self._vouched = (commit.cid, told)
        return told

    def whole_repository(self, did: str) -> bytes:
        """Return a repository as a CAR. Raises `ConnectorError`."""
        return xrpc.query(self._directory.server_of(did), "com.atproto.sync.getRepo", {"did": did}).content

    def server_of(self, did: str) -> str:
        """Return the address of the server where a repository lives. Raises `ConnectorError`."""
        return self._directory.identity(did).server

    def latest_revision(self, did: str) -> str:
        """Return a repository's present revision. Raises `ConnectorError`."""
        answer = xrpc.query(self._directory.server_of(did), "com.atproto.sync.getLatestCommit", {"did": did})
        return str(xrpc.read_json(answer).get("rev", ""))

    def fetch_blob(self, did: str, blob: Blob, file_name: str) -> MediaFile:
        """Fetch a blob now: it cannot be had any more once no record names it."""
        url = ""
        try:
            server = self._directory.server_of(did)
            url = str(server.base_url.join(f"/xrpc/com.atproto.sync.getBlob?did={did}&cid={blob.cid}"))
            kept = web.fetch(server, "/xrpc/com.atproto.sync.getBlob", {"did": did, "cid": blob.cid})
            with kept.open() as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            if repository.cid_bytes(blob.cid)[4:] != digest:
                return MediaFile(
                    file_name, blob.mime, blob.alt, url, missing="The bytes do not have the hash in the CID."
                )
        except ConnectorError as error:
            return MediaFile(file_name, blob.mime, blob.alt, url, missing=error.message)
        except BadRepository as error:
            return MediaFile(file_name, blob.mime, blob.alt, url, missing=str(error))
        return MediaFile(file_name, blob.mime, blob.alt, url, open=kept.open)

    def _proof(self, server: httpx.Client, name: RecordName) -> Car:
        parameters = {"did": name.did, "collection": name.collection, "rkey": name.rkey}
        return repository.read_car(xrpc.query(server, "com.atproto.sync.getRecord", parameters).content)

    def _gone(self, name: RecordName, error: ConnectorError) -> Item:
        """Say why a record is not served. Raises the error again when it does not mean that."""
        if error.code in _REPOSITORY_GONE:
            return self._notice(name, error.message.encode(), "text/plain", {"why": _REPOSITORY_GONE[error.code]})
        if error.code != "RecordNotFound":
            raise error
        server = self._directory.server_of(name.did)
        try:
            car = self._proof(server, name)
            commit = repository.read_commit(car)
            cid = repository.find_record(car, commit.data, name.path)
        except ConnectorError as trouble:
            if trouble.kind is not Trouble.REFUSED:
                raise
            why = _REPOSITORY_GONE.get(trouble.code, "its host no longer gives it")
            return self._notice(name, trouble.message.encode(), "text/plain", {"why": why})
        if cid is None:
            return self._deleted(name, car, commit)
        # The signed tree still has it, the host no longer serves it: its moderators took it down.
        return self._notice(
            name,
            error.message.encode(),
            "text/plain",
            {"why": "it was taken down by its host", **self.provenance(commit)},
        )

    def _deleted(self, name: RecordName, car: Car, commit: Commit) -> Item:
        told = {"why": "it is not in its author's repository any more", **self.provenance(commit)}
        return self._notice(name, car.data, repository.CAR_TYPE, told)

    def _notice(self, name: RecordName, raw: bytes, raw_type: str, told: dict[str, str]) -> Item:
        return records.notice_of(name, Seen.GONE, raw=raw, raw_type=raw_type, route=Route.API, told=told)

    def _handle_of(self, did: str) -> str:
        try:
            return self._directory.identity(did).handle
        except ConnectorError:
            return ""


def read_value(block: bytes) -> dict[str, object]:
    """Decode a record's block. Raises `BadRepository`."""
    value = repository.decode(block)
    if not isinstance(value, dict):
        raise BadRepository("the record is not a map")
    return value


def read_json_value(raw: bytes) -> dict[str, object]:
    """Decode a record's JSON, as the AppView copies it. Raises `BadRepository`."""
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise BadRepository(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRepository("the record is not an object")
    return value


CAPTURED = (names.POST, names.REPOST, names.PROFILE)
