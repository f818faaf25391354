"""`rostrum log`, `backup`, `restore` and `doctor`: what they print, and how they end."""

import io
import json
import tarfile
from argparse import ArgumentParser
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from rostrum.areas.duties import operations as duties
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger import queries
from rostrum.areas.ledger.models import Entry
from rostrum.cli import backup, backups, doctor, log, restore
from rostrum.evidence.checkpoints import read_verifier_keys
from rostrum.evidence.merkle import verify_consistency, verify_inclusion
from rostrum.evidence.tiles import FolderTileStore, TiledLog
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.areas.test_ledger import record
from tests.journeys.nursery import Nursery

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def call(command: ModuleType, *words: str) -> int:
    parser = ArgumentParser()
    command.configure(parser)
    result: int = command.run(parser.parse_args(words))
    return result


@pytest.fixture
def log_of_three(db: None) -> None:
    for number in range(3):
        record(f"lft-{number}")
        if number != 1:
            ledger.sequence(NOW)  # checkpoints at 1 and at 3 leaves


@pytest.mark.usefixtures("log_of_three")
def test_log_checkpoint_prints_the_signed_note(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(log, "checkpoint") == 0
    newest = queries.newest_checkpoint()
    assert capsys.readouterr().out == newest.note
    call(log, "checkpoint", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["size"], shown["origin"]) == (3, newest.log.origin)
    assert [str(key) for key in read_verifier_keys(queries.verifier_keys())] == [shown["verifier_key"]]


@pytest.mark.usefixtures("log_of_three")
def test_log_entries_prints_index_and_hash_and_never_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    call(log, "entries", "--from", "1")
    out = capsys.readouterr().out
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[0] for line in lines] == ["1", "2"]
    assert all(len(bytes.fromhex(line[1])) == 32 for line in lines)
    call(log, "entries", "--json")
    told = capsys.readouterr().out
    for secret in ("lft-", "per-1", "leaflet"):
        assert secret not in out + told.replace("testing.leaflet-posted.v1", "")
    assert [json.loads(line)["index"] for line in told.splitlines()] == [0, 1, 2]


@pytest.mark.usefixtures("log_of_three")
def test_log_proof_and_consistency_verify_with_nothing_but_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call(log, "proof", "1")
    head, _, note = capsys.readouterr().out.partition("\n\n")
    name, index, *steps = head.split("\n")
    assert (name, index) == ("c2sp.org/tlog-proof@v1", "index 1")
    size, root = int(note.split("\n")[1]), b64decode(note.split("\n")[2])
    call(log, "entries")
    hashes = [bytes.fromhex(line.split("\t")[1]) for line in capsys.readouterr().out.splitlines()]
    assert verify_inclusion(hashes[1], 1, size, [b64decode(step) for step in steps], root)

    call(log, "consistency", "1", "3")
    proof = [b64decode(line) for line in capsys.readouterr().out.splitlines()]
    assert verify_consistency(1, hashes[0], size, root, proof)

    call(log, "proof", "1", "--size", "2")
    assert [b64decode(line) for line in capsys.readouterr().out.splitlines()] == [hashes[0]]


@pytest.mark.usefixtures("log_of_three")
def test_log_tiles_can_be_served_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "served"
    assert call(log, "tiles", "--out", str(out)) == 0
    newest = queries.newest_checkpoint()
    assert TiledLog(FolderTileStore(out), newest.size).root() == bytes(newest.root)
    assert sorted(path.name for path in out.iterdir()) == ["checkpoint", "tile", "verifier-key"]
    with pytest.raises(InvalidInput):
        call(log, "tiles", "--out", str(out))


@pytest.mark.usefixtures("log_of_three")
@pytest.mark.parametrize(
    "words",
    [
        ["proof", "3"],
        ["proof", "-1"],
        ["consistency", "1", "4"],
        # Nothing is proven about a log of no leaves (RFC 6962, section 2.1.2).
        ["consistency", "0", "3"],
        ["consistency", "3", "1"],
        ["entries", "--from=-1"],
        ["entries", "--from=4"],
    ],
)
def test_log_refuses_what_the_log_does_not_have(words: list[str]) -> None:
    if words == ["proof", "-1"]:
        words = ["proof", "--", "-1"]
    with pytest.raises(InvalidInput):
        call(log, *words)


