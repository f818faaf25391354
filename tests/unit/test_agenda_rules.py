"""When somebody is told of a duty, to whom it goes when nobody acts, and who may hand it over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rostrum.areas.agenda import rules
from rostrum.areas.agenda.digest import Line, subject_of, text_of
from rostrum.areas.agenda.rules import HandOverFacts, Rhythm, Stage, StatementFacts

DUE = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RHYTHM = Rhythm(48 * HOUR, 168 * HOUR, 24 * HOUR, ("department_head", "social_media_coordinator", "agency_head"))


@pytest.mark.parametrize(
    ("hours", "stage"),
    [
        (-49, ""),
        (-48, "soon"),
        (-1, "soon"),
        (0, "due"),
        (167, "due"),
        (168, "again-1"),
        (335, "again-1"),
        (336, "again-2"),
        (24 * 7 * 52, "again-52"),
    ],
)
def test_the_stage_changes_before_the_instant_at_it_and_then_once_a_week(hours: int, stage: str) -> None:
    assert rules.stage_now(DUE, RHYTHM, DUE + hours * HOUR) == stage


@pytest.mark.parametrize(("hours", "level"), [(-1, 0), (0, 0), (23, 0), (24, 1), (47, 1), (48, 2), (72, 3), (999, 3)])
def test_an_overdue_duty_goes_up_one_level_a_day_and_no_further_than_the_chain(hours: int, level: int) -> None:
    assert rules.level_now(DUE, RHYTHM, DUE + hours * HOUR) == level


def test_stages_are_counted_in_elapsed_time_over_the_change_of_the_clocks() -> None:
    # Due at 17:00 on the eve of the change; 24 hours later the clock on the wall says 16:00.
    due = datetime(2026, 10, 31, 22, 0, tzinfo=UTC)
    assert rules.level_now(due, RHYTHM, due + timedelta(hours=23, minutes=59)) == 0
    assert rules.level_now(due, RHYTHM, due + timedelta(hours=24)) == 1


def test_a_role_that_nobody_else_holds_is_no_level() -> None:
    chain = [
        ("department_head", frozenset({1})),
        ("social_media_coordinator", frozenset[int]()),
        ("mayor", frozenset({1, 2})),
    ]
    assert rules.next_in_line(chain, owners={1}) == [("mayor", frozenset({2}))]
    assert rules.next_in_line(chain, owners=set()) == [("department_head", frozenset({1})), ("mayor", frozenset({2}))]
    assert rules.next_in_line([], owners={1}) == []


MAY = HandOverFacts(
    is_open=True, is_personal=False, is_owner=True, holds_role=False, oversees=False, has_owner=True, to="per-2"
)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"is_owner": False, "oversees": True}, []),
        ({"is_owner": False, "holds_role": True, "has_owner": False}, []),
        ({"is_owner": False, "holds_role": True}, ["not-yours"]),
        ({"is_owner": False}, ["not-yours"]),
        ({"to": ""}, []),
        ({"to": "", "has_owner": False, "holds_role": True, "is_owner": False}, ["same-owner"]),
        ({"to_is_owner": True}, ["same-owner"]),
        ({"to_present": False, "to_fits": False}, ["person-left"]),
        ({"to_fits": False}, ["not-theirs-to-do"]),
        ({"is_personal": True}, ["personal-duty"]),
        ({"is_open": False, "is_owner": False}, ["no-open-duty", "not-yours"]),
    ],
)
def test_who_may_hand_a_duty_to_whom(changes: dict[str, object], codes: list[str]) -> None:
    decision = rules.decide_hand_over(replace(MAY, **changes))  # type: ignore[arg-type]
    assert [reason.code for reason in decision.against] == codes


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (StatementFacts(True, True, True, False), []),
        (StatementFacts(True, True, False, True), []),
        (StatementFacts(True, True, False, False), ["not-yours"]),
        (StatementFacts(True, False, True, False), ["closed-elsewhere"]),
        (StatementFacts(False, True, True, True), ["no-open-duty"]),
    ],
)
def test_who_may_say_that_a_duty_is_done(facts: StatementFacts, codes: list[str]) -> None:
    assert [reason.code for reason in rules.decide_statement(facts).against] == codes


def test_the_mail_tells_kinds_and_instants_the_most_pressing_first() -> None:
    lines = [
        Line(Stage.SOON, "Check a page", "by Monday, November 23", ""),
        Line(
            Stage.ESCALATED, "Change a log-in", "Friday, November 20, 5:00 p.m. CST", "https://x.test/desk/duties/d2/"
        ),
        Line(Stage.DUE, "Deposit a log-in", "Friday, November 20, 5:00 p.m. CST", "https://x.test/desk/duties/d1/"),
    ]
    assert subject_of(lines) == "Duties: 2 due or overdue, 1 due soon"
    text = text_of(lines, name="Ada", body="Wausau", register="https://x.test/desk/duties/")
    assert text == (
        "Ada,\n\n"
        "Due now:\n\n"
        "- Deposit a log-in, due Friday, November 20, 5:00 p.m. CST\n  https://x.test/desk/duties/d1/\n\n"
        "Overdue and put before you, because nobody has acted:\n\n"
        "- Change a log-in, due Friday, November 20, 5:00 p.m. CST\n  https://x.test/desk/duties/d2/\n\n"
        "Due soon:\n\n"
        "- Check a page, due by Monday, November 23\n\n"
        "All of them: https://x.test/desk/duties/\n\n"
        "This mail comes from Rostrum of Wausau. It names no contents; sign in to see them.\n"
    )


def test_a_long_mail_names_the_first_and_counts_the_rest() -> None:
    lines = [Line(Stage.DUE, f"Kind {number}", "now", "") for number in range(23)]
    text = text_of(lines, name="Ada", body="Wausau", register="")
    assert text.count("- Kind") == 20
    assert "And 3 more." in text
