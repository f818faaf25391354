"""A log-in is shown to a person: asked for with a reason, confirmed by another, seen once; then it is to be changed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from rostrum.areas.channels import custody, pack
from rostrum.areas.channels.events import custody as events
from rostrum.areas.channels.models import Channel, LogInDisclosure
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.channels.queries import custody as reads
from rostrum.areas.channels.queries import log_in_disclosure as disclosures
from rostrum.areas.channels.rules import log_in_disclosure as rules
from rostrum.areas.channels.rules.log_in_disclosure import DISCLOSURE_MACHINE, DisclosureAct, DisclosureState
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

ROTATE_DUTY = "channels.rotate-after-disclosure"


@transaction.atomic
def request_disclosure(
    *, channel_id: str, parts: Collection[str], reason: str, actor: User, now: datetime
) -> LogInDisclosure:
    """Ask to see these fields of the channel's log-in, for a reason; those who may confirm are told by mail.

    Raises `Refused`: no permission, nothing in custody, asked already, no reason, a seed.
    """
    channel = locked(channel_id)
    credential = reads.credential_in_force(channel)
    facts = disclosures.ask_facts(channel, parts=parts, reason=reason, actor=actor, now=now)
    rules.decide_asking(facts).or_refuse()
    if credential is None:
        raise InvalidInput("channel", "nothing is in custody")

    expires_at = now + timedelta(hours=pack.disclosure_request_hours())
    found = LogInDisclosure.objects.create(
        channel=channel,
        credential=credential,
        parts=sorted(parts),
        reason=reason.strip(),
        state=DISCLOSURE_MACHINE.initial,
        requested_by=actor,
        requested_at=now,
        expires_at=expires_at,
    )
    ledger.record(
        events.DisclosureRequested(
            channel=channel.public_id,
            disclosure=found.public_id,
            credential=credential.public_id,
            parts=found.parts,
            reason=found.reason,
            expires_at=instant_text(expires_at),
        ),
        actor=actor.public_id,
        now=now,
    )
    for person in disclosures.who_may_confirm(actor, now=now):
        _mail(
            person,
            f"Confirm, or decline: {actor.name} asks to see a log-in",
            f"{actor.name} asks to see the log-in of {channel.name}.\n\nReason: {found.reason}\n\n"
            "Open Rostrum, Custody, to confirm or to decline.\n",
            now,
        )
    return found


@transaction.atomic
def confirm_disclosure(*, disclosure_id: str, actor: User, now: datetime) -> LogInDisclosure:
    """Let the person who asked see the log-in, once, within the time that begins now. Raises `Refused`."""
    found = _locked(disclosure_id)
    rules.decide_confirmation(disclosures.disclosure_facts(found, actor=actor, now=now)).or_refuse()

    expires_at = now + timedelta(minutes=pack.disclosure_minutes())
    _move(found, DisclosureAct.CONFIRM, decided_by=actor, decided_at=now, expires_at=expires_at)
    ledger.record(
        events.DisclosureConfirmed(
            channel=found.channel.public_id,
            disclosure=found.public_id,
            requester=found.requested_by.public_id,
            expires_at=instant_text(expires_at),
        ),
        actor=actor.public_id,
        now=now,
    )
    _mail(
        found.requested_by,
        f"Confirmed: you may see the log-in of {found.channel.name}",
        f"{actor.name} confirmed. Open Rostrum, Custody: you see it once, within {pack.disclosure_minutes()} minutes. "
        "Afterwards it has to be changed.\n",
        now,
    )
    return found


@transaction.atomic
def decline_disclosure(*, disclosure_id: str, note: str, actor: User, now: datetime) -> LogInDisclosure:
    """Say no, with the reason; the person who asked takes a request back in the same way. Raises `Refused`."""
    found = _locked(disclosure_id)
    rules.decide_declining(disclosures.disclosure_facts(found, note=note, actor=actor, now=now)).or_refuse()
    _move(found, DisclosureAct.DECLINE, decided_by=actor, decided_at=now, decided_note=note.strip())
    ledger.record(
        events.DisclosureDeclined(
            channel=found.channel.public_id, disclosure=found.public_id, reason=found.decided_note
        ),
        actor=actor.public_id,
        now=now,
    )
    return found


@transaction.atomic
def show_disclosure(*, disclosure_id: str, actor: User, now: datetime) -> dict[str, str]:
    """The fields that were asked for, this once, to the person who asked; opens the duty to change them.

    Raises `Refused`: another person, not confirmed, too late, seen already, changed meanwhile, its key missing.
    """
    found = _locked(disclosure_id)
    channel = locked(found.channel.public_id)
    rules.decide_showing(disclosures.disclosure_facts(found, actor=actor, now=now)).or_refuse()
    secret = reads.open_secret(channel, found.credential)

    _move(found, DisclosureAct.SHOW, shown_at=now)
    ledger.record(
        events.DisclosureShown(
            channel=channel.public_id,
            disclosure=found.public_id,
            credential=found.credential.public_id,
            parts=found.parts,
        ),
        actor=actor.public_id,
        now=now,
    )
    if custody.secret_names(found.parts):
        _owe_a_change(channel, actor, now)
    return {name: secret[name] for name in found.parts if name in secret}


def _owe_a_change(channel: Channel, actor: User, now: datetime) -> None:
    duties.open_duty(
        kind=ROTATE_DUTY,
        title=f"Change the log-in of {channel.name}: it was seen",
        owner_role=Role.COORDINATOR,
        owner=actor,
        due_at=now + timedelta(hours=pack.rotate_after_disclosure_hours()),
        subject=channel.public_id,
        clock="hours set by the body (local choice)",
        actor=actor.public_id,
        now=now,
    )


@transaction.atomic
def expire_disclosure(*, disclosure_id: str, actor: str, now: datetime) -> LogInDisclosure | None:
    """End a request whose time has passed unseen; None when it was answered meanwhile, or its time has not passed."""
    found = _locked(disclosure_id)
    if not DISCLOSURE_MACHINE.allows(DisclosureState(found.state), DisclosureAct.EXPIRE) or now < found.expires_at:
        return None
    _move(found, DisclosureAct.EXPIRE)
    ledger.record(
        events.DisclosureExpired(channel=found.channel.public_id, disclosure=found.public_id), actor=actor, now=now
    )
    return found


def close_rotation(channel: Channel, actor: str, now: datetime) -> None:
    """Close the duty to change a log-in that was seen, once all that was seen is new and the new log-in was tested."""
    for duty in duty_queries.open_duties(kind=ROTATE_DUTY, subject=channel.public_id):
        rotation = disclosures.rotation_after_disclosures(channel)
        if rotation is not None and rotation.is_shown:
            duties.close_duty(duty_id=duty.public_id, evidence=rotation.credential, actor=actor, now=now)


def _locked(disclosure_id: str) -> LogInDisclosure:
    found = (
        LogInDisclosure.objects.select_for_update(of=("self",))
        .select_related("channel__unit", "channel__platform", "credential", "requested_by", "decided_by")
        .filter(public_id=disclosure_id)
        .first()
    )
    if found is None:
        raise InvalidInput("disclosure", f"there is no request {disclosure_id}")
    return found


def _move(found: LogInDisclosure, act: DisclosureAct, **values: Any) -> None:
    found.state = DISCLOSURE_MACHINE.next_state(DisclosureState(found.state), act)
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=["state", *values])


def _mail(person: User, subject: str, text: str, now: datetime) -> None:
    jobs.enqueue("mail.send", {"to": person.email, "subject": subject, "text": text}, now=now)
