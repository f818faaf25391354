"""Is this one of ours? What was pasted in, what the registry knows out: never more than is known. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from rostrum.areas.channels.addresses import (
    Page,
    cleaned,
    fold,
    handle_key,
    is_short,
    key_of,
    platform_of,
    read_page,
    readable_host,
)
from rostrum.areas.channels.lists.cells import Spoken, addresses_in, read_cell
from rostrum.areas.channels.naming import platforms_called
from rostrum.areas.channels.page_paths import Names
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.lookalikes import one_step_apart, skeleton

LONGEST_QUESTION = 2_000
MOST_ADDRESSES = 5
# Shorter words are near too many others.
_TELLING = 6
_ON = re.compile(r"\b(?:on|at|en|auf|sur)\s+([^\W\d_]+(?:\s[^\W\d_]+)?)", re.IGNORECASE)


class Verdict(StrEnum):
    """The answer to "is this one yours?"."""

    OFFICIAL = "official"
    WAS_OFFICIAL = "was_official"
    UNDER_REVIEW = "under_review"
    LOOKS_LIKE = "looks_like"
    NOT_OURS = "not_ours"
    CANNOT_TELL = "cannot_tell"


class Standing(StrEnum):
    """How a channel of the registry stands with the public."""

    OFFICIAL = "official"
    CLOSED = "closed"
    UNDER_REVIEW = "under_review"


@dataclass(frozen=True, slots=True)
class Listed:
    """A channel as far as the public may know of it."""

    public_id: str
    slug: str
    name: str
    platform: str
    handle: str
    url: str
    key: str
    native_id: str
    unit: str
    standing: Standing
    closed_at: datetime | None = None

    @property
    def platform_name(self) -> str:
        """The platform's name."""
        known = PLATFORMS.get(self.platform)
        return known.name if known else self.platform

    @property
    def bare_key(self) -> str:
        """The handle, or the page, as keys compare it."""
        return self.key.removeprefix("@")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the asker should know besides: a stable code and the sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one address: the verdict, the channels it is or looks like, and what to know besides."""

    asked: str
    verdict: Verdict
    channels: tuple[Listed, ...] = ()
    notes: tuple[Note, ...] = ()


_VERDICT_OF = {
    Standing.OFFICIAL: Verdict.OFFICIAL,
    Standing.UNDER_REVIEW: Verdict.UNDER_REVIEW,
    Standing.CLOSED: Verdict.WAS_OFFICIAL,
}
_POST = Note(
    "post",
    "This is the address of one post or page of it. Platforms may show another writer's post under it: check the name "
    "above the post.",
)
_HANDLE = Note(
    "handle-only",
    "Only on the platform named: the same handle on another platform may be anybody's. To be sure, check the whole "
    "web address.",
)
_FOREIGN = Note("foreign-letters", "It contains letters from outside the English alphabet, which can look like ours.")


def answers(text: str, listed: Sequence[Listed]) -> tuple[Answer, ...]:
    """Answer for each address in what was pasted, at most `MOST_ADDRESSES`; where there is none, say so."""
    asked = text[:LONGEST_QUESTION].strip()
    cell = read_cell(asked)
    shown = cell if cell.text or cell.link else read_cell(f" {asked}")
    is_one_word = len(cleaned(asked).split()) == 1
    spoken = [one for one in addresses_in(shown, bare_words=is_one_word) if one.url or one.handle][:MOST_ADDRESSES]
    if not spoken:
        note = Note("no-address", "There is no web address and no handle in this. A handle begins with @.")
        return (Answer(asked, Verdict.CANNOT_TELL, (), (note,)),)
    said = tuple(name for found in _ON.finditer(asked) for name in platforms_called(found.group(1)))
    found = [_answer(one, one.platforms or said, listed) for one in spoken]
    return tuple({one.asked: one for one in reversed(found)}.values())[::-1]


def _answer(spoken: Spoken, said: tuple[str, ...], listed: Sequence[Listed]) -> Answer:
    if not spoken.url:
        return _of_handle(spoken.handle, said, listed)
    try:
        page = read_page(spoken.url)
    except InvalidInput:
        return Answer(spoken.url, Verdict.CANNOT_TELL, (), (Note("no-address", "This is no web address."),))
    if spoken.is_bare:
        # "parks.example.gov" may be a handle as well as a site.
        host = spoken.url.split("://", 1)[1]
        by_handle = _of_handle(host, said, listed)
        if by_handle.verdict not in (Verdict.NOT_OURS, Verdict.LOOKS_LIKE):
            return by_handle
    return _of_page(spoken.url, page, listed)


# ---- a web address


def _of_page(asked: str, page: Page, listed: Sequence[Listed]) -> Answer:
    named = page.named
    places = {one.public_id: _place(one, page, asked) for one in listed}
    if matches := [one for one in listed if places[one.public_id]]:
        is_post = all(places[one.public_id] is Names.POST for one in matches)
        return _known(asked, matches, (_POST,) if is_post else ())
    if is_short(page.host):
        note = Note("short-link", f"{page.host} hides where it leads. Open it, and check the address it leads to.")
        return Answer(asked, Verdict.CANNOT_TELL, (), (note,))
    if named and named.names is Names.NOTHING:
        note = Note("names-nothing", "This address does not say whose it is. Check the name of the channel it shows.")
        return Answer(asked, Verdict.CANNOT_TELL, (), (note,))
    if named and _is_number(page):
        where = PLATFORMS[page.platform].name
        ours = [one for one in listed if one.platform == page.platform and one.standing is Standing.OFFICIAL]
        if any(not one.native_id for one in ours):
            note = Note("number", f"{where} also names channels by a number, and ours are listed here by their names.")
            return Answer(asked, Verdict.CANNOT_TELL, (), (note,))
    return _stranger(asked, page, listed)


def _place(one: Listed, page: Page, asked: str) -> Names | None:
    """Whether the page is the channel's own, or a post of it; None where it is another's."""
    if not _has_hosts(one.platform):
        return None if page.platform else _place_at_own_site(one, asked)
    named = page.named
    if one.platform != page.platform or (named and named.names is Names.NOTHING):
        return None
    is_id = bool(named and one.native_id and named.handle == one.native_id)
    if key_of(page) != one.key and not is_id:
        return None
    return named.names if named else Names.CHANNEL


def _place_at_own_site(one: Listed, asked: str) -> Names | None:
    """The same for a channel at a site that is no known platform's: its own server, a blog."""
    page = read_page(asked, one.platform)
    if page.named and page.named.handle:
        # The same name at another host, or at another port of the same, is somebody else's.
        is_there = one.platform == "mastodon" or _site_of(one.url) == _site_of(page.url)
        return page.named.names if is_there and key_of(page) == one.key else None
    if one.key.startswith("@"):
        return None
    if _plain_key(page) == one.key:
        return Names.CHANNEL
    return Names.POST if _plain_key(page).startswith(f"{one.key}/") else None


