"""The ledger's process is killed at any instant, its database restored from an older backup: no second history."""

import json
import random
import shutil
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from rostrum.evidence.checkpoints import Checkpoint, VerifierKey, open_checkpoint
from rostrum.evidence.commitments import from_base64
from rostrum.evidence.merkle import Frontier, leaf_hash, verify_consistency
from tests.journeys.nursery import Nursery

ACTS = "tests.journeys.crash_acts"
KILLS_AT_A_SYNC = 30
KILLS_AT_A_RANDOM_INSTANT = 30


def report(nursery: Nursery, folder: Path) -> dict[str, Any]:
    to = folder / "report.json"
    nursery.run(f"{ACTS}:report", to=str(to))
    found: dict[str, Any] = json.loads(to.read_text())
    return found


def notes_on_disk(folder: Path) -> set[bytes]:
    """Every checkpoint that a reader of the folder could have seen; a mark over nothing says nothing."""
    notes = {path.read_bytes() for name in ("checkpoint", "high-water") for path in folder.glob(f"log/log-*/{name}")}
    return {note for note in notes if note.split(b"\n")[1] != b"0"}


def prefix_roots(leaf_hashes: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    frontier, roots = Frontier(), {0: Frontier().root()}
    for hashed in leaf_hashes:
        frontier.append(hashed)
        if frontier.size in sizes:
            roots[frontier.size] = frontier.root()
    return roots


def assert_one_history(notes: set[bytes], keys: list[str], leaf_hashes: list[bytes]) -> list[Checkpoint]:
    """Every signed checkpoint is the root over the first leaves of one and the same list."""
    signed = [open_checkpoint(note, [VerifierKey.parse(key) for key in keys]) for note in notes]
    roots = prefix_roots(leaf_hashes, {checkpoint.size for checkpoint in signed})
    for checkpoint in signed:
        assert roots[checkpoint.size] == checkpoint.root
    return sorted(signed, key=lambda checkpoint: checkpoint.size)


def test_killed_at_sixty_instants_it_loses_nothing_doubles_nothing_and_never_contradicts_itself(tmp_path: Path) -> None:
    chance = random.Random(480)
    acknowledged = tmp_path / "acknowledged"
    notes: set[bytes] = set()
    with Nursery(tmp_path) as nursery:
        for sync in range(1, KILLS_AT_A_SYNC + 1):
            pid = nursery.start(
                f"{ACTS}:write_until_killed", acknowledged=str(acknowledged), seed=sync, die_at_sync=sync
            )
            del pid
            assert nursery.end() == -9
            notes |= notes_on_disk(tmp_path)
        for kill in range(KILLS_AT_A_RANDOM_INSTANT):
            pid = nursery.start(f"{ACTS}:write_until_killed", acknowledged=str(acknowledged), seed=kill)
            time.sleep(chance.uniform(0.0, 0.25))
            nursery.kill(pid)
            notes |= notes_on_disk(tmp_path)
        nursery.run(f"{ACTS}:sequence")
        notes |= notes_on_disk(tmp_path)
        found = report(nursery, tmp_path)

    # No acknowledged act lost, none doubled; every leaf has one index, without a hole.
    acts = acknowledged.read_text().split()
    assert len(acts) == len(set(acts)) > 50
    assert set(acts) <= set(found["entries"])
    (log,) = found["logs"]
    assert [row[0] for row in log["indices"]] == list(range(found["leaves"]))
    assert {row[2] for row in log["indices"]} == set(found["entries"])
    assert found["troubles"] == []
    assert found["losses"] == []
    assert found["unindexed"] == 0

    # Every checkpoint ever seen belongs to one history, and each is shown by its proof to extend the one before.
    notes |= {note.encode() for note in found["notes"]}
    leaf_hashes = [leaf_hash(bytes.fromhex(row[1])) for row in log["indices"]]
    signed = {checkpoint.size: checkpoint for checkpoint in assert_one_history(notes, [log["key"]], leaf_hashes)}
    assert max(signed) == found["leaves"]
    for old, new, steps in found["steps"]:
        proof = [from_base64(step) for step in steps]
        assert verify_consistency(old, signed[old].root, new, signed[new].root, proof)


class Backups:
    """Copies of the database alone: the log's folder lies outside every backup."""

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self._nursery = nursery
        self._folder = folder

    def make(self, name: str) -> None:
        self._nursery.run("tests.journeys.crash_acts:back_up", to=str(self._folder / name))

    def restore(self, name: str) -> None:
        self._nursery.run("tests.journeys.crash_acts:restore", source=str(self._folder / name))


def test_a_restored_older_database_continues_after_the_mark_and_reports_what_was_lost(tmp_path: Path) -> None:
    acknowledged = str(tmp_path / "acknowledged")
    with Nursery(tmp_path) as nursery:
        backups = Backups(nursery, tmp_path)
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=10)
        nursery.run(f"{ACTS}:sequence")
        backups.make("older")
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=100)
        nursery.run(f"{ACTS}:sequence")
        before = report(nursery, tmp_path)
        notes = notes_on_disk(tmp_path) | {note.encode() for note in before["notes"]}

        backups.restore("older")
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=5)
        nursery.run(f"{ACTS}:sequence")
        nursery.run(f"{ACTS}:run_due_jobs")
        nursery.run(f"{ACTS}:sequence")
        found = report(nursery, tmp_path)
        notes |= notes_on_disk(tmp_path) | {note.encode() for note in found["notes"]}

    assert found["losses"] == list(range(30, 330))
    assert found["kinds"].count("ledger.entries-lost.v1") == 1
    assert found["duties"] == ["ledger.explain-trouble"]
    assert [line[0] for line in found["lines"]] == list(range(len(found["lines"])))
    assert sum(line[2] for line in found["lines"]) == 300
    (log,) = found["logs"]
    # Old and new checkpoints are one history: nothing that was signed before is denied.
    history = assert_one_history(notes, [log["key"]], [bytes.fromhex(line[1]) for line in found["lines"]])
    assert history[-1].size > 330


