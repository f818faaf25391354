"""What an area puts on the Today page. The list of areas that do is in web/today.py.

def cards(person: User, now: datetime) -> list[TodayCard]: ...
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing that needs the person: what, where to do it, and until when (`due_on` where a whole day counts)."""

    text: str
    url: str = ""
    note: str = ""
    due_at: datetime | None = None
    is_overdue: bool = False
    due_on: date | None = None


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