def _has_hosts(platform: str) -> bool:
    known = PLATFORMS.get(platform)
    return bool(known and known.hosts)


def _plain_key(page: Page) -> str:
    place = page.url.split("://", 1)[1]
    host, _, rest = place.partition("/")
    return f"{host.removeprefix('www.')}/{rest.rstrip('/')}".rstrip("/")


def _host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _site_of(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    port = None if parts.port == {"http": 80, "https": 443}.get(parts.scheme) else parts.port
    return _host_of(url), port


def _is_number(page: Page) -> bool:
    named = page.named
    return bool(page.platform and named and (named.exact or named.query or named.handle.isdigit()))


# ---- a handle


def _of_handle(handle: str, said: tuple[str, ...], listed: Sequence[Listed]) -> Answer:
    asked = f"@{handle.lstrip('@')}"
    matches = [
        one for one in listed if one.key == handle_key(one.platform, handle) and (not said or one.platform in said)
    ]
    if matches:
        return _known(asked, matches, () if said else (_HANDLE,))
    return _unlike(asked, fold("", handle), said, listed)


def _known(asked: str, matches: list[Listed], notes: tuple[Note, ...]) -> Answer:
    order = list(_VERDICT_OF)
    matches.sort(key=lambda one: (order.index(one.standing), one.name))
    best = matches[0].standing
    return Answer(asked, _VERDICT_OF[best], tuple(one for one in matches if one.standing is best), notes)


# ---- neither: what it may be taken for


def _stranger(asked: str, page: Page, listed: Sequence[Listed]) -> Answer:
    """A page that is not in the registry."""
    if page.platform:
        word = key_of(page).removeprefix("@")
        return _unlike(asked, word, (page.platform,), listed)
    known = [one for one in listed if one.standing is not Standing.UNDER_REVIEW]
    segments = {fold("", part) for part in page.path.split("/") if part}
    named = [one for one in known if one.key.startswith("@") and one.bare_key in segments]
    if named:
        host = readable_host(page.host)
        where = named[0].platform_name
        note = Note("other-host", f"It names our handle, but leads to {host}, which is not where our {where} page is.")
        return Answer(asked, Verdict.LOOKS_LIKE, tuple(named), _with_letters(asked, note))
    at_home = [one for one in known if one.key.startswith("@") and _host_of(one.url) == page.host.removeprefix("www.")]
    if at_home and segments:
        return _unlike(asked, fold("", page.path.rstrip("/").rsplit("/", 1)[-1]), (), at_home)
    near = [one for one in known if one.url and _near_host(page.host, _host_of(one.url))]
    if near:
        note = Note("near-host", f"{readable_host(page.host)} looks like {_host_of(near[0].url)}, and is another site.")
        return Answer(asked, Verdict.LOOKS_LIKE, tuple(near[:3]), _with_letters(asked, note))
    return Answer(asked, Verdict.NOT_OURS, (), _with_letters(asked))


def _near_host(host: str, own: str) -> bool:
    if not own or host.removeprefix("www.") == own or platform_of(own):
        return False
    one, other = skeleton(readable_host(host).removeprefix("www.")), skeleton(readable_host(own))
    return one == other or (len(other) >= _TELLING and one_step_apart(one, other)) or host.startswith(f"{own}.")


def _unlike(asked: str, word: str, said: tuple[str, ...], listed: Sequence[Listed]) -> Answer:
    """A handle that is none of ours: whether it can be mistaken for one."""
    known = [one for one in listed if one.standing is not Standing.UNDER_REVIEW]
    for code, sentence, is_like in (
        ("same-handle-elsewhere", "It is our handle on another platform; here it is not ours.", _same),
        ("looks-alike", "It can be mistaken for ours, and is another one.", _alike),
        ("nearly-the-same", "It differs from ours by very little, and is another one.", _nearly),
        ("something-added", "It is our handle with something added, and is another one.", _added),
    ):
        like = tuple(one for one in known if is_like(word, one))
        if like:
            here = tuple(one for one in like if one.platform in said) or like
            return Answer(asked, Verdict.LOOKS_LIKE, here[:3], _with_letters(asked, Note(code, sentence)))
    return Answer(asked, Verdict.NOT_OURS, (), _with_letters(asked))


def _same(word: str, one: Listed) -> bool:
    return fold(one.platform, word) == one.bare_key


def _alike(word: str, one: Listed) -> bool:
    return any(letter.isalpha() for letter in word) and skeleton(word) == skeleton(one.bare_key)


def _nearly(word: str, one: Listed) -> bool:
    drawn, own = skeleton(word), skeleton(one.bare_key)
    return len(own) >= _TELLING and one_step_apart(drawn, own)


def _added(word: str, one: Listed) -> bool:
    drawn, own = skeleton(word), skeleton(one.bare_key)
    return len(own) >= _TELLING and drawn != own and (drawn.startswith(own) or drawn.endswith(own))


def _with_letters(asked: str, *notes: Note) -> tuple[Note, ...]:
    written = _readable(asked)
    return (*notes, *((_FOREIGN,) if any(one.isalpha() and not one.isascii() for one in written) else ()))


def _readable(asked: str) -> str:
    host = _host_of(asked) if "://" in asked else ""
    return asked.replace(host, readable_host(host)) if host.startswith("xn--") or ".xn--" in host else asked
