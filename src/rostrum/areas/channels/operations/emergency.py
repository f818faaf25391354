"""The emergency right: taken by an authorised person at once, told to everybody concerned, reviewed by another."""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.channels import pack
from rostrum.areas.channels.events import custody as events
from rostrum.areas.channels.models import Channel, EmergencyRight
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.channels.queries import emergency as reads
from rostrum.areas.channels.rules import emergency as rules
from rostrum.areas.channels.rules.emergency import Verdict
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.areas.people.operations.emergency import end_emergency_right, give_emergency_right
from rostrum.kernel.decisions import InvalidInput

REVIEW_DUTY = "channels.review-emergency"


@transaction.atomic
def take_emergency_right(*, channel_id: str, reason: str, actor: User, now: datetime) -> EmergencyRight:
    """Take the right to speak on the channel, at once and for some hours, for a stated reason.

    Everybody concerned is told by mail, and another person owes a review. Raises `Refused`: not authorised, the channel
    not live, its log-in unreadable, held already, no reason.
    """
    channel = locked(channel_id)
    rules.decide_emergency(reads.emergency_facts(channel, reason=reason, actor=actor, now=now)).or_refuse()

    ends_at = now + timedelta(hours=pack.emergency_hours())
    grant = give_emergency_right(channel=channel.public_id, ends_at=ends_at, actor=actor, now=now)
    found = EmergencyRight.objects.create(
        channel=channel, person=actor, reason=reason.strip(), grant=grant.public_id, starts_at=now, ends_at=ends_at
    )
    told = reads.whom_to_tell(channel, actor, now=now)
    ledger.record(
        events.EmergencyTaken(
            channel=channel.public_id,
            emergency=found.public_id,
            grant=grant.public_id,
            reason=found.reason,
            ends_at=instant_text(ends_at),
            told=[person.public_id for person in told],
        ),
        actor=actor.public_id,
        now=now,
    )
    duties.open_duty(
        kind=REVIEW_DUTY,
        title=f"Review the emergency right of {actor.name} on {channel.name}",
        owner_role=reads.reviewing_role(channel, actor, now=now),
        due_at=ends_at + timedelta(hours=pack.emergency_review_hours()),
        subject=found.public_id,
        clock="hours set by the body (local choice)",
        unit=channel.unit.public_id,
        actor=actor.public_id,
        now=now,
    )
    _tell(told, channel, found, now)
    return found


def _tell(told: list[User], channel: Channel, found: EmergencyRight, now: datetime) -> None:
    text = (
        f"{found.person.name} took the emergency right to speak on {channel.name}.\n\nReason: {found.reason}\n\n"
        f"It ends by itself at {found.ends_at:%Y-%m-%d %H:%M} UTC. Another person reviews what was done.\n"
    )
    for person in told:
        jobs.enqueue(
            "mail.send",
            {"to": person.email, "subject": f"Emergency right taken on {channel.name}", "text": text},
            now=now,
        )


@transaction.atomic
def end_emergency(*, emergency_id: str, actor: User, now: datetime) -> EmergencyRight:
    """End an emergency right before its time: its holder, or whoever manages the channel. Raises `Refused`."""
    found = _locked(emergency_id)
    rules.decide_ending(
        may_end=reads.may_review(found.channel, actor=actor, now=now),
        actor=actor.public_id,
        person=found.person.public_id,
        ends_at=reads.ended_at(found),
        now=now,
    ).or_refuse()
    if now > found.starts_at:
        found.ends_at = now
        found.save(update_fields=["ends_at"])
    end_emergency_right(grant_id=found.grant, actor=actor, now=now)
    ledger.record(
        events.EmergencyEnded(channel=found.channel.public_id, emergency=found.public_id),
        actor=actor.public_id,
        now=now,
    )
    return found


@transaction.atomic
def review_emergency(*, emergency_id: str, verdict: str, findings: str, actor: User, now: datetime) -> EmergencyRight:
    """Say what was found: another person, when it is over. Closes the duty. Raises `Refused` or `InvalidInput`."""
    found = _locked(emergency_id)
    if verdict not in list(Verdict):
        raise InvalidInput("verdict", "choose one of the two answers")
    rules.decide_review(reads.review_facts(found, findings=findings, actor=actor, now=now)).or_refuse()

    found.reviewed_by, found.reviewed_at = actor, now
    found.verdict, found.findings = verdict, findings.strip()
    found.save(update_fields=["reviewed_by", "reviewed_at", "verdict", "findings"])
    ledger.record(
        events.EmergencyReviewed(
            channel=found.channel.public_id, emergency=found.public_id, verdict=verdict, findings=found.findings
        ),
        actor=actor.public_id,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=REVIEW_DUTY, subject=found.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=found.public_id, actor=actor.public_id, now=now)
    return found


def _locked(emergency_id: str) -> EmergencyRight:
    found = (
        EmergencyRight.objects.select_for_update(of=("self",))
        .select_related("channel__unit", "channel__platform", "person")
        .filter(public_id=emergency_id)
        .first()
    )
    if found is None:
        raise InvalidInput("emergency", f"there is no emergency right {emergency_id}")
    return found
