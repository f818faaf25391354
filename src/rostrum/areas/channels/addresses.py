"""One normal spelling for each address of a channel, however people write it. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, urlsplit

from rostrum.areas.channels.page_paths import Named, Names, named_in
from rostrum.areas.channels.platforms import PLATFORMS, SHORT_LINK_HOSTS, WRAPPERS, PlatformFacts
from rostrum.kernel.decisions import InvalidInput

# What can be kept of a channel's name, handle and address.
LONGEST_NAME = 200
LONGEST_HANDLE = 200
LONGEST_URL = 500
_HANDLE = re.compile(r"[\w.\-]+(?:@[\w.\-]+)?|did:[a-z]+:[A-Za-z0-9._:%\-]+")
_HOST = re.compile(r"[a-z0-9_.\-]+(?::[0-9]{1,5})?|\[[0-9a-f:]+\](?::[0-9]{1,5})?")
# How a handle is written where an address is asked for; read as an address, its name would be lost.
_HANDLE_FOR_URL = {
    "mastodon": re.compile(r"(?:acct:)?(@?[\w.\-]+@[\w.\-]+)", re.IGNORECASE),
    "bluesky": re.compile(r"(?:at://)?(did:[a-z]+:[A-Za-z0-9._:%\-]+)/?|at://([\w.\-]+)/?"),
}
_NEVER = re.compile(r"(?!)")
# Drawn as nothing, or only turning the direction of writing: they come along when an address is copied.
_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Address:
    """A channel's handle and page as they will be shown, and the key under which no other channel may stand."""

    handle: str
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """A web address read: its normal spelling, its host, the platform whose host that is ("" for any other site)."""

    url: str
    host: str
    path: str
    platform: str
    named: Named | None


def read_address(platform: str, *, handle: str, url: str) -> Address:
    """Read an address as written; at least one of handle and URL is needed.

    Raises `InvalidInput` naming the field: nothing given, not an address, another platform's address, an address that
    names a post or nothing, a handle and a URL that name different channels, or one longer than can be kept.
    """
    read = _read_address(platform, handle=handle, url=url)
    if len(read.handle) > LONGEST_HANDLE:
        raise InvalidInput("handle", f"it is longer than the {LONGEST_HANDLE} letters that can be kept")
    if max(len(read.url), len(read.key)) > LONGEST_URL:
        raise InvalidInput("url", f"it is longer than the {LONGEST_URL} letters that can be kept")
    return read


def _read_address(platform: str, *, handle: str, url: str) -> Address:
    facts = PLATFORMS.get(platform)
    if facts is None:
        raise InvalidInput("platform", f"unknown platform {platform!r}; known: {', '.join(sorted(PLATFORMS))}")
    if not cleaned(handle) and (found := _HANDLE_FOR_URL.get(platform, _NEVER).fullmatch(cleaned(url))):
        handle, url = found[found.lastindex or 0], ""
    shown_handle = cleaned(handle).lstrip("@")
    if shown_handle and not _HANDLE.fullmatch(shown_handle):
        raise InvalidInput("handle", "a handle has letters, digits, dots, dashes and underscores only")
    page = _page_of(facts, url)
    if page is None:
        if not shown_handle:
            raise InvalidInput("handle", "give the channel's handle or its URL")
        return Address(shown_handle, "", handle_key(platform, shown_handle))
    named = page.named
    if named is None:
        return Address(
            shown_handle, page.url, handle_key(platform, shown_handle) if shown_handle else _page_key(page, facts)
        )
    written = named.handle
    # An id and a handle may be one channel; only the platform knows.
    is_id = named.exact or bool(named.query) or written.isdigit()
    if shown_handle and not is_id and fold(platform, shown_handle) != fold(platform, written):
        raise InvalidInput("url", f"the URL names {written}, the handle is {shown_handle}: they must be one channel")
    shown = shown_handle or ("" if is_id or named.space else written.lstrip("@"))
    return Address(shown, page.url, _named_key(platform, named))


