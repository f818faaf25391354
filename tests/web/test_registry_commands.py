"""`rostrum registry` in a folder of its own: add, list, import, preview, decide."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import schema

LIST = """Department,Site,Link
Police,Facebook,https://www.facebook.com/WausauPolice
Parks,Twitter,https://www.facebook.com/WausauParks
Parks,IG,https://bit.ly/3x
"""


def _rostrum(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    surroundings = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL",)}
    surroundings |= {"ROSTRUM_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "rostrum.settings"}
    return subprocess.run(
        [sys.executable, "-m", "rostrum.cli.main", "registry", *words],
        env=surroundings, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a list was taken in before anything else."""
    folder = tmp_path_factory.mktemp("registry")
    path = folder / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    (folder / "data").mkdir()
    shutil.copyfile(schema.sqlite_template(), folder / "data" / "rostrum.sqlite3")
    done = _rostrum(folder / "data", "import", str(path), "--add-units", "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["addresses"] == {"decide": 1, "taken": 2}
    return folder / "data"


def test_a_channel_is_added_in_a_fresh_folder_and_can_be_named_by_other_commands(tmp_path: Path) -> None:
    words = ("add", "--platform", "Twitter", "--handle", "@WausauPD", "--name", "Wausau Police", "--unit", "Police")
    done = _rostrum(tmp_path / "new", *words, "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["slug"] == "wausau-police"
    listed = json.loads(_rostrum(tmp_path / "new", "list", "--json").stdout)
    assert [(one["platform"], one["handle"], one["state"]) for one in listed] == [("x", "WausauPD", "found")]
    again = _rostrum(tmp_path / "new", *words)
    assert again.returncode == 3
    assert "already the channel" in again.stderr
    respelt = (
        "--platform",
        "x",
        "--url",
        "http://mobile.twitter.com/wausaupd/?lang=en",
        "--name",
        "B",
        "--unit",
        "New",
    )
    again = _rostrum(tmp_path / "new", "add", *respelt)
    assert (again.returncode, "already the channel" in again.stderr) == (3, True)
    assert "is new here" not in again.stderr, "a department is not said to be added when it was not"
    alike = _rostrum(tmp_path / "new", *words[:4], "@WаusаuPD", *words[5:])
    assert alike.returncode == 3
    assert "can be mistaken for “Wausau Police”" in alike.stderr
    assert "--why-alike" in alike.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--platform", "Myspace", "--handle", "a"), "Known are: bluesky"),
        (("--platform", "fb", "--url", "javascript:alert(1)"), "this is not a web address"),
        (("--platform", "fb", "--url", "https://bit.ly/3"), "hides where it leads"),
        (("--platform", "fb"), "handle or its URL"),
        (("--platform", "fb", "--handle", "h" * 201), "longer than the 200 letters"),
        (("--platform", "blog", "--url", f"https://blog.example/{'p' * 500}"), "longer than the 500 letters"),
        (("--platform", "fb", "--handle", "long", "--unit", "U" * 201), "at most 200 characters"),
    ],
)
def test_what_cannot_be_added_is_named(folder: Path, words: tuple[str, ...], told: str) -> None:
    done = _rostrum(folder, "add", "--name", "A", "--unit", "Police", *words)

    assert done.returncode == 2
    assert told in done.stderr


def test_a_department_is_found_by_its_short_name_and_is_not_said_to_be_new(tmp_path: Path) -> None:
    words = ("add", "--platform", "x", "--name", "A", "--unit")
    first = _rostrum(tmp_path / "new", *words, "Motor Vehicles Division, Field Services Bureau, East", "--handle", "a1")
    assert "is new here" in first.stderr
    again = _rostrum(tmp_path / "new", *words, "motor vehicles division, field services bureau, east", "--handle", "b2")
    assert (again.returncode, again.stderr) == (0, "")
    # It begins as the other one does, and is another one.
    west = _rostrum(tmp_path / "new", *words, "Motor Vehicles Division, Field Services Bureau, West", "--handle", "c3")
    assert "is new here" in west.stderr
    parks = _rostrum(tmp_path / "new", *words, "Parks & Recreation", "--handle", "d4")
    assert "is new here" in parks.stderr
    same = _rostrum(tmp_path / "new", *words, "Parks Recreation", "--handle", "e5")
    assert (same.returncode, same.stderr) == (0, "")
    units = [one["unit"] for one in json.loads(_rostrum(tmp_path / "new", "list", "--json").stdout)]
    assert len(set(units)) == 3


def test_a_name_too_long_to_be_kept_is_refused(folder: Path) -> None:
    done = _rostrum(folder, "add", "--platform", "x", "--handle", "n1", "--unit", "Police", "--name", "N" * 201)
    assert (done.returncode, "at most 200 characters" in done.stderr) == (3, True)


def test_a_preview_says_row_by_row_what_would_become_of_it_and_keeps_nothing(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text(LIST + "Zoo,Facebook,facebook.com/zoo\n", encoding="utf-8")
    done = _rostrum(folder, "import", str(path), "--preview", "--json")
    rows = json.loads(done.stdout)["rows"]

    assert done.returncode == 1
    assert [[one["outcome"] for one in row["addresses"]] for row in rows] == [
        [], ["here"], ["here"], ["decide"], ["decide"],
    ]  # fmt: skip
    assert rows[4]["text"] == "Zoo,Facebook,facebook.com/zoo"
    assert "No department here is called" in rows[4]["addresses"][0]["why"][0]
    assert len(json.loads(_rostrum(folder, "list", "--json").stdout)) == 2
    plain = _rostrum(folder, "import", str(path), "--preview").stdout
    assert "already here" in plain


def test_a_list_that_misses_many_is_held_until_a_person_decides(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("Department,Site,Handle\nPolice,X,@wausaupd\n", encoding="utf-8")
    held = _rostrum(folder, "import", str(path), "--json")
    told = json.loads(held.stdout)
    assert held.returncode == 1
    assert (told["state"], told["known"], len(told["missing"])) == ("held", 2, 2)

    refused = _rostrum(folder, "decide", told["list"], "--take", "--reason", " ")
    assert refused.returncode == 3
    decided = _rostrum(folder, "decide", told["list"], "--take", "--reason", "Of the police only", "--json")
    assert decided.returncode == 0, decided.stderr
    assert json.loads(decided.stdout)["addresses"] == {"taken": 1}
    assert {one["state"] for one in json.loads(_rostrum(folder, "list", "--json").stdout)} == {"found"}


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"PK\x03\x04xl/workbook.xml", "Excel workbook"), (bytes(range(256)), "not text"), (b"", "is empty")],
)
def test_a_file_that_is_no_list_is_refused_by_name(folder: Path, tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    done = _rostrum(folder, "import", str(path))

    assert done.returncode == 2
    assert told in done.stderr
