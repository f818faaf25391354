"""`make test`: every suite, on SQLite and on PostgreSQL, real servers included where the machine can have them."""

import json
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

# What waits for a browser, a killed process or a server may fail because the machine did not give it the processor.
# Up to so many failed tests of such a suite are run once more, alone; what then passes is named at the end.
_RUN_ALONE_AT_MOST = 3
_TESTS_FAILED = 1  # pytest's exit status, as against a fault of its own


def _pytest(arguments: list[str], database: str) -> int:
    environment = {**os.environ, "ROSTRUM_TEST_DB": database}
    return subprocess.run([PYTHON, "-m", "pytest", "-q", *arguments], cwd=ROOT, env=environment, check=False).returncode


def _failed_tests() -> list[str]:
    kept = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else []


def _passes(places: list[str], extra: list[str], database: str, needs: tuple[str, ...], unsteady: list[str]) -> bool:
    """Run a suite; where a busy machine can fail it, run the few tests that failed once more, alone."""
    (ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed").unlink(missing_ok=True)
    status = _pytest([*places, *extra], database)
    failed = _failed_tests()
    if status != _TESTS_FAILED or not needs or not 0 < len(failed) <= _RUN_ALONE_AT_MOST:
        return status == 0
    print(f"[test] once more, alone: {'; '.join(failed)}", flush=True)
    if _pytest([*places, "--last-failed", "--last-failed-no-failures", "none"], database):
        return False
    unsteady.extend(f"{one} on {database}" for one in failed)
    return True


def main() -> int:
    strict = os.environ.get("CI") == "true"
    missing = prepare()
    for what, why in missing.items():
        print(f"[test] missing: {what}: {why}", flush=True)
    failures: list[str] = []
    unsteady: list[str] = []
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
        passed = _passes(places, extra, database, needs, unsteady)
        print(f"[test] {name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True)
        if not passed:
            failures.append(name)
    subprocess.run([PYTHON, "-m", "tests.schema", "drop"], cwd=ROOT, check=False)
    templates.cleanup()
    for one in unsteady:
        print(f"[test] unsteady: {one}: failed among the others, passed alone")
    if failures:
        print(f"[test] failed: {'; '.join(failures)}")
        return 1
    print("[test] all suites passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
