"""A real browser on a real server, for the tests that need one.

    with served() as address, browser() as chromium:
        visitor = Visitor(chromium, address)
        visitor.sign_in("coordinator@wausau.example", PASSWORD)
        page = visitor.open("/desk/people/")
        visitor.assert_accessible(page)

The test needs ``@pytest.mark.django_db(transaction=True)``: the server has its own connections. Scripts the page itself
could not run (axe) run in a context that bypasses the content security policy; everything else runs under it, and a
violation fails the test.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("ROSTRUM_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = 1280, 320
SHOTS = Path(os.environ.get("ROSTRUM_SCREENSHOTS", str(ROOT / "screenshots")))
# Nobody looks at the pictures of a whole run, and they take a sixth of a browser test's time.
PICTURES = "ROSTRUM_SCREENSHOTS" in os.environ or "PYTEST_XDIST_WORKER" not in os.environ
# WCAG 2.2 AA and what axe calls best practice; all of it, so that nobody need remember which.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class _Quiet(WSGIRequestHandler):
    # A connection kept open by a window that a failed test left behind must not keep the server from ending.
    timeout = 3

    def handle(self) -> None:
        with suppress(TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the test's own output is what is read."""


class _ClosingServer(ThreadedWSGIServer):
    """Closes each request's database connection, so that the test database can be dropped afterwards."""

    daemon_threads = False

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()


@contextmanager
def served() -> Iterator[str]:
    """The product on a free port of the loopback, as ``http://127.0.0.1:PORT``, threads and all."""
    server = _ClosingServer(("127.0.0.1", 0), _Quiet)
    # Not rostrum.web.wsgi: that takes over the logging, which here is pytest's.
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    # Playwright's own event loop runs in this thread; Django takes that for an asynchronous view.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            try:
                yield chromium
            finally:
                # What the test asked the database while Playwright's loop ran went over a connection of its own.
                connections.close_all()
                chromium.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Visitor:
    """One person at one browser: own cookies, own width, with or without scripts."""

    def __init__(self, chromium: Browser, address: str, *, width: int = WIDE, scripts: bool = True) -> None:
        self.chromium, self.address, self.scripts = chromium, address, scripts
        self.context: BrowserContext = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        # Where axe looks: one for all pages, so that style sheets are fetched once.
        self.inspector: BrowserContext | None = None
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx, which browsers report as a failed load; that is the test's own business.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        """Go to a page of the product."""
        self.page.goto(path)
        return self.page

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in through the page, as a person does."""
        self.page.goto("/sign-in/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self.page

    def accessibility_findings(self, path: str | None = None) -> list[str]:
        """What axe-core finds on the page at `path` (default: where the visitor is), one line per finding."""
        if self.inspector is None:
            self.inspector = self.chromium.new_context(base_url=self.address, bypass_csp=True)
        self.inspector.clear_cookies()
        self.inspector.add_cookies(self.context.cookies())  # type: ignore[arg-type]
        page = self.inspector.new_page()
        if self.page.viewport_size is not None:
            page.set_viewport_size(self.page.viewport_size)
        try:
            page.goto(path or self.page.url)
            page.add_script_tag(path=str(AXE))
            # Only what is wrong is asked for: what passes is most of the work, and all of what would be sent over.
            options = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
            violations: list[Mapping[str, Any]] = page.evaluate(
                "async options => (await axe.run(document, options)).violations", options
            )
        finally:
            page.close()
        return [
            f"{one['id']}: {one['help']} at {node['target']}: {node['html'][:160]}"
            for one in violations
            for node in one["nodes"]
        ]

    def settle(self) -> None:
        """Wait until the page that a click led to is there whole: before that there may be no document to measure."""
        self.page.wait_for_load_state()

    def assert_accessible(self, path: str | None = None) -> None:
        """Fail with axe's findings, if there are any."""
        findings = self.accessibility_findings(path)
        assert not findings, "\n".join(findings)

    def assert_fits(self) -> None:
        """Fail if the page must be scrolled sideways, naming what sticks out."""
        assert (found := self.sticking_out()) == [], f"{self.page.url}: {found}"

    def sticking_out(self) -> list[str]:
        """What makes the page wider than the window, one line each."""
        self.settle()
        width = self.page.evaluate("document.documentElement.scrollWidth")
        seen = self.page.evaluate("document.documentElement.clientWidth")
        wide = self.page.evaluate(
            "limit => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > limit + 1"
            " && getComputedStyle(e).position !== 'absolute').slice(0, 5).map(e => e.outerHTML.slice(0, 120))",
            seen,
        )
        return [f"is {width} px wide in a window of {seen}: {one}" for one in wide or ["all"] if width > seen or wide]

    def assert_no_complaints(self) -> None:
        """Fail with whatever the browser complained about: script errors, content security policy."""
        assert not self.complaints, "\n".join(self.complaints)

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole page as it is, where somebody may look: in a run of its own, or when asked."""
        if not PICTURES:
            return
        SHOTS.mkdir(parents=True, exist_ok=True)
        width = (self.page.viewport_size or {"width": 0})["width"]
        self.page.screenshot(path=str(SHOTS / f"{name}-{width}.png"), full_page=True)

    def close(self) -> None:
        """Close the window, and axe's."""
        if self.inspector is not None:
            self.inspector.close()
        self.context.close()
