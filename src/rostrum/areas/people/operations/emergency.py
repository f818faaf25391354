"""A right that a person gave themselves in an emergency. Whether they may is decided by the channel's own room."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.operations.grants import check_dates, stamp
from rostrum.areas.people.rules import Right
from rostrum.kernel.decisions import Refused


@transaction.atomic
def give_emergency_right(*, channel: str, ends_at: datetime, actor: User, now: datetime) -> ChannelGrant:
    """Give the actor the right to speak on the channel (public id), from now until `ends_at`, which is never open.

    Part of one act with the channel's own record of it (channels.operations.emergency), which decides. Raises `Refused`
    for somebody who has left, `InvalidInput` where it would end before it begins.
    """
    check_dates(now, ends_at)
    person = User.objects.select_for_update().get(pk=actor.pk)
    if not queries.is_present(person, now=now):
        raise Refused.because("person-left", "This person no longer works here.")
    grant = ChannelGrant.objects.create(
        person=person, channel=channel, right=Right.SPEAK.value, starts_at=now, ends_at=ends_at, given_by=person
    )
    event = events.ChannelRightGiven(
        grant=grant.public_id,
        person=person.public_id,
        channel=channel,
        right=Right.SPEAK.value,
        starts_at=stamp(now),
        ends_at=stamp(ends_at),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return grant


@transaction.atomic
def end_emergency_right(*, grant_id: str, actor: User, now: datetime) -> ChannelGrant:
    """End such a right now. Raises ChannelGrant.DoesNotExist."""
    grant = ChannelGrant.objects.select_for_update().select_related("person").get(public_id=grant_id)
    grant.ends_at = now
    grant.save(update_fields=["ends_at"])
    event = events.ChannelRightEnded(
        grant=grant.public_id,
        person=grant.person.public_id,
        channel=grant.channel,
        right=grant.right,
        ends_at=stamp(now),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return grant
