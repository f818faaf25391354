"""Builds rostrum-verify.pyz: the verifier as one file that a public body can publish beside its records.

The same sources give the same bytes, so its SHA-256 can be published too. It needs Python 3.11 or newer and the
`cryptography` package.

    python tools/build_verifier.py [dist/rostrum-verify.pyz]
"""

import hashlib
import sys
import zipfile
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src"
PACKAGE = "rostrum/evidence"
MAIN = "import sys\n\nfrom rostrum.evidence.verify import main\n\nsys.exit(main())\n"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold


def build(target: Path) -> str:
    """Write the file and return its SHA-256 in hexadecimal."""
    target.parent.mkdir(parents=True, exist_ok=True)
    members = {"__main__.py": MAIN.encode(), "rostrum/__init__.py": (SOURCES / "rostrum/__init__.py").read_bytes()}
    for path in sorted((SOURCES / PACKAGE).rglob("*.py")):
        members[path.relative_to(SOURCES).as_posix()] = path.read_bytes()
    with target.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                member = zipfile.ZipInfo(name, LONG_AGO)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                archive.writestr(member, data)
    target.chmod(0o755)
    return hashlib.sha256(target.read_bytes()).hexdigest()


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("dist/rostrum-verify.pyz")
    print(f"{build(where)}  {where}")
