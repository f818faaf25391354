"""Set the project up in its own folder: virtual environment, pinned packages, pages' assets. `set_up.py run|dev`.

Needs Python 3.11+ with venv, nothing else: node comes from PyPI, the assets from npm, all pinned by hash.
"""

import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def say(text: str) -> None:
    print(f"[set-up] {text}", flush=True)


def pip(*arguments: str) -> None:
    subprocess.run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-q", *arguments], cwd=ROOT, check=True)


def main() -> int:
    which = sys.argv[1] if len(sys.argv) > 1 else "run"
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is what an old Python meets first)
        print(f"Rostrum needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    started = time.monotonic()
    if not PYTHON.exists():
        say("making the virtual environment .venv")
        venv.create(VENV, with_pip=True)
    say(f"installing the pinned packages of requirements/{which}.lock")
    pip("install", "--require-hashes", "-r", f"requirements/{which}.lock")
    pip("install", "--no-deps", "--no-build-isolation", "-e", ".")
    say("installing the design system (npm, pinned) and copying what the pages need")
    subprocess.run([str(PYTHON), "tools/node.py", "node", "--ignore-scripts", "--loglevel=error"], cwd=ROOT, check=True)
    subprocess.run([str(PYTHON), "tools/vendor.py"], cwd=ROOT, check=True)
    (VENV / f".{which}").touch()
    if which == "dev":
        (VENV / ".run").touch()
    say(f"ready after {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
