"""Every clock in use, run across the changes of the clocks, leap days, holidays and the year's end.

The expected instants are written out, as somebody with a calendar on the wall would find them.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.kernel.clocks import Unit, clock_by_id, clock_of, counting_words, run_clock
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.legal_days import ClockKind, calendar_of, end_of_legal_day, years_after
from rostrum.policy.packs import POLICY_PACKS, shipped_pack

LAW = shipped_pack("wisconsin-law")
CALENDAR = calendar_of(LAW.holidays)
CHICAGO = ZoneInfo("America/Chicago")


def _at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """That time on the clock on the wall in Wausau."""
    return datetime(year, month, day, hour, minute, tzinfo=CHICAGO)


# The table of records-and-law C: id, length, unit, how it is counted, whom it protects, bar, unsettled.
TABLE = [
    ("respond_target", 10, "days", "excluded_days", "duty", False, False),
    ("oral_denial_writing", 5, "days", "excluded_days", "protection", False, False),
    ("subject_notice", 3, "days", "calendar", "duty", False, True),
    ("subject_intent", 5, "days", "excluded_days", "protection", False, False),
    ("subject_suit", 10, "days", "excluded_days", "protection", False, False),
    ("release_bar", 12, "days", "excluded_days", "protection", True, False),
    ("officeholder_augment", 5, "days", "excluded_days", "protection", False, False),
    ("destroy_bar", 60, "days", "excluded_days", "protection", True, True),
    ("destroy_bar_inmate", 90, "days", "excluded_days", "protection", True, True),
    ("whs_notice", 60, "days", "calendar", "protection", True, False),
    ("judicial_privacy", 10, "days", "excluded_days", "duty", False, False),
    ("credential_recorded", 24, "hours", "calendar", "duty", False, False),
    ("credential_rotated", 48, "hours", "calendar", "duty", False, False),
    ("schedule_expiry", 10, "years", "calendar", "duty", False, False),
    ("whistleblower_info", 60, "days", "calendar", "protection", False, False),
]


def test_the_table_of_clocks_is_complete_and_as_the_law_is_read() -> None:
    found = [
        (clock.id, clock.length, str(clock.unit), str(clock.rule), str(clock.kind), clock.is_bar, clock.is_ambiguous)
        for clock in LAW.clocks
    ]
    assert found == TABLE
    assert all(clock.citation and clock.as_of for clock in LAW.clocks)


def test_every_period_that_a_clause_sets_can_be_run() -> None:
    periods = {clause.deadline for pack in POLICY_PACKS for clause in shipped_pack(pack).clauses if clause.deadline}
    assert periods >= {"P14D", "P1Y", "PT0S", "PT24H", "PT48H"}
    for period in periods:
        assert run_clock(clock_of(period), _at(2026, 11, 20), CALENDAR).due_at.tzinfo == UTC


@pytest.mark.parametrize(
    ("clock", "started_at", "due_at"),
    [
        # Summer time begins on March 8, 2026 (23 hours) and ends on November 1 (25 hours).
        ("credential_recorded", _at(2026, 3, 7, 17), _at(2026, 3, 8, 18)),
        ("credential_recorded", _at(2026, 10, 31, 17), _at(2026, 11, 1, 16)),
        ("credential_rotated", _at(2026, 3, 7, 9), _at(2026, 3, 9, 10)),
        ("credential_rotated", _at(2026, 10, 31, 9), _at(2026, 11, 2, 8)),
        # Friday 16:55 before a holiday weekend: hours know no weekend.
        ("credential_rotated", _at(2026, 7, 3, 16, 55), _at(2026, 7, 5, 16, 55)),
        ("credential_rotated", _at(2026, 11, 25, 16, 55), _at(2026, 11, 27, 16, 55)),
        # The year's end, a leap day.
        ("credential_recorded", _at(2026, 12, 31, 23, 59), _at(2027, 1, 1, 23, 59)),
        ("credential_rotated", _at(2028, 2, 28, 8), _at(2028, 3, 1, 8)),
        ("credential_rotated", _at(2027, 2, 28, 8), _at(2027, 3, 2, 8)),
    ],
)
def test_hours_are_elapsed_time_over_every_change_of_the_clocks(
    clock: str, started_at: datetime, due_at: datetime
) -> None:
    deadline = run_clock(clock_by_id(LAW.clocks, clock), started_at, CALENDAR)
    assert deadline.due_at == due_at
    assert deadline.due_at.tzinfo == UTC
    assert deadline.due_on == due_at.date()
    # The same instant in UTC gives the same answer: the zone a time is written in changes nothing.
    assert run_clock(clock_by_id(LAW.clocks, clock), started_at.astimezone(UTC), CALENDAR) == deadline


def test_hours_that_end_in_the_hour_that_comes_twice_end_in_the_right_one() -> None:
    # On November 1, 2026, 1:30 comes twice in Wausau. 24 hours after 1:30 the day before is the first of them.
    deadline = run_clock(clock_of("PT24H"), _at(2026, 10, 31, 1, 30), CALENDAR)
    assert deadline.due_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert deadline.due_at.astimezone(CHICAGO).fold == 0


@pytest.mark.parametrize(
    ("period", "started_at", "last"),
    [
        ("P14D", _at(2026, 11, 12), date(2026, 11, 27)),  # ends on Thanksgiving: the day after
        ("P14D", _at(2026, 6, 6), date(2026, 6, 20)),  # a Saturday stays
        ("P14D", _at(2026, 6, 7), date(2026, 6, 22)),  # a Sunday moves
        ("P14D", _at(2026, 12, 18), date(2027, 1, 2)),  # New Year, a Friday: the Saturday after it stays
        ("P14D", _at(2028, 2, 16), date(2028, 3, 1)),  # over a leap day
        ("P14D", _at(2027, 2, 16), date(2027, 3, 2)),
        ("P14D", _at(2026, 2, 28, 23, 59), date(2026, 3, 14)),  # over the beginning of summer time
        ("P14D", _at(2026, 10, 26), date(2026, 11, 9)),  # over its end
        ("P2W", _at(2026, 6, 6), date(2026, 6, 20)),
        ("P1Y", _at(2026, 7, 1), date(2027, 7, 1)),
        ("P1Y", _at(2026, 12, 31), date(2027, 12, 31)),
        ("P1Y", _at(2027, 2, 28), date(2028, 2, 28)),  # not the leap day: the same date
        ("P1Y", _at(2028, 2, 29), date(2029, 2, 28)),  # a duty ends no day late
    ],
)
def test_days_and_years_run_by_the_calendar_where_the_body_sits(period: str, started_at: datetime, last: date) -> None:
    deadline = run_clock(clock_of(period), started_at, CALENDAR)
    assert deadline.due_on == last
    assert deadline.due_at == end_of_legal_day(last)
    assert deadline.due_at.astimezone(CHICAGO).hour == 0


def test_the_day_a_period_starts_is_the_day_in_wausau_not_in_greenwich() -> None:
    late_in_the_evening = datetime(2026, 11, 21, 5, 59, tzinfo=UTC)  # November 20, 23:59
    assert run_clock(clock_of("P14D"), late_in_the_evening, CALENDAR).due_on == date(2026, 12, 4)
    assert run_clock(clock_of("P14D"), late_in_the_evening + timedelta(minutes=1), CALENDAR).due_on == date(2026, 12, 5)


def test_at_once_is_the_instant_itself() -> None:
    started_at = _at(2026, 11, 20, 16, 55)
    assert run_clock(clock_of("PT0S"), started_at, CALENDAR).due_at == started_at


def test_a_year_from_a_leap_day_is_read_both_ways_and_both_are_shown() -> None:
    duty = run_clock(clock_of("P1Y"), _at(2028, 2, 29), CALENDAR)
    protection = run_clock(clock_of("P1Y", kind=ClockKind.PROTECTION), _at(2028, 2, 29), CALENDAR)
    assert (duty.due_on, duty.other_on) == (date(2029, 2, 28), date(2029, 3, 1))
    assert (protection.due_on, protection.other_on) == (date(2029, 3, 1), date(2029, 2, 28))
    assert run_clock(clock_of("P4Y"), _at(2028, 2, 29), CALENDAR).other_on is None
    assert years_after(date(2096, 2, 29), 4, ClockKind.DUTY) == date(2100, 2, 28)  # 2100 is no leap year


@pytest.mark.parametrize(
    ("clock", "started_at", "governs", "other"),
    [
        # Ours: the earlier date governs. Wednesday before Thanksgiving; the statute's own counting would give Monday.
        ("subject_notice", _at(2026, 11, 25), date(2026, 11, 28), date(2026, 12, 1)),
        ("subject_notice", _at(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 6)),
        # Somebody else's protection: the later date governs.
        ("destroy_bar", _at(2026, 11, 23), date(2027, 2, 22), date(2027, 1, 22)),
        ("destroy_bar_inmate", _at(2026, 11, 23), date(2027, 4, 5), date(2027, 2, 22)),
    ],
)
def test_an_unsettled_counting_shows_both_dates_and_the_kind_decides(
    clock: str, started_at: datetime, governs: date, other: date
) -> None:
    found = clock_by_id(LAW.clocks, clock)
    deadline = run_clock(found, started_at, CALENDAR)
    assert (deadline.due_on, deadline.other_on) == (governs, other)
    assert (governs < other) is (found.kind is ClockKind.DUTY)
    assert "not settled" in counting_words(found)


@pytest.mark.parametrize(
    ("clock", "started_at", "last"),
    [
        ("respond_target", _at(2026, 11, 20), date(2026, 12, 7)),
        ("respond_target", _at(2026, 12, 21), date(2027, 1, 6)),  # Christmas and New Year
        ("respond_target", _at(2028, 2, 25), date(2028, 3, 10)),  # over a leap day
        ("respond_target", _at(2026, 3, 6), date(2026, 3, 20)),  # over the beginning of summer time
        ("oral_denial_writing", _at(2026, 10, 30), date(2026, 11, 9)),  # over the general election and the change
        ("subject_intent", _at(2026, 12, 23), date(2026, 12, 31)),
        ("subject_suit", _at(2026, 6, 18), date(2026, 7, 3)),  # Juneteenth; July 4 is a Saturday
        ("release_bar", _at(2026, 7, 27), date(2026, 8, 13)),  # the partisan primary
        ("officeholder_augment", _at(2026, 9, 4), date(2026, 9, 14)),  # Labor Day
        ("whs_notice", _at(2026, 11, 23), date(2027, 1, 22)),
        ("judicial_privacy", _at(2026, 5, 21), date(2026, 6, 5)),  # Memorial Day
        ("schedule_expiry", _at(2028, 2, 29), date(2038, 2, 28)),
        ("whistleblower_info", _at(2026, 10, 1), date(2026, 11, 30)),
    ],
)
def test_every_other_clock_of_the_law(clock: str, started_at: datetime, last: date) -> None:
    deadline = run_clock(clock_by_id(LAW.clocks, clock), started_at, CALENDAR)
    assert deadline.due_on == last
    assert deadline.due_at == end_of_legal_day(last)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from(["PT24H", "PT48H", "P14D", "P1Y", "PT0S", *(clock.id for clock in LAW.clocks)]),
)
def test_no_deadline_is_before_its_start_and_a_day_ends_where_the_next_begins(started_at: datetime, name: str) -> None:
    clock = clock_of(name) if name.startswith("P") else clock_by_id(LAW.clocks, name)
    deadline = run_clock(clock, started_at, CALENDAR)
    assert deadline.due_at >= started_at
    if clock.unit is Unit.HOURS:
        assert deadline.due_at - started_at == timedelta(hours=clock.length)
    else:
        assert deadline.due_at == end_of_legal_day(deadline.due_on)
    if deadline.act_from_on is not None:
        assert deadline.act_from_on == deadline.due_on + timedelta(days=1)


@pytest.mark.parametrize("period", ["", "P", "PT", "14D", "P6M", "P1M", "PT30M", "P1DT2H", "-P1D", "P14d", "P99999D"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(InvalidInput, match="period"):
        clock_of(period)


def test_how_a_clock_counts_is_said_in_words() -> None:
    words = {clock.id: counting_words(clock) for clock in LAW.clocks}
    assert words["respond_target"] == "10 days; Saturdays, Sundays and legal holidays do not count"
    assert words["credential_rotated"] == "48 hours by the clock, day and night"
    assert words["schedule_expiry"] == "10 years by the date"
    assert counting_words(clock_of("P14D")).startswith("14 days by the calendar")
    assert counting_words(clock_of("P1Y")) == "One year by the date"
    assert counting_words(clock_of("PT0S")) == "At once"
