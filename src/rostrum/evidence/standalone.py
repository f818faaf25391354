"""The verifier as one file (a zipapp) that a public body can publish beside its records.

The same sources give the same bytes, so its SHA-256 can be published too. It needs Python 3.11 or newer and the
`cryptography` package.
"""

import io
import zipfile
from pathlib import Path

_MAIN = """import importlib.util
import sys

if sys.version_info < (3, 11):
    sys.exit("rostrum-verify needs Python 3.11 or newer.")
if importlib.util.find_spec("cryptography") is None:
    print("rostrum-verify needs the Python package cryptography: pip install cryptography", file=sys.stderr)
    sys.exit(2)
from rostrum.evidence.verify import main

sys.exit(main())
"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold


def packed() -> bytes:
    """Return the bytes of ``rostrum-verify.pyz``."""
    package = Path(__file__).resolve().parent
    sources = package.parents[1]
    members = {"__main__.py": _MAIN.encode(), "rostrum/__init__.py": (package.parent / "__init__.py").read_bytes()}
    for path in sorted(package.rglob("*.py")):
        members[path.relative_to(sources).as_posix()] = path.read_bytes()
    out = io.BytesIO()
    out.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, _LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, data)
    return out.getvalue()
