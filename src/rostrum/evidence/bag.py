"""BagIt 1.0 bags (RFC 8493) with SHA-256: a writer that hashes while it writes, and a strict reader.

Stricter than the RFC, so that a bag has one spelling: manifests sorted by path as bytes, digests in lower case, two
spaces, every payload file and every tag file listed (but for tagmanifest-sha256.txt and signature.note).
"""

import heapq
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

from rostrum.evidence.sources import CHUNK, Fault, Source, Unreadable, bad_path

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
INFO = "bag-info.txt"
SIGNATURE = "signature.note"
LARGEST_TAG_FILE = 64 << 20  # bytes; manifests may be larger

_LABEL = re.compile(r"[A-Za-z][A-Za-z-]{0,60}")
_OXUM = re.compile(r"(0|[1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})")
_LINE = re.compile(r"[0-9a-f]{64}  [^ ].*", re.DOTALL)
_ESCAPED = {"%25": "%", "%0D": "\r", "%0A": "\n"}


def escape_path(path: str) -> str:
    """Return a path as manifests write it: percent, CR and LF encoded, and only those (RFC 8493, section 2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def unescape_path(written: str) -> str | None:
    """Return the path that a manifest wrote, or None where the encoding is wrong."""
    if "%" not in written and "\r" not in written and "\n" not in written:
        return written
    path = re.sub(r"%(?:25|0D|0A)", lambda match: _ESCAPED[match[0]], written)
    return path if escape_path(path) == written else None


def manifest_line(path: str, digest: str) -> str:
    """Return one line of a manifest."""
    return f"{digest}  {escape_path(path)}\n"


class _SortedLines:
    """Manifest lines, kept on disk as a few ascending runs and merged at the end: memory does not grow."""

    def __init__(self) -> None:
        self._files = ExitStack()
        self._runs: list[tuple[IO[str], list[str]]] = []  # the file, and the last path in it

    def add(self, path: str, digest: str) -> None:
        run = next((run for run in self._runs if run[1][0].encode() < path.encode()), None)
        if run is None:
            file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - the stack closes it
            run = (self._files.enter_context(file), [""])
            self._runs.append(run)
        run[1][0] = path
        run[0].write(manifest_line(path, digest))

    def merged(self) -> Iterator[str]:
        """Yield all lines in the order of their paths. Raises ValueError if a path appears twice."""
        for file, _ in self._runs:
            file.seek(0)
        before = b""
        for key, line in heapq.merge(*(((_sort_key(line), line) for line in file) for file, _ in self._runs)):
            if key == before:
                raise ValueError(f"{line[66:-1]} was added twice")
            before = key
            yield line

    def close(self) -> None:
        self._files.close()


def _sort_key(line: str) -> bytes:
    return (unescape_path(line[66:-1]) or "").encode()


class BagWriter:
    """Writes a bag into a new folder in one pass. Use it as a context manager; `finish` makes the bag whole."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.count = 0
        self.size_bytes = 0
        self._lines = _SortedLines()

    def __enter__(self) -> "BagWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def add(self, path: str, content: bytes | IO[bytes] | Iterable[bytes]) -> str:
        """Write a payload file and return its SHA-256 in hexadecimal. `path` is below ``data/``.

        Raises ValueError for an unacceptable path, FileExistsError for one that is taken.
        """
        path = f"data/{path}"
        why = bad_path(path)
        if why is not None:
            raise ValueError(f"{path!r}: {why}")
        digest, size_bytes = self._write(path, content)
        self._lines.add(path, digest)
        self.count += 1
        self.size_bytes += size_bytes
        return digest

    def finish(self, info: Mapping[str, str]) -> bytes:
        """Write the tag files and return the bytes of the tag manifest. Raises ValueError for bad labels or values."""
        described = dict(info) | {"Payload-Oxum": f"{self.size_bytes}.{self.count}"}
        for label, value in described.items():
            if not _LABEL.fullmatch(label) or value != value.strip() or not value or "\n" in value or "\r" in value:
                raise ValueError(f"bag-info.txt cannot hold {label!r}: {value!r}")
        tags = {
            "bagit.txt": self._write("bagit.txt", DECLARATION)[0],
            INFO: self._write(INFO, "".join(f"{k}: {v}\n" for k, v in described.items()).encode())[0],
            MANIFEST: self._write(MANIFEST, (line.encode() for line in self._lines.merged()))[0],
        }
        listed = "".join(manifest_line(path, tags[path]) for path in sorted(tags)).encode()
        self._write(TAG_MANIFEST, listed)
        return listed

    def add_unlisted(self, path: str, data: bytes) -> None:
        """Write a tag file that no manifest lists: the signature over the tag manifest."""
        self._write(path, data)

    def _write(self, path: str, content: bytes | IO[bytes] | Iterable[bytes]) -> tuple[str, int]:
        place = self.folder.joinpath(*path.split("/"))
        try:
            file = place.open("xb")
        except FileNotFoundError:
            place.parent.mkdir(parents=True, exist_ok=True)
            file = place.open("xb")
        with file:
            if isinstance(content, bytes):
                file.write(content)
                return sha256(content).hexdigest(), len(content)
            hasher = sha256()
            for chunk in _chunks(content):
                hasher.update(chunk)
                file.write(chunk)
            return hasher.hexdigest(), file.tell()


