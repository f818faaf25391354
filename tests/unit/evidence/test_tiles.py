from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.evidence.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from rostrum.evidence.tiles import (
    FolderTileStore,
    TileConflict,
    TiledLog,
    TileMissing,
    decode_entries,
    encode_entries,
    entries_path,
    tile_path,
)


class MemoryTileStore:
    """Tiles in a dictionary, counting the reads."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.reads = 0

    def read(self, path: str) -> bytes | None:
        self.reads += 1
        return self.files.get(path)

    def write(self, files: list[tuple[str, bytes]]) -> None:
        for path, data in files:
            if self.files.setdefault(path, data) != data:
                raise TileConflict(path)

    def remove_partials(self, path: str) -> None:
        for partial in [name for name in self.files if name.startswith(f"{path}.p/")]:
            del self.files[partial]


def some_entries(start: int, end: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(start, end)]


def test_paths_are_those_of_the_specification() -> None:
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert entries_path(273, 112) == "tile/entries/273.p/112"
    assert entries_path(1000) == "tile/entries/x001/000"
    for wrong in (lambda: tile_path(64, 0), lambda: tile_path(0, -1), lambda: tile_path(0, 0, 0)):
        with pytest.raises(ValueError):
            wrong()


def test_a_tree_of_70000_has_the_tiles_the_specification_names() -> None:
    store = MemoryTileStore()
    log = TiledLog(store)
    log.append(some_entries(0, 70_000))
    hash_tiles = {path for path in store.files if not path.startswith("tile/entries/")}
    expected = {tile_path(0, index) for index in range(273)}
    expected |= {tile_path(0, 273, 112), tile_path(1, 0), tile_path(1, 1, 17), tile_path(2, 0, 1)}
    assert hash_tiles == expected
    assert log.root() == root_of([leaf_hash(entry) for entry in some_entries(0, 70_000)])


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above_it() -> None:
    store = MemoryTileStore()
    TiledLog(store).append(some_entries(0, 256))
    assert set(store.files) == {"tile/0/000", "tile/1/000.p/1", "tile/entries/000"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.data())
def test_proofs_from_tiles_verify_at_every_size_that_was_signed(batches: list[int], data: st.DataObject) -> None:
    log = TiledLog(MemoryTileStore())
    heads = [log.append(some_entries(log.size, log.size + count)) for count in batches]
    entries = some_entries(0, log.size)
    hashes = [leaf_hash(entry) for entry in entries]
    assert log.entries(0, log.size) == entries
    for head in heads:
        assert head.root == root_of(hashes[: head.size]) == log.root(head.size)
    head = data.draw(st.sampled_from(heads))
    index = data.draw(st.integers(0, head.size - 1))
    assert log.leaf_hash(index) == hashes[index]
    assert verify_inclusion(hashes[index], index, head.size, log.inclusion_proof(index, head.size), head.root)
    old = data.draw(st.sampled_from([one for one in heads if one.size <= head.size]))
    assert verify_consistency(old.size, old.root, head.size, head.root, log.consistency_proof(old.size, head.size))
    start = data.draw(st.integers(0, log.size))
    end = data.draw(st.integers(start, log.size))
    assert log.entries(start, end) == entries[start:end]


def test_a_proof_reads_few_tiles() -> None:
    store = MemoryTileStore()
    TiledLog(store).append(some_entries(0, 200_000))
    for index in (0, 77_777, 199_999):
        store.reads = 0
        TiledLog(store, 200_000).inclusion_proof(index)
        assert store.reads <= 7


def test_files_survive_and_appending_goes_on_from_the_stated_size(tmp_path: Path) -> None:
    store = FolderTileStore(tmp_path)
    log = TiledLog(store)
    log.append(some_entries(0, 200))
    again = TiledLog(FolderTileStore(tmp_path), 200)
    head = again.append(some_entries(200, 700))
    assert head.root == root_of([leaf_hash(entry) for entry in some_entries(0, 700)])
    assert (tmp_path / "tile/0/000").stat().st_size == 8192
    assert not (tmp_path / "tile/0/000.p").exists(), "the partial tile goes when the full one stands"
    assert not list(tmp_path.rglob("*.new"))


def test_repeating_an_append_after_a_crash_changes_nothing(tmp_path: Path) -> None:
    store = FolderTileStore(tmp_path)
    head = TiledLog(store, 0).append(some_entries(0, 300))
    assert TiledLog(store, 0).append(some_entries(0, 300)) == head


def test_a_second_history_is_refused_and_nothing_of_it_is_written(tmp_path: Path) -> None:
    store = FolderTileStore(tmp_path)
    TiledLog(store, 0).append(some_entries(0, 300))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(TileConflict):
        TiledLog(store, 0).append([b"other", *some_entries(1, 300)])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_missing_or_cut_tile_is_named(tmp_path: Path) -> None:
    store = FolderTileStore(tmp_path)
    TiledLog(store, 0).append(some_entries(0, 300))
    (tmp_path / "tile/0/001.p/44").unlink()
    with pytest.raises(TileMissing, match=r"tile/0/001\.p/44"):
        TiledLog(store, 300).root()
    (tmp_path / "tile/entries/000").write_bytes(b"\x00")
    with pytest.raises(ValueError, match="cut short"):
        TiledLog(store, 300).entries(0, 1)


def test_reading_outside_the_tree_is_refused() -> None:
    log = TiledLog(MemoryTileStore())
    log.append(some_entries(0, 3))
    for wrong in (
        lambda: log.leaf_hash(3),
        lambda: log.root(4),
        lambda: log.inclusion_proof(3),
        lambda: log.entries(2, 4),
    ):
        with pytest.raises(ValueError):
            wrong()
    assert log.append([]).size == 3


def test_a_store_never_leaves_its_folder(tmp_path: Path) -> None:
    for path in ("../outside", "/etc/passwd", ""):
        with pytest.raises(ValueError):
            FolderTileStore(tmp_path).read(path)


@given(st.lists(st.binary(max_size=300)))
def test_entry_bundles_read_back(entries: list[bytes]) -> None:
    assert decode_entries(encode_entries(entries)) == entries


def test_entries_that_do_not_fit_their_length_are_refused() -> None:
    with pytest.raises(ValueError, match="65535"):
        encode_entries([bytes(65_536)])
    with pytest.raises(ValueError, match="cut short"):
        decode_entries(b"\x00\x05abc")
    with pytest.raises(ValueError, match="cut short"):
        decode_entries(b"\x00")
