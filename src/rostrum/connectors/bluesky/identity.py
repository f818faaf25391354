"""Who a DID is and where its repository lives; addresses that residents choose never lead into private networks."""

import ipaddress
import json
import re
import socket
from dataclasses import dataclass
from typing import Any

import httpx

from rostrum.connectors import web
from rostrum.connectors.bluesky.xrpc import server_in
from rostrum.connectors.interface import ConnectorError, Trouble

_DID_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_DID_WEB = re.compile(r"did:web:([a-z0-9.-]+\.[a-z]{2,})")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a DID document says: the handle it claims, its repository's server, its signing keys (multibase)."""

    did: str
    handle: str
    server: str
    keys: tuple[str, ...]


class Directory:
    """Looks identities up, once each, and opens clients to the servers they name."""

    def __init__(self, plc: str, *, allows_private: bool = False, transport: httpx.BaseTransport | None = None) -> None:
        self._plc = web.open_client(plc.rstrip("/"), transport)
        self._allows_private = allows_private
        self._transport = transport
        self._identities: dict[str, Identity] = {}
        self._clients: dict[str, httpx.Client] = {}

    def identity(self, did: str) -> Identity:
        """Return who a DID is.

        Raises `ConnectorError`: REFUSED when there is no such identity (any more), PLATFORM_ERROR when it cannot be
        looked up now.
        """
        if did not in self._identities:
            self._identities[did] = self._look_up(did)
        return self._identities[did]

    def server_of(self, did: str) -> httpx.Client:
        """Return a client for the server where a DID's repository lives. Raises `ConnectorError` like `identity`."""
        return self._client(self.identity(did).server)

    def close(self) -> None:
        """Close every connection."""
        self._plc.close()
        for client in self._clients.values():
            client.close()

    def _client(self, address: str) -> httpx.Client:
        if address not in self._clients:
            self._check_address(address)
            self._clients[address] = web.open_client(address, self._transport)
        return self._clients[address]

    def _look_up(self, did: str) -> Identity:
        if _DID_PLC.fullmatch(did):
            answer = web.call(self._plc, "GET", f"/{did}", is_write=False)
        elif match := _DID_WEB.fullmatch(did):
            client = self._client(f"https://{match.group(1)}")
            answer = web.call(client, "GET", "/.well-known/did.json", is_write=False)
        else:
            raise ConnectorError(Trouble.REFUSED, f"{did} is no identity that can be looked up.")
        if answer.status_code in (404, 410):
            raise ConnectorError(Trouble.REFUSED, f"{did} does not exist (any more).", code="DidNotFound")
        if answer.status_code != 200:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"{did} could not be looked up: {answer.status_code}.")
        return _read_document(did, answer.content)

    def _check_address(self, address: str) -> None:
        """Raise `ConnectorError` (REFUSED) for an address a resident must not be able to make us call.

        The name could resolve differently a moment later; an outgoing firewall is the second line (docs/limits.md).
        """
        if self._allows_private:
            return
        try:
            url = httpx.URL(address)
            found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM) if url.host else []
        except (httpx.InvalidURL, OSError, UnicodeError) as error:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"{address} does not resolve: {error}") from error
        is_public = all(ipaddress.ip_address(entry[4][0]).is_global for entry in found)
        if url.scheme != "https" or not found or not is_public:
            raise ConnectorError(Trouble.REFUSED, f"{address} is not a public https address.")


def _read_document(did: str, content: bytes) -> Identity:
    try:
        document: dict[str, Any] = json.loads(content)
        if document["id"] != did:
            raise ConnectorError(Trouble.REFUSED, f"The document of {did} is another's.")
        names = [str(name) for name in document.get("alsoKnownAs") or []]
        keys = tuple(
            str(method["publicKeyMultibase"])
            for method in document.get("verificationMethod") or []
            if str(method.get("id", "")).endswith("#atproto") and method.get("publicKeyMultibase")
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConnectorError(Trouble.PLATFORM_ERROR, f"The document of {did} cannot be read.") from error
    handle = next((name.removeprefix("at://") for name in names if name.startswith("at://")), "")
    return Identity(did, handle, server_in(document), keys)
