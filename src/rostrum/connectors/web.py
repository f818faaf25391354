"""HTTP as connectors use it: bounded, without redirects, every failure told apart by whether something was written."""

import contextlib
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BufferedReader
from pathlib import Path

import httpx

from rostrum.connectors.interface import ConnectorError, Trouble

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_ANSWER_LIMIT_BYTES = 64 * 1024 * 1024
_MEDIA_LIMIT_BYTES = 512 * 1024 * 1024


def open_client(base_url: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Open an HTTP client for one service. Redirects are not followed: a token must not travel elsewhere."""
    return httpx.Client(
        base_url=base_url,
        timeout=TIMEOUT,
        follow_redirects=False,
        transport=transport,
        headers={"User-Agent": "Rostrum"},
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers, and the bytes as they came (decoded of transfer compression only)."""

    status_code: int
    headers: httpx.Headers
    content: bytes


def call(client: httpx.Client, method: str, url: str, *, is_write: bool, **request: object) -> Answer:
    """Send one request and return whatever the platform answered, with any status.

    Raises `ConnectorError`: PLATFORM_ERROR when the platform was not reached or was only read from, UNCLEAR_OUTCOME
    when a write was sent and no answer came.
    """
    try:
        with client.stream(method, url, **request) as response:  # type: ignore[arg-type]
            return Answer(response.status_code, response.headers, _read_bounded(response))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        raise ConnectorError(Trouble.PLATFORM_ERROR, f"{_host(client, url)} was not reached: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        kind = Trouble.UNCLEAR_OUTCOME if is_write else Trouble.PLATFORM_ERROR
        what = str(error) or type(error).__name__
        raise ConnectorError(kind, f"No answer came from {_host(client, url)}: {what}") from error


def retry_after(response: Answer, now: datetime) -> timedelta | None:
    """Read how long to wait: `Retry-After` (seconds or a date), or `RateLimit-Reset` (unix seconds)."""
    told = response.headers.get("retry-after", "").strip()
    if told.isdecimal():
        return timedelta(seconds=int(told))
    if told:
        with contextlib.suppress(ValueError):
            until = parsedate_to_datetime(told)
            return max(timedelta(0), (until if until.tzinfo else until.replace(tzinfo=UTC)) - now)
    reset = response.headers.get("ratelimit-reset", "").strip()
    if reset.isdecimal():
        return max(timedelta(0), timedelta(seconds=int(reset) - now.timestamp()))
    return None


class KeptFile:
    """Bytes fetched once, kept in a temporary file until nothing refers to them; `open` may be called repeatedly."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cleanup = weakref.finalize(self, path.unlink, missing_ok=True)

    def open(self) -> BufferedReader:
        """Open the bytes for reading."""
        return self._path.open("rb")

    @classmethod
    def holding(cls, chunks: Iterator[bytes], limit_bytes: int = _MEDIA_LIMIT_BYTES) -> "KeptFile":
        """Write a stream to a temporary file. Raises `ConnectorError` (REFUSED) past the limit."""
        with tempfile.NamedTemporaryFile(prefix="rostrum-media-", delete=False) as file:
            kept = cls(Path(file.name))
            size = 0
            for chunk in chunks:
                size += len(chunk)
                if size > limit_bytes:
                    raise ConnectorError(Trouble.REFUSED, f"The medium is larger than {limit_bytes} bytes.")
                file.write(chunk)
        return kept


def fetch(client: httpx.Client, url: str, params: Mapping[str, str] | None = None) -> KeptFile:
    """Fetch a medium as a stream to a temporary file.

    Raises `ConnectorError`: REFUSED when the platform does not give it, PLATFORM_ERROR when it failed.
    """
    try:
        with client.stream("GET", url, params=dict(params or {})) as response:
            if response.status_code == 200:
                return KeptFile.holding(response.iter_bytes())
            kind = Trouble.PLATFORM_ERROR if response.status_code >= 500 else Trouble.REFUSED
            raise ConnectorError(kind, f"{_host(client, url)} answered {response.status_code} instead of the medium.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ConnectorError(Trouble.PLATFORM_ERROR, f"The medium did not come: {error}") from error


def _read_bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _ANSWER_LIMIT_BYTES:
            raise ConnectorError(Trouble.PLATFORM_ERROR, f"The answer is larger than {_ANSWER_LIMIT_BYTES} bytes.")
    return bytes(body)


def _host(client: httpx.Client, url: str) -> str:
    with contextlib.suppress(httpx.InvalidURL):
        return client.base_url.join(url).host or "the platform"
    return "the platform"
