"""`rostrum up --demo`, the command of a newcomer: ready within a minute, every printed sign-in works, stops cleanly."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

READY = "Stop with Ctrl-C."
# A minute at most on a machine with nothing else to do; tests share theirs.
LONGEST_SECONDS = 240.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the module: the first start makes the city there."""
    return tmp_path_factory.mktemp("up")


def _free_ports() -> int:
    """A port that is free together with the next one, where the square listens."""
    for _ in range(50):
        with socket.socket() as first, contextlib.suppress(OSError, OverflowError), socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            second.bind(("127.0.0.1", port + 1))
            return port
    raise AssertionError("no two free ports side by side")


@contextlib.contextmanager
def _running(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own; yields it and what it printed until it was ready (or ended)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ROSTRUM", "DJANGO"))}
    environment |= {"ROSTRUM_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    with (folder / "up.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rostrum.cli.main", "up", "--demo", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until and process.poll() is None and READY not in _printed(folder):
            time.sleep(0.1)
        yield process, _printed(folder)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def _printed(folder: Path) -> str:
    return (folder / "up.log").read_text(encoding="utf-8")


def _stopped(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(20)


def _window() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def _rooms_that_do_not_open(address: str, printed: str, password: str) -> list[str]:
    """The rooms printed that the first person named for them cannot open."""
    windows: dict[str, urllib.request.OpenerDirector] = {}
    closed = []
    rooms = re.findall(r"^  (/desk/\S+) .*\((\w+)[^()]*\)$", printed, re.MULTILINE)
    assert len(rooms) == 11
    for path, login in rooms:
        if login not in windows:
            windows[login] = _window()
            assert _signs_in(address, f"{login}@wausau.example", password, windows[login])
        try:
            windows[login].open(f"{address}{path}")
        except urllib.error.HTTPError as refused:
            closed.append(f"{path} for {login}: {refused.code}")
    return closed


def _signs_in(address: str, email: str, password: str, opener: urllib.request.OpenerDirector | None = None) -> bool:
    """Whether the person reaches the desk by the sign-in form; `opener` is signed in afterwards."""
    opener = opener or _window()
    form = opener.open(f"{address}/sign-in/").read().decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    body = urlencode(fields | {"email": email, "password": password}).encode()
    request = urllib.request.Request(f"{address}/sign-in/", body, {"Referer": f"{address}/sign-in/"})
    try:
        answer = opener.open(request)
    except urllib.error.HTTPError:
        return False
    return str(answer.url).endswith("/desk/") and "Sign out" in answer.read().decode()


def test_the_first_start_makes_a_city_whose_people_can_sign_in_and_the_second_keeps_it(folder: Path) -> None:
    port = _free_ports()
    with _running(folder, port) as (process, printed):
        address = f"http://127.0.0.1:{port}"
        assert READY in printed, printed
        assert "Making the sample city" in printed
        with urllib.request.urlopen(f"{address}/") as answer:
            assert answer.status == 200
        password = re.search(r"with the password (\S+) as:", printed)
        people = re.findall(r"^\s+(\S+@\S+)  ", printed, re.MULTILINE)
        assert password is not None
        assert len(people) == 14
        assert [email for email in people if not _signs_in(address, email, password[1])] == []
        assert not _signs_in(address, people[0], "something else")
        assert _rooms_that_do_not_open(address, printed, password[1]) == []
        assert _stopped(process) == 0
    assert "Traceback" not in _printed(folder)

    started = time.monotonic()
    with _running(folder, port) as (process, printed):
        took = time.monotonic() - started
        assert READY in printed, printed
        assert "Making the sample city" not in printed
        assert took < 120
        assert _stopped(process) == 0


@pytest.mark.parametrize("taken", [0, 1])
def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path, taken: int) -> None:
    port = _free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + taken))
        other.listen()
        with _running(tmp_path, port) as (process, printed):
            assert process.wait(30) == 2, printed
    printed = _printed(tmp_path)
    assert f"port {port + taken}" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("port", [65535, 70000])
def test_a_port_that_cannot_be_is_named(tmp_path: Path, port: int) -> None:
    with _running(tmp_path, port) as (process, printed):
        assert process.wait(30) == 2, printed
    assert "up to 65535" in _printed(tmp_path)
