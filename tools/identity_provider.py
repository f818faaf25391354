"""Runs a real OpenID Connect provider (npm oidc-provider) on loopback, for the tests of single sign-on.

    with start(site="http://127.0.0.1:8000") as provider:      # the product's origin, to which people are sent back
        OpenIdSettings(provider.issuer, "rostrum", provider.secret, scopes=(..., "groups"))

Its packages come from node/identity/package-lock.json, by their hashes. `Unavailable` says what is missing.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent))

from node import install, wheel

FOLDER = Path(__file__).resolve().parent.parent / "node" / "identity"
_READY_SECONDS = 30
_STOP_SECONDS = 10


class Unavailable(Exception):
    """Something the provider needs is not on this machine; the message says what."""


def ensure() -> None:
    """Install the provider's npm packages unless this lock file's are there. Raises `Unavailable`."""
    lock = FOLDER / "package-lock.json"
    mark = FOLDER / "node_modules" / ".installed-from"
    if mark.exists() and mark.read_bytes() == lock.read_bytes():
        return
    try:
        install(FOLDER, "--silent")
    except (ModuleNotFoundError, subprocess.CalledProcessError) as problem:
        raise Unavailable(f"npm ci failed in {FOLDER.name}: {problem}") from problem
    mark.write_bytes(lock.read_bytes())


class Running:
    """A provider that answers; leaving its `with` block ends it."""

    def __init__(self, site: str) -> None:
        self.secret = secrets.token_hex(16)
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [str(wheel() / "bin" / "node"), "provider.mjs"],
            cwd=FOLDER,
            env={**os.environ, "PORT": str(port), "SITE": site, "CLIENT_SECRET": self.secret, "NODE_ENV": "test"},
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self.issuer: str = self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.log.close()

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self) -> str:
        until = time.monotonic() + _READY_SECONDS
        text = ""
        while time.monotonic() < until and self._process.poll() is None:
            self.log.seek(0)
            text = self.log.read().decode(errors="replace")
            for line in text.splitlines():
                if line.startswith('{"ready":true'):
                    return str(json.loads(line)["issuer"])
            time.sleep(0.05)
        raise Unavailable(f"The identity provider did not start: {text.strip()[-600:]}")


def start(site: str) -> Running:
    """Start the provider for a product at this origin and wait until it answers. Raises `Unavailable`."""
    ensure()
    return Running(site)
