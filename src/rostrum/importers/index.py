"""What an import must remember across an export of any size: a private temporary database, so that memory stays flat.

SQLite opens a database without a name as a temporary file of its own and removes it with the connection.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import TracebackType


class Meeting(Enum):
    """How an id was met before in this export."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Held:
    """A slice put aside to be handed out later, in order: `where` it came from, its `raw` bytes."""

    key: str
    where: str
    flag: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A long text kept apart from its post."""

    number: int
    own_id: str
    native_id: str
    second: int
    text: str
    raw: bytes
    where: str


class Index:
    """Ids met, slices put aside, long texts; use as a context manager."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        for line in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-4000",
            "CREATE TABLE seen (id TEXT PRIMARY KEY, digest BLOB, place TEXT) WITHOUT ROWID",
            "CREATE TABLE held (family TEXT, rank INTEGER, key TEXT, place TEXT, flag TEXT, raw BLOB)",
            "CREATE TABLE notes (number INTEGER PRIMARY KEY, own TEXT, id TEXT, second INTEGER, text TEXT, raw BLOB,"
            " place TEXT, used INTEGER NOT NULL DEFAULT 0)",
            "CREATE INDEX notes_id ON notes (id)",
            "CREATE INDEX notes_second ON notes (second)",
            "BEGIN",
        ):
            self._base.execute(line)
        self._run = self._base.cursor().execute
        self.has_notes = False

    def __enter__(self) -> "Index":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def meet(self, native_id: str, raw: bytes, place: str) -> tuple[Meeting, str]:
        """Note that the id occurs with these bytes at `place`; tell how it was met before, and where."""
        digest = hashlib.sha256(raw).digest()[:16]
        if self._run("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (native_id, digest, place)).rowcount:
            return Meeting.NEW, ""
        known, first = self._run("SELECT digest, place FROM seen WHERE id = ?", (native_id,)).fetchone()
        return (Meeting.SAME if known == digest else Meeting.OTHER), first

    def knows(self, native_id: str) -> bool:
        """Whether the id was met."""
        return self._run("SELECT 1 FROM seen WHERE id = ?", (native_id,)).fetchone() is not None

    def hold(self, family: str, rank: int, held: Held) -> None:
        """Put a slice aside under `family`, to come out by `rank`."""
        self._run(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?)", (family, rank, held.key, held.where, held.flag, held.raw)
        )

    def held(self) -> Iterator[Held]:
        """Everything put aside, family by family, each in its order."""
        rows = self._base.execute("SELECT key, place, flag, raw FROM held ORDER BY family, rank, rowid")
        return (Held(*row) for row in rows)

    def add_note(self, note: Note) -> None:
        """Keep a long text for the post `native_id` (may be empty), written at `second` (unix); numbers it."""
        self.has_notes = True
        self._run(
            "INSERT INTO notes (own, id, second, text, raw, place) VALUES (?, ?, ?, ?, ?, ?)",
            (note.own_id, note.native_id, note.second, note.text, note.raw, note.where),
        )

    def notes_of(self, native_id: str, second: int, around: int) -> list[Note]:
        """Long texts of this post's id, then those without one written within `around` seconds."""
        rows = self._run(
            "SELECT number, own, id, second, text, raw, place FROM notes WHERE id = ?1 "
            "UNION ALL SELECT number, own, id, second, text, raw, place FROM notes "
            "WHERE id = '' AND second BETWEEN ?2 - ?3 AND ?2 + ?3",
            (native_id, second, around),
        )
        return [Note(*row) for row in rows.fetchall()]

    def use_note(self, number: int) -> None:
        """Mark a long text as belonging to a post that was read."""
        self._run("UPDATE notes SET used = 1 WHERE number = ?", (number,))

    def unused_notes(self) -> Iterator[Note]:
        """Long texts no post was found for."""
        rows = self._base.execute(
            "SELECT number, own, id, second, text, raw, place FROM notes WHERE used = 0 ORDER BY number"
        )
        return (Note(*row) for row in rows)
