"""Whatever a stranger changes in a bundle is noticed, and the fault names the file."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rostrum.evidence.verify import verify_bundle
from tests.unit.evidence.bundles import KEY, write_bundle

SEED = 20261120
COUNT = 1_000

# Each changes a folder and returns the changed paths: a fault must name one of them.
Change = Callable[[Path, list[Path], random.Random], list[Path]]


def change_a_byte(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path = chance.choice(files)
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    path.write_bytes(data)
    return [path]


def insert_a_byte(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path = chance.choice(files)
    data = bytearray(path.read_bytes())
    data.insert(chance.randrange(len(data) + 1), chance.randrange(256))
    path.write_bytes(data)
    return [path]


def drop_bytes(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path = chance.choice(files)
    data = path.read_bytes()
    start = chance.randrange(len(data))
    path.write_bytes(data[:start] + data[start + chance.randrange(1, 50) :])
    return [path]


def drop_a_file(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path = chance.choice(files)
    path.unlink()
    return [path]


def add_a_file(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path = chance.choice(files).with_name(f"added-{chance.randrange(1000)}.txt")
    path.write_bytes(chance.randbytes(5))
    return [path]


def rename_a_file(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path = chance.choice(files)
    other = path.with_name(path.name.swapcase())
    path.rename(other)
    return [path, other]


def _lines(files: list[Path], chance: random.Random) -> tuple[Path, list[bytes]]:
    with_lines = [(path, path.read_bytes().splitlines(keepends=True)) for path in files]
    return chance.choice([(path, lines) for path, lines in with_lines if len(set(lines)) > 1])


def reorder_lines(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path, lines = _lines(files, chance)
    before = list(lines)
    while lines == before:
        chance.shuffle(lines)
    path.write_bytes(b"".join(lines))
    return [path]


def drop_a_line(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path, lines = _lines(files, chance)
    del lines[chance.randrange(len(lines))]
    path.write_bytes(b"".join(lines))
    return [path]


def repeat_a_line(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    path, lines = _lines(files, chance)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    path.write_bytes(b"".join(lines))
    return [path]


def swap_two_records(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    one, other = chance.sample(sorted((folder / "data/records").iterdir()), 2)
    one.rename(folder / "aside")
    other.rename(one)
    (folder / "aside").rename(other)
    return [one / "record.json", other / "record.json"]


def drop_a_record(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    record = chance.choice(sorted((folder / "data/records").iterdir()))
    shutil.rmtree(record)
    return [record / "record.json"]


def swap_two_files(folder: Path, files: list[Path], chance: random.Random) -> list[Path]:
    one, other = chance.sample(files, 2)
    first, second = one.read_bytes(), other.read_bytes()
    if first == second:
        return change_a_byte(folder, files, chance)
    one.write_bytes(second)
    other.write_bytes(first)
    return [one, other]


OTHERS: list[Change] = [
    insert_a_byte,
    drop_bytes,
    drop_a_file,
    add_a_file,
    rename_a_file,
    reorder_lines,
    drop_a_line,
    repeat_a_line,
    swap_two_records,
    drop_a_record,
    swap_two_files,
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "bundle"
    write_bundle(folder)
    return folder


def _caught(folder: Path, content: dict[Path, bytes], change: Change, chance: random.Random) -> None:
    """Make one change, look for the fault that names it, and put everything back."""
    changed = change(folder, sorted(content), chance)
    names = [path.relative_to(folder).as_posix() for path in changed]
    verdicts = verify_bundle(folder, [KEY.verifier])
    told = f"{change.__name__} in {names}: {verdicts.set}, {list(verdicts.faults)[:5]}"
    assert verdicts.exit_code in (1, 2, 3), told
    wheres = [f"{fault.where} {fault.why}" for fault in verdicts.faults]
    assert any(name in where for where in wheres for name in names), told
    for path in folder.rglob("*"):
        if path.is_file() and path not in content:
            path.unlink()
    for path, data in content.items():
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_thousand_changes_of_single_bytes_are_all_caught_and_located(whole: Path) -> None:
    chance = random.Random(SEED)
    content = _content(whole)
    for _ in range(COUNT):
        _caught(whole, content, change_a_byte, chance)
    assert verify_bundle(whole, [KEY.verifier]).exit_code == 0


@pytest.mark.parametrize("change", OTHERS, ids=lambda change: change.__name__)
def test_other_changes_are_all_caught_and_located(whole: Path, change: Change) -> None:
    chance = random.Random(SEED)
    content = _content(whole)
    for _ in range(30):
        _caught(whole, content, change, chance)
    assert verify_bundle(whole, [KEY.verifier]).exit_code == 0
