"""What the sample square keeps: people, posts with every version, and the feed of changes, in one SQLite file."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TEXT_LIMIT = 500
MEDIA_LIMIT_BYTES = 8 * 1024 * 1024
MEDIA_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS channels (
    handle TEXT PRIMARY KEY, name TEXT NOT NULL, about TEXT NOT NULL, token_sha256 TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS residents (
    session TEXT PRIMARY KEY, handle TEXT NOT NULL, name TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS things (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('post', 'comment')),
    author TEXT NOT NULL, author_name TEXT NOT NULL, session TEXT NOT NULL DEFAULT '',
    parent TEXT NOT NULL DEFAULT '', root TEXT NOT NULL, channel TEXT NOT NULL REFERENCES channels(handle),
    request_key TEXT, created_at TEXT NOT NULL, deleted_at TEXT, hidden_at TEXT, UNIQUE (author, request_key));
CREATE INDEX IF NOT EXISTS things_by_root ON things(root, created_at);
CREATE TABLE IF NOT EXISTS versions (
    id TEXT PRIMARY KEY, thing TEXT NOT NULL REFERENCES things(id), number INTEGER NOT NULL,
    text TEXT NOT NULL, lang TEXT NOT NULL, media TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (thing, number));
CREATE TABLE IF NOT EXISTS media (
    sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('created', 'edited', 'deleted', 'hidden', 'shown')),
    thing TEXT NOT NULL REFERENCES things(id), version TEXT, channel TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_by_channel ON events(channel, seq);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class SquareRefusal(Exception):
    """The square says no: an HTTP status, a code for programs, and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Medium:
    """An uploaded image or video and its alternative text."""

    data: bytes
    mime: str
    alt: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks: a channel (no session) or a resident (their browser's session)."""

    handle: str
    name: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One post or comment as it stands now."""

    id: str
    kind: str
    author: str
    author_name: str
    session: str
    parent: str
    root: str
    channel: str
    created_at: str
    deleted: bool
    hidden: bool
    version: str
    number: int
    text: str
    lang: str
    edited_at: str
    media: tuple[dict[str, str], ...]


class SquareStore:
    """Reads and writes the square's file. Each call opens its own connection, so threads need no care."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "square.sqlite3"
        self._secret = b""
        with self._open() as db:
            db.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._file, timeout=20, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            yield db
        finally:
            db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    # Channels and residents

    def create_channel(self, handle: str, name: str, about: str) -> str:
        """Make a channel, or give an existing one a new token. Returns the token, which is not kept in clear."""
        token = secrets.token_urlsafe(32)
        with self._writing() as db:
            db.execute(
                "INSERT INTO channels VALUES (?, ?, ?, ?, ?) ON CONFLICT (handle) DO UPDATE SET name = excluded.name,"
                " about = excluded.about, token_sha256 = excluded.token_sha256",
                (handle, name, about, _digest(token.encode()), _now()),
            )
        return token

    def channel_of_token(self, token: str) -> Author | None:
        """Return the channel a token belongs to, or None."""
        with self._open() as db:
            row = db.execute(
                "SELECT handle, name FROM channels WHERE token_sha256 = ?", (_digest(token.encode()),)
            ).fetchone()
        return Author(row["handle"], row["name"]) if row else None

    def set_access(self, handle: str, administrators: list[dict[str, str]], applications: list[str]) -> None:
        """Say who and what may act on a channel; the square lists it and enforces nothing of it."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (f"access:{handle}", json.dumps({"administrators": administrators, "applications": applications})),
            )

    def access(self, handle: str) -> dict[str, list[Any]]:
        """Who and what may act on a channel, as it was set; nobody and nothing before."""
        with self._open() as db:
            row = db.execute("SELECT value FROM kept WHERE name = ?", (f"access:{handle}",)).fetchone()
        told: dict[str, list[Any]] = json.loads(row["value"]) if row else {"administrators": [], "applications": []}
        return told

    def channels(self) -> list[dict[str, str]]:
        """List the channels by name: handle, name, about, created_at."""
        with self._open() as db:
            rows = db.execute("SELECT handle, name, about, created_at FROM channels ORDER BY name").fetchall()
        return [dict(row) for row in rows]

    def name_resident(self, session: str, name: str) -> Author:
        """Remember under which name a browser speaks. A name is not protected: only the session owns comments."""
        handle = "".join(c if c.isalnum() else "-" for c in name.casefold()).strip("-") or "resident"
        with self._writing() as db:
            db.execute(
                "INSERT INTO residents VALUES (?, ?, ?, ?) ON CONFLICT (session) DO UPDATE SET"
                " handle = excluded.handle, name = excluded.name",
                (session, handle, name, _now()),
            )
        return Author(handle, name, session)

    def resident(self, session: str) -> Author | None:
        """Return who speaks from this browser, or None."""
        with self._open() as db:
            row = db.execute("SELECT handle, name FROM residents WHERE session = ?", (session,)).fetchone()
        return Author(row["handle"], row["name"], session) if row else None

    def own_secret(self) -> bytes:
        """Return the square's own random secret, made at first use (it signs form tokens)."""
        if not self._secret:
            with self._writing() as db:
                db.execute("INSERT OR IGNORE INTO kept VALUES ('secret', ?)", (secrets.token_hex(32),))
                row = db.execute("SELECT value FROM kept WHERE name = 'secret'").fetchone()
            self._secret = bytes.fromhex(row["value"])
        return self._secret

    # Writing

    def write(
        self,
        author: Author,
        text: str,
        *,
        lang: str = "",
        media: tuple[Medium, ...] = (),
        parent: str = "",
        request_key: str | None = None,
    ) -> Shown:
        """Post, or comment on `parent`. A request key seen before returns what was written then.

        Raises `SquareRefusal`.
        """
        text = _checked_text(text, has_media=bool(media))
        for medium in media:
            if medium.mime not in MEDIA_TYPES or len(medium.data) > MEDIA_LIMIT_BYTES:
                raise SquareRefusal(422, "bad-media", "An image or video up to 8 MB is wanted.")
        with self._writing() as db:
            known = request_key and self._by_key(db, author.handle, request_key)
            if known:
                return known
            above = self._thing(db, parent) if parent else None
            if parent and (above is None or above.deleted):
                raise SquareRefusal(404, "no-such-parent", "What you answer is not there any more.")
            if above is None and author.session:
                raise SquareRefusal(403, "channels-only", "Residents answer; only channels start a conversation.")
            thing, now = f"sq-{secrets.token_hex(8)}", _now()
            db.execute(
                "INSERT INTO things (id, kind, author, author_name, session, parent, root, channel, request_key,"
                " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    thing,
                    "comment" if above else "post",
                    author.handle,
                    author.name,
                    author.session,
                    parent,
                    above.root if above else thing,
                    above.channel if above else author.handle,
                    request_key,
                    now,
                ),
            )
            kept = self._keep_media(db, media)
            self._add_version(db, thing, event="created", number=1, text=text, lang=lang, media=kept, at=now)
            return self._must(db, thing)

    def edit(self, author: Author, thing: str, text: str) -> Shown:
        """Give one's own post or comment a new text: a further version. The same text changes nothing.

        Raises `SquareRefusal`.
        """
        with self._writing() as db:
            shown = self._own(db, author, thing)
            text = _checked_text(text, has_media=bool(shown.media))
            if text != shown.text:
                self._add_version(
                    db,
                    thing,
                    event="edited",
                    number=shown.number + 1,
                    text=text,
                    lang=shown.lang,
                    media=json.dumps(shown.media),
                    at=_now(),
                )
            return self._must(db, thing)

    def delete(self, author: Author, thing: str) -> None:
        """Delete one's own post or comment; its texts are gone from the square, the feed announces it once.

        Raises `SquareRefusal`.
        """
        with self._writing() as db:
            shown = self._thing(db, thing)
            if shown is not None and shown.deleted and _owns(author, shown):
                return
            self._own(db, author, thing)
            now = _now()
            db.execute("UPDATE things SET deleted_at = ? WHERE id = ?", (now, thing))
            db.execute("UPDATE versions SET text = '', media = '[]' WHERE thing = ?", (thing,))
            self._announce(db, "deleted", thing, None, now)

    def set_hidden(self, channel: str, thing: str, *, hidden: bool) -> Shown:
        """Hide another's comment from the channel's conversation, or show it again.

        Raises `SquareRefusal`.
        """
        with self._writing() as db:
            shown = self._thing(db, thing)
            if shown is None or shown.deleted:
                raise SquareRefusal(404, "no-such-item", "That comment is not there.")
            if shown.channel != channel or shown.kind != "comment":
                raise SquareRefusal(403, "not-your-conversation", "Only comments on your own posts can be hidden.")
            if shown.hidden != hidden:
                now = _now()
                db.execute("UPDATE things SET hidden_at = ? WHERE id = ?", (now if hidden else None, thing))
                self._announce(db, "hidden" if hidden else "shown", thing, None, now)
            return self._must(db, thing)

    def _add_version(self, db: sqlite3.Connection, thing: str, *, event: str, **version: str | int) -> None:
        number, at = version["number"], str(version["at"])
        version_id = f"{thing}-v{number}"
        db.execute(
            "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (version_id, thing, number, version["text"], version["lang"], version["media"], at),
        )
        self._announce(db, event, thing, version_id, at)

    def _keep_media(self, db: sqlite3.Connection, media: tuple[Medium, ...]) -> str:
        listed = []
        for medium in media:
            digest = _digest(medium.data)
            db.execute("INSERT OR IGNORE INTO media VALUES (?, ?, ?)", (digest, medium.mime, medium.data))
            listed.append({"sha256": digest, "mime": medium.mime, "alt": medium.alt, "url": f"/media/{digest}"})
        return json.dumps(listed)

    def _announce(self, db: sqlite3.Connection, kind: str, thing: str, version: str | None, at: str) -> None:
        db.execute(
            "INSERT INTO events (at, kind, thing, version, channel) SELECT ?, ?, id, ?, channel FROM things"
            " WHERE id = ?",
            (at, kind, version, thing),
        )

    # Reading

    def item(self, thing: str) -> Shown | None:
        """Return a post or comment as it stands now, also a deleted one (its text is empty), or None."""
        with self._open() as db:
            return self._thing(db, thing)

    def by_key(self, author: str, request_key: str) -> Shown | None:
        """Return what an author wrote with this request key, or None."""
        with self._open() as db:
            return self._by_key(db, author, request_key)

    def posts(self, channel: str) -> list[Shown]:
        """List a channel's standing posts, newest first."""
        return self._list(
            "t.channel = ? AND t.kind = 'post' AND t.deleted_at IS NULL ORDER BY t.created_at DESC", channel
        )

    def thread(self, root: str) -> list[Shown]:
        """List the comments under a post, oldest first, with deleted ones (as empty places that others answer)."""
        return self._list("t.root = ? AND t.kind = 'comment' ORDER BY t.created_at, t.id", root)

    def medium(self, digest: str) -> tuple[str, bytes] | None:
        """Return (mime, bytes) of a medium some standing post shows, or None: deleting a post takes its media along."""
        with self._open() as db:
            row = db.execute(
                "SELECT mime, data FROM media WHERE sha256 = ? AND EXISTS"
                " (SELECT 1 FROM versions WHERE instr(media, ?) > 0)",
                (digest, digest),
            ).fetchone()
        return (row["mime"], row["data"]) if row else None

    def feed(self, channel: str, after: int, limit: int) -> tuple[list[tuple[int, str, str, Shown]], bool]:
        """Return changes in a channel's conversations after a sequence number, and whether more are there.

        Each is (seq, kind, at, the thing as of that version). Raises `SquareRefusal` (410) when the feed no longer
        reaches back to `after`.
        """
        with self._open() as db:
            oldest = db.execute("SELECT value FROM kept WHERE name = 'feed_starts_after'").fetchone()
            if oldest and after < int(oldest["value"]):
                raise SquareRefusal(410, "cursor-too-old", f"The feed starts after {oldest['value']}.")
            rows = db.execute(
                "SELECT seq, kind, at, thing, version FROM events WHERE channel = ? AND seq > ? ORDER BY seq LIMIT ?",
                (channel, after, limit + 1),
            ).fetchall()
            changes = [
                (row["seq"], row["kind"], row["at"], self._must(db, row["thing"], row["version"]))
                for row in rows[:limit]
            ]
        return changes, len(rows) > limit

    def forget_feed(self, before: int) -> None:
        """Drop changes up to a sequence number, as real platforms do after a while."""
        with self._writing() as db:
            db.execute("DELETE FROM events WHERE seq <= ?", (before,))
            db.execute(
                "INSERT INTO kept VALUES ('feed_starts_after', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(before),),
            )

    def feed_start(self) -> int:
        """Return the sequence number the feed still reaches back to."""
        with self._open() as db:
            row = db.execute("SELECT value FROM kept WHERE name = 'feed_starts_after'").fetchone()
        return int(row["value"]) if row else 0

    def _list(self, where: str, value: str) -> list[Shown]:
        with self._open() as db:
            return [_shown(row) for row in db.execute(_SELECT_LATEST + " WHERE " + where, (value,))]

    def _thing(self, db: sqlite3.Connection, thing: str, version: str | None = None) -> Shown | None:
        if version:
            row = db.execute(_SELECT + " WHERE v.id = ?", (version,)).fetchone()
        else:
            row = db.execute(_SELECT_LATEST + " WHERE t.id = ?", (thing,)).fetchone()
        return _shown(row) if row else None

    def _must(self, db: sqlite3.Connection, thing: str, version: str | None = None) -> Shown:
        shown = self._thing(db, thing, version)
        if shown is None:
            raise SquareRefusal(404, "no-such-item", "That is not there.")
        return shown

    def _by_key(self, db: sqlite3.Connection, author: str, request_key: str) -> Shown | None:
        row = db.execute(_SELECT_LATEST + " WHERE t.author = ? AND t.request_key = ?", (author, request_key)).fetchone()
        return _shown(row) if row else None

    def _own(self, db: sqlite3.Connection, author: Author, thing: str) -> Shown:
        shown = self._thing(db, thing)
        if shown is None or shown.deleted:
            raise SquareRefusal(404, "no-such-item", "That is not there any more.")
        if not _owns(author, shown):
            raise SquareRefusal(403, "not-yours", "Only its author can change or delete it.")
        return shown


