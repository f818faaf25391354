"""A person's calendar of duties: by its secret address, and what stands in it."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q

from rostrum.areas.agenda.models import CalendarFeed
from rostrum.areas.duties import queries as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User

# Closed duties stay this long, so that calendars and task lists learn that they are done.
CLOSED_KEPT = timedelta(days=30)
MOST = 1000


def digest_of(secret: str) -> str:
    """What is kept of a calendar's secret. It is random and long, so a plain hash cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()


def feed_at(secret: str, *, now: datetime) -> CalendarFeed | None:
    """The calendar at this secret; None when there is none, when it was revoked, or when the person left."""
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest_of(secret), revoked_at=None).first()
    return feed if feed is not None and people.is_present(feed.person, now=now) else None


def feed_of(person: User) -> CalendarFeed | None:
    """The person's calendar that works now."""
    return CalendarFeed.objects.filter(person=person, revoked_at=None).first()


def calendar_duties(person: User, *, now: datetime) -> list[Duty]:
    """The dated duties of the person and their roles: open ones, and those closed in the last month."""
    held = [(one.role.value, one.unit) for one in people.roles_of(person, now)]
    theirs = Q(owner=person) | duties.owed_by_roles(held)
    recent = Q(closed_at=None) | Q(closed_at__gte=now - CLOSED_KEPT)
    return list(Duty.objects.filter(theirs, recent, due_at__isnull=False).order_by("due_at", "id")[:MOST])
