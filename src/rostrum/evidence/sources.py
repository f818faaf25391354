"""Where a bag is read from: a folder, or a zip of one. Names and bytes only; nothing is ever unpacked.

Both list every file by its path inside the bag, and state what they will not read: links, odd names, repeated names.
"""

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

MOST_FILES = 5_000_000
LONGEST_PATH = 1_000
MOST_EXPANSION = 1_033  # deflate cannot do better; members that overlap each other claim more
CHUNK = 1 << 20

_READ_NO_LINK = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class Fault(NamedTuple):
    """One thing that is wrong: the path (and place in it), and why."""

    where: str
    why: str


class Unreadable(ValueError):
    """What was given is not a bag that can be read at all."""


class Source(Protocol):
    """A bag's files. `faults` are known once `paths` was called."""

    faults: list[Fault]

    def paths(self) -> dict[str, int]:
        """Return every readable file's path inside the bag, with its size in bytes."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a file. Raises OSError or `Unreadable`."""

    def close(self) -> None:
        """Let go of open files."""


def bad_path(path: str) -> str | None:
    """Return why a path inside a bag is not acceptable, or None.

    Names are compared as bytes on some systems and by look on others; only one spelling (NFC) is accepted.
    """
    if len(path) > LONGEST_PATH:
        return f"the path has more than {LONGEST_PATH} characters"
    # Nearly all are plain: for them the questions below are answered at once.
    return None if _PLAIN_PATH.fullmatch(path) else _bad_odd_path(path)


def _bad_odd_path(path: str) -> str | None:
    if not path or path.startswith("/") or "\\" in path or "\0" in path:
        return "the path is not a relative path with forward slashes"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "the path leaves its folder or names it twice"
    if not unicodedata.is_normalized("NFC", path):
        return "the path is not in Unicode normalisation form C"
    try:
        path.encode()
    except UnicodeEncodeError:
        return "the path is not UTF-8"
    return None


class FolderSource:
    """A bag in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self._prefix = os.path.join(folder, "")  # noqa: PTH118 - every file's path begins with it

    def paths(self) -> dict[str, int]:
        """Return every regular file's path and size; links and other things are faults."""
        found: dict[str, int] = {}
        self._list(self.folder, "", found)
        return found

    def _list(self, folder: Path, prefix: str, found: dict[str, int]) -> None:
        waiting = [(os.fspath(folder), prefix)]
        while waiting:
            place, prefix = waiting.pop()
            try:
                with os.scandir(place) as listing:
                    for entry in listing:
                        path = prefix + entry.name
                        if entry.is_symlink():
                            self.faults.append(Fault(_shown(path), "is a symbolic link"))
                        elif entry.is_dir(follow_symlinks=False):
                            waiting.append((entry.path, path + "/"))
                        else:
                            self._add(path, entry, found)
            except OSError as problem:
                self.faults.append(Fault(_shown(prefix or "."), f"cannot be listed: {problem.strerror}"))

    def _add(self, path: str, entry: "os.DirEntry[str]", found: dict[str, int]) -> None:
        why = bad_path(path)
        status = entry.stat(follow_symlinks=False)
        if why is None and not stat.S_ISREG(status.st_mode):
            why = "is not a regular file"
        if why is not None:
            self.faults.append(Fault(_shown(path), why))
        elif len(found) >= MOST_FILES:
            raise Unreadable(f"the bag has more than {MOST_FILES} files")
        else:
            found[path] = status.st_size

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a file, never following a link in its last place."""
        handle = os.open(self._prefix + path, _READ_NO_LINK)
        try:
            while chunk := os.read(handle, CHUNK):
                yield chunk
        finally:
            os.close(handle)

    def close(self) -> None:
        """Nothing is held open."""


class ZipSource:
    """A bag in a zip file, at its root or in one folder."""

    def __init__(self, path: Path) -> None:
        self.faults: list[Fault] = []
        try:
            self._size_bytes = path.stat().st_size
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise Unreadable(f"cannot be read as a zip file: {problem}") from None
        self._members: dict[str, zipfile.ZipInfo] = {}

    def paths(self) -> dict[str, int]:
        """Return every file's path and size; links, repeated and odd names are faults."""
        members = self._zip.infolist()
        if len(members) > MOST_FILES:
            raise Unreadable(f"the bag has more than {MOST_FILES} files")
        if sum(member.file_size for member in members) > MOST_EXPANSION * self._size_bytes:
            raise Unreadable("it claims to hold more than a zip file of its size can")
        root = self._root([member.filename for member in members])
        for member in members:
            if member.is_dir() and member.file_size == 0:
                continue
            path = member.filename.removeprefix(root)
            why = bad_path(path)
            if not member.filename.startswith(root):
                why = "lies beside the bag's folder"
            elif why is None and path in self._members:
                why = "appears twice in the zip file"
            elif why is None and member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                why = "is compressed by a method that is not read here"
            elif why is None and stat.S_ISLNK(member.external_attr >> 16):
                why = "is a symbolic link"
            if why is not None:
                self.faults.append(Fault(_shown(path), why))
            else:
                self._members[path] = member
        return {path: member.file_size for path, member in self._members.items()}

    @staticmethod
    def _root(names: list[str]) -> str:
        if "bagit.txt" in names:
            return ""
        roots = [name for name in names if PurePosixPath(name).name == "bagit.txt" and name.count("/") == 1]
        return roots[0].removesuffix("bagit.txt") if roots else ""

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a member. Raises `Unreadable` if it is damaged, encrypted or of an unknown method."""
        try:
            with self._zip.open(self._members[path]) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError) as problem:
            raise Unreadable(f"cannot be read from the zip file: {problem}") from None

    def close(self) -> None:
        """Close the zip file."""
        self._zip.close()


def _shown(path: str) -> str:
    """Return a path fit to be printed: no control characters, no lone surrogates, no endless length."""
    shown = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in path)
    return shown[:LONGEST_PATH]


def open_source(path: Path) -> FolderSource | ZipSource:
    """Return the source of a bag in a folder or a zip file. Raises `Unreadable`."""
    if path.is_dir():
        return FolderSource(path)
    if not path.exists():
        raise Unreadable("there is no such folder or file")
    return ZipSource(path)
