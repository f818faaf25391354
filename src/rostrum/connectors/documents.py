"""One public document by its address: bounded, few redirects, each looked at, never into a private network unasked."""

import ipaddress
import socket
from dataclasses import dataclass

import httpx

from rostrum.connectors.interface import ConnectorError, Trouble

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_MOST_BYTES = 4 * 1024 * 1024
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Document:
    """What stood at the address: its bytes as they came, what the server calls them, and where they were in the end."""

    content: bytes
    media_type: str
    address: str


def fetch_document(
    address: str, *, allows_private: bool = False, transport: httpx.BaseTransport | None = None
) -> Document:
    """Fetch a document. Follows redirects to public addresses.

    Raises `ConnectorError`: REFUSED for an address in a private network, a way that leads round in circles, a document
    that is too large, and any answer but 200 below 500; PLATFORM_ERROR when it was not reached or the server failed.
    """
    # Some publishers answer programs they do not know with an error; a plain name is honest and mostly served.
    headers = {"User-Agent": "Rostrum", "Accept": "text/html, text/plain;q=0.9, */*;q=0.1"}
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False, transport=transport, headers=headers) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            _look_at(address, allows_private)
            try:
                with client.stream("GET", address) as response:
                    # The name may have led elsewhere than a moment before.
                    _look_at_peer(response, address, allows_private)
                    if response.next_request is not None:
                        address = str(response.next_request.url)
                        continue
                    return Document(_read(response), response.headers.get("content-type", "")[:100], address)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                what = str(error) or type(error).__name__
                raise ConnectorError(Trouble.PLATFORM_ERROR, f"{address} was not reached: {what}") from error
    raise ConnectorError(Trouble.REFUSED, f"{address} leads on and on; enter the address where it ends.")


def _look_at(address: str, allows_private: bool) -> None:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ConnectorError(Trouble.REFUSED, f"{address} is no web address.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConnectorError(Trouble.REFUSED, f"{address} is no web address.")
    if allows_private:
        return
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectorError(Trouble.PLATFORM_ERROR, f"{url.host} does not resolve: {error}") from error
    if not found or not all(_is_public(str(entry[4][0])) for entry in found):
        raise ConnectorError(Trouble.REFUSED, f"{url.host} is not a public address.")


def _look_at_peer(response: httpx.Response, address: str, allows_private: bool) -> None:
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer and not allows_private and not _is_public(str(peer[0])):
        raise ConnectorError(Trouble.REFUSED, f"{address} led to an address that is not public.")


def _is_public(host: str) -> bool:
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


def _read(response: httpx.Response) -> bytes:
    if response.status_code != 200:
        kind = Trouble.PLATFORM_ERROR if response.status_code >= 500 else Trouble.REFUSED
        raise ConnectorError(kind, f"{response.url.host} answered {response.status_code} instead of the document.")
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise ConnectorError(Trouble.REFUSED, f"The document is larger than {_MOST_BYTES} bytes.")
    return bytes(body)
