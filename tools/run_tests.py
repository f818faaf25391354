"""`make test`: every suite, on SQLite and on PostgreSQL, real servers included where the machine can have them."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import prepare

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")

# Each worker takes its half in order, so that a module's browser starts once, and then what the other has not begun.
_SHARED = ["-n", "2", "--dist", "worksteal"]

# name, where, extra arguments, database, what it needs
SUITES: list[tuple[str, list[str], list[str], str, tuple[str, ...]]] = [
    ("unit", ["tests/unit"], ["-n", "2"], "sqlite", ()),
    ("structure", ["tests/structure"], ["-n", "2"], "sqlite", ()),
    ("areas and pages on SQLite", ["tests/areas", "tests/web"], _SHARED, "sqlite", ("chromium", "pdftotext")),
    (
        "areas and pages on PostgreSQL",
        ["tests/areas", "tests/web"],
        _SHARED,
        "postgres",
        ("postgres", "chromium", "pdftotext"),
    ),
    ("journeys on SQLite", ["tests/journeys"], _SHARED, "sqlite", ("chromium",)),
    ("journeys on PostgreSQL", ["tests/journeys"], _SHARED, "postgres", ("postgres", "chromium")),
    ("real servers", ["tests/network"], [], "sqlite", ("postgres", "redis", "chromium", "xmlsec1")),
]


def main() -> int:
    strict = os.environ.get("CI") == "true"
    missing = prepare()
    for what, why in missing.items():
        print(f"[test] missing: {what}: {why}", flush=True)
    failures: list[str] = []
    templates = tempfile.TemporaryDirectory(prefix="rostrum-templates-")
    os.environ["ROSTRUM_TEST_TEMPLATES"] = templates.name  # tests/schema.py: the tables, migrated once for all suites
    for name, places, extra, database, needs in SUITES:
        lacking = [missing[need] for need in needs if need in missing]
        if lacking:
            print(f"[test] {name}: SKIPPED: {'; '.join(lacking)}", flush=True)
            if strict:
                failures.append(f"{name} (skipped)")
            continue
        print(f"[test] {name}", flush=True)
        started = time.monotonic()
        done = subprocess.run(
            [PYTHON, "-m", "pytest", "-q", *places, *extra],
            cwd=ROOT, env={**os.environ, "ROSTRUM_TEST_DB": database}, check=False,
        )  # fmt: skip
        print(
            f"[test] {name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)",
            flush=True,
        )
        if done.returncode:
            failures.append(name)
    subprocess.run([PYTHON, "-m", "tests.schema", "drop"], cwd=ROOT, check=False)
    templates.cleanup()
    if failures:
        print(f"[test] failed: {'; '.join(failures)}")
        return 1
    print("[test] all suites passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
