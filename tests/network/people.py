"""Other users of the test network, through the protocol's own Python client: not the code under test."""

import functools
from typing import TYPE_CHECKING, Any

from tools.at_network import Network, Person

if TYPE_CHECKING:
    from atproto import Client


_POST = "app.bsky.feed.post"


class Resident:
    """A person on the network who posts, replies, edits and deletes."""

    def __init__(self, network: Network, name: str = "resident") -> None:
        self.person: Person = network.create_person(name)
        self._server = network.pds

    @functools.cached_property
    def client(self) -> "Client":
        """The signed-in client (importing it takes a second)."""
        from atproto import Client

        client = Client(base_url=f"{self._server}/xrpc")
        client.login(self.person.handle, self.person.password, fetch_bsky_profile=False)
        return client

    def post(self, text: str, **fields: object) -> str:
        """Post; returns the AT URI."""
        return self._write({"text": text, **fields})

    def mention(self, text: str, handle: str, did: str) -> str:
        """Post a text that mentions someone; returns the AT URI."""
        start = len(text.encode()) + 1
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
        span = {"byteStart": start, "byteEnd": start + len(handle.encode()) + 1}
        return self._write({"text": f"{text} @{handle}", "facets": [{"index": span, "features": [feature]}]})

    def reply(self, parent: str, text: str) -> str:
        """Answer a post; returns the AT URI."""
        cid, above = self._read(parent)
        reference = {"uri": parent, "cid": cid}
        root = above["reply"]["root"] if above.get("reply") else reference
        return self._write({"text": text, "reply": {"root": root, "parent": reference}})

    def edit(self, native_id: str, text: str) -> None:
        """Replace a record's text."""
        cid, before = self._read(native_id)
        self.client.com.atproto.repo.put_record(
            {**self._place(native_id), "record": {**before, "text": text}, "swap_record": cid}
        )

    def delete(self, native_id: str) -> None:
        """Delete a record."""
        self.client.com.atproto.repo.delete_record(self._place(native_id))

    def close(self) -> None:
        """Close the client's connections."""
        if "client" in self.__dict__:
            self.client.request._client.close()

    def _write(self, record: dict[str, Any]) -> str:
        now = self.client.get_current_time_iso()
        return self.client.com.atproto.repo.create_record(
            {
                "repo": self.person.did,
                "collection": _POST,
                "record": {"$type": _POST, "createdAt": now, "langs": ["en"], **record},
            }
        ).uri

    def _read(self, uri: str) -> tuple[str, dict[str, Any]]:
        found = self.client.com.atproto.repo.get_record(self._place(uri))
        return str(found.cid), found.value.model_dump(by_alias=True, exclude_none=True)

    def _place(self, uri: str) -> dict[str, str]:
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        return {"repo": repo, "collection": collection, "rkey": rkey}
