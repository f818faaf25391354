"""Fetching one public document, against a server on loopback: what comes, what is refused, what is never asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from rostrum.connectors import documents
from rostrum.connectors.documents import fetch_document
from rostrum.connectors.interface import ConnectorError, Trouble

Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def a_site(answer: Callable[[str], Answer]) -> Iterator[tuple[str, list[str]]]:
    """A site on loopback that answers so; its address and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(_path: str) -> Answer:
    return 200, {"Content-Type": "text/html; charset=utf-8"}, b"<html><body>Terms</body></html>"


def test_a_document_comes_with_its_bytes_and_where_it_stood() -> None:
    def moved(path: str) -> Answer:
        return page(path) if path == "/legal/terms" else (301, {"Location": "/legal/terms"}, b"")

    with a_site(moved) as (address, asked):
        found = fetch_document(f"{address}/terms", allows_private=True)
    assert (found.content, found.media_type) == (page("")[2], "text/html; charset=utf-8")
    assert (found.address, asked) == (f"{address}/legal/terms", ["/terms", "/legal/terms"])


def test_a_private_address_is_not_asked_at_all() -> None:
    with a_site(page) as (address, asked):
        for one in (
            address,
            address.replace("127.0.0.1", "localhost"),
            address.replace("127.0.0.1", "[::ffff:7f00:1]"),
        ):
            with pytest.raises(ConnectorError) as trouble:
                fetch_document(f"{one}/terms")
            assert trouble.value.kind is Trouble.REFUSED
        assert asked == []


@pytest.mark.parametrize(
    "host", ["10.0.0.7", "169.254.169.254", "192.168.1.1", "[fd00::1]", "[::1]", "0.0.0.0", "224.0.0.1"]
)
def test_private_networks_are_refused_by_their_numbers(host: str) -> None:
    with pytest.raises(ConnectorError) as trouble:
        fetch_document(f"http://{host}/terms", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    assert trouble.value.kind is Trouble.REFUSED


def test_a_redirect_does_not_lead_into_a_private_network(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": "http://10.0.0.7/secrets"})

    monkeypatch.setattr(
        documents.socket,
        "getaddrinfo",
        lambda host, *_args, **_more: [(2, 1, 6, "", (host if host[0].isdigit() else "93.184.216.34", 443))],
    )
    with pytest.raises(ConnectorError) as trouble:
        fetch_document("https://platform.example/terms", transport=httpx.MockTransport(answer))
    assert (trouble.value.kind, asked) == (Trouble.REFUSED, ["platform.example"])


def test_a_name_that_leads_elsewhere_a_moment_later_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_site(page) as (address, _):
        monkeypatch.setattr(documents, "_look_at", lambda *_: None)
        with pytest.raises(ConnectorError, match="not public"):
            fetch_document(f"{address}/terms")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((404, {}, b"gone"), Trouble.REFUSED),
        ((503, {}, b"later"), Trouble.PLATFORM_ERROR),
        ((302, {"Location": "/terms"}, b""), Trouble.REFUSED),
        ((200, {}, b"x" * (5 << 20)), Trouble.REFUSED),
    ],
)
def test_every_failure_is_told_apart(answer: Answer, trouble: Trouble) -> None:
    with a_site(lambda _: answer) as (address, asked), pytest.raises(ConnectorError) as failure:
        fetch_document(f"{address}/terms", allows_private=True)
    assert failure.value.kind is trouble
    assert len(asked) <= 6


def test_a_site_that_is_not_there_is_trouble_of_the_platform() -> None:
    with pytest.raises(ConnectorError) as failure:
        fetch_document("http://127.0.0.1:9/terms", allows_private=True)
    assert failure.value.kind is Trouble.PLATFORM_ERROR
    for address in ("ftp://example.gov/", "terms", "http://"):
        with pytest.raises(ConnectorError) as failure:
            fetch_document(address, allows_private=True)
        assert failure.value.kind is Trouble.REFUSED
