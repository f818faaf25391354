"""A process that sets Django up once and forks children to be killed: a crash test without fifty slow starts.

    python -m tests.journeys.nursery     reads lines "MODULE:FUNCTION JSON", forks, prints the child's pid, then its end

`Nursery` is the test's side of it.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests import schema

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """Starts children on a database and data folder of their own; on the engine that the tests run on."""

    def __init__(self, folder: Path) -> None:
        self._database = f"nursery_{os.getpid()}_{folder.name}".replace("-", "_").lower()
        self._on_postgres = os.environ.get("ROSTRUM_TEST_DB") == "postgres"
        environment = {
            **os.environ,
            "ROSTRUM_DATA": str(folder),
            "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}",
        }
        environment["DJANGO_SETTINGS_MODULE"] = os.environ.get("ROSTRUM_NURSERY_SETTINGS", "rostrum.settings")
        environment.pop("DATABASE_URL", None)
        if self._on_postgres:
            schema.on_server(f"CREATE DATABASE {self._database} TEMPLATE {schema.postgres_template()}")
            environment["DATABASE_URL"] = schema.address_of(self._database)
        else:
            shutil.copyfile(schema.sqlite_template(), folder / "rostrum.sqlite3")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
        )
        assert self._line() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        if self._on_postgres:
            schema.on_server(f"DROP DATABASE {self._database} WITH (FORCE)")

    def start(self, function: str, **arguments: Any) -> int:
        """Fork a child that runs the function; return its pid."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{function} {json.dumps(arguments)}\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """Wait for the child; return its wait status (negative: the signal that killed it)."""
        return int(self._line())

    def kill(self, pid: int) -> None:
        """Kill the child as a power cut would, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.end()

    def run(self, function: str, **arguments: Any) -> None:
        """Run the function in a child to its end."""
        self.start(function, **arguments)
        assert self.end() == 0, f"{function} failed in the nursery"

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the nursery has died"
        return line


def main() -> None:
    """Serve the test until its end of the pipe is closed."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    # Imported once here rather than in every child, so that a kill meets work and not a start.
    for module in ("rostrum.worker.loop", "rostrum.areas.ledger.operations"):
        importlib.import_module(module)
    call_command("migrate", verbosity=0)
    connections.close_all()  # no child may share a parent's connection
    print("ready", flush=True)
    while line := sys.stdin.readline():
        function, _, arguments = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            _be_a_child(function, json.loads(arguments))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be_a_child(function: str, arguments: Mapping[str, Any]) -> None:
    # Never back into the parent's loop, whatever happens.
    status = 1
    os.dup2(2, 1)  # the test reads the parent's answers from standard output
    try:
        module, _, name = function.partition(":")
        getattr(importlib.import_module(module), name)(**arguments)
        status = 0
    except Exception:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