def cleaned(text: str) -> str:
    """The text without invisible letters, and with compatibility forms (full-width letters, ligatures) made plain."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).strip()


def fold(platform: str, handle: str) -> str:
    """The handle as the platform compares it."""
    facts = PLATFORMS.get(platform)
    folded = _fold(handle)
    name, at, server = folded.partition("@")
    if at and not server.isascii():
        # The server's own letters and its punycode are one name.
        try:
            folded = f"{name}@{ascii_host(server)}"
        except InvalidInput:
            return folded
    return folded.replace(".", "") if facts and not facts.dots_count else folded


def handle_key(platform: str, handle: str) -> str:
    """The key of the channel with this handle on the platform."""
    return f"@{fold(platform, handle)}"


def platform_of(host: str) -> str:
    """The platform whose host this is, or ""."""
    return next((facts.slug for facts in PLATFORMS.values() if facts.holds(host)), "")


def is_short(host: str) -> bool:
    """Whether links of this host hide where they lead."""
    return host.removeprefix("www.") in SHORT_LINK_HOSTS


@lru_cache(maxsize=2_048)
def read_page(url: str, platform: str = "") -> Page:
    """Read a web address. Without `platform` its host tells it. Raises `InvalidInput` when it is none.

    An address that carries another in clear (a redirect of a mailer or a platform) is read as that other one.
    """
    parts, host = _split(url)
    platform = platform or platform_of(host)
    path, query = parts.path or "/", parts.query
    if path == "/" and parts.fragment.startswith("!/"):
        # Addresses of X were once written with the path behind the number sign.
        path = parts.fragment[1:].partition("?")[0]
    facts = PLATFORMS.get(platform)
    if facts and facts.hosts:
        path = _plain_path(path)
    named = named_in(platform, path, query)
    if platform == "tumblr" and (own := host.removesuffix(".tumblr.com")) not in (host, "www"):
        post = re.match(r"/(?:post/)?\d+", path)
        named = Named(Names.POST if post else Names.CHANNEL, own)
    if platform == "mastodon" and named and named.handle and "@" not in named.handle:
        named = Named(named.names, f"{named.handle}@{host}", named.space, named.exact)
    port = parts.port
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    place = _bracketed(host) if port in (None, default) else f"{_bracketed(host)}:{port}"
    kept = ""
    if named and named.query:
        kept = f"?{named.query}={named.handle}"
    elif query and not (facts and facts.hosts):
        kept = f"?{query}"
    return Page(f"{parts.scheme.lower()}://{place}{path}{kept}", host, path, platform, named)


def ascii_host(host: str) -> str:
    """The host in the letters of the name system (punycode). Raises `InvalidInput` when it cannot be one."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as fault:
        raise InvalidInput("url", f"{host} cannot be the name of a host") from fault


def readable_host(host: str) -> str:
    """The host as browsers may show it: punycode made letters again, where it can be."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _fold(handle: str) -> str:
    return handle.lstrip("@").casefold()


def _split(url: str, depth: int = 0) -> tuple[SplitResult, str]:
    # Browsers take a backslash for a slash, so what stands behind it is no host.
    written = cleaned(url).replace("\\", "/")
    if written.startswith("//"):
        written = f"https:{written}"
    if "://" not in written:
        written = f"https://{written}"
    try:
        parts = urlsplit(written)
        host, _ = ascii_host((parts.hostname or "").rstrip(".")), parts.port
    except ValueError as fault:
        raise InvalidInput(
            "url", "this is not a web address; give one such as https://www.facebook.com/citypool"
        ) from fault
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(_bracketed(host)):
        raise InvalidInput(
            "url", "a web address begins with https:// and names a host, for example https://example.gov"
        )
    for own, path, name in WRAPPERS:
        if (host == own or host.endswith(f".{own}")) and parts.path == path and depth < 3:
            carried = parse_qs(parts.query).get(name, [""])[0]
            if carried.lower().startswith(("http://", "https://")):
                return _split(carried, depth + 1)
    return parts, host


def _plain_path(path: str) -> str:
    """The path as browsers and platforms walk it: without empty and dot segments."""
    walked: list[str] = []
    for part in path.split("/"):
        if part == "..":
            walked = walked[:-1]
        elif part not in ("", "."):
            walked.append(part)
    closing = "/" if walked and path.endswith("/") else ""
    return f"/{'/'.join(walked)}{closing}"


def _page_of(facts: PlatformFacts, url: str) -> Page | None:
    """The page of the channel that the URL names; None where no URL is given."""
    if not cleaned(url):
        return None
    page = read_page(url, facts.slug)
    if is_short(page.host):
        raise InvalidInput("url", f"{page.host} hides where it leads: open it, and give the address it leads to")
    if facts.hosts and not facts.holds(page.host):
        raise InvalidInput("url", f"{page.host} is not a page of {facts.name}")
    other = platform_of(page.host)
    if other and other != facts.slug:
        raise InvalidInput("url", f"{page.host} is a page of {PLATFORMS[other].name}, not of {facts.name}")
    if facts.hosts and page.path == "/" and page.named is None:
        raise InvalidInput("url", f"this is {facts.name} itself, not a channel on it")
    if page.named and page.named.names is Names.NOTHING:
        raise InvalidInput("url", f"this page of {facts.name} does not say whose it is: give the channel's own page")
    if page.named and page.named.names is Names.POST:
        raise InvalidInput("url", f"this is one post by {page.named.handle}: give the address of the channel's page")
    return page


def key_of(page: Page) -> str:
    """The key of what a page names; of a page that names no handle, the page itself."""
    if page.named and page.named.handle:
        return _named_key(page.platform, page.named)
    return _page_key(page, PLATFORMS.get(page.platform))


def _named_key(platform: str, named: Named) -> str:
    if named.exact:
        return f"{named.space}/{named.handle}"
    folded = fold(platform, named.handle)
    return f"{named.space}/{folded}" if named.space else f"@{folded}"


def _page_key(page: Page, facts: PlatformFacts | None) -> str:
    # The scheme, "www." and a closing slash are the usual ways in which one page gets two spellings.
    place = page.url.split("://", 1)[1]
    host, _, rest = place.partition("/")
    host = facts.hosts[0] if facts and facts.hosts else host.removeprefix("www.")
    return f"{host}/{rest.rstrip('/')}".rstrip("/")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
