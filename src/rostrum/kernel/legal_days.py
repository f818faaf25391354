"""Counting days as the law counts them: which days do not count, when a period ends, when an act may come first.

Rules C1 to C5. Dates in, dates out; which days are holidays comes from a `Calendar` built from a pack's data. Pure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from rostrum.kernel.decisions import InvalidInput

LEGAL_ZONE = "America/Chicago"
_ONE_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6

IsHoliday = Callable[[date], bool]


class CountingRule(StrEnum):
    """Which days count. C1 and C2."""

    # s. 19.345: whole Saturdays, Sundays and legal holidays do not count.
    EXCLUDED_DAYS = "excluded_days"
    # s. 990.001(4): every day counts; a last day on a Sunday or legal holiday moves to the next day.
    CALENDAR = "calendar"


class ClockKind(StrEnum):
    """Whom the clock protects; decides between two readings of the same period. C4."""

    DUTY = "duty"  # ours: the earlier date governs
    PROTECTION = "protection"  # the requester's, the subject's, the archive's: the later date governs


class HolidayKind(StrEnum):
    """How a holiday's date is found."""

    FIXED = "fixed"  # month and day
    NTH_WEEKDAY = "nth_weekday"  # nth weekday of the month, plus `plus_days`
    LAST_WEEKDAY = "last_weekday"  # last weekday of the month


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """One legal holiday. `weekday` counts Monday as 0; `local` limits the rule to bodies of that municipality."""

    id: str
    title: str
    kind: HolidayKind
    month: int
    day: int = 0
    weekday: int = 0
    nth: int = 0
    plus_days: int = 0
    even_years_only: bool = False
    sunday_to_monday: bool = False
    from_year: int = 0
    local: str = ""

    def on(self, year: int) -> date | None:
        """The day it is kept in `year`, or None where there is none that year."""
        if year < self.from_year or (self.even_years_only and year % 2):
            return None
        if self.kind is HolidayKind.FIXED:
            found = date(year, self.month, self.day)
        elif self.kind is HolidayKind.NTH_WEEKDAY:
            first = date(year, self.month, 1)
            found = first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1) + self.plus_days)
        else:
            following = date(year + self.month // 12, self.month % 12 + 1, 1)
            last = following - _ONE_DAY
            found = last - timedelta(days=(last.weekday() - self.weekday) % 7)
        if self.sunday_to_monday and found.weekday() == _SUNDAY:
            return found + _ONE_DAY
        return found


@dataclass(frozen=True, slots=True)
class Calendar:
    """The legal holidays of one body: the state's rules and those of its municipality."""

    rules: tuple[HolidayRule, ...]
    municipality: str = ""

    def holidays(self, year: int) -> dict[date, str]:
        """Every legal holiday kept in `year`, in order, with its title."""
        return dict(sorted(_holidays(self, year)))

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a legal holiday. Saturdays and Sundays alone are not."""
        return any(on == day for on, _ in _holidays(self, day.year))


@lru_cache(maxsize=256)
def _holidays(calendar: Calendar, year: int) -> tuple[tuple[date, str], ...]:
    found = []
    # A New Year's Day cannot move into another year, but a rule of the year before may (a Sunday, December 31).
    for of_year in (year - 1, year):
        for rule in calendar.rules:
            if rule.local and rule.local != calendar.municipality:
                continue
            on = rule.on(of_year)
            if on is not None and on.year == year:
                found.append((on, rule.title))
    return tuple(found)


def counts(day: date, holidays: IsHoliday) -> bool:
    """Whether `day` counts under `CountingRule.EXCLUDED_DAYS`."""
    return day.weekday() not in (_SATURDAY, _SUNDAY) and not holidays(day)


def due_on(start: date, days: int, rule: CountingRule, holidays: IsHoliday) -> date:
    """Return the last day of a period of `days` that starts with an event on `start`.

    The day of the event is never counted (C1, C2). Raises `InvalidInput` for a negative number of days.
    """
    if days < 0:
        raise InvalidInput("days", f"a period cannot be {days} days long")
    if rule is CountingRule.EXCLUDED_DAYS:
        day, left = start, days
        while left:
            day += _ONE_DAY
            left -= counts(day, holidays)
        return day
    day = start + timedelta(days=days)
    # Only the last day can move the end, and only from a Sunday or a holiday: a Saturday stays.
    while days and (day.weekday() == _SUNDAY or holidays(day)):
        day += _ONE_DAY
    return day


def earliest_act_on(start: date, days: int, rule: CountingRule, holidays: IsHoliday) -> date:
    """Return the first day an act may be done that must wait at least `days`: the day after day n (C5)."""
    return due_on(start, days, rule, holidays) + _ONE_DAY


@dataclass(frozen=True, slots=True)
class Readings:
    """One period read both ways. `governs_on` is the safe one for the clock's kind; pages show both."""

    excluded_days_on: date
    calendar_on: date
    governs_on: date

    @property
    def differ(self) -> bool:
        """Whether the two readings give different days."""
        return self.excluded_days_on != self.calendar_on


def both_readings(start: date, days: int, kind: ClockKind, holidays: IsHoliday) -> Readings:
    """Return both dates of a period whose counting rule is not settled, and the one that governs (C4)."""
    excluded = due_on(start, days, CountingRule.EXCLUDED_DAYS, holidays)
    calendar = due_on(start, days, CountingRule.CALENDAR, holidays)
    governs = min(excluded, calendar) if kind is ClockKind.DUTY else max(excluded, calendar)
    return Readings(excluded, calendar, governs)


def years_after(start: date, years: int, kind: ClockKind = ClockKind.PROTECTION) -> date:
    """Return the same day `years` later.

    Where there is no February 29, a protection runs to March 1, so that it ends no day early, and a duty to
    February 28, so that it is not done a day late (C4).
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28) if kind is ClockKind.DUTY else date(start.year + years, 3, 1)


def legal_date(instant: datetime, zone: str = LEGAL_ZONE) -> date:
    """Return the civil date of an instant where the body sits (C5). Raises `InvalidInput` for a naive instant."""
    if instant.tzinfo is None:
        raise InvalidInput("instant", "has no time zone; instants are aware UTC")
    return instant.astimezone(ZoneInfo(zone)).date()


def end_of_legal_day(day: date, zone: str = LEGAL_ZONE) -> datetime:
    """Return the instant, in UTC, at which `day` is over where the body sits: the next local midnight."""
    return datetime.combine(day + _ONE_DAY, time(), ZoneInfo(zone)).astimezone(UTC)


def day_ending_at(instant: datetime, zone: str = LEGAL_ZONE) -> date | None:
    """Return the civil date that ends at this instant where the body sits; None where no day ends then.

    People read "by December 7", not the midnight after.
    """
    local = instant.astimezone(ZoneInfo(zone))
    return local.date() - _ONE_DAY if local.time() == time() else None


def working_days_between(start: date, end: date, holidays: IsHoliday) -> int:
    """Count the days after `start` up to and with `end` that count under `CountingRule.EXCLUDED_DAYS`."""
    return sum(counts(start + timedelta(days=n), holidays) for n in range(1, (end - start).days + 1))


def calendar_of(rules: Iterable[HolidayRule], municipality: str = "") -> Calendar:
    """Build the calendar of a body; `municipality` adds the holidays kept only there (such as ``milwaukee``)."""
    return Calendar(tuple(rules), municipality)
