"""Copies what the pages need from the installed npm packages into src/rostrum/web/vendor.

Only files that the style sheet names, the scripts, the icon sprite and the licences: about 2 MB of 18. The folder is
made anew each time, is not in git, and is served under /static/vendor/. Nothing is fetched at run time.

    python tools/vendor.py
"""

import gzip
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node" / "node_modules"
TARGET = ROOT / "src" / "rostrum" / "web" / "vendor"
PACKAGES = ("@uswds/uswds", "htmx.org")
USWDS = MODULES / "@uswds" / "uswds"
HTMX = MODULES / "htmx.org"
# The hero picture is a sample of the design system's own site.
UNUSED = {"img/hero.jpg"}
EXTRA = ("js/uswds.min.js", "js/uswds-init.min.js", "img/sprite.svg")
COMPRESSIBLE = {".css", ".js", ".svg"}


def check_integrity() -> None:
    """Stop unless the installed packages are the ones the lock file names, by version and hash.

    npm compares each archive with the lock's hash when it installs and writes what it installed beside the modules.
    """
    locked = json.loads((ROOT / "node" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    record = MODULES / ".package-lock.json"
    if not record.exists():
        sys.exit("vendor: node/node_modules is missing or incomplete; run `npm ci` in node/ (make does it)")
    installed = json.loads(record.read_text(encoding="utf-8"))["packages"]
    for name in PACKAGES:
        key = f"node_modules/{name}"
        want, have = locked[key], installed.get(key, {})
        if (have.get("version"), have.get("integrity")) != (want["version"], want["integrity"]):
            sys.exit(f"vendor: {name} is not {want['version']} as node/package-lock.json says; run `npm ci` in node/")


def put(source: Path, name: str, *, text: str | None = None) -> None:
    """Copy one file, with a gzip copy beside it where that helps (WhiteNoise serves it)."""
    target = TARGET / name
    target.parent.mkdir(parents=True, exist_ok=True)
    data = source.read_bytes() if text is None else text.encode()
    target.write_bytes(data)
    if target.suffix in COMPRESSIBLE:
        (target.parent / f"{target.name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def main() -> None:
    """Make the vendor folder anew."""
    check_integrity()
    shutil.rmtree(TARGET, ignore_errors=True)
    dist = USWDS / "dist"
    # Source maps are not shipped; browsers would ask for them and log an error.
    style = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", (dist / "css" / "uswds.min.css").read_text(encoding="utf-8"))
    named = {match.removeprefix("../") for match in re.findall(r"url\([\"']?([^)\"']+)", style)}
    # `#`-suffixed names and data URIs would need a wider content security policy than ours.
    if odd := sorted(name for name in named if name.startswith(("data:", "http", "/"))):
        sys.exit(f"vendor: the style sheet names what the content security policy forbids: {odd[:3]}")
    put(dist / "css" / "uswds.min.css", "uswds/css/uswds.min.css", text=style)
    for name in sorted(named - UNUSED):
        put(dist / name.split("?")[0], f"uswds/{name.split('?')[0]}")
    for name in EXTRA:
        script = (dist / name).read_text(encoding="utf-8")
        put(dist / name, f"uswds/{name}", text=re.sub(r"\n?//# sourceMappingURL=.*", "", script))
    put(USWDS / "LICENSE.md", "uswds/LICENSE.md")
    htmx = (HTMX / "dist" / "htmx.min.js").read_text(encoding="utf-8")
    put(HTMX / "dist" / "htmx.min.js", "htmx/htmx.min.js", text=re.sub(r"\n?//# sourceMappingURL=.*", "", htmx))
    put(HTMX / "LICENSE", "htmx/LICENSE")
    count = sum(1 for path in TARGET.rglob("*") if path.is_file())
    print(f"vendor: {count} files in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