def checks(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    call(doctor, "--json")
    return {check["name"]: check for check in json.loads(capsys.readouterr().out)}


@pytest.mark.usefixtures("log_of_three")
def test_the_doctor_finds_everything_well(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    found = checks(capsys)
    if connection.vendor == "postgresql":
        del found["Clock"]  # the server keeps its own time, and the test another one
    assert [name for name, check in found.items() if not check["is_well"]] == []
    assert "3 leaves signed" in found["Ledger"]["found"]


@pytest.mark.usefixtures("log_of_three")
def test_the_doctor_says_what_is_wrong_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    for key in Path(settings.KEYS_FOLDER).glob("*.key"):
        key.chmod(0o644)
    Job.objects.create(kind="a", enqueued_at=NOW, run_after=NOW, state="dead", error="ValueError\nplaces")
    jobs.enqueue("b", {}, now=datetime.now(UTC) - timedelta(minutes=9))
    folder = queries.tiles_folder()
    assert folder is not None
    (folder / "high-water").unlink()
    assert call(doctor) == 1
    out = capsys.readouterr().out
    found = checks(capsys)
    assert {name for name, check in found.items() if not check["is_well"]} >= {"Keys", "Failed jobs", "Jobs", "Ledger"}
    assert all(check["todo"] for check in found.values() if not check["is_well"])
    assert "high-water mark is gone" in out
    call(doctor, "--retry-dead", "--json")
    assert not Job.objects.filter(state="dead").exists()


@pytest.mark.usefixtures("log_of_three")
def test_the_doctor_names_a_loss_until_it_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    restarted = Entry.objects.first()
    assert restarted is not None
    duty = duties.open_duty(
        kind="ledger.explain-trouble",
        title="Explain",
        owner_role="it_director",
        due_at=None,
        subject=restarted.public_id,
        actor="system",
        now=NOW,
    )
    assert not checks(capsys)["Ledger"]["is_well"]
    duties.close_duty(duty_id=duty.public_id, evidence="memo-1", actor="per-1", now=NOW)
    assert checks(capsys)["Ledger"]["is_well"]


def put_blob(name: str, data: bytes) -> Path:
    place = Path(settings.BLOBS_FOLDER) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return place


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_database_and_blobs_and_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record()
    ledger.sequence(NOW)
    put_blob("ab/abcd", b"bytes")
    file = tmp_path / "backup.tar"
    assert call(backup, "--out", str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out)["bytes"] == file.stat().st_size
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert "blobs/ab/abcd" in names
    assert not [name for name in names if "key" in name.rpartition("/")[2] and not name.startswith("tables/")]
    assert backups.read_manifest(file)["files"].keys() == set(names) - {"manifest.json"}
    secret = next(Path(settings.KEYS_FOLDER).glob("*.key")).read_bytes().strip()
    assert secret not in file.read_bytes()
    with pytest.raises(InvalidInput, match="exists"):
        call(backup, "--out", str(file))


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    record()
    put_blob("ab/abcd", b"0123456789" * 100)
    file = tmp_path / "backup.tar"
    backups.write_backup(file, now=NOW)
    whole = file.read_bytes()
    cases = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole.replace(b"0123456789", b"012345678X", 1),
        "empty": b"",
        "text": b"not a backup",
    }
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InvalidInput):
            backups.restore_backup(tmp_path / name, force=True)
    with pytest.raises(InvalidInput, match="no such file"):
        backups.restore_backup(tmp_path / "nowhere", force=True)
    with pytest.raises(Refused):
        backups.restore_backup(file, force=False)
    assert queries.has_work(NOW)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"files": None},
        {"files": ["database.sqlite3"]},
        {"files": {}, "engine": "sqlite"},
        {"migrations": [[1, 2]]},
        {"migrations": "all"},
        {"engine": 5},
        {"made_at": None},
    ],
)
def test_a_manifest_of_another_shape_is_no_backup(tmp_path: Path, spoilt: dict[str, object]) -> None:
    whole = {"format": backups.FORMAT, "engine": "postgresql", "made_at": "", "migrations": [["a", "b"]], "files": {}}
    for name, manifest in (("whole", whole), ("spoilt", whole | spoilt)):
        data = json.dumps(manifest).encode()
        with tarfile.open(tmp_path / name, "w") as tar:
            member = tarfile.TarInfo("manifest.json")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    assert backups.read_manifest(tmp_path / "whole") == whole
    with pytest.raises(InvalidInput, match="no manifest of a backup"):
        backups.read_manifest(tmp_path / "spoilt")


def test_a_member_that_climbs_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as tar:
        member = tarfile.TarInfo("blobs/../../evil")
        tar.addfile(member)
    with pytest.raises(InvalidInput, match="no backup has such a member"):
        backups.read_manifest(file)


ACTS = "tests.journeys.crash_acts"


def test_a_backup_restored_into_an_empty_installation_is_the_same_installation(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    with Nursery(old) as nursery:
        nursery.run(f"{ACTS}:write", acknowledged=str(tmp_path / "acts"), acts=7)
        nursery.run(f"{ACTS}:sequence")
        nursery.run(f"{ACTS}:put_blob", name="ab/abcd", text="payload")
        nursery.run(f"{ACTS}:back_up", to=str(tmp_path / "file"))
        nursery.run(f"{ACTS}:report", to=str(tmp_path / "before"))
    for kept in ("log", "keys"):
        (old / kept).rename(new / kept) if kept == "log" else _move_into(old / kept, new / kept)
    with Nursery(new) as nursery:
        nursery.run(f"{ACTS}:restore", source=str(tmp_path / "file"))
        nursery.run(f"{ACTS}:report", to=str(tmp_path / "after"))
        nursery.run(f"{ACTS}:write", acknowledged=str(tmp_path / "acts"), acts=1)
        nursery.run(f"{ACTS}:sequence")
    assert json.loads((tmp_path / "after").read_text()) == json.loads((tmp_path / "before").read_text())
    assert (new / "blobs/ab/abcd").read_text() == "payload"


def _move_into(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for file in source.iterdir():
        file.rename(target / file.name)


@pytest.mark.django_db(transaction=True)
def test_restore_says_how_the_ledger_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record()
    ledger.sequence(NOW)
    file = tmp_path / "file"
    backups.write_backup(file, now=NOW)
    manifest = backups.read_manifest(file)
    # The rest of the command: the database itself is put back in the test above.
    monkeypatch.setattr(backups, "restore_backup", lambda path, force: manifest)
    assert call(restore, str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out)["troubles"] == []
    folder = queries.tiles_folder()
    assert folder is not None
    (folder / "high-water").unlink()
    assert call(restore, str(file)) == 1
    assert "Put log/ back before that" in capsys.readouterr().out