def _chunks(content: IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(content, "read", None)
    if read is None:
        yield from content
        return
    while chunk := read(CHUNK):
        yield chunk


class BagContents(NamedTuple):
    """What a bag says it holds, and the files there are."""

    info: dict[str, str]
    payload: dict[str, str]  # path (with data/) to the digest in the manifest
    sizes: dict[str, int]  # every file there is, with its size in bytes
    tag_manifest: bytes


class BagReader:
    """Reads a bag strictly. Every fault is located; payload digests are compared by `read` and `digest`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.sizes: dict[str, int] = {}

    def fault(self, where: str, why: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(where, why))

    def contents(self) -> BagContents:
        """Check the tag files and the completeness of the payload. Raises `Unreadable` if this is no bag at all."""
        self.sizes = self.source.paths()
        self.faults += self.source.faults
        if "bagit.txt" not in self.sizes or MANIFEST not in self.sizes:
            missing = "bagit.txt" if "bagit.txt" not in self.sizes else MANIFEST
            raise Unreadable(f"it is not a bag: it has no {missing}")
        tag_bytes = self._tag_file(TAG_MANIFEST) or b""
        tags = self._parse_manifest(TAG_MANIFEST, tag_bytes, payload=False)
        self._check_tags(tags)
        declaration = self._tag_file("bagit.txt")
        if declaration != DECLARATION:
            self.fault("bagit.txt", "is not the declaration of BagIt 1.0 in UTF-8")
        info = self._parse_info(self._tag_file(INFO) or b"")
        payload = self._parse_manifest(MANIFEST, self._tag_file(MANIFEST) or b"", payload=True)
        self._check_payload(payload, info)
        return BagContents(info, payload, self.sizes, tag_bytes)

    def read(self, path: str, most: int) -> bytes | None:
        """Return a file's bytes, or None with a fault where it is missing, larger than `most`, or unreadable."""
        size = self.sizes.get(path)
        if size is None:
            self.fault(path, "is missing")
            return None
        if size > most:
            self.fault(path, f"has {size} bytes, more than the {most} that are read")
            return None
        try:
            data = b"".join(self.source.chunks(path))
        except (OSError, Unreadable) as problem:
            self.fault(path, f"cannot be read: {problem}")
            return None
        return data

    def digest(self, path: str) -> str | None:
        """Return a file's SHA-256 in hexadecimal, or None with a fault where it cannot be read."""
        hasher = sha256()
        try:
            for chunk in self.source.chunks(path):
                hasher.update(chunk)
        except (OSError, Unreadable) as problem:
            self.fault(path, f"cannot be read: {problem}")
            return None
        return hasher.hexdigest()

    def _tag_file(self, path: str) -> bytes | None:
        return self.read(path, max(LARGEST_TAG_FILE, 400 * len(self.sizes)))

    def _check_tags(self, tags: Mapping[str, str]) -> None:
        for path, digest in tags.items():
            if path not in self.sizes:
                self.fault(path, f"is listed in {TAG_MANIFEST} but missing")
            elif self.digest(path) != digest:
                self.fault(path, f"does not have the digest in {TAG_MANIFEST}")
        for path in sorted(path for path in self.sizes if not path.startswith("data/")):
            if path not in tags and path not in (TAG_MANIFEST, SIGNATURE):
                self.fault(path, f"is not listed in {TAG_MANIFEST}")
        for path in ("bagit.txt", INFO, MANIFEST):
            if path not in tags and path not in self.sizes:
                self.fault(path, "is missing")

    def _check_payload(self, payload: Mapping[str, str], info: Mapping[str, str]) -> None:
        present = {path: size for path, size in self.sizes.items() if path.startswith("data/")}
        for path in payload:
            if path not in present:
                self.fault(path, f"is listed in {MANIFEST} but missing")
        for path in sorted(path for path in present if path not in payload):
            self.fault(path, f"is not listed in {MANIFEST}")
        oxum = f"{sum(present.values())}.{len(present)}"
        if not _OXUM.fullmatch(info.get("Payload-Oxum", "")):
            self.fault(INFO, "has no Payload-Oxum of the form bytes.files")
        elif info["Payload-Oxum"] != oxum:
            self.fault(INFO, f"says Payload-Oxum {info['Payload-Oxum']}, but the payload has {oxum}")

    def _parse_info(self, data: bytes) -> dict[str, str]:
        info: dict[str, str] = {}
        for number, line in self._lines(INFO, data):
            label, colon, value = line.partition(": ")
            if not colon or not _LABEL.fullmatch(label) or value != value.strip() or not value:
                self.fault(f"{INFO}, line {number}", "is not written as a label, a colon, a space, and a value")
            elif label in info:
                self.fault(f"{INFO}, line {number}", f"gives {label} again")
            else:
                info[label] = value
        return info

    def _parse_manifest(self, name: str, data: bytes, *, payload: bool) -> dict[str, str]:
        listed: dict[str, str] = {}
        before = b""
        for number, line in self._lines(name, data):
            path = unescape_path(line[66:]) or ""
            why = self._bad_line(line, path, payload=payload)
            if why is None and path.encode() <= before:
                why = "is out of order or listed twice"
            if why is not None:
                self.fault(f"{name}, line {number}", why)
                continue
            before = path.encode()
            listed[path] = line[:64]
        return listed

    def _bad_line(self, line: str, path: str, *, payload: bool) -> str | None:
        if not _LINE.fullmatch(line):
            return "is not 64 lower-case hexadecimal digits, two spaces, and a path"
        if not path:
            return "encodes its path wrongly"
        if path.startswith("data/") is not payload:
            return "lists a file that belongs in the other manifest"
        return None if path in self.sizes else bad_path(path)

    def _lines(self, name: str, data: bytes) -> Iterator[tuple[int, str]]:
        """Yield the numbered lines of a tag file; a line ends in LF alone, the last one too."""
        try:
            text = data.decode()
        except UnicodeDecodeError as problem:
            line = data.count(b"\n", 0, problem.start) + 1
            self.fault(f"{name}, line {line}", "is not UTF-8")
            return
        if not unicodedata.is_normalized("NFC", text):
            self.fault(name, "is not in Unicode normalisation form C")
        if not text.endswith("\n"):
            self.fault(name, "does not end with a newline" if text else "is empty")
        yield from enumerate(text.removesuffix("\n").split("\n") if text else (), 1)
