"""Legal days and clocks: the vectors of the law, and the days on which counting usually goes wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.kernel.clocks import clock_by_id, run_clock
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.legal_days import (
    ClockKind,
    CountingRule,
    both_readings,
    calendar_of,
    counts,
    day_ending_at,
    due_on,
    earliest_act_on,
    end_of_legal_day,
    legal_date,
    working_days_between,
    years_after,
)
from rostrum.policy.packs import shipped_pack

LAW = shipped_pack("wisconsin-law")
CALENDAR = calendar_of(LAW.holidays)
EXCLUDED = CountingRule.EXCLUDED_DAYS


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 23), 3, date(2026, 11, 27)),  # Thanksgiving between
        (date(2026, 11, 23), 12, date(2026, 12, 10)),
        (date(2026, 11, 23), 60, date(2027, 2, 22)),
        (date(2026, 11, 23), 90, date(2027, 4, 5)),
        (date(2026, 6, 1), 60, date(2026, 8, 26)),  # Juneteenth and the partisan primary between
        (date(2026, 7, 27), 12, date(2026, 8, 13)),  # the partisan primary between
        (date(2026, 10, 30), 5, date(2026, 11, 9)),  # the general election between
        (date(2026, 12, 21), 10, date(2027, 1, 6)),  # over the year's end
    ],
)
def test_periods_with_excluded_days_end_as_the_vectors_say(start: date, days: int, expected: date) -> None:
    assert due_on(start, days, EXCLUDED, CALENDAR.is_holiday) == expected


def test_a_calendar_period_counts_every_day() -> None:
    assert due_on(date(2026, 11, 23), 60, CountingRule.CALENDAR, CALENDAR.is_holiday) == date(2027, 1, 22)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 20), 2, date(2026, 11, 23)),  # ends on a Sunday: Monday
        (date(2026, 11, 20), 1, date(2026, 11, 21)),  # ends on a Saturday: stays
        (date(2026, 11, 25), 1, date(2026, 11, 27)),  # ends on Thanksgiving
        (date(2026, 7, 3), 1, date(2026, 7, 6)),  # a Saturday holiday, then a Sunday
    ],
)
def test_a_calendar_period_moves_only_from_a_sunday_or_a_holiday(start: date, days: int, expected: date) -> None:
    assert due_on(start, days, CountingRule.CALENDAR, CALENDAR.is_holiday) == expected


def test_after_a_bar_the_first_day_to_act_is_the_day_after() -> None:
    assert earliest_act_on(date(2026, 11, 23), 12, EXCLUDED, CALENDAR.is_holiday) == date(2026, 12, 11)


def test_the_safe_reading_is_the_earlier_for_our_duties_and_the_later_for_others_protection() -> None:
    duty = both_readings(date(2026, 11, 23), 60, ClockKind.DUTY, CALENDAR.is_holiday)
    protection = both_readings(date(2026, 11, 23), 60, ClockKind.PROTECTION, CALENDAR.is_holiday)
    assert duty.differ
    assert (duty.governs_on, protection.governs_on) == (date(2027, 1, 22), date(2027, 2, 22))


def test_the_holidays_of_2026_are_those_of_the_statute() -> None:
    assert list(CALENDAR.holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 4),
        date(2026, 8, 11),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 3),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]


def test_there_are_no_election_holidays_in_odd_years() -> None:
    assert len(CALENDAR.holidays(2027)) == 11


def test_a_holiday_on_a_sunday_is_kept_on_monday_and_on_a_saturday_not_moved() -> None:
    # July 4, 2027 is a Sunday; Christmas 2027 a Saturday; New Year's Day 2023 a Sunday.
    assert CALENDAR.is_holiday(date(2027, 7, 5))
    assert not CALENDAR.is_holiday(date(2027, 7, 4))
    assert CALENDAR.is_holiday(date(2027, 12, 25))
    assert not CALENDAR.is_holiday(date(2027, 12, 24))
    assert CALENDAR.is_holiday(date(2023, 1, 2))


def test_good_friday_counts() -> None:
    assert counts(date(2027, 3, 26), CALENDAR.is_holiday)


def test_milwaukee_also_keeps_municipal_election_days() -> None:
    milwaukee = calendar_of(LAW.holidays, "milwaukee")
    assert milwaukee.is_holiday(date(2027, 4, 6))
    assert milwaukee.is_holiday(date(2027, 2, 16))
    assert not CALENDAR.is_holiday(date(2027, 4, 6))


def test_the_legal_date_is_the_one_in_chicago() -> None:
    assert legal_date(datetime(2026, 11, 21, 5, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert legal_date(datetime(2026, 11, 21, 6, 0, tzinfo=UTC)) == date(2026, 11, 21)
    # In summer midnight is an hour earlier in UTC.
    assert legal_date(datetime(2026, 7, 1, 4, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert legal_date(datetime(2026, 7, 1, 5, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_an_instant_without_zone_has_no_legal_date() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        legal_date(datetime(2026, 11, 21))  # noqa: DTZ001


def test_legal_days_on_clock_changes_are_23_and_25_hours_long() -> None:
    spring = end_of_legal_day(date(2026, 3, 8)) - end_of_legal_day(date(2026, 3, 7))
    autumn = end_of_legal_day(date(2026, 11, 1)) - end_of_legal_day(date(2026, 10, 31))
    assert (spring, autumn) == (timedelta(hours=23), timedelta(hours=25))


def test_a_year_after_a_leap_day_ends_no_day_early() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 3, 1)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(date(2022, 3, 21), 10) == date(2032, 3, 21)


def test_leap_days_count_like_other_days() -> None:
    assert due_on(date(2028, 2, 28), 2, EXCLUDED, CALENDAR.is_holiday) == date(2028, 3, 1)


def test_a_period_of_no_days_ends_where_it_starts_and_a_negative_one_is_refused() -> None:
    assert due_on(date(2026, 11, 22), 0, EXCLUDED, CALENDAR.is_holiday) == date(2026, 11, 22)
    with pytest.raises(InvalidInput):
        due_on(date(2026, 11, 22), -1, EXCLUDED, CALENDAR.is_holiday)


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 120))
def test_excluded_periods_hold_exactly_their_days_and_end_on_one_that_counts(start: date, days: int) -> None:
    last = due_on(start, days, EXCLUDED, CALENDAR.is_holiday)
    assert counts(last, CALENDAR.is_holiday)
    assert working_days_between(start, last, CALENDAR.is_holiday) == days


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 120))
def test_no_calendar_period_ends_later_than_the_same_with_excluded_days_but_for_a_weekend(
    start: date, days: int
) -> None:
    calendar = due_on(start, days, CountingRule.CALENDAR, CALENDAR.is_holiday)
    assert start + timedelta(days=days) <= calendar <= start + timedelta(days=days + 4)


def test_a_bar_whose_rule_is_unsettled_shows_both_dates() -> None:
    clock = clock_by_id(LAW.clocks, "destroy_bar")
    deadline = run_clock(clock, datetime(2026, 11, 23, 18, tzinfo=UTC), CALENDAR)
    assert deadline.due_on == date(2027, 2, 22)
    assert deadline.other_on == date(2027, 1, 22)
    assert deadline.act_from_on == date(2027, 2, 23)
    assert deadline.due_at == datetime(2027, 2, 23, 6, tzinfo=UTC)


def test_hours_run_by_the_wall_clock() -> None:
    clock = clock_by_id(LAW.clocks, "credential_rotated")
    # Over the end of summer time: 48 hours stay 48 hours.
    deadline = run_clock(clock, datetime(2026, 10, 31, 12, tzinfo=UTC), CALENDAR)
    assert deadline.due_at == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert deadline.other_on is None


def test_years_run_by_the_date() -> None:
    clock = clock_by_id(LAW.clocks, "schedule_expiry")
    assert run_clock(clock, datetime(2022, 3, 21, 12, tzinfo=UTC), CALENDAR).due_on == date(2032, 3, 21)


def test_the_release_bar_and_the_response_target_are_plain() -> None:
    started = datetime(2026, 11, 23, 18, tzinfo=UTC)
    bar = run_clock(clock_by_id(LAW.clocks, "release_bar"), started, CALENDAR)
    target = run_clock(clock_by_id(LAW.clocks, "respond_target"), started, CALENDAR)
    assert (bar.due_on, bar.act_from_on, bar.other_on) == (date(2026, 12, 10), date(2026, 12, 11), None)
    assert (target.due_on, target.act_from_on) == (date(2026, 12, 8), None)


def test_an_unknown_clock_is_named_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="destroy_bar"):
        clock_by_id(LAW.clocks, "nonsense")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 12, 8, 6, tzinfo=UTC), date(2026, 12, 7)),  # midnight in Wausau, by winter time
        (datetime(2026, 6, 1, 5, tzinfo=UTC), date(2026, 5, 31)),  # and by summer time
        (datetime(2026, 6, 1, 6, tzinfo=UTC), None),  # one in the morning
        (datetime(2026, 12, 8, 6, 0, 1, tzinfo=UTC), None),
    ],
)
def test_an_instant_at_which_a_day_is_over_is_read_as_that_day(instant: datetime, day: date | None) -> None:
    assert day_ending_at(instant) == day
