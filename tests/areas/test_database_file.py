"""The database's file is its owner's alone: log-ins, sealed or not, and restricted messages lie in it."""

from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from rostrum.settings.database import database_from_url


def _open(folder: Path) -> dict[str, int]:
    """The modes of the files after a database was opened and written to in `folder`."""
    database = ConnectionHandler({"default": database_from_url("", folder)})["default"]
    try:
        with database.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS a (b)")
        return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    finally:
        database.close()


@pytest.mark.django_db
def test_a_new_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    assert _open(tmp_path) == {f"rostrum.sqlite3{end}": 0o600 for end in ("", "-wal", "-shm")}


@pytest.mark.django_db
def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    _open(tmp_path)
    (tmp_path / "rostrum.sqlite3").chmod(0o644)

    assert set(_open(tmp_path).values()) == {0o600}
