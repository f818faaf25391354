"""A transport that misbehaves on demand: what networks and platforms do to a connector on bad days."""

from collections.abc import Callable

import httpx

Fault = Callable[[httpx.Request, httpx.BaseTransport], httpx.Response]


def lost_token(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The platform no longer knows our token."""
    return httpx.Response(401, json={"error": "AuthenticationRequired", "message": "no"}, request=request)


def rate_limited(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The platform asks to wait seven seconds."""
    return httpx.Response(
        429, json={"error": "RateLimitExceeded", "message": "slow"}, headers={"Retry-After": "7"}, request=request
    )


def failing(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The platform fails before it does anything."""
    return httpx.Response(500, json={"error": "InternalServerError", "message": "oops"}, request=request)


def unreachable(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """Nothing listens there."""
    raise httpx.ConnectError("refused", request=request)


def silent(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The request arrives nowhere and no answer comes."""
    raise httpx.ReadTimeout("too slow", request=request)


def answer_dropped(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """The platform does what was asked; its answer is lost on the way."""
    inner.handle_request(request).read()
    raise httpx.RemoteProtocolError("connection closed", request=request)


def garbage(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    """A proxy's page instead of the platform's answer."""
    return httpx.Response(200, content=b"<html>Welcome to the hotel</html>", request=request)


class MisbehavingTransport(httpx.BaseTransport):
    """Passes requests on, until told to misbehave."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._planned: list[tuple[Fault, str, str]] = []
        self.requests: list[str] = []

    def next(self, fault: Fault, method: str = "", path: str = "", times: int = 1) -> None:
        """Let the next requests with this method whose path holds this part meet a fault."""
        self._planned += [(fault, method, path)] * times

    def behave(self) -> None:
        """Forget every planned fault."""
        self._planned.clear()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        for number, (fault, method, path) in enumerate(self._planned):
            if method in ("", request.method) and path in request.url.path:
                del self._planned[number]
                return fault(request, self._inner)
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
