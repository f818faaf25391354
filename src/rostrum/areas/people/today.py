"""What an area puts on the Today page. The list of areas that do is in web/today.py.

def cards(person: User, now: datetime) -> list[TodayCard]: ...
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse

from rostrum.areas.people import queries
from rostrum.areas.people.models import User
from rostrum.areas.people.queries import sign_in
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.rules.factors import RESET_LASTS

SHOWN = 8
Row = TypeVar("Row", bound=Model)


def first_few(found: QuerySet[Row]) -> tuple[list[Row], int]:
    """What a card shows of these rows, and how many there are in all.

    Counts first: most cards are empty most of the time, and wide rows cost more to ask for than to count.
    """
    total = found.count()
    return (list(found[:SHOWN]) if total else []), total


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing that needs the person: what, where to do it, and until when (`due_on` where a whole day counts).

    `since` is for what has lasted: trouble, something overdue; `since_on` where it was due by a day's end.
    """

    text: str
    url: str = ""
    note: str = ""
    due_at: datetime | None = None
    is_overdue: bool = False
    due_on: date | None = None
    since: datetime | None = None
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class TodayCard:
    """A group of things of one kind. `total` counts all, where `items` shows the first few only."""

    title: str
    items: tuple[TodayItem, ...]
    total: int = 0
    url: str = ""
    is_urgent: bool = False
    empty: str = ""

    @property
    def count(self) -> int:
        """How many there are in all."""
        return max(self.total, len(self.items))


def cards(person: User, now: datetime) -> list[TodayCard]:
    """Resets of lost factors that wait for this person; none for whoever resets none."""
    if not queries.may(person, Permission.RESET_FACTORS, now=now).allowed:
        return []
    waiting = sign_in.resets_to_settle(person, now=now)
    items = tuple(
        TodayItem(
            f"{one.person.name} lost every second factor",
            reverse("person-sign-in", args=[one.person.public_id]),
            note=f"Asked for by {one.asked_by.name}; lapses",
            due_at=one.asked_at + RESET_LASTS,
        )
        for one in waiting[:SHOWN]
    )
    return [
        TodayCard(
            "Resets to confirm",
            items,
            len(waiting),
            reverse("people"),
            is_urgent=bool(waiting),
            empty="Nobody waits for a second person to confirm a reset.",
        )
    ]
