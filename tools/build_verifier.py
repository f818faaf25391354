"""Builds rostrum-verify.pyz, the verifier as one file: ``python tools/build_verifier.py [dist/rostrum-verify.pyz]``."""

import hashlib
import sys
from pathlib import Path

from rostrum.evidence.standalone import packed


def build(target: Path) -> str:
    """Write the file and return its SHA-256 in hexadecimal."""
    data = packed()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    target.chmod(0o755)
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("dist/rostrum-verify.pyz")
    print(f"{build(where)}  {where}")
