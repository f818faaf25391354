"""A person's duties as an iCalendar (RFC 5545): as events for calendars, as to-dos for task lists. Bytes out, pure.

A calendar goes to third parties: to whoever hosts it and to all its devices. So an entry holds the title of the duty's
kind, its instant and the address of its page; never the duty's own title, which may name a channel or a person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

_PRODUCT = "-//Rostrum//Duties//EN"
_FOLLOWED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """One duty in a calendar. `due_on` is set where the whole day counts; `changes` grows with every change."""

    id: str
    title: str
    opened_at: datetime
    changed_at: datetime
    changes: int
    due_at: datetime
    due_on: date | None
    closed_at: datetime | None
    url: str


def as_events(dated: Iterable[Dated], *, name: str) -> bytes:
    """The duties as events, which every calendar shows; what is done is cancelled, so that it disappears."""
    from icalendar import Event

    def event(one: Dated) -> Any:
        made = Event()
        _describe(made, one, suffix="")
        made.add("dtstart", one.due_on or one.due_at.astimezone(UTC))
        # Nobody is busy because something is due.
        made.add("transp", "TRANSPARENT")
        made.add("status", "CONFIRMED" if one.closed_at is None else "CANCELLED")
        return made

    return _calendar(dated, event, name)


def as_tasks(dated: Iterable[Dated], *, name: str) -> bytes:
    """The duties as to-dos, for programs that keep lists of tasks; what is done is ticked off."""
    from icalendar import Todo

    def task(one: Dated) -> Any:
        made = Todo()
        _describe(made, one, suffix="-task")
        made.add("due", one.due_on or one.due_at.astimezone(UTC))
        if one.closed_at is None:
            made.add("status", "NEEDS-ACTION")
        else:
            made.add("status", "COMPLETED")
            made.add("completed", one.closed_at.astimezone(UTC))
            made.add("percent-complete", 100)
        return made

    return _calendar(dated, task, name)


def _describe(made: Any, one: Dated, *, suffix: str) -> None:
    # The same duty has the same name in every copy, for ever; ours are random, so it is nobody else's.
    made.add("uid", f"{one.id}{suffix}@rostrum")
    # Of the last change, not of this reading: an unchanged calendar is the same, byte by byte.
    made.add("dtstamp", one.changed_at.astimezone(UTC))
    made.add("created", one.opened_at.astimezone(UTC))
    made.add("last-modified", one.changed_at.astimezone(UTC))
    made.add("sequence", one.changes)
    made.add("summary", one.title)
    made.add("class", "PRIVATE")
    made.add("url", one.url)


def _calendar(dated: Iterable[Dated], make: Callable[[Dated], Any], name: str) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _FOLLOWED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in dated:
        calendar.add_component(make(one))
    found: bytes = calendar.to_ical()
    return found
