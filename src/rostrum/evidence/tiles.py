"""The log's tree as files that anyone can serve and check: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).

Tiles of 256 hashes (height 8) under ``tile/L/N``, the leaves' data under ``tile/entries/N``; partial tiles end in
``.p/W``. Nothing written is ever changed: writing other bytes at a path raises `TileConflict`.
"""

import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from rostrum.evidence.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
    split_point,
)

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
LARGEST_ENTRY = 65_535  # the length prefix has 16 bits


class TileConflict(RuntimeError):
    """Other bytes already stand at a tile's path: the log would contradict itself. Nothing was written there."""


class TileMissing(LookupError):
    """A tile that the tree's size calls for is not there, or has the wrong length."""


class TreeHead(NamedTuple):
    """Size and root of the tree."""

    size: int
    root: bytes


def _index_path(index: int) -> str:
    # Three digits per element, all but the last marked: files and folders never collide.
    elements = [f"{index % 1000:03d}"]
    while index := index // 1000:
        elements.insert(0, f"x{index % 1000:03d}")
    return "/".join(elements)


def _path(kind: str, index: int, width: int) -> str:
    if index < 0 or not 0 < width <= TILE_WIDTH:
        raise ValueError(f"there is no tile {index} of width {width}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{kind}/{_index_path(index)}{partial}"


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a hash tile; `width` below 256 names a partial tile."""
    if not 0 <= level <= 63:
        raise ValueError(f"there is no level {level}")
    return _path(str(level), index, width)


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of an entry bundle; `width` below 256 names a partial one."""
    return _path("entries", index, width)


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Return an entry bundle: each entry after its length as 16 bits, big-endian. Raises ValueError if too long."""
    pieces: list[bytes] = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise ValueError(f"a log entry has at most {LARGEST_ENTRY} bytes, not {len(entry)}")
        pieces += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(pieces)


def decode_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises ValueError if it is cut short."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise ValueError(f"the entry bundle is cut short at byte {at}")
        entries.append(bundle[at + 2 : end])
        at = end
    return entries


class TileStore(Protocol):
    """Where tiles lie. Paths are relative, with ``/``."""

    def read(self, path: str) -> bytes | None:
        """Return the bytes at the path, or None."""

    def write(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Store the files durably before returning. Raises `TileConflict` where other bytes stand."""

    def remove_partials(self, path: str) -> None:
        """Remove the partial tiles of a tile that is now full; `path` is the full tile's."""


class FolderTileStore:
    """Tiles in a folder: written aside, synced, renamed, and the folders synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes | None:
        """Return the bytes at the path, or None."""
        try:
            return self._place(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Store the files durably before returning. Raises `TileConflict` where other bytes stand."""
        for path, data in files:
            standing = self.read(path)
            if standing is not None and standing != data:
                raise TileConflict(f"{path} already holds other bytes")
        touched: set[Path] = set()
        for path, data in files:
            place = self._place(path)
            self._make_folder(place.parent, touched)
            aside = place.with_name(f".{place.name}.{os.getpid()}.new")
            with aside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(place)
            touched.add(place.parent)
        for folder in touched:
            _sync_folder(folder)

    def remove_partials(self, path: str) -> None:
        """Remove the partial tiles of a tile that is now full."""
        folder = self._place(f"{path}.p")
        if folder.is_dir():
            for partial in folder.iterdir():
                partial.unlink()
            folder.rmdir()

    def _place(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise ValueError(f"{path!r} is not a path of a tile")
        return self.folder.joinpath(*parts)

    def _make_folder(self, folder: Path, touched: set[Path]) -> None:
        missing: list[Path] = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            touched.add(new.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class TiledLog:
    """A tree of a given size whose hashes and entries lie in a store.

    Reading needs O(log n) tiles per proof. The size comes from the caller (a checkpoint), never from what files exist.
    """

    _KEPT_TILES = 64
    _KEPT_SUBTREES = 50_000

    def __init__(self, store: TileStore, size: int = 0) -> None:
        self.store = store
        self.size = size
        self._kept: OrderedDict[tuple[int, int, int], list[bytes]] = OrderedDict()
        self._subtrees: dict[tuple[int, int], bytes] = {}  # full subtrees never change

    def append(self, entries: Sequence[bytes]) -> TreeHead:
        """Integrate the data of new leaves and return the new head. All files are durable when it returns.

        Repeating it with the same entries after a crash writes the same bytes. Raises `TileConflict` if the store holds
        other leaves there, `TileMissing` if the right edge cannot be read.
        """
        new_size = self.size + len(entries)
        files: list[tuple[str, bytes]] = []
        filled: list[str] = []
        if entries:
            self._add_entry_bundles(entries, files, filled)
            self._add_hash_tiles([leaf_hash(entry) for entry in entries], files, filled)
        self.store.write(files)
        for path in filled:
            self.store.remove_partials(path)
        self._kept.clear()
        self.size = new_size
        return TreeHead(new_size, self.root())

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree at `size` (by default now). Raises `TileMissing`."""
        size = self._known_size(size)
        return self._range_root(0, size) if size else EMPTY_ROOT

    def leaf_hash(self, index: int) -> bytes:
        """Return the hash of leaf `index`. Raises ValueError, `TileMissing`."""
        self._known_leaf(index, self.size)
        return self._tile(0, index // TILE_WIDTH, self.size)[index % TILE_WIDTH]

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the audit path of leaf `index` in the tree of `size`. Raises ValueError, `TileMissing`."""
        size = self._known_size(size)
        return inclusion_path(index, size, self._range_root)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the tree of `size` extends that of `old_size`. Raises ValueError, `TileMissing`."""
        size = self._known_size(size)
        return consistency_path(old_size, size, self._range_root)

    def entries(self, start: int, end: int) -> list[bytes]:
        """Return the data of the leaves from `start` up to, not including, `end`. Raises ValueError, `TileMissing`."""
        if not 0 <= start <= end <= self.size:
            raise ValueError(f"there are no entries {start} to {end} in a log of {self.size}")
        found: list[bytes] = []
        for index in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            bundle = self._bundle(index, self.size)
            first = index * TILE_WIDTH
            found += bundle[max(start - first, 0) : end - first]
        return found

    def _known_size(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"the log has {self.size} leaves, not {size}")
        return size

    def _known_leaf(self, index: int, size: int) -> None:
        if not 0 <= index < size:
            raise ValueError(f"there is no leaf {index} in a tree of {size}")

    # -- writing

    def _add_entry_bundles(self, entries: Sequence[bytes], files: list[tuple[str, bytes]], filled: list[str]) -> None:
        index, width = divmod(self.size, TILE_WIDTH)
        waiting = self._bundle(index, self.size) if width else []
        for start in range(0, len(waiting) + len(entries), TILE_WIDTH):
            # Only the first bundle mixes old and new.
            taken = start - len(waiting)
            chunk = [*waiting[start:], *entries[max(taken, 0) : taken + TILE_WIDTH]]
            files.append((entries_path(index, len(chunk)), encode_entries(chunk)))
            if len(chunk) == TILE_WIDTH:
                filled.append(entries_path(index))
            index += 1

    def _add_hash_tiles(self, hashes: list[bytes], files: list[tuple[str, bytes]], filled: list[str]) -> None:
        level = 0
        while hashes:
            index, width = divmod(self.size >> (TILE_HEIGHT * level), TILE_WIDTH)
            if width:
                hashes = self._tile(level, index, self.size)[:width] + hashes
            parents: list[bytes] = []
            for start in range(0, len(hashes), TILE_WIDTH):
                tile = hashes[start : start + TILE_WIDTH]
                files.append((tile_path(level, index, len(tile)), b"".join(tile)))
                if len(tile) == TILE_WIDTH:
                    parents.append(root_of(tile))
                    filled.append(tile_path(level, index))
                index += 1
            hashes = parents
            level += 1

    # -- reading

    def _width(self, level: int, index: int, size: int) -> int:
        """Return how many hashes the tile holds in a tree of `size`."""
        return min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH)

    def _bundle(self, index: int, size: int) -> list[bytes]:
        width = self._width(0, index, size)
        data = self.store.read(entries_path(index, width))
        if data is None and width < TILE_WIDTH:
            data = self.store.read(entries_path(index))
        entries = decode_entries(data) if data is not None else []
        if len(entries) < width:
            raise TileMissing(f"{entries_path(index, width)} is missing or cut short")
        return entries[:width]

    def _tile(self, level: int, index: int, size: int) -> list[bytes]:
        width = self._width(level, index, size)
        key = (level, index, width)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        data = self.store.read(tile_path(level, index, width))
        if data is None and width < TILE_WIDTH:
            # Partial tiles may be gone once the tile is full.
            data = self.store.read(tile_path(level, index))
        if data is None or len(data) < width * HASH_SIZE or len(data) % HASH_SIZE:
            raise TileMissing(f"{tile_path(level, index, width)} is missing or cut short")
        hashes = [data[at : at + HASH_SIZE] for at in range(0, width * HASH_SIZE, HASH_SIZE)]
        self._kept[key] = hashes
        if len(self._kept) > self._KEPT_TILES:
            self._kept.popitem(last=False)
        return hashes

    def _range_root(self, start: int, end: int) -> bytes:
        """Return the root over the leaves from `start` to `end`, as the proofs of the RFC ask for it."""
        count = end - start
        if count & (count - 1) == 0:
            return self._full_subtree(start, count.bit_length() - 1)
        middle = start + split_point(count)
        return node_hash(self._range_root(start, middle), self._range_root(middle, end))

    def _full_subtree(self, start: int, height: int) -> bytes:
        """Return the root of the full subtree of 2**height leaves that begins at `start`."""
        known = self._subtrees.get((start, height))
        if known is not None:
            return known
        level, inner = divmod(height, TILE_HEIGHT)
        first = start >> (TILE_HEIGHT * level)
        # The tiles of an older size may never have been written; those of the present one hold the same hashes.
        tile = self._tile(level, first // TILE_WIDTH, self.size)
        at = first % TILE_WIDTH
        if len(self._subtrees) > self._KEPT_SUBTREES:
            self._subtrees.clear()
        root = self._subtrees[start, height] = root_of(tile[at : at + (1 << inner)])
        return root
