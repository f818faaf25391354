"""Web feeds as files: RSS (0.9 to 2.0, with what WordPress exports as WXR) and Atom, each entry by its own bytes."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.parsers import expat

from rostrum.importers.dates import read_instant
from rostrum.importers.export import Export
from rostrum.importers.html_text import text_of_html
from rostrum.importers.index import Index, Meeting
from rostrum.importers.reading import DAMAGE, Container, Limits, Member
from rostrum.kernel.items import Access, Fault, Item, Kind, MediaFile, Route, Visibility

_START = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_CHUNK = 1 << 16
# With room for the number of a comment behind it.
_LONGEST_ID = 450
_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_THREAD = "http://purl.org/syndication/thread/1.0"
_RSS = ("", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
# WordPress names its own elements by the version of its export.
_WORDPRESS = re.compile(r"http://wordpress\.org/export/[\d.]+/")
_WP = "wp"
_PUBLISHED = ("", "publish", "private")
_CONTENT_TYPES = ("", "post", "page")


class _Unreadable(Exception):
    """A feed that is not read, with why."""


@dataclass(slots=True)
class Node:
    """One element of an entry: its name, what stands in it, where its bytes lie."""

    space: str
    name: str
    attributes: dict[str, str]
    start: int
    end: int = 0
    texts: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    def all(self, name: str, *spaces: str) -> list["Node"]:
        """The children with this name, in one of the name spaces (default: RSS's own)."""
        return [one for one in self.children if one.name == name and one.space in (spaces or _RSS)]

    def text(self, name: str, *spaces: str) -> str:
        """The words of the first such child, or ""."""
        return next((said for one in self.all(name, *spaces) if (said := one.words())), "")

    def words(self) -> str:
        """All words in the element, those of its children included."""
        return "".join(self.texts).strip() or " ".join(filter(None, (one.words() for one in self.children)))

    def within(self, outer: "Node", raw: bytes) -> bytes:
        """The element's own bytes, out of those of the entry it stands in."""
        return raw[self.start - outer.start : self.end - outer.start]


def looks_like_feed(container: Container) -> bool:
    """Whether a file is a feed: by the name of its first element."""
    return any(_is_feed(member) for member in container.members[:1] if len(container.members) == 1)


def _is_feed(member: Member) -> bool:
    try:
        with member.open() as stream:
            return _START.search(stream.read(4096)) is not None
    except DAMAGE:
        return False


class FeedExport(Export):
    """The entries of one feed; several files are read as one, the same entry once."""

    kind = "feed"
    platform = "feed"

    def __init__(self, containers: list[Container], limits: Limits) -> None:
        super().__init__(containers, limits)
        self._left_out: dict[str, int] = {}

    def _read(self, index: Index) -> Iterator[Item | Fault]:
        self._left_out.clear()
        for container in self.containers:
            for member in container.members:
                if member.damage:
                    continue
                where = self.place(container, member.name)
                member.used = True
                yield from self._entries(where, member, index)
        self.ignored.extend(f"{count} {what}" for what, count in sorted(self._left_out.items()))

    def _entries(self, where: str, member: Member, index: Index) -> Iterator[Item | Fault]:
        slicer, digest, number = _Slicer(self.limits.element_bytes), hashlib.sha256(), 0
        try:
            with member.open() as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    for node, raw in slicer.feed(chunk):
                        number += 1
                        yield from self._entry(f"{where}, entry {number}", node, raw, index)
                slicer.close()
        except expat.ExpatError as error:
            yield Fault(f"{where}, line {error.lineno}", f"is not well formed ({error}); what follows was not read")
            return
        except _Unreadable as error:
            yield Fault(where, f"{error}; what follows was not read")
            return
        except DAMAGE as error:
            yield Fault(where, f"could not be read to its end: {error}")
            return
        if digest.hexdigest() != member.sha256:
            yield Fault(where, "the slices put together do not give the file back; it changed while it was read")

    def _entry(self, where: str, node: Node, raw: bytes, index: Index) -> Iterator[Item | Fault]:
        try:
            found = _atom(node, raw) if node.space == _ATOM else self._rss(node, raw)
        except ValueError as error:
            yield Fault(where, str(error))
            return
        for item in found:
            if index.meet(item.native_id, item.raw, where)[0] is not Meeting.SAME:
                self.missing.extend(f"{medium.url}: named by {item.native_id}, not in a feed" for medium in item.media)
                yield item

    def _rss(self, node: Node, raw: bytes) -> list[Item]:
        status, kind = node.text("status", _WP), node.text("post_type", _WP)
        if status not in _PUBLISHED or kind not in _CONTENT_TYPES:
            what = (
                f"entries of the kind {kind}" if kind not in _CONTENT_TYPES else f"entries never published ({status})"
            )
            self._left_out[what] = self._left_out.get(what, 0) + 1
            return []
        comments = node.all("comment", _WP)
        # Each comment is a record of its own: its bytes do not stand in the post's.
        own = _without(raw, [(one.start - node.start, one.end - node.start) for one in comments])
        post = _post(node, own)
        found = [post]
        for one in comments:
            if one.text("comment_approved", _WP) not in ("", "1"):
                what = "comments that were never shown"
                self._left_out[what] = self._left_out.get(what, 0) + 1
                continue
            found.append(_comment(one, one.within(node, raw), post))
        return found


def _post(node: Node, raw: bytes) -> Item:
    link = node.text("link")
    given = node.text("guid") or link or node.attributes.get("about", "")
    said = [text_of_html(node.text("title"))]
    said.append(text_of_html(node.text("encoded", _CONTENT) or node.text("description")))
    return Item(
        platform="feed",
        kind=Kind.POST,
        native_id=_id(given, raw),
        id_is_derived=not 0 < len(given) <= _LONGEST_ID,
        text="\n\n".join(part for part in said if part),
        raw=raw,
        raw_type="application/rss+xml",
        route=Route.OWNER_EXPORT,
        url=link if link.startswith(("http://", "https://")) else "",
        author_name=node.text("creator", _DUBLIN) or node.text("author"),
        published_at=_instant(node.text("post_date_gmt", _WP), node.text("pubDate"), node.text("date", _DUBLIN)),
        access=Access.RESTRICTED if node.text("status", _WP) == "private" else Access.OPEN,
        visibility=Visibility.PUBLIC if node.text("status", _WP) != "private" else Visibility.UNKNOWN,
        media=tuple(_media(one) for one in (*node.all("enclosure"), *node.all("content", _MEDIA))),
    )


def _comment(node: Node, raw: bytes, post: Item) -> Item:
    number = node.text("comment_id", _WP)
    if not number:
        raise ValueError(f"a comment on {post.native_id} has no id")
    above = node.text("comment_parent", _WP)
    return Item(
        platform="feed",
        kind=Kind.COMMENT,
        native_id=f"{post.native_id}#comment-{number}",
        id_is_derived=True,
        text=text_of_html(node.text("comment_content", _WP)),
        raw=raw,
        raw_type="application/rss+xml",
        route=Route.OWNER_EXPORT,
        url=f"{post.url}#comment-{number}" if post.url else "",
        author_name=node.text("comment_author", _WP),
        published_at=_instant(node.text("comment_date_gmt", _WP)),
        parent_id=f"{post.native_id}#comment-{above}" if above not in ("", "0") else post.native_id,
        root_id=post.native_id,
    )


def _atom(node: Node, raw: bytes) -> list[Item]:
    native_id = node.text("id", _ATOM)
    links = node.all("link", _ATOM)
    shown = next((one for one in links if one.attributes.get("rel", "alternate") == "alternate"), None)
    url = shown.attributes.get("href", "") if shown else ""
    reply = next((one.attributes.get("ref", "") for one in node.all("in-reply-to", _THREAD)), "")
    author = next((one.text("name", _ATOM) for one in node.all("author", _ATOM)), "")
    said = [_construct(node, "title", raw), _construct(node, "content", raw) or _construct(node, "summary", raw)]
    published, updated = node.text("published", _ATOM), node.text("updated", _ATOM)
    given = native_id or url
    return [
        Item(
            platform="feed",
            kind=Kind.COMMENT if reply else Kind.POST,
            native_id=_id(given, raw),
            id_is_derived=not 0 < len(given) <= _LONGEST_ID,
            text="\n\n".join(part for part in said if part),
            raw=raw,
            raw_type="application/atom+xml",
            route=Route.OWNER_EXPORT,
            url=url if url.startswith(("http://", "https://")) else "",
            author_name=author,
            published_at=_instant(published, updated),
            edited_at=_instant(updated) if published and updated != published else None,
            parent_id=reply,
            media=tuple(_media(one) for one in links if one.attributes.get("rel") == "enclosure"),
        )
    ]


def _construct(node: Node, name: str, raw: bytes) -> str:
    found = next(iter(node.all(name, _ATOM)), None)
    if found is None:
        return ""
    if found.attributes.get("type") == "xhtml":
        return text_of_html(found.within(node, raw).decode(errors="replace"))
    return text_of_html(found.words()) if found.attributes.get("type") == "html" else found.words()


def _id(given: str, raw: bytes) -> str:
    """The entry's own id; one that is derived where there is none, or none that can be kept."""
    return given if 0 < len(given) <= _LONGEST_ID else f"sha256:{hashlib.sha256(given.encode() or raw).hexdigest()}"


def _media(node: Node) -> MediaFile:
    url = node.attributes.get("url") or node.attributes.get("href", "")
    kind = node.attributes.get("type") or "application/octet-stream"
    return MediaFile(
        url.rpartition("/")[2][:200], kind[:100], url=url, missing="a feed names the file, and does not hold it"
    )


def _instant(*texts: str) -> datetime | None:
    """The first date given, in RSS's way (RFC 822) or Atom's (RFC 3339). Raises `ValueError` when it is none."""
    text = next(filter(None, texts), "")
    if not text or text.startswith("0000-00-00"):
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return read_instant(text)
    return read_instant((found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat())


def _without(raw: bytes, spans: list[tuple[int, int]]) -> bytes:
    kept, at = [], 0
    for start, end in spans:
        kept.append(raw[at:start])
        at = end
    return b"".join((*kept, raw[at:]))


class _Slicer:
    """Reads a feed piece by piece and gives each entry with its bytes as they stand in the file."""

    def __init__(self, most_bytes: int) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        # Expat hands over text in pieces of this size; the names of entities of its own are all a feed needs.
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._parser.EntityDeclHandler = self._refuse
        self._most = most_bytes
        self._buffer = bytearray()
        self._base = 0
        self._open: list[Node] = []
        self._done: list[tuple[Node, bytes]] = []

    def feed(self, chunk: bytes) -> list[tuple[Node, bytes]]:
        """The entries that end in this piece. Raises `ExpatError` and `_Unreadable`."""
        if not self._base and not self._buffer and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise _Unreadable("is written in UTF-16, which is not read: save it as UTF-8")
        self._buffer += chunk
        self._parser.Parse(chunk, False)
        done, self._done = self._done, []
        keep = self._open[0].start if self._open else self._parser.CurrentByteIndex
        if self._open and self._base + len(self._buffer) - keep > self._most:
            raise _Unreadable(f"an entry is longer than {self._most:,} bytes")
        del self._buffer[: max(0, keep - self._base)]
        self._base = max(self._base, keep)
        return done

    def close(self) -> None:
        """Tell that nothing follows. Raises `ExpatError` where something should."""
        self._parser.Parse(b"", True)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        space = _WP if _WORDPRESS.fullmatch(space) else space
        if not self._open and not ((local == "item" and space in _RSS) or (local == "entry" and space == _ATOM)):
            return
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        node = Node(space, local, plain, self._parser.CurrentByteIndex)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        if not self._open:
            return
        node = self._open.pop()
        closing = self._buffer.find(b">", self._parser.CurrentByteIndex - self._base)
        node.end = self._base + closing + 1
        if not self._open:
            self._done.append((node, bytes(self._buffer[node.start - self._base : node.end - self._base])))

    def _say(self, text: str) -> None:
        if self._open:
            self._open[-1].texts.append(text)

    def _refuse(self, *_declared: Any) -> None:
        # A few declared entities can unfold to more than any machine holds.
        raise _Unreadable("declares entities of its own, which no feed needs")
