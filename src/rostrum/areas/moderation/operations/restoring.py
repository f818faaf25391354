"""Showing a hidden comment again: decided by another person than the remover, confirmed by the platform."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.archive.rules import State
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import events, queries, rules
from rostrum.areas.moderation.models import Removal
from rostrum.areas.moderation.operations.acting import (
    close_trouble_duty,
    locked_removal,
    move,
    open_trouble_duty,
    sentence,
)
from rostrum.areas.moderation.states import AssessmentAct, Outcome
from rostrum.areas.people.models import User

_LONGEST_FAULT = 300


@transaction.atomic
def restore_comment(*, removal_id: str, reason: str, actor: User, now: datetime) -> Removal:
    """Decide that a hidden comment is shown again; the platform is asked by a job afterwards. Raises `Refused`."""
    removal = locked_removal(removal_id)
    queries.may_moderate(actor, removal.item, now=now).or_refuse()
    rules.decide_restoration(queries.removal_facts(removal, actor)).or_refuse()
    removal.restored_reason = sentence("reason", reason, why="say why the comment is restored")
    move(removal.assessment, AssessmentAct.RESTORE)
    removal.assessment.save(update_fields=["state"])
    removal.outcome, removal.restored_by, removal.restored_at = Outcome.RESTORING, actor, now
    removal.save(update_fields=["outcome", "restored_by", "restored_at", "restored_reason"])
    ledger.record(
        events.RestorationDecided(
            removal=removal.public_id, reason_digest=sha256(removal.restored_reason.encode()).hexdigest()
        ),
        actor=actor.public_id,
        now=now,
    )
    ask_platform(removal, now=now)
    return removal


def ask_platform(removal: Removal, *, now: datetime) -> None:
    """Queue the call that shows the comment again, in the act's transaction."""
    jobs.enqueue("moderation.apply-restoration", {"removal": removal.public_id}, now=now, priority=10)


@transaction.atomic
def confirm_restoration(*, removal_id: str, actor: str, now: datetime, receipt: bytes = b"") -> Removal:
    """Record that the comment is shown again, here and in the archive. Saying it twice changes nothing."""
    removal = locked_removal(removal_id)
    if removal.outcome not in (Outcome.RESTORING, Outcome.RESTORE_FAILED):
        return removal
    move(removal.assessment, AssessmentAct.CONFIRM)
    removal.assessment.save(update_fields=["state"])
    removal.outcome, removal.shown_at, removal.fault = Outcome.RESTORED, now, ""
    removal.save(update_fields=["outcome", "shown_at", "fault"])
    item = Item.objects.get(pk=removal.item_id)
    if item.state != State.DELETED:
        archive.mark_shown(
            item=item, actor=actor, now=now, notice=receipt, note=f"Removal {removal.public_id} taken back"
        )
    ledger.record(events.CommentRestored(removal=removal.public_id, confirmed_by=actor), actor=actor, now=now)
    close_trouble_duty(removal, actor=actor, now=now)
    return removal


@transaction.atomic
def fail_restoration(*, removal_id: str, fault: str, actor: str, now: datetime) -> Removal:
    """Record that the platform did not show it again, or did not answer, and let the moderators owe a look."""
    removal = locked_removal(removal_id)
    if removal.outcome != Outcome.RESTORING:
        return removal
    removal.outcome, removal.fault = Outcome.RESTORE_FAILED, fault[:_LONGEST_FAULT]
    removal.save(update_fields=["outcome", "fault"])
    ledger.record(
        events.RemovalFailed(removal=removal.public_id, outcome=Outcome.RESTORE_FAILED.value), actor=actor, now=now
    )
    open_trouble_duty(
        removal, title="The platform did not show a restored comment again: look there and decide", actor=actor, now=now
    )
    return removal
