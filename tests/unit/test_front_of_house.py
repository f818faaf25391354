"""Small pure parts of the front of house: version diffs, logging without secrets, mail."""

import io
import json
import logging
import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.connectors.mail import ConsoleMailer, MailNotSent, SmtpMailer, mailer, message
from rostrum.web import logging as house_logging
from rostrum.web.diff import Change, word_changes


@given(st.text(), st.text())
def test_each_side_of_a_diff_is_its_text_unchanged(old: str, new: str) -> None:
    left, right = word_changes(old, new)

    assert "".join(one.text for one in left) == old
    assert "".join(one.text for one in right) == new


def test_a_diff_marks_the_words_that_went_and_came() -> None:
    left, right = word_changes("Pool opens at noon", "Pool opens at ten")

    assert [(one.change, one.text) for one in left] == [(Change.SAME, "Pool opens at "), (Change.GONE, "noon")]
    assert [(one.change, one.text) for one in right] == [(Change.SAME, "Pool opens at "), (Change.NEW, "ten")]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the product's logging writes; the test run's own logging comes back afterwards."""
    root, out = logging.getLogger(), io.StringIO()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr("sys.stderr", out)
    house_logging.configure()
    return out


def test_a_log_line_is_json_without_secrets_or_contents(logged: io.StringIO) -> None:
    import structlog

    structlog.get_logger("test").info("signed in", person="per-1", password="hunter2", access_token="t", text="hello")

    line = json.loads(logged.getvalue())
    assert line["person"] == "per-1"
    assert "hunter2" not in logged.getvalue()
    assert "hello" not in logged.getvalue()
    assert line["access_token"] == house_logging.HIDDEN


def test_a_fault_is_logged_as_its_type_and_places_only(logged: io.StringIO) -> None:
    try:
        raise ValueError("could not post 'secret words of a resident'")
    except ValueError:
        logging.getLogger("test").exception("capture failed")

    line = json.loads(logged.getvalue())
    assert line["fault"] == "ValueError"
    assert any("test_front_of_house" in place for place in line["at"])
    assert "resident" not in logged.getvalue()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("GET /desk/archive/?q=name+of+a+resident 200", "GET /desk/archive/ 200"),
        ("GET /sign-in/password/per-1/abc-def/ 200", f"GET /sign-in/password/per-1/{house_logging.HIDDEN}/ 200"),
    ],
)
def test_query_strings_and_mailed_links_are_not_logged(logged: io.StringIO, written: str, kept: str) -> None:
    logging.getLogger("django.request").warning(written)

    assert json.loads(logged.getvalue())["event"] == kept


def test_mail_goes_to_the_console_until_a_server_is_named() -> None:
    out = io.StringIO()

    ConsoleMailer("rostrum@example.gov", out).send("a@example.gov", "Set your password", "A link.")

    assert isinstance(mailer("", "rostrum@example.gov"), ConsoleMailer)
    assert mailer("mail.example.gov:25", "rostrum@example.gov") == SmtpMailer(
        "mail.example.gov", 25, "rostrum@example.gov"
    )
    assert out.getvalue() == "--- mail to a@example.gov: Set your password\nA link.\n---\n"


@pytest.mark.parametrize("server", ["mail.example.gov", ":25", "mail:port"])
def test_a_mail_server_that_cannot_be_read_names_the_setting(server: str) -> None:
    with pytest.raises(ValueError, match="ROSTRUM_SMTP"):
        mailer(server, "rostrum@example.gov")


def test_a_line_break_in_a_subject_is_refused() -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        message("a@example.gov", "b@example.gov", "Hello\nBcc: c@example.gov", "text")


def test_a_mail_server_out_of_reach_is_named_and_the_mail_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(smtplib, "SMTP", refuse)

    with pytest.raises(MailNotSent) as problem:
        SmtpMailer("mail.example.gov", 25, "a@example.gov").send("b@example.gov", "Subject", "private words")

    assert "mail.example.gov:25" in str(problem.value)
    assert "private" not in str(problem.value)
