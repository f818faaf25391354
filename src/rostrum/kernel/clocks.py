"""Legal clocks: what starts one, how long it runs, how it is counted, and what date comes out. Pure.

The clocks themselves are data of a law pack; this module only runs them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.legal_days import (
    LEGAL_ZONE,
    Calendar,
    ClockKind,
    CountingRule,
    both_readings,
    due_on,
    end_of_legal_day,
    legal_date,
    years_after,
)


class Unit(StrEnum):
    """What a clock's length is counted in."""

    DAYS = "days"
    HOURS = "hours"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Clock:
    """One legal period. `rule` applies to days only; hours run by the wall clock, years by the date.

    `is_bar` marks a period that must have passed before an act; `is_ambiguous` one whose counting rule is unsettled,
    so that both dates are shown and the kind decides.
    """

    id: str
    title: str
    starts: str
    length: int
    unit: Unit
    kind: ClockKind
    rule: CountingRule = CountingRule.CALENDAR
    is_bar: bool = False
    is_ambiguous: bool = False
    note: str = ""
    citation: str = ""
    as_of: date | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a clock says. `due_at` is the instant after which it is late; `act_from_on` the first day after a bar.

    `other_on` is the date of the other reading, for an ambiguous clock whose readings differ; None otherwise.
    """

    clock: str
    started_on: date
    due_on: date
    due_at: datetime
    act_from_on: date | None = None
    other_on: date | None = None


def run_clock(clock: Clock, started_at: datetime, calendar: Calendar, zone: str = LEGAL_ZONE) -> Deadline:
    """Run `clock` from an aware instant and return its deadline.

    Raises `InvalidInput` for a naive instant.
    """
    started_on = legal_date(started_at, zone)
    if clock.unit is Unit.HOURS:
        # Wall-clock hours are elapsed time: a change to summer time neither gives nor takes an hour.
        due_at = started_at + timedelta(hours=clock.length)
        return Deadline(clock.id, started_on, legal_date(due_at, zone), due_at)
    other_on = None
    if clock.unit is Unit.YEARS:
        last = years_after(started_on, clock.length)
    elif clock.is_ambiguous:
        readings = both_readings(started_on, clock.length, clock.kind, calendar.is_holiday)
        last = readings.governs_on
        if readings.differ:
            other_on = readings.calendar_on if last == readings.excluded_days_on else readings.excluded_days_on
    else:
        last = due_on(started_on, clock.length, clock.rule, calendar.is_holiday)
    act_from_on = last + timedelta(days=1) if clock.is_bar else None
    return Deadline(clock.id, started_on, last, end_of_legal_day(last, zone), act_from_on, other_on)


def clock_by_id(clocks: tuple[Clock, ...], clock_id: str) -> Clock:
    """Return the clock with this id; raises `InvalidInput` naming the ones there are."""
    for clock in clocks:
        if clock.id == clock_id:
            return clock
    raise InvalidInput(f"clock {clock_id!r}", f"is not one of {', '.join(sorted(clock.id for clock in clocks))}")
