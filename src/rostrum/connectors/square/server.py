"""Runs the sample square: the WSGI application, a server thread on loopback, and the making of channels."""

import re
import threading
from collections.abc import Iterable
from pathlib import Path

from rostrum.connectors.square import api, pages
from rostrum.connectors.square.http import Application, Environ, Request, Response, StartResponse
from rostrum.connectors.square.store import SquareRefusal, SquareStore
from rostrum.kernel.decisions import InvalidInput

_HANDLE = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")


class Running:
    """A square that is being served. `stop` ends it and waits for its thread."""

    def __init__(self, app: Application, host: str, port: int) -> None:
        from waitress import create_server

        self._map: dict[int, object] = {}
        self._stopping = threading.Event()
        self._server = create_server(app, host=host, port=port, threads=4, map=self._map, ident=None)
        self.host: str = host
        self.port: int = int(self._server.effective_port)
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._loop, name="sample-square", daemon=True)
        self._thread.start()

    def _loop(self) -> None:
        from waitress import wasyncore

        while not self._stopping.is_set():
            wasyncore.loop(timeout=0.5, use_poll=True, map=self._map, count=1)
        self._server.task_dispatcher.shutdown()
        self._server.close()
        wasyncore.close_all(self._map)

    def stop(self) -> None:
        """Stop serving; requests under way are finished first."""
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join(timeout=10)


def application(folder: Path) -> Application:
    """Return the square over `folder` as a WSGI application (its file is made when missing)."""
    store = SquareStore(folder)

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            request = Request.read(environ)
        except SquareRefusal as refusal:
            response = Response(refusal.status, refusal.message.encode(), "text/plain; charset=utf-8")
            return response.send(start_response)
        answer = api.answer if request.path.startswith("/api/") else pages.answer
        return answer(store, request).send(start_response)

    return app


def serve(folder: Path, host: str = "127.0.0.1", port: int = 0) -> Running:
    """Serve the square over `folder` in a thread of its own; port 0 takes a free one (see `Running.url`).

    Raises `OSError` when the address is taken.
    """
    return Running(application(folder), host, port)


def create_channel(folder: Path, handle: str, name: str, about: str = "") -> str:
    """Make a channel on the square, or give an existing one a new token; returns the token for its connector.

    Raises `InvalidInput` for a handle that is not small letters, digits, dots and dashes.
    """
    if not _HANDLE.fullmatch(handle):
        raise InvalidInput("handle", "Small letters, digits, dots and dashes are wanted, such as “city-hall”.")
    return SquareStore(folder).create_channel(handle, name, about)