def test_leaves_that_were_written_but_never_signed_give_way_after_a_restore(tmp_path: Path) -> None:
    acknowledged = str(tmp_path / "acknowledged")
    with Nursery(tmp_path) as nursery:
        backups = Backups(nursery, tmp_path)
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=30, versions=9)
        nursery.run(f"{ACTS}:sequence")
        backups.make("older")
        notes = notes_on_disk(tmp_path)
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=30, versions=9)
        nursery.run(f"{ACTS}:sequence_without_signing")
        assert notes_on_disk(tmp_path) == notes

        backups.restore("older")
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=40, versions=9)
        nursery.run(f"{ACTS}:sequence")
        found = report(nursery, tmp_path)
        notes |= notes_on_disk(tmp_path)

    assert found["losses"] == []
    assert found["troubles"] == []
    (log,) = found["logs"]
    history = assert_one_history(notes, [log["key"]], [bytes.fromhex(line[1]) for line in found["lines"]])
    assert [checkpoint.size for checkpoint in history] == [300, 700]


def test_without_the_logs_folder_a_new_origin_begins_and_cites_the_last_checkpoint(tmp_path: Path) -> None:
    acknowledged = str(tmp_path / "acknowledged")
    with Nursery(tmp_path) as nursery:
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=10)
        nursery.run(f"{ACTS}:sequence")
        last = report(nursery, tmp_path)["notes"][0]
        shutil.rmtree(tmp_path / "log")
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=1)
        nursery.run(f"{ACTS}:sequence")
        nursery.run(f"{ACTS}:run_due_jobs")
        found = report(nursery, tmp_path)

    old, new = found["logs"]
    assert old["origin"] != new["origin"]
    assert old["key"] != new["key"]
    assert new["previous"] == last
    restarted = found["entries"][found["kinds"].index("ledger.log-restarted.v1")]
    assert new["indices"][0][2] == restarted
    assert found["duties"] == ["ledger.explain-trouble"]
    # Every act of the old log has its place and proof in the new one too.
    assert {row[2] for row in old["indices"]} < {row[2] for row in new["indices"]}
    assert_one_history(notes_on_disk(tmp_path), [new["key"]], [leaf_hash(bytes.fromhex(r[1])) for r in new["indices"]])


def test_a_lost_key_begins_a_new_origin_too(tmp_path: Path) -> None:
    acknowledged = str(tmp_path / "acknowledged")
    with Nursery(tmp_path) as nursery:
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=3)
        nursery.run(f"{ACTS}:sequence")
        for key in (tmp_path / "keys").glob("log-*.key"):
            key.unlink()
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=1)
        nursery.run(f"{ACTS}:sequence")
        found = report(nursery, tmp_path)
    assert len(found["logs"]) == 2


def test_an_older_copy_of_the_logs_folder_is_brought_up_to_what_was_published(tmp_path: Path) -> None:
    acknowledged = str(tmp_path / "acknowledged")
    with Nursery(tmp_path) as nursery:
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=10)
        nursery.run(f"{ACTS}:sequence")
        shutil.copytree(tmp_path / "log", tmp_path / "older-log")
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=10)
        nursery.run(f"{ACTS}:sequence")
        notes = notes_on_disk(tmp_path)
        shutil.rmtree(tmp_path / "log")
        shutil.copytree(tmp_path / "older-log", tmp_path / "log")
        nursery.run(f"{ACTS}:write", acknowledged=acknowledged, acts=10)
        nursery.run(f"{ACTS}:sequence")
        found = report(nursery, tmp_path)
        notes |= notes_on_disk(tmp_path) | {note.encode() for note in found["notes"]}
    (log,) = found["logs"]
    history = assert_one_history(notes, [log["key"]], [bytes.fromhex(line[1]) for line in found["lines"]])
    assert [checkpoint.size for checkpoint in history] == [30, 60, 90]
    assert all(old.size < new.size for old, new in pairwise(history))