_SELECT = """
SELECT t.id, t.kind, t.author, t.author_name, t.session, t.parent, t.root, t.channel, t.created_at,
       t.deleted_at, t.hidden_at, v.id AS version, v.number, v.text, v.lang, v.media, v.at
FROM things t JOIN versions v ON v.thing = t.id"""
_SELECT_LATEST = f"{_SELECT} AND v.number = (SELECT max(number) FROM versions WHERE thing = t.id)"  # noqa: S608 - fixed text


def _owns(author: Author, shown: Shown) -> bool:
    # Anyone may type any name on the page, so a resident's comments belong to the browser, not to the name.
    if author.session or shown.session:
        return author.session == shown.session
    return author.handle == shown.author


def _shown(row: sqlite3.Row) -> Shown:
    return Shown(
        id=row["id"],
        kind=row["kind"],
        author=row["author"],
        author_name=row["author_name"],
        session=row["session"],
        parent=row["parent"],
        root=row["root"],
        channel=row["channel"],
        created_at=row["created_at"],
        deleted=row["deleted_at"] is not None,
        hidden=row["hidden_at"] is not None,
        version=row["version"],
        number=row["number"],
        text=row["text"],
        lang=row["lang"],
        edited_at=row["at"] if row["number"] > 1 else "",
        media=tuple(json.loads(row["media"])),
    )


def _checked_text(text: str, *, has_media: bool) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text and not has_media:
        raise SquareRefusal(422, "empty", "Write something first.")
    if len(text) > TEXT_LIMIT:
        raise SquareRefusal(422, "too-long", f"At most {TEXT_LIMIT} characters; this has {len(text)}.")
    return text


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
