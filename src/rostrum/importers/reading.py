"""Opening what somebody was given by a platform, without trusting it: zip, tar, tar.gz, or a single file.

Nothing is ever unpacked by its member's name. A container that a platform would not write (names leading outside,
links, devices, doubled or overlapping members, encryption, implausible sizes) is refused whole, before anything of it
is read; a member that is damaged is told by its seal.
"""

import errno
import gzip
import hashlib
import io
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from rostrum.kernel.decisions import InvalidInput

_CHUNK = 1 << 20
_DRIVE = re.compile(r"^[A-Za-z]:")
# Long names and attributes travel in tar headers of their own; real ones are a few hundred bytes.
_TAR_HEADER_BYTES = 1 << 20
# What reading a damaged member raises.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all while an export is hashed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings against archives made to exhaust the machine. Sizes in bytes.

    `total_bytes` and `members` hold per container; `ratio` (unpacked : packed) counts from `ratio_from_bytes` unpacked
    bytes on; `element_bytes` is the longest single post or message.
    """

    total_bytes: int = 60 * 1000**3
    ratio: int = 200
    ratio_from_bytes: int = 100 * 1000**2
    members: int = 1_000_000
    element_bytes: int = 8 << 20


@dataclass(slots=True)
class Member:
    """One file inside a container. `sha256` and `damage` are known once the container is sealed.

    `used` is set when an Item names it.
    """

    name: str
    size_bytes: int
    open: Callable[[], IO[bytes]]
    sha256: str = ""
    damage: str = ""
    used: bool = False


@dataclass(slots=True)
class Container:
    """One file as it was given: its name and size, its members, and after `seal` all their hashes."""

    name: str
    path: Path
    size_bytes: int
    members: list[Member]
    sha256: str = ""
    _open_files: ExitStack = field(default_factory=ExitStack)

    def seal(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """Hash the whole file and each member, before anything is parsed. `progress` is told of each block's bytes.

        A member whose bytes cannot be read back gets its `damage` said; the others go on.
        """
        with self.path.open("rb") as stream:
            self.sha256 = _hash(stream, progress)[0]
        for member in self.members:
            try:
                with member.open() as stream:
                    member.sha256, size = _hash(stream, progress)
            except DAMAGE as error:
                member.damage = f"its bytes in {self.name} are damaged ({error})"
                continue
            if size != member.size_bytes:
                member.damage = f"{self.name} announces {member.size_bytes} bytes and holds {size}"

    def close(self) -> None:
        """Let go of the file."""
        self._open_files.close()


def shown_name(path: Path) -> str:
    """The file's name as text; bytes of a name that are none become question marks."""
    return path.name.encode("utf-8", "replace").decode()


def open_container(path: Path, limits: Limits) -> Container:
    """Open one given file. Raises `InvalidInput` naming the file and what is wrong with it."""
    name = shown_name(path)
    if path.is_dir():
        raise InvalidInput(
            name, "is a folder; give the file as the platform delivered it (zip or tar.gz), not unpacked"
        )
    try:
        with path.open("rb") as stream:
            start = stream.read(512)
            size = stream.seek(0, io.SEEK_END)
    except OSError as error:
        raise InvalidInput(name, f"cannot be opened: {error.strerror}") from error
    if not start:
        raise InvalidInput(name, "is empty")
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _open_zip(path, size, limits)
    if start.startswith(b"\x1f\x8b"):
        return _open_gzip(path, size, limits)
    if start[257:262] == b"ustar":
        return _open_tar(path, size, path.open("rb"), limits)
    return Container(name, path, size, [Member(name, size, lambda: path.open("rb"))])


def _hash(stream: IO[bytes], progress: Callable[[int], None]) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while block := stream.read(_CHUNK):
        digest.update(block)
        size += len(block)
        progress(len(block))
    return digest.hexdigest(), size


