"""What the agenda puts on the Today page: one's own duties, those of one's roles, and what others are late with."""

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from rostrum.areas.agenda import queries
from rostrum.areas.duties import queries as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import SHOWN, TodayCard, TodayItem, first_few


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The duties of this person and their roles; for who oversees others, also whose duties are overdue."""
    register = reverse("duties")
    held = [(one.role.value, one.unit) for one in people.roles_of(person, now)]
    found = [
        _card("My duties", duties.open_duties(owner=person), now, f"{register}?whose=mine", "Nothing is due from you."),
        _card(
            "Open to anyone in my roles",
            duties.open_to_roles(held),
            now,
            f"{register}?whose=roles",
            "Nothing waits for someone in your roles.",
        ),
    ]
    scope = people.reach(person, Permission.SEE_DUTIES, reading=True, now=now)
    if scope.everything or scope.units:
        found.append(_overdue_of_others(person, now))
    return found


def _card(title: str, found: QuerySet[Duty], now: datetime, url: str, empty: str) -> TodayCard:
    few, total = first_few(found.select_related("owner__unit"))
    shown = queries.rows(few, now=now)
    items = tuple(
        TodayItem(
            row.duty.title,
            url=row.url or reverse("duty", args=[row.duty.public_id]),
            due_at=row.duty.due_at,
            is_overdue=row.is_overdue,
            due_on=row.due_on,
        )
        for row in shown
    )
    return TodayCard(title, items, total, url, is_urgent=any(one.is_overdue for one in items), empty=empty)


def _overdue_of_others(person: User, now: datetime) -> TodayCard:
    """Whose duties are overdue, the longest first. Told, not urgent: the person can only ask, or hand over."""
    groups = queries.overdue_by(person, "person", now=now, but_own=True)
    items = tuple(
        TodayItem(
            one.name,
            url=f"{reverse('duties')}?{urlencode({'state': 'overdue', **one.filters})}",
            note=f"{one.count} {'duty' if one.count == 1 else 'duties'}{f' ({one.note})' if one.note else ''}",
            since=one.since,
            since_on=queries.whole_day(one.since),
        )
        for one in groups[:SHOWN]
    )
    return TodayCard("Overdue, and whose", items, len(groups), reverse("duties-overdue"), empty="Nobody is late.")
