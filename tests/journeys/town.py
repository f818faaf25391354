"""The sample city in a browser: its people at their windows, residents on the square, the worker, each page inspected.

Each kind of page is inspected once, as it stands before the person: axe at both widths, nothing to scroll sideways at
320 pixels, a picture of each. Whatever a window complained about (scripts, content security policy) fails the journey.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from playwright.sync_api import Browser, Page

from rostrum.areas.archive.capturing import look_at
from rostrum.areas.channels import queries as channels
from rostrum.cli import sample_city
from rostrum.connectors.square import server as square_server
from rostrum.worker.loop import Worker
from tests.browser import AXE, NARROW, TAGS, WIDE, Visitor, browser, served

HEIGHT = 900


class Clock:
    """The journey's own time, for pages, worker and square alike: set by the test, it runs on from there."""

    def __init__(self, at: datetime, patch: pytest.MonkeyPatch) -> None:
        self.set(at)
        patch.setattr("django.utils.timezone.now", self)
        patch.setattr("rostrum.connectors.square.store._now", lambda: self().isoformat(timespec="milliseconds"))

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._since)

    def set(self, at: datetime) -> None:
        """Let it be this instant now."""
        self._at, self._since = at, time.monotonic()


class Person(Visitor):
    """Somebody at a window, who remembers which pages they came by."""

    def __init__(self, town: "Town", address: str, **more: Any) -> None:
        super().__init__(town.chromium, address, **more)
        self.page.set_default_timeout(10_000)
        self._town = town
        self.been: dict[str, str] = {}
        self.page.on("load", lambda page: self._remember(page.url))

    def _remember(self, url: str) -> None:
        route = _route(url, self.address)
        if route:
            self.been[route] = url

    def go(self, path: str) -> Page:
        """Open a page of the product."""
        self.page.goto(path)
        return self.page

    def press(self, name: str, *, exact: bool = True) -> Page:
        """Press the button with this name and wait for the answer."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=exact).first.click()
        return self.page

    def follow(self, name: str, *, exact: bool = False) -> Page:
        """Follow the first link of the page's content with this name."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=name, exact=exact).first.click()
        return self.page

    def look(self, name: str) -> None:
        """Inspect the page as it stands now, under this name."""
        self._town.inspect(self, name)


class Town:
    """Everything that runs, and what was seen of it."""

    def __init__(self, chromium: Browser, address: str, square: square_server.Running, folder: Path) -> None:
        self.chromium, self.address, self.square, self.folder = chromium, address, square, folder
        self.findings: list[str] = []
        self._people: dict[str, Person] = {}
        self._residents: list[Person] = []
        self._seen: set[str] = set()

    def person(self, login: str) -> Person:
        """The window of a person of the sample city, signed in on first use."""
        if login not in self._people:
            one = self._people[login] = Person(self, self.address)
            one.sign_in(f"{login}@wausau.example", sample_city.PASSWORD)
        return self._people[login]

    def stranger(self) -> Person:
        """The window of somebody who signs in nowhere."""
        if "" not in self._people:
            self._people[""] = Person(self, self.address)
        return self._people[""]

    def without_scripts(self) -> Person:
        """A window without scripts, where nobody has signed in yet."""
        one = self._people["without scripts"] = Person(self, self.address, scripts=False)
        return one

    def resident(self, name: str) -> Person:
        """The window of a resident on the square, under this name."""
        one = Person(self, self.square.url)
        self._residents.append(one)
        one.go("/").get_by_label("or another name").fill(name)
        one.press("Use this name")
        return one

    def new_channel_token(self, handle: str, name: str, profile: str) -> str:
        """What the square's operator hands over when the body opens a channel there, with what its page shows."""
        return square_server.create_channel(self.folder / "square", handle, name, profile)

    def work(self) -> None:
        """Let the worker do all that is due."""
        Worker(clock=timezone.now).run_until_idle()

    def look_at_channel(self, slug: str) -> None:
        """Capture the channel now, which the clock would ask for within its cadence, and do what follows from it."""
        look_at(channels.channel_by_slug(slug), clock=timezone.now)
        self.work()

    def inspect(self, who: Person, name: str) -> None:
        """Look at the page before `who` once, at both widths."""
        route = _route(who.page.url, who.address)
        if name in self._seen:
            return
        self._seen |= {name, route}
        page = who.page
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if who.scripts:
                self.findings += [f"{name} at {width} px: {one}" for one in _axe(page)]
                try:
                    who.assert_fits()
                except AssertionError as problem:
                    self.findings.append(f"{name} at {width} px: {problem}")
            who.shoot(f"story-{name}")

    def inspect_the_rest(self) -> None:
        """Look at every kind of page that somebody came by and that was not looked at yet."""
        for who in list(self._people.values()):
            for route, url in sorted(who.been.items()):
                if route in self._seen:
                    continue
                self._seen.add(route)
                # The address of a form that was refused is no page.
                if who.page.request.get(url).status == 200:
                    who.page.goto(url)
                    self.inspect(who, route)

    def complaints(self) -> list[str]:
        """What the windows complained about."""
        windows = [*self._people.values(), *self._residents]
        return [f"{one.page.url}: {said}" for one in windows for said in one.complaints]

    def close(self) -> None:
        """Close all windows."""
        for one in (*self._people.values(), *self._residents):
            one.close()


@contextmanager
def sample_town(folder: Path) -> Iterator[Town]:
    """The sample city made anew by its operations, served with its square."""
    with town_of(folder, lambda square: sample_city.ensure(folder, square, say=lambda _: None)) as town:
        yield town


@contextmanager
def town_of(folder: Path, make: Callable[[str], None]) -> Iterator[Town]:
    """What `make` made, given the address of its square, served with it; its persons sign in like the sample city's."""
    (folder / "square").mkdir(parents=True)
    square = square_server.serve(folder / "square")
    try:
        make(square.url)
        with served() as address, browser() as chromium:
            town = Town(chromium, address, square, folder)
            try:
                yield town
            finally:
                town.close()
    finally:
        square.stop()


def as_typed(at: datetime) -> str:
    """An instant as the browser's date-and-time field takes it, in the body's zone."""
    return at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")


def _route(url: str, address: str) -> str:
    """The name of the page's route; empty for pages of elsewhere."""
    if not url.startswith(address):
        return ""
    path = url.removeprefix(address).partition("?")[0].partition("#")[0]
    try:
        return str(resolve(path).url_name or "")
    except Resolver404:
        # The square's pages are no routes of the product.
        return "square" + re.sub(r"sq-[0-9a-f]+", "one", path).rstrip("/").replace("/", "-")


def _axe(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands. Evaluated by the debugger, past the page's own security policy."""
    session = page.context.new_cdp_session(page)
    try:
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8") + "\n;0"})
    finally:
        session.detach()
    options = {"runOnly": {"type": "tag", "values": list(TAGS)}}
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']} at {node['target']}: {node['html'][:160]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
