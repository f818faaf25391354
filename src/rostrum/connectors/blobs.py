"""Blobs: bytes kept under their own SHA-256, on this machine's disk. Written once, never changed.

    FOLDER/ab/cd/abcd…          one file per content, whatever it is used for and however often
    FOLDER/.incoming/…          what is being written; left-overs of a crash, removed by `sweep`

A blob that `put` has returned for survives a power cut: the file and the folder that names it are synced first.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


class NoSuchBlob(Exception):
    """There are no bytes under this digest: never stored here, or disposed of."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"no blob {digest}")
        self.digest = digest


@dataclass(frozen=True, slots=True)
class Stored:
    """What `put` stored: the SHA-256 in hex, the size, and whether it was new."""

    digest: str
    size_bytes: int
    is_new: bool


class LocalBlobs:
    """The blobs in one folder. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes | IO[bytes]) -> str:
        """Store bytes, or a stream to its end, durably; return the SHA-256 in hex. Raises OSError."""
        return self.store(content).digest

    def store(self, content: bytes | IO[bytes]) -> Stored:
        """Store bytes, or a stream to its end, durably, and say what was stored. Raises OSError."""
        if isinstance(content, bytes):
            digest = sha256(content).hexdigest()
            if self.has(digest):
                return Stored(digest, len(content), False)
        incoming = self._folder / ".incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        path = incoming / secrets.token_hex(16)
        hasher, size = sha256(), 0
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440), "wb") as out:
                for chunk in _chunks(content):
                    hasher.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
                digest = hasher.hexdigest()
                if self.has(digest):
                    return Stored(digest, size, False)
                out.flush()
                os.fsync(out.fileno())
            final = self._path(digest)
            self._make_folders(final.parent)
            # A link never replaces what is there; two writers of one content both succeed.
            with suppress(FileExistsError):
                os.link(path, final)
            _sync_folder(final.parent)
        finally:
            path.unlink(missing_ok=True)
        return Stored(digest, size, True)

    def open(self, digest: str) -> IO[bytes]:
        """Open the bytes for reading. Raises `NoSuchBlob`."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NoSuchBlob(digest) from None

    def read(self, digest: str) -> bytes:
        """Return all the bytes. Raises `NoSuchBlob`."""
        with self.open(digest) as stream:
            return stream.read()

    def has(self, digest: str) -> bool:
        """Whether there are bytes under this digest."""
        return self._path(digest).is_file()

    def size_bytes(self, digest: str) -> int:
        """How many bytes. Raises `NoSuchBlob`."""
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            raise NoSuchBlob(digest) from None

    def delete(self, digest: str) -> None:
        """Remove the bytes, durably. Only lawful disposal calls this. Raises `NoSuchBlob`."""
        path = self._path(digest)
        try:
            path.unlink()
        except FileNotFoundError:
            raise NoSuchBlob(digest) from None
        _sync_folder(path.parent)

    def digests(self) -> Iterator[str]:
        """Every digest, in order."""
        for first in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.glob("[0-9a-f][0-9a-f]")):
                yield from sorted(path.name for path in second.iterdir() if _DIGEST.fullmatch(path.name))

    def sweep(self, *, older_than: float) -> int:
        """Remove what a crash left half written before the instant `older_than` (seconds since 1970); how many."""
        removed = 0
        for path in (self._folder / ".incoming").glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than:
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, digest: str) -> Path:
        # The digest is the only thing that ever becomes a path.
        if not _DIGEST.fullmatch(digest):
            raise NoSuchBlob(digest)
        return self._folder / digest[:2] / digest[2:4] / digest

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        for part in (folder.parent, folder):
            with suppress(FileExistsError):
                part.mkdir(parents=True)
                _sync_folder(part.parent)


def _chunks(content: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(_CHUNK):
        yield chunk


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