def _check_names(container: str, names: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in names:
        shown = repr(name)
        if "\0" in name:
            raise InvalidInput(container, f"a member's name holds a NUL character: {shown}")
        if name.startswith(("/", "\\")) or _DRIVE.match(name):
            raise InvalidInput(container, f"a member's name is an absolute path: {shown}")
        if ".." in re.split(r"[/\\]", name):
            raise InvalidInput(container, f"a member's name leads outside of the archive: {shown}")
        if name in seen:
            raise InvalidInput(container, f"two members have the same name: {shown}")
        seen.add(name)


def _check_sizes(container: str, total: int, packed: int, limits: Limits, member: str = "") -> None:
    what = f"member {member!r}" if member else "the archive"
    if total > limits.total_bytes:
        raise InvalidInput(container, f"{what} unpacks to {total} bytes; the ceiling is {limits.total_bytes}")
    if total > limits.ratio_from_bytes and total > limits.ratio * max(packed, 1):
        raise InvalidInput(
            container,
            f"{what} unpacks {packed} bytes to {total}, more than {limits.ratio} to 1: it looks like a zip bomb",
        )


# ---- zip ------------------------------------------------------------------------------------------------------------


def _open_zip(path: Path, size: int, limits: Limits) -> Container:
    name = shown_name(path)
    files = ExitStack()
    try:
        archive = files.enter_context(zipfile.ZipFile(path))
    except zipfile.BadZipFile as error:
        raise InvalidInput(
            name, f"begins as a zip file but is truncated or damaged; download it again ({error})"
        ) from error
    except (ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise InvalidInput(name, f"is not a readable zip file: {error}") from error
    try:
        infos = archive.infolist()
        _check_zip(name, infos, size, limits)
    except InvalidInput:
        files.close()
        raise
    members = [Member(info.filename, info.file_size, _zip_opener(archive, info)) for info in infos if not info.is_dir()]
    return Container(name, path, size, members, _open_files=files)


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _check_zip(name: str, infos: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if not infos:
        raise InvalidInput(name, "is a zip file without members")
    if len(infos) > limits.members:
        raise InvalidInput(name, f"has {len(infos)} members; the ceiling is {limits.members}")
    # zipfile cuts names at a NUL: the name as written is the one to judge.
    _check_names(name, (info.orig_filename for info in infos))
    total = packed = 0
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InvalidInput(name, f"member {info.filename!r} is a link or a device, not a file")
        if info.flag_bits & 0x1:
            raise InvalidInput(name, f"member {info.filename!r} is encrypted; give the archive without a password")
        _check_sizes(name, info.file_size, info.compress_size, limits, info.filename)
        total += info.file_size
        packed += info.compress_size
    _check_sizes(name, total, packed, limits)
    # Members that share bytes are how a small file unpacks to a huge one; no platform writes them.
    infos = sorted(infos, key=lambda info: info.header_offset)
    for info, following in zip(infos, [*infos[1:], None], strict=True):
        end = following.header_offset if following else size
        if info.header_offset < 0 or info.header_offset + 30 + info.compress_size > end:
            raise InvalidInput(name, f"member {info.filename!r} overlaps another one or lies outside of the file")


# ---- tar ------------------------------------------------------------------------------------------------------------


def _open_gzip(path: Path, size: int, limits: Limits) -> Container:
    """A tar.gz can only be read from front to back: it is unpacked once, as one nameless temporary file."""
    name = shown_name(path)
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the container
    try:
        total = 0
        with gzip.open(path) as stream:
            while block := stream.read(_CHUNK):
                total += len(block)
                _check_sizes(name, total, size, limits)
                spool.write(block)
        spool.flush()
        spool.seek(257)
        if spool.read(5) != b"ustar":
            raise InvalidInput(name, "is a gzip file that holds no tar archive")
    except EOFError as error:
        spool.close()
        raise InvalidInput(name, "is truncated: the compressed data ends too early; download it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        spool.close()
        raise InvalidInput(name, f"is damaged; download it again ({error})") from error
    except OSError as error:
        spool.close()
        if error.errno == errno.ENOSPC:
            raise InvalidInput(name, "does not fit into the temporary folder; set TMPDIR to a larger disk") from error
        raise
    except InvalidInput:
        spool.close()
        raise
    return _open_tar(path, size, spool, limits)


def _open_tar(path: Path, size: int, stream: IO[bytes], limits: Limits) -> Container:
    name = shown_name(path)
    files = ExitStack()
    files.callback(stream.close)
    try:
        infos = _tar_members(name, stream, limits)
    except tarfile.TarError as error:
        files.close()
        raise InvalidInput(name, f"is a truncated or damaged tar archive; download it again ({error})") from error
    except InvalidInput:
        files.close()
        raise
    members = [
        Member(info.name, info.size, _slice_opener(stream, info.offset_data, info.size))
        for info in infos
        if info.isreg()
    ]
    return Container(name, path, size, members, _open_files=files)


def _tar_members(name: str, stream: IO[bytes], limits: Limits) -> list[tarfile.TarInfo]:
    end = stream.seek(0, io.SEEK_END)
    _check_tar_headers(name, stream, end, limits)
    stream.seek(0)
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        infos = archive.getmembers()
    if not infos:
        raise InvalidInput(name, "is a tar archive without members")
    _check_names(name, (info.name for info in infos))
    for info in infos:
        if not (info.isreg() or info.isdir()) or info.issparse():
            raise InvalidInput(name, f"member {info.name!r} is a link or a device, not a file")
        if info.offset_data + info.size > end:
            raise InvalidInput(name, f"is truncated: member {info.name!r} ends too early; download it again")
    _check_sizes(name, sum(info.size for info in infos), end, limits)
    return infos


def _check_tar_headers(name: str, stream: IO[bytes], end: int, limits: Limits) -> None:
    """Walk over the headers before tarfile does: it reads long names into memory, whatever size they announce."""
    offset = count = 0
    while offset + 512 <= end:
        stream.seek(offset)
        header = stream.read(512)
        if not header.strip(b"\0"):
            return
        try:
            size = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape").size
        except tarfile.HeaderError as error:
            raise InvalidInput(name, f"is a damaged tar archive at byte {offset}: {error}") from error
        if size < 0 or (header[156:157] in b"xgXLK" and size > _TAR_HEADER_BYTES):
            raise InvalidInput(name, f"has an implausible tar header at byte {offset}")
        count += 1
        if count > limits.members:
            raise InvalidInput(name, f"has more than {limits.members} members")
        offset += 512 + (size + 511) // 512 * 512


def _slice_opener(stream: IO[bytes], start: int, size: int) -> Callable[[], IO[bytes]]:
    return lambda: io.BufferedReader(_Slice(stream, start, size), 1 << 16)


class _Slice(io.RawIOBase):
    """A window onto a file that others read from too: it seeks before every read and leaves the file open."""

    def __init__(self, stream: IO[bytes], start: int, size: int) -> None:
        super().__init__()
        self._stream, self._at, self._left = stream, start, size

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        wanted = min(len(into), self._left)
        if wanted <= 0:
            return 0
        self._stream.seek(self._at)
        block = self._stream.read(wanted)
        into[: len(block)] = block
        self._at += len(block)
        self._left -= len(block)
        return len(block)
