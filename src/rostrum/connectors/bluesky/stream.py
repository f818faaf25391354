"""The repository event stream (subscribeRepos): frames as they came, read until caught up or out of time."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rostrum.connectors.interface import ConnectorError, Trouble, read_clock

FRAMES_TYPE = "application/cbor-seq"
# The protocol allows 5 MB a frame; somewhat more is taken, endless frames are not.
_FRAME_LIMIT_BYTES = 16 * 1024 * 1024
_OPEN_SECONDS = 15.0


class FutureCursor(Exception):
    """The server has not come as far as our cursor: it was set back, or it is another server."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One event. `raw` is the message as it came: two DAG-CBOR objects, header and body."""

    raw: bytes
    kind: str
    body: dict[str, Any]

    @property
    def seq(self) -> int | None:
        """The event's number, where it has one."""
        seq = self.body.get("seq")
        return seq if isinstance(seq, int) else None

    @property
    def at(self) -> datetime | None:
        """When the server sequenced it."""
        return read_instant(self.body.get("time"))


class EventStream:
    """One server's stream. `is_caught_up` tells after reading whether the end was reached."""

    def __init__(self, server: str, *, quiet_seconds: float = 1.0) -> None:
        self.server = server.rstrip("/")
        scheme, _, rest = self.server.partition("://")
        self._url = f"{'wss' if scheme in ('https', 'wss') else 'ws'}://{rest}"
        self._quiet_seconds = quiet_seconds
        self.is_caught_up = False

    @contextlib.contextmanager
    def present_position(self) -> Iterator["Position"]:
        """Connect at the present end: whatever happens inside the block lies after the position found at its end.

        Raises `ConnectorError`.
        """
        with self._connected(None) as socket:
            position = Position()
            yield position
            first = next(self._read(socket, time.monotonic() + self._quiet_seconds), None)
            # On a quiet server nothing tells the present number; reading all that it keeps is then little work.
            position.seq = first.seq - 1 if first and first.seq else 0

    def frames(self, cursor: int, *, seconds: float, has_all: Callable[[], bool] = lambda: True) -> Iterator[Frame]:
        """Yield events after the cursor until caught up, or until the time is over.

        Caught up is: an event later than our start, or a silence when `has_all` says that nothing known is missing.
        Raises `ConnectorError`, or `FutureCursor`.
        """
        started, self.is_caught_up = read_clock(), False
        with self._connected(cursor) as socket:
            for frame in self._read(socket, time.monotonic() + seconds, has_all):
                # Servers that poll their own log may send once more what lies at or before the cursor.
                if frame.seq is not None and frame.seq <= cursor:
                    continue
                cursor = frame.seq if frame.seq is not None else cursor
                yield frame
                # A busy server is never quiet: an event later than our start means that we have it all.
                if frame.at and frame.at > started and has_all():
                    self.is_caught_up = True
                    return

    def _read(self, socket: Any, deadline: float, has_all: Callable[[], bool] = lambda: True) -> Iterator[Frame]:
        from websockets.exceptions import ConnectionClosed

        while (left := deadline - time.monotonic()) > 0:
            try:
                message = socket.recv(timeout=min(left, self._quiet_seconds))
            except TimeoutError:
                if has_all():
                    self.is_caught_up = left > self._quiet_seconds
                    return
                continue
            except ConnectionClosed as error:
                raise ConnectorError(Trouble.PLATFORM_ERROR, f"The event stream ended: {error}") from error
            yield read_frame(message)

    @contextlib.contextmanager
    def _connected(self, cursor: int | None) -> Iterator[Any]:
        from websockets.exceptions import InvalidStatus, WebSocketException
        from websockets.sync.client import connect

        url = f"{self._url}/xrpc/com.atproto.sync.subscribeRepos" + ("" if cursor is None else f"?cursor={cursor}")
        try:
            with connect(url, max_size=_FRAME_LIMIT_BYTES, open_timeout=_OPEN_SECONDS, close_timeout=2) as socket:
                yield socket
        except InvalidStatus as error:
            limited = error.response.status_code == 429
            kind = Trouble.RATE_LIMITED if limited else Trouble.PLATFORM_ERROR
            raise ConnectorError(kind, f"The event stream was refused: {error}") from error
        except (WebSocketException, OSError) as error:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"The event stream was not reached: {error}") from error


@dataclass(slots=True)
class Position:
    """A place in the stream; set when the block that looks for it ends."""

    seq: int = 0


def read_frame(message: str | bytes) -> Frame:
    """Read one message. Raises `FutureCursor`, or `ConnectorError` for another error or a broken frame."""
    import libipld

    raw = message.encode() if isinstance(message, str) else message
    try:
        header, body = libipld.decode_dag_cbor_multi(raw)
        kind, operation = str(header.get("t", "")), header["op"]
        is_error = operation == -1 or not isinstance(body, dict)
    except Exception as error:  # the decoder raises its own, undocumented kinds
        raise ConnectorError(Trouble.PLATFORM_ERROR, f"The event stream sent a broken frame: {error}") from error
    if is_error:
        code = str(body.get("error", "")) if isinstance(body, dict) else ""
        if code == "FutureCursor":
            raise FutureCursor
        raise ConnectorError(
            Trouble.PLATFORM_ERROR, f"The event stream answered {code or 'an unknown error'}.", code=code
        )
    return Frame(raw, kind, body)


def read_instant(value: object) -> datetime | None:
    """Read a time as the protocol writes it, or None when it is none. Times without a zone are not guessed at."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None
