"""Planted secrets: a whole journey of log-ins through a real server and worker, then a search for every one of them.

The pages are used over HTTP, the commands as an operator runs them. Each page is kept but for the three kinds that show
something once, to the person who asked. In the end every byte is searched that the product left behind: data folder
with database and write-ahead log, ledger, backup, bundle, what the processes printed, the pages, a dump of the database
where it is PostgreSQL, and the memory of the running processes. What the search finds of a control says that it works.
"""

import base64
import html
import http.server
import os
import platform
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from rostrum.cli.sample_city import PASSWORD
from rostrum.connectors import process
from rostrum.connectors.keystore import FileKeyStore
from rostrum.connectors.square.server import create_channel
from rostrum.connectors.square.store import SquareStore
from rostrum.kernel.one_time_codes import code_at, read_seed
from tests.planted import Hit, Planted, find_in_files, find_in_memory
from tests.simulators.issuer import Issuer

READY = "Stop with Ctrl-C."
LONGEST_SECONDS = 600.0
# Letters and digits of base 32, so that it can stand in a seed as well as in a password.
MARK = "QZ7VX4KTW5J2"
# These hold their secret by their purpose, in the folder that is kept apart from the data and its backups.
APART = {"keys/oidc-city-secret"}
SETTLED_SECONDS = 12.0
ZONE = ZoneInfo("America/Chicago")


def _some() -> str:
    return base64.b32encode(secrets.token_bytes(5)).decode()


def a_password() -> str:
    """A password that every kind of quoting changes, around the mark."""
    return f'é{_some()}&"{MARK}%{_some()}\\</p>ß'


def a_seed() -> str:
    """A seed of one-time codes, as platforms show it."""
    return MARK + base64.b32encode(secrets.token_bytes(10)).decode() + _some()[:4]


def some_codes() -> str:
    """Recovery codes as a platform gives them."""
    return "\n".join(f"{MARK}-{_some()}" for _ in range(3))


@dataclass
class Kept:
    """What was planted, and what everybody saw of the product."""

    planted: dict[str, str | bytes] = field(default_factory=dict)
    seen: list[tuple[str, bytes]] = field(default_factory=list)
    windows: list[httpx.Client] = field(default_factory=list)

    def plant(self, name: str, value: str) -> str:
        """Remember the value as one to look for; a seed also as the bytes it stands for."""
        self.planted[name] = value
        if "seed" in name:
            self.planted[f"{name}, its bytes"] = read_seed(value).key
        for number, line in enumerate(value.splitlines()):
            self.planted[f"{name}, line {number}"] = line
        return value


class Window:
    """Somebody's browser without scripts: its cookies, its forms; every answer is kept, with its headers."""

    def __init__(self, address: str, kept: Kept) -> None:
        self.kept = kept
        self.client = httpx.Client(base_url=address, follow_redirects=False, timeout=60)
        kept.windows.append(self.client)

    def get(self, path: str, *, shows_once: bool = False) -> httpx.Response:
        """Open a page, going where it leads; `shows_once`: this page may show a secret, so it is not kept."""
        return self._follow(self.client.get(path), shows_once)

    def send(self, page: str, to: str = "", *, shows_once: bool = False, **fields: str) -> httpx.Response:
        """Send the form of a page, with the hidden fields that the page gives."""
        form = self.client.get(page)
        self._keep(form, shows_once)
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text)
        tokens = ("csrfmiddlewaretoken", "request_token")
        hidden = {name: html.unescape(value) for name, value in found if name in tokens}
        referrer = {"Referer": str(self.client.base_url.join(page))}
        answer = self.client.post(to or page, data=hidden | fields, headers=referrer)
        return self._follow(answer, shows_once)

    def sign_in(self, email: str, password: str) -> httpx.Response:
        """Sign in by password."""
        return self.send("/sign-in/", email=f"{email}@wausau.example", password=password)

    def _follow(self, answer: httpx.Response, shows_once: bool) -> httpx.Response:
        self._keep(answer, shows_once)
        while answer.is_redirect and answer.headers["location"].startswith(("/", str(self.client.base_url))):
            answer = self.client.get(answer.headers["location"])
            self._keep(answer, shows_once)
        return answer

    def _keep(self, answer: httpx.Response, shows_once: bool) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        where = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
        self.kept.seen.append((f"{where}, headers", headers.encode()))
        if not shows_once:
            self.kept.seen.append((where, answer.content))


