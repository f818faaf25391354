"""Calls to AT Protocol servers: signing in, keeping and renewing the session, and what their errors mean."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from rostrum.connectors import web
from rostrum.connectors.interface import ConnectorError, Trouble, read_clock

_LOST = {
    "AccountDeactivated",
    "AccountTakedown",
    "AuthenticationRequired",
    "AuthMissing",
    "AuthFactorTokenRequired",
    "ExpiredToken",
    "InvalidToken",
}
_RENEWABLE = {"ExpiredToken", "InvalidToken"}


def query(client: httpx.Client, nsid: str, params: Mapping[str, str | int], **headers: str) -> web.Answer:
    """Ask any server something, as nobody. Raises `ConnectorError`; never LOST_TOKEN, for no token was sent."""
    answer = web.call(client, "GET", f"/xrpc/{nsid}", is_write=False, params=dict(params), headers=headers)
    try:
        return _expect(answer, nsid, is_write=False)
    except ConnectorError as error:
        if error.kind is not Trouble.LOST_TOKEN:
            raise
        raise ConnectorError(Trouble.REFUSED, error.message, code=error.code, answered=True) from error


def read_json(answer: web.Answer) -> dict[str, Any]:
    """Return the JSON object of an answer. Raises `ConnectorError` (PLATFORM_ERROR)."""
    try:
        value = json.loads(answer.content)
    except ValueError as error:
        raise ConnectorError(Trouble.PLATFORM_ERROR, "The server's answer is not JSON.") from error
    if not isinstance(value, dict):
        raise ConnectorError(Trouble.PLATFORM_ERROR, "The server's answer is not a JSON object.")
    return value


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session: who we are, where our repository lives, and the two tokens."""

    did: str
    handle: str
    pds: str
    access: str
    refresh: str


class SignedIn:
    """The channel's own session with its server. Signs in when first used; renews the session when it runs out."""

    def __init__(
        self, service: str, identifier: str, password: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._service = service.rstrip("/")
        self._identifier = identifier
        self._password = password
        self._transport = transport
        digest = hashlib.sha256(password.encode()).hexdigest()
        self._key = (self._service, identifier, digest)
        self._client: httpx.Client | None = None

    @property
    def session(self) -> Session:
        """The session, signing in if there is none yet. Raises `ConnectorError`."""
        # Servers allow few sign-ins a day: one session serves all connectors of this process.
        with _LOCK:
            known = _SESSIONS.get(self._key)
        return known or self._sign_in()

    def sign_in_anew(self) -> Session:
        """Sign in although there is a session: shows that the log-in itself still works. Raises `ConnectorError`."""
        return self._sign_in()

    @property
    def client(self) -> httpx.Client:
        """The HTTP client of the server where our repository lives."""
        if self._client is None:
            self._client = web.open_client(self.session.pds, self._transport)
        return self._client

    def query(self, nsid: str, **params: str | int) -> web.Answer:
        """Ask our server something as ourselves. Raises `ConnectorError`."""
        return self._call("GET", nsid, is_write=False, params=params)

    def procedure(self, nsid: str, body: Mapping[str, object]) -> web.Answer:
        """Have our server do something. Raises `ConnectorError`, UNCLEAR_OUTCOME when no clear answer came."""
        return self._call("POST", nsid, is_write=True, json=body)

    def upload(self, nsid: str, data: bytes, mime: str) -> web.Answer:
        """Upload bytes. They are not published by this, so doing it again is safe. Raises `ConnectorError`."""
        return self._call("POST", nsid, is_write=False, content=data, content_type=mime)

    def close(self) -> None:
        """Close the connections; the session stays for the next connector."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _call(self, method: str, nsid: str, *, is_write: bool, content_type: str = "", **request: object) -> web.Answer:
        session = self.session
        for last_try in (False, True):
            headers = {"Authorization": f"Bearer {session.access}"}
            if content_type:
                headers["Content-Type"] = content_type
            answer = web.call(self.client, method, f"/xrpc/{nsid}", is_write=is_write, headers=headers, **request)
            if last_try or answer.status_code not in (400, 401) or _code(answer) not in _RENEWABLE:
                return _expect(answer, nsid, is_write=is_write)
            session = self._renew(session)
        raise AssertionError("the second try always returns or raises")

    def _sign_in(self) -> Session:
        with contextlib.closing(web.open_client(self._service, self._transport)) as client:
            answer = web.call(
                client,
                "POST",
                "/xrpc/com.atproto.server.createSession",
                is_write=False,
                json={"identifier": self._identifier, "password": self._password},
            )
            return self._keep(_expect(answer, "com.atproto.server.createSession", is_write=False))

    def _renew(self, session: Session) -> Session:
        try:
            answer = web.call(
                self.client,
                "POST",
                "/xrpc/com.atproto.server.refreshSession",
                is_write=False,
                headers={"Authorization": f"Bearer {session.refresh}"},
            )
            return self._keep(_expect(answer, "com.atproto.server.refreshSession", is_write=False))
        except ConnectorError as error:
            with _LOCK:
                _SESSIONS.pop(self._key, None)
            if error.kind is not Trouble.LOST_TOKEN:
                raise
            return self._sign_in()

    def _keep(self, answer: web.Answer) -> Session:
        told = read_json(answer)
        try:
            session = Session(
                did=told["did"],
                handle=told["handle"],
                pds=server_in(told.get("didDoc")) or self._service,
                access=told["accessJwt"],
                refresh=told["refreshJwt"],
            )
        except KeyError as error:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"The session lacks {error}.") from error
        with _LOCK:
            _SESSIONS[self._key] = session
        return session


_SESSIONS: dict[tuple[str, str, str], Session] = {}
_LOCK = threading.Lock()


def forget_sessions() -> None:
    """Forget every session of this process (tests start afresh)."""
    with _LOCK:
        _SESSIONS.clear()


def server_in(document: object) -> str:
    """Return the address of the repository's server in a DID document, or ""."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            return str(service.get("serviceEndpoint", "")).rstrip("/")
    return ""


def _expect(answer: web.Answer, nsid: str, *, is_write: bool) -> web.Answer:
    status = answer.status_code
    if status == 200:
        return answer
    code, said = _code(answer), _message(answer)
    message = f"{nsid}: {status} {code} {said}".strip()
    if status == 429 or code == "RateLimitExceeded":
        wait = web.retry_after(answer, read_clock())
        raise ConnectorError(Trouble.RATE_LIMITED, message, retry_after=wait, code=code, answered=True)
    if status == 401 or code in _LOST:
        raise ConnectorError(Trouble.LOST_TOKEN, message, code=code, answered=True)
    if status >= 500:
        # The server may have failed after it wrote.
        kind = Trouble.UNCLEAR_OUTCOME if is_write else Trouble.PLATFORM_ERROR
        raise ConnectorError(kind, message, code=code, answered=True)
    raise ConnectorError(Trouble.REFUSED, message, code=code, answered=True)


def _code(answer: web.Answer) -> str:
    return _told(answer, "error")


def _message(answer: web.Answer) -> str:
    return _told(answer, "message")[:300]


def _told(answer: web.Answer, key: str) -> str:
    try:
        value = json.loads(answer.content)
    except ValueError:
        return ""
    return str(value.get(key, "")) if isinstance(value, dict) else ""
