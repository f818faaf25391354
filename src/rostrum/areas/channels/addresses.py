"""One normal spelling for each address of a channel, however people write it. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from rostrum.areas.channels.platforms import PLATFORMS, PlatformFacts
from rostrum.kernel.decisions import InvalidInput

_HANDLE = re.compile(r"[\w.\-]+(?:@[\w.\-]+)?")
_HOST = re.compile(r"[a-z0-9.\-]+(?::[0-9]{1,5})?|\[[0-9a-f:]+\](?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Address:
    """A channel's handle and page as they will be shown, and the key under which no other channel may stand."""

    handle: str
    url: str
    key: str


def read_address(platform: str, *, handle: str, url: str) -> Address:
    """Read an address as written; at least one of handle and URL is needed.

    Raises `InvalidInput` naming the field: nothing given, not an address, another platform's address, or a handle and
    a URL that name different channels.
    """
    facts = PLATFORMS.get(platform)
    if facts is None:
        raise InvalidInput("platform", f"unknown platform {platform!r}; known: {', '.join(sorted(PLATFORMS))}")
    shown_handle = _clean(handle).lstrip("@")
    if shown_handle and not _HANDLE.fullmatch(shown_handle):
        raise InvalidInput("handle", "a handle has letters, digits, dots, dashes and underscores only")
    page = _page(facts, url)
    named = facts.handle_in(urlsplit(page).path) if page else ""
    if shown_handle and named and _fold(shown_handle) != _fold(named):
        raise InvalidInput("url", f"the URL names {named}, the handle is {shown_handle}: they must be the same channel")
    if shown_handle or named:
        shown_handle = shown_handle or _fold(named)
        return Address(shown_handle, page, f"@{_fold(shown_handle)}")
    if page:
        return Address("", page, _page_key(page))
    raise InvalidInput("handle", "give the channel's handle or its URL")


def _clean(text: str) -> str:
    # Compatibility forms (full-width letters, ligatures) read the same, so they are the same address.
    return unicodedata.normalize("NFKC", text).strip()


def _fold(handle: str) -> str:
    return handle.lstrip("@").casefold()


def _page(facts: PlatformFacts, url: str) -> str:
    written = _clean(url)
    if not written:
        return ""
    if "://" not in written:
        written = f"https://{written}"
    try:
        parts = urlsplit(written)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as fault:
        raise InvalidInput("url", f"not a web address: {fault}") from fault
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(_bracketed(host)):
        raise InvalidInput(
            "url", "a web address begins with https:// and names a host, for example https://example.gov"
        )
    if facts.hosts and host not in facts.hosts:
        raise InvalidInput("url", f"{host} is not a page of {facts.name}")
    for other in PLATFORMS.values():
        if other.slug != facts.slug and host in other.hosts:
            raise InvalidInput("url", f"{host} is a page of {other.name}, not of {facts.name}")
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    place = _bracketed(host) if port in (None, default) else f"{_bracketed(host)}:{port}"
    query = f"?{parts.query}" if parts.query and not facts.hosts else ""
    return f"{parts.scheme.lower()}://{place}{parts.path or '/'}{query}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _page_key(page: str) -> str:
    # The scheme, "www." and a closing slash are the usual ways in which one page gets two spellings.
    place = page.split("://", 1)[1]
    host, _, rest = place.partition("/")
    return f"{host.removeprefix('www.')}/{rest.rstrip('/')}".rstrip("/")
