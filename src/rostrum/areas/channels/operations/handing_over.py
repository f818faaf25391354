"""What is done about each channel that somebody who leaves could reach: handed in, changed, handed over, held anew."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from rostrum.areas.channels.events import separation as events
from rostrum.areas.channels.models import ChannelHandOver, ReachedChannel, TransitionTask
from rostrum.areas.channels.operations.separation import (
    HAND_OVER_DUTY,
    HOLDER_DUTY,
    ROLES_DUTY,
    ROTATION_DUTY,
    SURRENDER_DUTY,
    TASK_DUTY,
    close_duty,
)
from rostrum.areas.channels.queries import separation as queries
from rostrum.areas.channels.queries.custody import rotation_since
from rostrum.areas.channels.rules import separation as rules
from rostrum.areas.channels.rules.separation import BackupCodes, SeparationState
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import Decision, InvalidInput

# The fields of a hand-over in words; each is answered, if only by “none”.
FIELDS = {
    "recovery_address": "Recovery address",
    "recovery_phone": "Recovery telephone",
    "second_factor": "Second factor",
    "linked_applications": "Linked applications",
    "followers_export": "Export of the followers",
    "contacts_export": "Export of the contacts",
}


@transaction.atomic
def note_surrender(*, reached_id: str, actor: people.Actor, now: datetime) -> ReachedChannel | None:
    """Note that a channel's log-in is handed in: in custody, and signed in with since the separation was planned.

    None where it is not, or was noted before: looking as often as one likes changes nothing.
    """
    row = _locked(reached_id)
    credential = queries.surrendered(row)
    if credential is None or row.surrendered_at is not None or row.separation.state != SeparationState.PLANNED:
        return None
    row.surrendered_at = now
    row.save(update_fields=["surrendered_at"])
    who = actor.public_id if isinstance(actor, User) else actor
    ledger.record(
        events.LogInSurrendered(
            separation=row.separation.public_id, channel=row.channel.public_id, credential=credential.public_id
        ),
        actor=who,
        now=now,
    )
    close_duty(SURRENDER_DUTY, row.public_id, credential.public_id, who, now)
    return row


@transaction.atomic
def confirm_rotation(*, reached_id: str, actor: User, now: datetime) -> ReachedChannel:
    """Confirm, as a second person, that the log-in was changed after the separation and works.

    Raises `Refused`: not over this channel, some part not changed since, not tested, deposited by oneself.
    """
    row = _locked(reached_id)
    rules.decide_rotation(queries.rotation_facts(row, actor=actor, now=now)).or_refuse()
    rotation = rotation_since(row.channel, row.separation.at)
    row.rotated_by = rotation.credential
    row.rotation_confirmed_by, row.rotation_confirmed_at = actor, now
    row.save(update_fields=["rotated_by", "rotation_confirmed_by", "rotation_confirmed_at"])
    ledger.record(
        events.RotationConfirmed(
            separation=row.separation.public_id,
            channel=row.channel.public_id,
            credential=rotation.credential,
            deposited_by=rotation.deposited_by,
            was_late=now > queries.rotation_deadline(row.separation.at).due_at,
        ),
        actor=actor.public_id,
        now=now,
    )
    close_duty(ROTATION_DUTY, row.public_id, rotation.credential, actor.public_id, now)
    return row


@transaction.atomic
def confirm_roles_removed(*, reached_id: str, note: str, actor: User, now: datetime) -> ReachedChannel:
    """Confirm that one looked on the platform and the person holds no role there any more. Raises `Refused`."""
    row = _locked(reached_id)
    rules.decide_roles_removed(queries.roles_facts(row, note=note, actor=actor, now=now)).or_refuse()
    row.roles_removed_by, row.roles_removed_at, row.roles_note = actor, now, note.strip()
    row.save(update_fields=["roles_removed_by", "roles_removed_at", "roles_note"])
    entry = ledger.record(
        events.PlatformRolesRemoved(separation=row.separation.public_id, channel=row.channel.public_id),
        actor=actor.public_id,
        now=now,
    )
    close_duty(ROLES_DUTY, row.public_id, entry.public_id, actor.public_id, now)
    return row


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a hand-over says; no field holds a password or a code."""

    recovery_address: str
    recovery_phone: str
    second_factor: str
    linked_applications: str
    followers_export: str
    contacts_export: str
    backup_codes: BackupCodes
    other: str = ""


