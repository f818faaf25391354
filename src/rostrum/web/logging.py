"""Logs of the running product: one JSON line per event on standard error, without anything that must not be there.

Never logged: passwords, tokens, cookies, query strings, form contents, the text of posts, comments or mails, and the
messages of exceptions, which may quote any of these. A fault is logged as its type and the places it passed through.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

# Whatever has such a name is not written, wherever it comes from.
_SECRET = re.compile(
    r"pass(word|wd|phrase)|secret|token|cookie|authori[sz]ation|credential|session|csrf|api_?key|seed|nonce", re.I
)
_CONTENT = {"text", "body", "content", "post", "form", "data", "args", "query", "email", "subject", "request"}
# Links that open something for whoever has them: a password to set, a records request to follow, a calendar.
_IN_ADDRESS = re.compile(r"(sign-in/password/[^/\s]+/|request/follow/|calendar/)[^/\s]+")
HIDDEN = "[not logged]"
_LONGEST = 500


def _cleaned(text: str) -> str:
    """A message without query strings and mailed links' tokens, on one line, of bearable length."""
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}", text)
    text = re.sub(r"(/[^\s?]*)\?\S*", r"\1", text)
    return " ".join(text.split())[:_LONGEST]


def withhold(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what must not be logged; a processor of structlog's chain."""
    del logger, method
    for name in list(event):
        if _SECRET.search(name) or name in _CONTENT:
            event[name] = HIDDEN
        elif isinstance(event[name], str):
            event[name] = _cleaned(event[name])
    return event


_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def places(exc_info: _ExcInfo) -> list[str]:
    """Where a fault came from: file, line and function of each frame, innermost last; no source lines, no values."""
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(exc_info[2])
    ][-20:]


def name_fault(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Turn an exception into its type and places; a processor of structlog's chain."""
    del logger, method
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    elif isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if isinstance(exc_info, tuple) and exc_info[0] is not None:
        event["fault"] = exc_info[0].__name__
        event["at"] = places(exc_info)
    return event


_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    name_fault,
    withhold,
]


def configure(*, level: int = logging.INFO) -> None:
    """Send everything that is logged, by structlog or by the standard library, through the same chain."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Libraries' chatter about every request and query would carry contents.
    for name in ("httpx", "httpcore", "websockets", "waitress.queue", "PIL", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
