"""The tables of a test database, migrated once per run and copied from then on: every worker, every nursery.

    python -m tests.schema drop     drops what the runs with the folder in ROSTRUM_TEST_TEMPLATES left on PostgreSQL

The first to ask migrates, under a lock; all others copy the file (SQLite) or name the database as the template of
theirs (PostgreSQL). Django still runs `migrate` over the copy, which then finds nothing to do. `make test` hands one
folder to all its runs; a run by itself makes its own and removes it.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

_FOLDER = "ROSTRUM_TEST_TEMPLATES"
_ROOT = Path(__file__).resolve().parents[1]
_SOURCE = _ROOT / "src" / "rostrum"
# Which template databases stand on the server, to be dropped by whoever owns the folder.
_NAMES = "postgresql-templates"


def own_a_folder() -> None:
    """Give this run and its workers a folder for templates, unless they were handed one; remove it at the end."""
    if _FOLDER in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="rostrum-templates-")
    os.environ[_FOLDER] = folder
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # a forked child runs it too
            drop_databases()
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


def sqlite_template() -> Path:
    """A SQLite file with every table, and in them only what migrations put there."""
    with _locked() as folder:
        path = folder / f"{_digest()}.sqlite3"
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            _migrate(f"sqlite://{unfinished}")
            unfinished.rename(path)
    return path


def postgres_template() -> str:
    """The name of such a database on the PostgreSQL server."""
    with _locked() as folder:
        names = folder / _NAMES
        known = names.read_text().split() if names.exists() else []
        name = f"rostrum_template_{_digest()}_{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"
        if name not in known:
            on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
            _migrate(address_of(name))
            names.write_text("\n".join([*known, name]))
    return name


def address_of(database: str) -> str:
    """The DATABASE_URL of a database on the PostgreSQL server of the tests."""
    return f"{_server().rpartition('/')[0]}/{database}"


def on_server(*statements: str) -> None:
    """Have the PostgreSQL server of the tests do something outside every transaction."""
    with psycopg.connect(_server(), autocommit=True) as server:
        for statement in statements:
            server.execute(statement)  # type: ignore[call-overload]


def drop_databases() -> None:
    """Drop the template databases that stand on the PostgreSQL server."""
    names = Path(os.environ[_FOLDER]) / _NAMES
    if names.exists():
        on_server(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in names.read_text().split()))


def _server() -> str:
    return os.environ.get("ROSTRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def _locked() -> Iterator[Path]:
    folder = Path(os.environ[_FOLDER])
    with closing((folder / "lock").open("w")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _migrate(url: str) -> None:
    """In a process of its own: the asking one may already have a database of its own open, or be forbidden any."""
    with tempfile.TemporaryDirectory(prefix="rostrum-template-") as folder:
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--run-syncdb", "--skip-checks"],
            env={
                **os.environ,
                "ROSTRUM_DATA": folder,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "rostrum.settings",
                "PYTHONPATH": f"{_SOURCE.parent}:{os.environ.get('PYTHONPATH', '')}",
            },
            cwd=_ROOT,
            check=True,
        )


def _digest() -> str:
    """One value for one state of the code: migrations call into it, so all of it counts."""
    found = hashlib.sha256()
    for path in sorted(_SOURCE.rglob("*.py")):
        found.update(str(path.relative_to(_SOURCE)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    if sys.argv[1:] != ["drop"]:
        sys.exit(__doc__)
    drop_databases()