@transaction.atomic
def give_hand_over(*, reached_id: str, given: HandOver, actor: User, now: datetime) -> ChannelHandOver:
    """Give the hand-over of a channel, as who leaves or for them; until it is confirmed it may be given again.

    Raises `Refused`: not over this channel, a field left empty, confirmed already.
    """
    row = _locked(reached_id)
    missing = [title for name, title in FIELDS.items() if not str(getattr(given, name)).strip()]
    rules.decide_hand_over(queries.hand_over_facts(row, missing=missing, actor=actor, now=now)).or_refuse()
    values = {field.name: str(getattr(given, field.name)).strip() for field in fields(given)}
    hand_over, _ = ChannelHandOver.objects.update_or_create(
        reached=row, defaults={**values, "given_by": actor, "given_at": now}
    )
    entry = ledger.record(
        events.HandOverGiven(
            separation=row.separation.public_id,
            channel=row.channel.public_id,
            by_leaver=actor.pk == row.separation.person_id,
            backup_codes=given.backup_codes.value,
        ),
        actor=actor.public_id,
        now=now,
    )
    close_duty(HAND_OVER_DUTY, row.public_id, entry.public_id, actor.public_id, now)
    return hand_over


@transaction.atomic
def confirm_hand_over(*, reached_id: str, actor: User, now: datetime) -> ChannelHandOver:
    """Confirm, as a second person, that a hand-over says all that is needed and the exports are there.

    Raises `Refused`.
    """
    row = _locked(reached_id)
    rules.decide_hand_over_confirmation(queries.hand_over_facts(row, actor=actor, now=now)).or_refuse()
    hand_over = ChannelHandOver.objects.get(reached=row)
    hand_over.confirmed_by, hand_over.confirmed_at = actor, now
    hand_over.save(update_fields=["confirmed_by", "confirmed_at"])
    ledger.record(
        events.HandOverConfirmed(separation=row.separation.public_id, channel=row.channel.public_id),
        actor=actor.public_id,
        now=now,
    )
    return hand_over


@transaction.atomic
def name_holder(*, reached_id: str, holder: User, actor: User, now: datetime) -> ReachedChannel:
    """Name who holds the channel from now on: somebody who stays, by a right on it in force. Raises `Refused`."""
    row = _locked(reached_id)
    rules.decide_new_holder(queries.holder_facts(row, holder, actor=actor, now=now)).or_refuse()
    row.new_holder, row.named_by, row.named_at = holder, actor, now
    row.save(update_fields=["new_holder", "named_by", "named_at"])
    entry = ledger.record(
        events.HolderNamed(separation=row.separation.public_id, channel=row.channel.public_id, holder=holder.public_id),
        actor=actor.public_id,
        now=now,
    )
    close_duty(HOLDER_DUTY, row.public_id, entry.public_id, actor.public_id, now)
    return row


@transaction.atomic
def answer_task(*, task_id: str, answer: str, actor: User, now: datetime) -> TransitionTask:
    """Answer a question of the transition: as who leaves, or by recording what they said. Raises `Refused`."""
    task = _locked_task(task_id)
    is_theirs = actor.pk == task.separation.person_id
    may = Decision() if is_theirs else queries.may_ask(task.separation, actor=actor, now=now)
    rules.decide_answer(queries.answer_facts(task, answer=answer, may=may)).or_refuse()
    how = "desk" if is_theirs else "recorded"
    return _answer(task, answer, how=how, recorded_by=None if is_theirs else actor, actor=actor.public_id, now=now)


@transaction.atomic
def answer_task_by_link(*, token: str, task_id: str, answer: str, actor: str, now: datetime) -> TransitionTask:
    """Answer a question by the link that only who left was sent; `actor` is "public", since nobody is signed in.

    Raises `Refused`, and `InvalidInput` for a link that opens nothing.
    """
    separation = queries.by_link(token)
    task = _locked_task(task_id)
    if separation is None or task.separation_id != separation.pk:
        raise InvalidInput("link", "This link opens nothing any more.")
    rules.decide_answer(queries.answer_facts(task, answer=answer, may=Decision())).or_refuse()
    del actor
    return _answer(task, answer, how="link", recorded_by=None, actor=separation.person.public_id, now=now)


def _answer(
    task: TransitionTask, answer: str, *, how: str, recorded_by: User | None, actor: str, now: datetime
) -> TransitionTask:
    task.answer, task.answered_how, task.recorded_by, task.answered_at = answer.strip(), how, recorded_by, now
    task.save(update_fields=["answer", "answered_how", "recorded_by", "answered_at"])
    entry = ledger.record(
        events.TaskAnswered(separation=task.separation.public_id, task=task.public_id, how=how), actor=actor, now=now
    )
    close_duty(TASK_DUTY, task.public_id, entry.public_id, actor, now)
    return task


def _locked(reached_id: str) -> ReachedChannel:
    try:
        return (
            ReachedChannel.objects.select_for_update(of=("self",))
            .select_related("separation__person__unit", "channel__unit", "channel__platform")
            .get(public_id=reached_id)
        )
    except ReachedChannel.DoesNotExist as fault:
        raise InvalidInput("channel", f"there is no channel {reached_id} in a separation") from fault


def _locked_task(task_id: str) -> TransitionTask:
    try:
        return (
            TransitionTask.objects.select_for_update(of=("self",))
            .select_related("separation__person")
            .get(public_id=task_id)
        )
    except TransitionTask.DoesNotExist as fault:
        raise InvalidInput("task", f"there is no question {task_id}") from fault
