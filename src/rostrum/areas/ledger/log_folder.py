"""A log's files, outside the database and its backups: tiles, the signed high-water mark, the checkpoint, the key.

LOG/.lock              held by the one sequencer at work
LOG/<log>/high-water   the largest checkpoint ever signed, synced before anyone else sees it
LOG/<log>/checkpoint   the published checkpoint
LOG/<log>/verifier-key the public key
LOG/<log>/tile/…       C2SP tlog-tiles
KEYS/<log>.key         the private key
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rostrum.evidence.checkpoints import BadNote, Checkpoint, SignerKey, UntrustedNote, VerifierKey, open_checkpoint
from rostrum.evidence.merkle import EMPTY_ROOT
from rostrum.evidence.tiles import FolderTileStore, TiledLog, TileMissing, entries_path, tile_path

_TILE = re.compile(r"tile/(entries|\d+)/((?:x\d{3}/)*\d{3})(?:\.p/(\d+))?")
_HEIGHT = 8
_WIDTH = 256


class LogFolder:
    """The files of one log."""

    def __init__(self, logs: Path, keys: Path, log_id: str) -> None:
        self.log_id = log_id
        self.folder = logs / log_id
        self.key_path = keys / f"{log_id}.key"
        self.store = FolderTileStore(self.folder)

    def begin(self, origin: str) -> VerifierKey:
        """Make the key, and the folder with a high-water mark at size 0; return the public key."""
        self.key_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        signer = SignerKey.generate(origin)
        signer.save(self.key_path)
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / "verifier-key", f"{signer.verifier}\n".encode())
        self.set_high_water(Checkpoint(origin, 0, EMPTY_ROOT).signed(signer))
        _sync_folder(self.folder.parent)
        return signer.verifier

    def signer(self) -> SignerKey | None:
        """The private key, or None when it is gone or damaged.

        Any other trouble in reading is raised: a full or busy machine must not look like a lost key.
        """
        try:
            return SignerKey.load(self.key_path)
        except (FileNotFoundError, BadNote, UnicodeDecodeError):
            return None

    def high_water_note(self) -> bytes | None:
        """The bytes of the high-water mark, or None when it is gone."""
        try:
            return (self.folder / "high-water").read_bytes()
        except FileNotFoundError:
            return None

    def high_water(self, key: VerifierKey) -> Checkpoint | None:
        """The largest checkpoint ever signed, or None when it is gone, damaged or not signed by the log's key."""
        note = self.high_water_note()
        if note is None:
            return None
        try:
            return open_checkpoint(note, [key])
        except (BadNote, UntrustedNote):
            return None

    def set_high_water(self, note: bytes) -> None:
        """Store the mark durably: from here on nothing may be signed that does not extend it."""
        _replace(self.folder / "high-water", note)

    def publish(self, note: bytes) -> None:
        """Put the checkpoint where readers find it."""
        _replace(self.folder / "checkpoint", note)

    def published_note(self) -> bytes | None:
        """The bytes of the published checkpoint, or None before the first."""
        try:
            return (self.folder / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None

    def verifier(self) -> VerifierKey | None:
        """The public key kept with the log, or None when it is gone or damaged."""
        try:
            return VerifierKey.parse((self.folder / "verifier-key").read_text(encoding="utf-8").strip())
        except (FileNotFoundError, BadNote, UnicodeDecodeError):
            return None

    def tree(self, size: int) -> TiledLog:
        """The tree of `size` in the tiles."""
        return TiledLog(self.store, size)

    def drop_unsigned(self, size: int) -> None:
        """Remove what tiles hold beyond the high-water mark's `size`; nobody has ever been shown a checkpoint over it.

        A crash may leave such leaves, and a database restored afterwards no longer has them.
        """
        kept: set[str] = set()
        tree = self.tree(size)
        partial_files: list[tuple[str, bytes]] = []
        if size % _WIDTH:
            bundle = tree.entries(size - size % _WIDTH, size)
            partial_files.append(
                (
                    entries_path(size // _WIDTH, size % _WIDTH),
                    b"".join(len(entry).to_bytes(2, "big") + entry for entry in bundle),
                )
            )
        level = 0
        while count := size >> (_HEIGHT * level):
            if count % _WIDTH:
                hashes = self._hashes(level, count // _WIDTH, count % _WIDTH)
                partial_files.append((tile_path(level, count // _WIDTH, count % _WIDTH), hashes))
            level += 1
        self.store.write(partial_files)
        kept.update(path for path, _ in partial_files)
        for file in sorted((self.folder / "tile").rglob("*"), reverse=True):
            path = file.relative_to(self.folder).as_posix()
            if file.is_dir():
                with suppress(OSError):  # not empty: it holds what stays
                    file.rmdir()
            elif path not in kept and self._reach(path) > size:
                file.unlink()

    def _hashes(self, level: int, index: int, width: int) -> bytes:
        for path in (tile_path(level, index, width), tile_path(level, index)):
            data = self.store.read(path)
            if data is not None and len(data) >= width * 32:
                return data[: width * 32]
        raise TileMissing(f"{tile_path(level, index, width)} is missing or cut short")

    @staticmethod
    def _reach(path: str) -> int:
        """The size of tree from which on the tile belongs to it; beyond every size for what is no tile."""
        found = _TILE.fullmatch(path)
        if found is None:
            return 1 << 63
        level = 0 if found[1] == "entries" else int(found[1])
        index = int(found[2].replace("x", "").replace("/", ""))
        return (index * _WIDTH + int(found[3] or _WIDTH)) << (_HEIGHT * level)


@contextmanager
def sole_sequencer(logs: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process dies."""
    logs.mkdir(parents=True, exist_ok=True)
    handle = os.open(logs / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def newest_log_in(logs: Path) -> str | None:
    """The id of the log in the folder whose mark was set last and covers anything; None when there is none."""
    marks = [mark for mark in logs.glob("log-*/high-water") if b"\n0\n" not in mark.read_bytes()]
    return max(marks, key=lambda mark: mark.stat().st_mtime_ns).parent.name if marks else None


def _replace(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
