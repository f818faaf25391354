"""What somebody sees while a large import holds SQLite's one writer."""

import sqlite3

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from rostrum.web import errors


def _busy() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    problem = OperationalError("database is locked")
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(
    ("problem", "status"), [(_busy(), 503), (OperationalError("disk I/O error"), 500), (ValueError("x"), 500)]
)
def test_a_busy_writer_is_told_apart_from_a_fault(problem: Exception, status: int) -> None:
    try:
        raise problem
    except Exception:
        answer = errors.server_error(RequestFactory().get("/desk/"))
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)
    assert ("nothing else can be written" in answer.content.decode()) is (status == 503)
