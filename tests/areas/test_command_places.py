"""Commands in a data folder that is not set up, or cannot be used, say so and leave nothing behind."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import schema


def _rostrum(folder: Path, *words: str, database: str = "") -> subprocess.CompletedProcess[str]:
    surroundings = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    surroundings |= {"ROSTRUM_DATA": str(folder)} | ({"DATABASE_URL": database} if database else {})
    return subprocess.run(
        [sys.executable, "-m", "rostrum.cli.main", *words],
        env=surroundings, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("import", "export.zip", "--channel", "parks"),
        ("capture", "--once", "--json"),
        ("search", "hello", "--json"),
        ("bundle", "export", "--all", "--out", "bag"),
        ("log", "checkpoint"),
        ("backup", "--out", "backup.tar"),
    ],
    ids=lambda words: words[0],
)
def test_a_folder_that_is_not_set_up_is_named_with_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = _rostrum(tmp_path / "empty", *words)
    assert done.returncode == 2
    assert "is not set up yet" in done.stderr
    assert "rostrum up" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".backup.tar.part").exists()


def test_coverage_of_nothing_set_up_is_what_an_empty_installation_answers(tmp_path: Path) -> None:
    done = _rostrum(tmp_path / "empty", "policy", "coverage", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert len(rows) == 478
    assert any(row["status"] == "live" for row in rows)
    # Every evidence query answers before there is anything to count.
    assert done.stderr.strip().splitlines() == [
        f"nothing is set up in {tmp_path / 'empty'}: this is what an empty installation answers"
    ]
    assert not list((tmp_path / "empty").glob("*.sqlite3"))

    (tmp_path / "migrated").mkdir()
    shutil.copyfile(schema.sqlite_template(), tmp_path / "migrated" / "rostrum.sqlite3")
    assert json.loads(_rostrum(tmp_path / "migrated", "policy", "coverage", "--json").stdout) == rows


def test_coverage_answers_after_other_commands_were_tried_there(tmp_path: Path) -> None:
    assert _rostrum(tmp_path, "search", "hello").returncode == 2
    done = _rostrum(tmp_path, "policy", "coverage", "--json")
    assert (done.returncode, len(json.loads(done.stdout))) == (0, 478)
    assert done.stderr.startswith("nothing is set up in")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = _rostrum(tmp_path / "file" / "data", "search", "hello")
    assert done.returncode == 2
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"short\n", bytes(range(128, 192))])
def test_a_session_secret_that_is_none_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "session-secret").write_bytes(content)
    done = _rostrum(tmp_path, "search", "hello")
    assert done.returncode == 2
    assert "session-secret: is not the secret" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "keys" / "session-secret").read_bytes() == content


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    done = _rostrum(tmp_path, "search", "hello", database="postgresql://nobody@127.0.0.1:9/none")
    assert done.returncode == 2
    assert "the database" in done.stderr
    assert "Traceback" not in done.stderr