class City:
    """The sample city in processes of its own: the pages with their worker, a second worker, commands."""

    def __init__(self, folder: Path, issuer: str, database: str = "") -> None:
        self.data, self.said = folder / "data", folder / "said"
        self.work = folder / "work"
        self.database = database
        for made in (self.data / "keys", self.said, self.work):
            made.mkdir(parents=True, mode=0o700)
        self.kept = Kept()
        secret = self.kept.plant("the client's secret at the directory", f"{MARK}.{_some()}+/={_some()}")
        (self.data / "keys" / "oidc-city-secret").write_text(f"{secret}\n", encoding="utf-8")
        (self.data / "sign-in.toml").write_text(
            f'[[oidc]]\nid = "city"\nname = "City sign-in"\nissuer = "{issuer}"\nclient_id = "rostrum"\n'
            'client_secret_file = "oidc-city-secret"\nsecond_factor = "trusted"\n',
            encoding="utf-8",
        )
        # Two controls: the settings keep the one, so it stands in the memory of both processes; the other is written
        # where everybody may read it.
        self.control = f"control-{secrets.token_hex(12)}"
        self.plain = f"plain-{secrets.token_hex(12)}"
        kept_apart = ("ROSTRUM", "DJANGO", "GLIBC", "PYTHONMALLOC", "DATABASE")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(kept_apart)}
        self.environment |= {
            "ROSTRUM_DATA": str(self.data),
            "ROSTRUM_MAIL_FROM": f"{self.control}@wausau.example",
            "PYTHONUNBUFFERED": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        if database:
            self.environment["DATABASE_URL"] = database
        self.port = _free_ports()
        self.address = f"http://127.0.0.1:{self.port}"
        self.started = [self._start("up", "-m", "rostrum.cli.main", "up", "--demo", "--port", str(self.port))]

    def wait_until_ready(self) -> None:
        """Wait for the pages, then start the second worker."""
        _wait(lambda: READY in self.printed("up") or self.web.poll() is not None, "the pages")
        assert READY in self.printed("up"), self.printed("up")
        self.started.append(self._start("worker", "-m", "rostrum.worker"))

    @property
    def web(self) -> subprocess.Popen[bytes]:
        """The process with the pages."""
        return self.started[0]

    @property
    def worker(self) -> subprocess.Popen[bytes]:
        """The second worker."""
        return self.started[1]

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.said / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, *words], env=self.environment, cwd=self.work, stdout=log, stderr=subprocess.STDOUT
            )

    def printed(self, name: str) -> str:
        """What a process printed so far."""
        return (self.said / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def command(self, *words: str, code: int = 0) -> str:
        """Run a command of `rostrum` to its end; what it printed is kept."""
        name = f"{len(list(self.said.iterdir()))}-{words[0]}"
        done = self._start(name, "-m", "rostrum.cli.main", *words)
        assert done.wait(120) == code, (words, self.printed(name))
        return self.printed(name)

    def window(self) -> Window:
        """A window of somebody."""
        return Window(self.address, self.kept)

    def sql(self, statement: str) -> None:
        """Change the database behind the product's back."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as server:
                server.execute(statement)
            return
        with closing(sqlite3.connect(self.data / "rostrum.sqlite3", timeout=20)) as database:
            database.execute(statement)
            database.commit()

    def stop(self) -> None:
        """Close all windows, and end whatever still runs."""
        for window in self.kept.windows:
            window.close()
        for one in self.started:
            if one.poll() is None:
                one.kill()
            one.wait(20)


def _wait(holds: Callable[[], object], what: str) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < until, f"{what}: not in {LONGEST_SECONDS:.0f} s"
        time.sleep(0.1)


def _free_ports() -> int:
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two free ports side by side")


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """The body's directory, on loopback."""
    made: list[Issuer] = []

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            request = httpx.Request(self.command, made[0].url + self.path, headers=dict(self.headers), content=body)
            answer = made[0].transport.handle_request(request)
            content = answer.read()
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "text/plain"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    made.append(Issuer(now=datetime.now(UTC), url=url, claims={"email": "hana@wausau.example", "name": "Hana Weiss"}))
    try:
        yield made[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def _a_database(folder: Path) -> Iterator[str]:
    """A database of its own where the tests run on PostgreSQL; "" means SQLite in the data folder."""
    if os.environ.get("ROSTRUM_TEST_DB") != "postgres":
        yield ""
        return
    server = os.environ.get("ROSTRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
    name = f"planted_{os.getpid()}_{folder.name}".replace("-", "_").lower()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def city(tmp_path: Path, issuer: Issuer) -> Iterator[City]:
    with _a_database(tmp_path) as database:
        made = City(tmp_path, issuer.url, database)
        try:
            made.wait_until_ready()
            yield made
        finally:
            made.stop()


def test_no_planted_secret_is_found_after_the_whole_journey(city: City, issuer: Issuer, tmp_path: Path) -> None:
    rosa = rosa_signs_in_in_every_way(city)
    hana_comes_by_the_directory(city, issuer)
    rosa_follows_her_calendar(city, rosa)
    deposits_fail_and_one_succeeds(city, rosa)
    the_log_in_is_used(city, rosa)
    two_persons_disclose_it(city, rosa)
    a_wrong_key_opens_nothing(city, rosa)
    a_fault_in_the_middle_of_a_deposit(city, rosa)
    the_log_in_is_rotated(city, rosa)
    the_operator_runs_every_command(city)
    in_memory = what_stands_in_memory(city)
    both_die(city)

    planted = Planted(city.kept.planted | {"control": city.control, "plain": city.plain}, mark=MARK)
    found = find_in_files(planted, city.data, apart=APART) | find_in_files(planted, city.said)
    for where, content in city.kept.seen:
        found |= planted.find(content, f"page: {where}")
    found |= what_stands_in_a_dump_of_the_database(city, planted, tmp_path)
    plain = {one for one in found if one.name == "plain"}
    assert any("rostrum.sqlite3" in one.where or "dump of the database" in one.where for one in plain), plain
    assert any(one.where.startswith("backup.zip!") for one in plain), plain
    assert any(one.where.startswith("page: ") for one in plain), plain
    found -= plain
    assert not found, "\n".join(sorted(f"{one.name}: {one.spelling}, in {one.where}" for one in found))
    assert not list(city.work.iterdir()), "a process left something where it died"
    if platform.libc_ver()[0] == "glibc" and os.geteuid() == 0:
        assert set(in_memory) == {"pages", "worker"}
    # The settings keep the control: without it, finding nothing in memory would say nothing.
    for name, hits in in_memory.items():
        control = {one for one in hits if one.name == "control"}
        assert control, f"the control is not found in the memory of the {name}"
        assert not hits - control, f"{name}:\n" + "\n".join(sorted(map(str, hits - control)))


# The journey


def rosa_signs_in_in_every_way(city: City) -> Window:
    """Rosa changes her password, sets an app up, and comes in by password, one-time code and recovery code."""
    password = city.kept.plant("a person's password", a_password())
    rosa = city.window()
    assert rosa.sign_in("rosa", PASSWORD).url.path == "/desk/"
    rosa.send("/desk/me/password/", current=f"{PASSWORD}x", password=password)
    rosa.send("/desk/me/password/", current=PASSWORD, password=password)
    rosa = city.window()
    assert rosa.sign_in("rosa", password + "x").status_code == 422
    assert rosa.sign_in("rosa", password).url.path == "/desk/"
    page = rosa.get("/sign-in/factor/app/", shows_once=True)
    shown = re.search(r'ros-typed-key">([^<]+)<', page.text)
    assert shown is not None, page.url
    seed = city.kept.plant("the seed of a person's app", "".join(shown[1].split()))
    rosa.get("/sign-in/factor/app/qr.svg", shows_once=True)
    made = rosa.send("/sign-in/factor/app/", shows_once=True, code=_code(seed), name="Telephone")
    codes = re.findall(r"<li><code>([^<]+)</code>", made.text)
    assert len(codes) >= 8, made.text
    for what, code in zip(("typed wrongly", "used", "never used"), codes, strict=False):
        city.kept.plant(f"a person's recovery code, {what}", code)
        city.kept.plant(f"a person's recovery code, {what}, without dashes", code.replace("-", ""))
    # Shown until she says that they are kept, and then never again.
    rosa.send("/desk/me/sign-in/codes/", shows_once=True)
    assert codes[0] not in rosa.get("/desk/me/sign-in/codes/").text

    rosa = city.window()
    assert "second" in rosa.sign_in("rosa", password).url.path
    assert rosa.send("/sign-in/second/", code=codes[0] + "0").status_code == 422
    assert rosa.send("/sign-in/second/", code=codes[1]).url.path == "/desk/"
    rosa.send("/desk/me/sign-in/prove/", password=password, next="/desk/")
    return rosa


def _code(seed: str) -> str:
    return code_at(read_seed(seed), datetime.now(UTC)).digits


def hana_comes_by_the_directory(city: City, issuer: Issuer) -> None:
    """The directory's code is exchanged with the client's secret."""
    hana = city.window()
    leaving = hana.client.get("/sign-in/with/city/")
    begun: Any = SimpleNamespace(url=leaving.headers["location"])
    back = hana.get("/sign-in/with/city/callback/?" + str(httpx.QueryParams(issuer.sign_in(begun))))
    assert issuer.headers["authorization"].startswith("Basic "), issuer.asked
    assert back.status_code == 200


def rosa_follows_her_calendar(city: City, rosa: Window) -> None:
    """The calendar's address is shown once, and then used by a calendar."""
    page = rosa.send("/desk/me/calendar/", shows_once=True)
    address = re.search(r"/calendar/([^/<\s]+)/duties\.ics", page.text)
    assert address is not None, page.text
    city.kept.plant("the token of a calendar", address[1])
    calendar = city.window()
    assert calendar.get(address[0]).headers["content-type"].startswith("text/calendar")
    rosa.get("/desk/me/calendar/")


def deposits_fail_and_one_succeeds(city: City, rosa: Window) -> None:
    """A seed that is none, a wrong date, a secret used before: each fails with secrets in hand. Then one is taken."""
    page = "/desk/channels/parks/deposit"
    values: dict[str, Any] = {
        "token": city.kept.plant("the channel's API token", _new_token(city)),
        "login": "wausauparks",
        "site_password": city.kept.plant("the channel's password", a_password()),
        "recovery_codes": city.kept.plant("the channel's recovery codes", some_codes()),
        "totp_seed": city.kept.plant("the channel's seed of one-time codes", a_seed()),
        "api_token": city.kept.plant("the channel's other token", f"pat_{MARK}{_some()}-_{_some()}"),
    }
    not_a_seed = city.kept.plant("what was typed for another's code", f"{MARK}!{_some()}, no base 32")
    failed = rosa.send(page, **values | {"totp_seed": not_a_seed}, changed_at=_local(0))
    assert failed.status_code == 422
    failed = rosa.send(page, **values, changed_at=_local(+600))
    assert failed.status_code in (409, 422)
    failed = rosa.send(page, **values, changed_at="not a time")
    assert failed.status_code == 422
    failed = rosa.send(page, **values, why_shared=f"It is {values['site_password']}", changed_at=_local(0))
    assert failed.status_code == 422
    done = rosa.send(page, **values, changed_at=_local(0))
    assert "The log-in is in custody." in done.text, done.text
    again = rosa.send("/desk/channels/public-works/deposit", **values, changed_at=_local(0))
    assert again.status_code in (409, 422)


def _local(minutes: int) -> str:
    return (datetime.now(ZONE) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def _new_token(city: City) -> str:
    square = SquareStore(city.data / "square")
    parks = next(one for one in square.channels() if one["handle"] == "parks")
    return create_channel(city.data / "square", "parks", parks["name"], parks["about"])


def the_log_in_is_used(city: City, rosa: Window) -> None:
    """The worker signs in with it; Rosa sees a one-time code, never its seed; the line is tried; a look is taken."""
    rosa.send("/desk/channels/parks/", "/desk/channels/parks/test")
    rosa.send("/desk/channels/parks/connection", "/desk/channels/parks/connection/try")
    assert re.search(r"\b\d{3}\s?\d{3}\b", rosa.send("/desk/channels/parks/code").text)
    _wait(lambda: "Tested" in rosa.get("/desk/channels/parks/").text, "the test of the log-in")
    city.command("capture", "--once", "--channel", "parks")
    for path in ("/desk/", "/desk/custody/", "/desk/channels/parks/deposit", "/desk/archive/captures/", "/channels/"):
        rosa.get(path)


def two_persons_disclose_it(city: City, rosa: Window) -> None:
    """June, made a second coordinator, confirms; Rosa sees the password and the recovery codes this once."""
    june_id = re.search(r'/desk/people/([^/"]+)/"[^>]*>\s*June', rosa.get("/desk/people/").text)
    assert june_id is not None
    person = f"/desk/people/{june_id[1]}/"
    rosa.send(person, f"{person}roles/", role="social_media_coordinator")
    reason = f"The platform asks a person for it. {city.plain}"
    asked = rosa.send("/desk/channels/parks/disclose", parts="site_password", reason=reason)
    disclosure = asked.url.path
    assert "disclosures" in disclosure, asked.text
    june = city.window()
    june.sign_in("june", PASSWORD)
    june.send(disclosure, f"{disclosure}confirm")
    shown = rosa.send(disclosure, f"{disclosure}show", shows_once=True)
    assert html.escape(str(city.kept.planted["the channel's password"])) in shown.text, shown.text
    rosa.get(disclosure)


def a_wrong_key_opens_nothing(city: City, rosa: Window) -> None:
    """With another key in its place, nothing opens and a deposit is refused; with its own key all is there again."""
    key, own = city.data / "keys" / "custody-key", city.work / "own-key"
    shutil.move(key, own)
    FileKeyStore(key, "custody").make()
    assert rosa.send("/desk/channels/parks/code").status_code == 409
    rosa.send("/desk/channels/parks/connection", "/desk/channels/parks/connection/try")
    rosa.get("/desk/custody/")
    city.command("custody", "status", code=1)
    city.command("doctor", code=1)
    shutil.move(own, key)
    assert re.search(r"\b\d{3}\s?\d{3}\b", rosa.send("/desk/channels/parks/code").text)


def a_fault_in_the_middle_of_a_deposit(city: City, rosa: Window) -> None:
    """A table is gone when the log-in is already sealed: the page says that it is our mistake, the log where."""
    values: dict[str, Any] = {
        "site_password": city.kept.plant("a password while something breaks", a_password()),
        "totp_seed": city.kept.plant("a seed while something breaks", a_seed()),
    }
    city.sql("ALTER TABLE channels_secretmark RENAME TO elsewhere")
    try:
        broken = rosa.send("/desk/channels/parks/deposit", **values, changed_at=_local(0))
    finally:
        city.sql("ALTER TABLE elsewhere RENAME TO channels_secretmark")
    assert broken.status_code == 500
    assert '"fault"' in city.printed("up")


def the_log_in_is_rotated(city: City, rosa: Window) -> None:
    """Everything in the log-in is changed; what was there before is in custody no more, and in nothing else."""
    values: dict[str, Any] = {
        "token": city.kept.plant("the API token after the change", _new_token(city)),
        "site_password": city.kept.plant("the password after the change", a_password()),
        "recovery_codes": city.kept.plant("the recovery codes after the change", some_codes()),
        "totp_seed": city.kept.plant("the seed after the change", a_seed()),
    }
    done = rosa.send("/desk/channels/parks/deposit", **values, changed_at=_local(0))
    assert "The log-in is in custody." in done.text, done.text
    _wait(lambda: "Tested" in rosa.get("/desk/channels/parks/").text, "the test of the changed log-in")


def the_operator_runs_every_command(city: City) -> None:
    """What an operator runs: the state of custody, a new key, a look over the machine, a backup, an export, the log."""
    city.command("custody", "status", "--json")
    city.command("custody", "rekey")
    # The sample city has overdue duties, which the doctor reports too.
    assert "each readable" in city.command("doctor", code=1)
    city.command("backup", "--out", str(city.data / "backup.zip"))
    city.command("bundle", "export", "--all", "--out", str(city.data / "bundle"))
    city.command("duties", "list", "--json")
    city.command("search", "pool", "--json")


# The search


def what_stands_in_memory(city: City) -> dict[str, set[Hit]]:
    """What the processes hold a moment after the last use: the pages with their worker, and the other worker."""
    planted = Planted(city.kept.planted | {"control": city.control}, mark=MARK)
    found = {}
    time.sleep(SETTLED_SECONDS)
    for name, one in {"pages": city.web, "worker": city.worker}.items():
        limits = Path(f"/proc/{one.pid}/limits")
        if not limits.exists():
            continue
        cores = re.search(r"Max core file size +(\S+)", limits.read_text())
        assert cores is not None
        assert cores[1] == "0", "a core dump would hold what is in memory"
        if process.overwriting({}) is None:
            continue  # not the GNU C library: docs/limits.md
        try:
            found[name] = find_in_memory(planted, one.pid)
        except PermissionError:
            continue  # only the superuser may look into a process that leaves no dumps
    return found


def both_die(city: City) -> None:
    """The worker breaks down, the pages are killed: neither leaves a picture of its memory."""
    city.worker.send_signal(signal.SIGABRT)
    city.web.kill()
    assert city.worker.wait(20) == -signal.SIGABRT
    assert city.web.wait(20) == -signal.SIGKILL
    assert "Fatal Python error: Aborted" in city.printed("worker")


def what_stands_in_a_dump_of_the_database(city: City, planted: Planted, folder: Path) -> set[Hit]:
    """What stands in the rows, as PostgreSQL's own tool writes them out; of SQLite the file itself was read."""
    if not city.database or not shutil.which("pg_dump"):
        return set()
    dumped = folder / "dump.sql"
    subprocess.run(["pg_dump", "--inserts", "-f", str(dumped), city.database], check=True)
    return planted.find(dumped.read_bytes(), "a dump of the database")
