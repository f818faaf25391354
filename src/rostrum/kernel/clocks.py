"""Legal clocks: what starts one, how long it runs, how it is counted, and what date comes out. Pure.

The clocks themselves are data: of a law pack, or a clause's own period (`clock_of`). This module only runs them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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

_PERIOD = re.compile(r"P(?:(?P<days>\d{1,4})D|(?P<weeks>\d{1,3})W|(?P<years>\d{1,3})Y|T(?P<hours>\d{1,4})H|T0S)")


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
        # Wall-clock hours are elapsed time: a change to summer time neither gives nor takes an hour. In UTC, because
        # adding hours to an instant of another zone moves the hands of its clock instead.
        due_at = started_at.astimezone(UTC) + timedelta(hours=clock.length)
        return Deadline(clock.id, started_on, legal_date(due_at, zone), due_at)
    other_on = None
    if clock.unit is Unit.YEARS:
        last = years_after(started_on, clock.length, clock.kind)
        other_kind = ClockKind.PROTECTION if clock.kind is ClockKind.DUTY else ClockKind.DUTY
        other = years_after(started_on, clock.length, other_kind)
        other_on = other if other != last else None
    elif clock.is_ambiguous:
        readings = both_readings(started_on, clock.length, clock.kind, calendar.is_holiday)
        last = readings.governs_on
        if readings.differ:
            other_on = readings.calendar_on if last == readings.excluded_days_on else readings.excluded_days_on
    else:
        last = due_on(started_on, clock.length, clock.rule, calendar.is_holiday)
    act_from_on = last + timedelta(days=1) if clock.is_bar else None
    return Deadline(clock.id, started_on, last, end_of_legal_day(last, zone), act_from_on, other_on)


def clock_of(period: str, *, kind: ClockKind = ClockKind.DUTY, title: str = "", citation: str = "") -> Clock:
    """The clock of a period such as a clause sets: ``P14D``, ``P2W``, ``P1Y``, ``PT48H``, ``PT0S`` (at once).

    Its id is the period as written. Days are counted by the calendar (C2), hours by the wall clock, years by the date.
    Raises `InvalidInput` for anything else: a month has no settled length.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise InvalidInput("period", f"{period!r} is not a period such as P14D, P2W, P1Y or PT48H")
    length, unit = 0, Unit.HOURS
    if found["days"]:
        length, unit = int(found["days"]), Unit.DAYS
    elif found["weeks"]:
        length, unit = 7 * int(found["weeks"]), Unit.DAYS
    elif found["years"]:
        length, unit = int(found["years"]), Unit.YEARS
    elif found["hours"]:
        length = int(found["hours"])
    return Clock(period, title or period, "", length, unit, kind, citation=citation)


def counting_words(clock: Clock) -> str:
    """How the clock counts, in a few words for a page."""
    if clock.unit is Unit.HOURS:
        if not clock.length:
            return "At once"
        return f"{clock.length} hours by the clock, day and night"
    if clock.unit is Unit.YEARS:
        return f"{clock.length} years by the date" if clock.length != 1 else "One year by the date"
    length = f"{clock.length} days" if clock.length != 1 else "One day"
    if clock.is_ambiguous:
        governs = "earlier" if clock.kind is ClockKind.DUTY else "later"
        return (
            f"{length}; whether Saturdays, Sundays and legal holidays count is not settled, "
            f"so the {governs} date governs"
        )
    if clock.rule is CountingRule.EXCLUDED_DAYS:
        return f"{length}; Saturdays, Sundays and legal holidays do not count"
    return f"{length} by the calendar; a last day on a Sunday or legal holiday moves to the next day"


def clock_by_id(clocks: tuple[Clock, ...], clock_id: str) -> Clock:
    """Return the clock with this id; raises `InvalidInput` naming the ones there are."""
    for clock in clocks:
        if clock.id == clock_id:
            return clock
    raise InvalidInput(f"clock {clock_id!r}", f"is not one of {', '.join(sorted(clock.id for clock in clocks))}")
