"""How calls to a platform went, and the duty when they fail."""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.channels import events, pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.rules import Role
from rostrum.connectors.interface import Trouble

CONNECTION_DUTY = "channels.restore-connection"


@transaction.atomic
def note_connection(*, channel_id: str, trouble: str, actor: str, now: datetime) -> Channel:
    """Note how a call to the platform went: `trouble` is a code of `connectors.interface.Trouble`, "" for none.

    Only a change is an act: trouble begun opens a duty, trouble ended closes it. `actor` is "system" or a public id.
    """
    channel = locked(channel_id)
    before = channel.trouble
    if not trouble:
        channel.last_connected_at = now
    if trouble != before:
        channel.trouble = trouble
        channel.trouble_since = now if trouble else None
    channel.save(update_fields=["last_connected_at", "trouble", "trouble_since"])
    if trouble and trouble != before:
        ledger.record(events.ConnectionLost(channel=channel.public_id, trouble=trouble), actor=actor, now=now)
        duties.open_duty(
            kind=CONNECTION_DUTY,
            title=f"Restore the connection of {channel.name}",
            owner_role=Role.COORDINATOR,
            due_at=now + timedelta(hours=pack.reconnect_hours()),
            subject=channel.public_id,
            clock="hours set by the body (local choice)",
            actor=actor,
            now=now,
        )
        if trouble == Trouble.LOST_TOKEN:
            # The platform's own troubles pass; a lost log-in waits for a person, so persons are told at once.
            jobs.enqueue(
                "channels.tell-lost",
                {"channel": channel.public_id},
                now=now,
                priority=5,
                unique_key=f"tell-lost:{channel.public_id}",
            )
    elif before and not trouble:
        entry = ledger.record(
            events.ConnectionRestored(channel=channel.public_id, trouble=before), actor=actor, now=now
        )
        for duty in duty_queries.open_duties(kind=CONNECTION_DUTY, subject=channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor, now=now)
    return channel
