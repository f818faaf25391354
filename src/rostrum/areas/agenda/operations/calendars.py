"""A person's calendar is made at a secret address, and revoked."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.agenda import events
from rostrum.areas.agenda.models import CalendarFeed
from rostrum.areas.agenda.queries.feeds import digest_of
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import Refused

_READ_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_calendar(*, actor: User, now: datetime) -> tuple[CalendarFeed, str]:
    """Make the actor's calendar and return it with its secret, which is kept nowhere; an earlier one ends.

    Raises `Refused` for somebody who has left.
    """
    if not people.is_present(actor, now=now):
        raise Refused.because("person-left", "This person no longer works here.")
    User.objects.select_for_update().get(pk=actor.pk)
    CalendarFeed.objects.filter(person=actor, revoked_at=None).update(revoked_at=now)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(person=actor, digest=digest_of(secret), made_at=now)
    ledger.record(events.CalendarMade(feed=feed.public_id, person=actor.public_id), actor=actor.public_id, now=now)
    return feed, secret


@transaction.atomic
def revoke_calendar(*, actor: User, now: datetime) -> CalendarFeed:
    """End the actor's calendar: its address opens nothing any more. Raises `Refused` when there is none."""
    feed = CalendarFeed.objects.select_for_update().filter(person=actor, revoked_at=None).first()
    if feed is None:
        raise Refused.because("no-calendar", "You have no calendar to revoke.")
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    ledger.record(events.CalendarRevoked(feed=feed.public_id, person=actor.public_id), actor=actor.public_id, now=now)
    return feed


@transaction.atomic
def note_calendar_read(*, feed: CalendarFeed, actor: str, now: datetime) -> None:
    """Note that a calendar was read, at most once an hour: tells its person whether somebody uses it. Not an act."""
    del actor
    if feed.read_at is None or now - feed.read_at >= _READ_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
