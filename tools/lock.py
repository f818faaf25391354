"""Write the hashed lock files from pyproject.toml. Run by `make lock`, which has `uv` at hand."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # setuptools builds the editable install without fetching anything unpinned.
    run = [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        *project["dependency-groups"]["setup"],
    ]
    groups = project["dependency-groups"]
    saml = project["project"]["optional-dependencies"]["saml"]
    dev = [*run, *saml, *groups["dev"]]
    sets = {"run": run, "saml": [*run, *saml], "dev": dev, "bench": [*dev, *groups["bench"]]}
    for name, wanted in sets.items():
        source = FOLDER / f"{name}.in"
        source.write_text(
            "# Generated from pyproject.toml by `make lock`.\n" + "\n".join(wanted) + "\n", encoding="utf-8"
        )
        subprocess.run(
            [
                "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes",
                "--no-emit-index-url", "--no-header", "--no-annotate", str(source.relative_to(ROOT)),
                "-o", f"requirements/{name}.lock",
            ],
            cwd=ROOT, check=True,
        )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
