"""Long posts of an X archive: their text lies apart from the post, in some years without the post's id."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from rostrum.importers.dates import read_instant
from rostrum.importers.index import Index, Meeting, Note
from rostrum.importers.splitting import Element
from rostrum.importers.x_archive.layout import Owner
from rostrum.importers.x_archive.posts import Post, expanded, mapping, objects, unescaped
from rostrum.kernel.items import Item, Kind, MediaFile, Route

# A note and its post are written together; the clocks of the two services differ by a little.
_SECONDS_APART = 5
_PREFIX = 60


class Notes:
    """The long texts of one archive, and which post each belongs to."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, element: Element, where: str) -> None:
        """Keep one element of note-tweet.js. Raises `ValueError` with what is wrong with it."""
        value = element.value
        note = value.get("noteTweet", value) if isinstance(value, dict) else None
        if not isinstance(note, dict):
            raise ValueError("is not a long text: an object was expected")
        core = mapping(note.get("core") or note.get("noteTweetResults"))
        if not isinstance(core.get("text"), str):
            raise ValueError("is a long text without a text")
        second = 0
        if note.get("createdAt") is not None:
            second = int(read_instant(note["createdAt"]).timestamp())
        links = objects(core.get("urls")) or objects(mapping(core.get("entitySet")).get("urls"))
        text = core["text"]
        for short, long in (("shortUrl", "expandedUrl"), ("url", "expanded_url")):
            text = expanded(text, links, long, short)
        own = str(note.get("noteTweetId") or hashlib.sha256(element.raw).hexdigest()[:16])
        # Two exports of one owner hold the same long texts.
        if self._index.meet(f"note/{own}", element.raw, where)[0] is Meeting.NEW:
            self._index.add_note(Note(0, own, str(note.get("tweetId") or ""), second, text, element.raw, where))

    def text_of(self, post: Post) -> tuple[str | None, Note | None]:
        """The long text of a post, and the note it is from; None where it has none."""
        if not self._index.has_notes:
            return None, None
        second = int(post.written_at.timestamp()) if post.written_at else -(10**9)
        short = unescaped(str(post.tweet.get("full_text", "")))
        # The short text ends in an ellipsis and the post's own address.
        begin = short.partition("… https://t.co/")[0].partition("https://t.co/")[0].rstrip("… ")[:_PREFIX]
        for note in self._index.notes_of(post.native_id, second, _SECONDS_APART):
            for text in (note.text, unescaped(note.text)):
                if begin and text.startswith(begin):
                    self._index.use_note(note.number)
                    return text, note
            if note.native_id == post.native_id:
                self._index.use_note(note.number)
                return note.text, note
        return None, None

    def enclose(self, item: Item, note: Note) -> Item:
        """The Item with the note's own slice enclosed: its text came from there and can be derived from there again."""
        return replace(item, media=(*item.media, _enclosed(note)))

    def unmatched(self) -> Iterator[Note]:
        """Long texts whose post is not in the export."""
        return self._index.unused_notes()

    def item_of_unmatched(self, note: Note, owner: Owner) -> Item:
        """A long text as a post of its own: its post is missing, its words must not be."""
        at = datetime.fromtimestamp(note.second, UTC) if note.second else None
        native_id = note.native_id or f"note/{note.own_id}"
        return Item(
            platform="x",
            kind=Kind.POST,
            native_id=native_id,
            version_key=native_id,
            id_is_derived=not note.native_id,
            text=note.text,
            raw=note.raw,
            route=Route.OWNER_EXPORT,
            author_id=owner.native_id,
            author_handle=owner.handle_at(at),
            author_name=owner.name,
            published_at=at,
            extra={"long_text_without_post": "yes"},
        )


def _enclosed(note: Note) -> MediaFile:
    raw = note.raw
    return MediaFile("note-tweet.json", "application/json", open=lambda: io.BytesIO(raw))
