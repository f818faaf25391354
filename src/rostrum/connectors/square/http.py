"""The few HTTP words the square needs: a request read from WSGI, a response written to it."""

import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any

from rostrum.connectors.square.store import SquareRefusal

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Uploads come as base64 inside JSON: four media of 8 MB, and room for the rest.
_BODY_LIMIT_BYTES = 48 * 1024 * 1024

# The page has no script and loads nothing from elsewhere.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes

    @classmethod
    def read(cls, environ: Environ) -> "Request":
        """Read a request from WSGI. Raises `SquareRefusal` when its body is too large or its length is not a number."""
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError as error:
            raise SquareRefusal(400, "bad-length", "The Content-Length is not a number.") from error
        if length > _BODY_LIMIT_BYTES:
            raise SquareRefusal(413, "too-large", "That is too large.")
        try:
            cookies = {name: morsel.value for name, morsel in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
        except CookieError:
            cookies = {}
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace"),
            query=dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
            headers={"authorization": environ.get("HTTP_AUTHORIZATION", "")},
            cookies=cookies,
            body=environ["wsgi.input"].read(length) if length > 0 else b"",
        )

    def form(self) -> dict[str, str]:
        """Return the fields of a posted form."""
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; every one carries the strict headers."""

    status: int
    body: bytes = b""
    mime: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())

    def send(self, start_response: StartResponse) -> list[bytes]:
        """Write it to WSGI."""
        start_response(
            f"{self.status} {HTTPStatus(self.status).phrase}",
            [
                ("Content-Type", self.mime),
                ("Content-Length", str(len(self.body))),
                ("Content-Security-Policy", _PAGE_POLICY),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "same-origin"),
                ("Cache-Control", "no-store"),
                *self.headers,
            ],
        )
        return [self.body]


def redirect(to: str, *headers: tuple[str, str]) -> Response:
    """Answer a posted form: go and look at the result."""
    return Response(303, headers=(("Location", to), *headers))
