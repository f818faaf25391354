"""Small pure parts of the front of house: version diffs, rows of registers, logging without secrets, mail."""

import io
import json
import logging
import smtplib
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.connectors.mail import ConsoleMailer, MailNotSent, SmtpMailer, mailer, message
from rostrum.web import logging as house_logging
from rostrum.web.diff import Change, word_changes
from rostrum.web.templatetags.rostrum import number
from rostrum.web.templatetags.rows import channel_rows, duty_rows, person_rows


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


HOSTILE = "<script>&\"'"
ESCAPED = "&lt;script&gt;&amp;&quot;&#x27;"


def test_a_duty_in_a_register_shows_whatever_it_is_called_as_text() -> None:
    row = dict.fromkeys(("title", "whose", "department", "counting", "clause", "closed_by"), HOSTILE)
    times = {"is_overdue": True, "closed_at": None, "was_late": False, "due_on": date(2026, 5, 26), "due_at": None}

    written = duty_rows([{**row, **times, "id": "dty-1", "other_on": date(2026, 5, 27)}])

    assert "<script" not in written
    assert written.count(ESCAPED) == 6
    assert "Tue, May 26, 2026" in written
    assert "or <time" in written
    assert 'data-label="Done when"' in written


def test_a_closed_duty_says_when_and_whether_late() -> None:
    at = datetime(2026, 1, 2, 18, tzinfo=UTC)
    row = dict.fromkeys(("title", "whose", "department", "counting", "clause", "closed_by"), "")
    times = {"is_overdue": False, "closed_at": at, "was_late": True, "due_on": None, "due_at": None, "other_on": None}

    written = duty_rows([{**row, **times, "id": "dty-1"}])

    assert "Closed late" in written
    assert "Jan 2, 2026, 12:00 p.m. CST" in written
    assert "due No date" in written
    assert 'data-label="Closed by"' in written
    assert "ros-clause" not in written


def test_a_channel_in_a_register_shows_whatever_it_is_called_as_text() -> None:
    channel = SimpleNamespace(
        slug="parks",
        name=HOSTILE,
        handle=HOSTILE,
        platform_name=HOSTILE,
        department=HOSTILE,
        trouble_since=datetime(2026, 1, 2, 18, tzinfo=UTC),
    )
    row = {"channel": channel, "state": "Live", "state_kind": "ok", "health": "Silent", "health_kind": "stop"}

    written = channel_rows([{**row, "terms_open": True}])
    plain = channel_rows([{**row, "health": "", "terms_open": False}])

    assert "<script" not in written
    assert written.count(ESCAPED) == 4
    assert "since <time" in written
    assert "Terms changed, review open" in written
    assert "None yet" in plain
    assert "Terms changed" not in plain


def test_a_person_in_a_register_is_shown_as_text_with_what_is_absent_said() -> None:
    one = {"public_id": "psn-1", "name": HOSTILE, "title": HOSTILE, "unit__name": HOSTILE, "is_active": True}

    written = person_rows([(one, [HOSTILE])])
    plain = person_rows([({**one, "name": "Ada", "title": "", "unit__name": None, "is_active": False}, [])])

    assert "<script" not in written
    assert written.count(ESCAPED) == 4
    assert "Present" in written
    assert plain.count(">None</td>") == 2
    assert "Left" in plain


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (999, "999"), (20000, "20,000"), (None, "")])
def test_a_count_is_written_as_people_write_it(count: int | None, shown: str) -> None:
    assert number(count) == shown
