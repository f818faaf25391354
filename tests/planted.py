"""Planted secrets and the search for them: in files, archives, databases, pages and the memory of processes.

A planted value is searched for in every spelling that a program may leave it in. Archives and compressed members are
opened and searched inside, as deep as they go. `find` names where and in which spelling; it never stops at the first.
"""

import base64
import binascii
import gzip
import html
import io
import json
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

_CHUNK = 16 * 2**20
_DEEPEST = 6
# Shorter spellings stand anywhere by chance.
_SHORTEST = 8


@dataclass(frozen=True, order=True, slots=True)
class Hit:
    """A planted value that was found: which, in which spelling, where."""

    name: str
    spelling: str
    where: str


class Planted:
    """The planted values by name, with all their spellings.

    Values that share `mark` (12 letters and digits of base 32, which no quoting touches) are looked for by it first: a
    memory of hundreds of megabytes is searched for a few spellings of the mark, and for the values only where one
    stands. Bytes that were such a value in base 32 begin alike too.
    """

    def __init__(self, values: Mapping[str, str | bytes], *, mark: str = "") -> None:
        decoded = base64.b32decode(mark + "=" * (-len(mark) % 8))[: len(mark) * 5 // 8] if mark else b""
        self._marks = {needle for one in (mark, mark.lower(), decoded) if one for _, needle in spellings(one)}
        self._marked: dict[bytes, tuple[str, str]] = {}
        self._others: dict[bytes, tuple[str, str]] = {}
        for name, value in values.items():
            is_marked = bool(mark) and (mark in value if isinstance(value, str) else value.startswith(decoded))
            for spelling, needle in spellings(value):
                if len(needle) >= _SHORTEST:
                    (self._marked if is_marked else self._others).setdefault(needle, (name, spelling))
        self.overlap = max(len(one) for one in (*self._marked, *self._others))

    def find(self, data: bytes, where: str) -> set[Hit]:
        """What stands in these bytes, and in what is packed in them."""
        return {hit for place, part in unpacked(data, where) for hit in self.find_raw(part, place)}

    def find_raw(self, data: bytes, where: str) -> set[Hit]:
        """What stands in these bytes as they are."""
        found = {Hit(*said, where) for needle, said in self._others.items() if needle in data}
        if any(one in data for one in self._marks):
            marked = {Hit(*said, where) for needle, said in self._marked.items() if needle in data}
            found |= marked or {Hit("the mark of a planted value", "a part of it", where)}
        return found


def spellings(value: str | bytes) -> Iterator[tuple[str, bytes]]:
    """How the value may stand somewhere, each with a name."""
    plain = value.encode() if isinstance(value, str) else value
    yield "as it is", plain
    yield "reversed", plain[::-1]
    if isinstance(value, str):
        for code in ("utf-16-le", "utf-16-be", "utf-32-le"):
            yield code, value.encode(code)
        for escaped in {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}:
            yield "escaped for JSON", escaped.encode()
            yield "escaped for JSON, reversed", escaped[::-1].encode()
            yield "escaped for JSON twice", json.dumps(escaped)[1:-1].encode()
        yield "escaped for HTML", html.escape(value).encode()
        for quoted in {quote(value), quote(value, safe=""), quote_plus(value), quote_plus(value).lower()}:
            yield "quoted for an address", quoted.encode()
        yield "as Python writes it", repr(value)[1:-1].encode()
    yield "hexadecimal", binascii.hexlify(plain)
    yield "hexadecimal, large", binascii.hexlify(plain).upper()
    for shift in range(3):
        for alphabet, encode in (("", base64.b64encode), (" for addresses", base64.urlsafe_b64encode)):
            whole = encode(b"\0" * shift + plain + b"\0" * 3)
            # Only the characters that no neighbour has a part in.
            first, last = -(-shift * 8 // 6), (shift + len(plain)) * 8 // 6
            yield f"base64{alphabet}, shifted by {shift}", whole[first:last]


def unpacked(data: bytes, where: str, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes, and what is packed in them: members of zip and tar, what was compressed by gzip or zlib."""
    yield where, data
    if depth == _DEEPEST:
        return
    if data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    yield f"{where}!names", member.filename.encode()
                    yield from unpacked(archive.read(member), f"{where}!{member.filename}", depth + 1)
        except (zipfile.BadZipFile, NotImplementedError):
            return
    elif data[:2] == b"\x1f\x8b":
        try:
            yield from unpacked(gzip.decompress(data), f"{where}!gunzip", depth + 1)
        except (OSError, EOFError, zlib.error):
            return
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for entry in tar:
                file = tar.extractfile(entry)
                if file is not None:
                    yield from unpacked(file.read(), f"{where}!{entry.name}", depth + 1)
    elif data[:4] == b"%PDF":
        yield from _streams(data, where)


def _streams(data: bytes, where: str) -> Iterator[tuple[str, bytes]]:
    for number, found in enumerate(re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)):
        try:
            yield f"{where}!stream {number}", zlib.decompress(found[1].rstrip(b"\r\n"))
        except zlib.error:
            continue


def files_under(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder, with its name as bytes too."""
    for path in sorted(folder.rglob("*")):
        yield "names of files", os.fsencode(path.name)
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(folder)), path.read_bytes()


def find_in_files(planted: Planted, folder: Path, *, apart: Iterable[str] = ()) -> set[Hit]:
    """What stands in any file below the folder; `apart` names those whose purpose is to hold one."""
    apart = set(apart)
    found: set[Hit] = set()
    for name, data in files_under(folder):
        if name not in apart:
            found |= planted.find(data, name)
    return found


def find_in_memory(planted: Planted, pid: int) -> set[Hit]:
    """What stands in the memory of the process, in every part of it that can be read.

    Raises `PermissionError` where the machine lets no one look.
    """
    found: set[Hit] = set()
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *more = line.split(maxsplit=5)
            part = more[3].strip() if len(more) > 3 else "anonymous"
            # Neither the kernel's own pages nor files that are only mapped to be run or read.
            if "r" not in rights or part.startswith(("[v", "/dev/")) or ("w" not in rights and part.startswith("/")):
                continue
            start, end = (int(one, 16) for one in span.split("-"))
            for at in range(start, end, _CHUNK):
                try:
                    memory.seek(at)
                    data = memory.read(min(_CHUNK + planted.overlap, end - at))
                except (OSError, ValueError, OverflowError):
                    continue
                found |= planted.find_raw(data, f"memory: {part}")
    return found
