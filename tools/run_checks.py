"""`make check`: every check that runs no test, all failures listed at the end. The tests are `make test`."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"

CHECKS: list[tuple[str, list[str]]] = [
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("import contracts", ["lint-imports"]),
    ("types", ["mypy"]),
    ("migrations", ["python", "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("policy packs", ["rostrum", "policy", "lint"]),
    ("generated reference", ["python", "tools/write_reference.py", "--check"]),
]


def main() -> int:
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rostrum-check-") as folder:
        surroundings = {**os.environ, "ROSTRUM_DATA": folder, "DJANGO_SETTINGS_MODULE": "rostrum.settings"}
        surroundings.pop("DATABASE_URL", None)
        for name, command in CHECKS:
            started = time.monotonic()
            done = subprocess.run(
                [str(BIN / command[0]), *command[1:]],
                cwd=ROOT,
                env=surroundings,
                capture_output=True,
                text=True,
                check=False,
            )
            verdict = "ok" if done.returncode == 0 else "FAILED"
            print(f"[check] {name}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
            if done.returncode:
                failures.append(name)
                print(done.stdout[-6000:], done.stderr[-3000:], sep="\n", flush=True)
    if failures:
        print(f"[check] failed: {', '.join(failures)}")
        return 1
    print("[check] all good")
    return 0


if __name__ == "__main__":
    sys.exit(main())
