"""Deciding a removal, and what becomes of it on the platform; telling the author."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive import queries as kept
from rostrum.areas.archive.models import Item
from rostrum.areas.archive.rules import State
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import events, queries, rules
from rostrum.areas.moderation.models import Removal
from rostrum.areas.moderation.operations import restoring
from rostrum.areas.moderation.operations.acting import (
    close_trouble_duty,
    locked,
    locked_removal,
    move,
    open_trouble_duty,
    sentence,
)
from rostrum.areas.moderation.states import AssessmentAct, Outcome
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import InvalidInput

_LONGEST_HOW = 500
_LONGEST_FAULT = 300


@transaction.atomic
def decide_removal(*, assessment_id: str, actor: User, now: datetime) -> Removal:
    """Decide the removal: the evidence is verified, the record written, and the platform asked by a job afterwards.

    Raises `Refused` with every reason against it.
    """
    assessment = locked(assessment_id)
    queries.may_moderate(actor, assessment.item, now=now).or_refuse()
    rules.decide_removal(queries.measure_facts(assessment, actor)).or_refuse()
    item, version = assessment.item, assessment.version
    removal = Removal.objects.create(
        assessment=assessment,
        item=item,
        measure=assessment.measure,
        posted_at=item.published_at,
        poster_id=item.author_id,
        poster_handle=version.author_handle,
        poster_name=version.author_name,
        remover=actor,
        reason=assessment.reason,
        ground_ids=[ground.id for ground in queries.met_grounds(assessment)],
        decided_at=now,
    )
    move(assessment, AssessmentAct.APPLY)
    assessment.save(update_fields=["state"])
    ledger.record(
        events.RemovalDecided(
            assessment=assessment.public_id,
            removal=removal.public_id,
            measure=removal.measure,
            grounds=removal.ground_ids,
            evidence_digest=assessment.evidence_digest,
            channel=assessment.item.channel.public_id,
        ),
        actor=actor.public_id,
        now=now,
    )
    ask_platform(removal, now=now)
    return removal


def ask_platform(removal: Removal, *, now: datetime) -> None:
    """Queue the call that hides the comment, in the act's transaction."""
    jobs.enqueue("moderation.apply-removal", {"removal": removal.public_id}, now=now, priority=10)


@transaction.atomic
def confirm_removal(*, removal_id: str, actor: str, now: datetime, receipt: bytes = b"") -> Removal:
    """Record that the comment is hidden on its platform, here and in the archive, where it stays, marked.

    `actor` is "system" for the platform's own answer (`receipt`, its exact bytes), or the person who saw it.
    Saying it twice changes nothing.
    """
    removal = locked_removal(removal_id)
    if removal.outcome not in (Outcome.INTENDED, Outcome.FAILED, Outcome.UNCLEAR):
        return removal
    move(removal.assessment, AssessmentAct.CONFIRM)
    removal.assessment.save(update_fields=["state"])
    removal.outcome, removal.applied_at, removal.fault = Outcome.APPLIED, now, ""
    removal.receipt = kept.blobs().put(receipt) if receipt else ""
    removal.save(update_fields=["outcome", "applied_at", "fault", "receipt"])
    item = Item.objects.get(pk=removal.item_id)
    if item.state != State.DELETED:  # what its author deleted is not there to be hidden
        archive.mark_hidden(item=item, actor=actor, now=now, notice=receipt, note=f"Removal {removal.public_id}")
    ledger.record(
        events.RemovalApplied(removal=removal.public_id, confirmed_by=actor, receipt=removal.receipt),
        actor=actor,
        now=now,
    )
    close_trouble_duty(removal, actor=actor, now=now)
    return removal


@transaction.atomic
def fail_removal(*, removal_id: str, outcome: Outcome, fault: str, actor: str, now: datetime) -> Removal:
    """Record that the platform refused (FAILED) or that nobody knows (UNCLEAR), and let the moderators owe a look.

    Nothing is overwritten that was settled meanwhile.
    """
    if outcome not in (Outcome.FAILED, Outcome.UNCLEAR):
        raise InvalidInput("outcome", "is failed or unclear")
    removal = locked_removal(removal_id)
    if removal.outcome != Outcome.INTENDED:
        return removal
    removal.outcome, removal.fault = outcome, fault[:_LONGEST_FAULT]
    removal.save(update_fields=["outcome", "fault"])
    ledger.record(events.RemovalFailed(removal=removal.public_id, outcome=outcome.value), actor=actor, now=now)
    said = "refused to hide a comment" if outcome is Outcome.FAILED else "did not say whether it hid a comment"
    open_trouble_duty(removal, title=f"The platform {said}: look there and decide", actor=actor, now=now)
    return removal


@transaction.atomic
def retry_removal(*, removal_id: str, actor: User, now: datetime) -> Removal:
    """Ask the platform again after it refused or did not answer, to hide or to show. Raises `Refused`.

    The duty stays open until the platform confirms.
    """
    removal = locked_removal(removal_id)
    queries.may_moderate(actor, removal.item, now=now).or_refuse()
    rules.decide_trouble(queries.removal_facts(removal, actor)).or_refuse()
    to_show = removal.outcome == Outcome.RESTORE_FAILED
    move(removal.assessment, AssessmentAct.RETRY)
    removal.outcome, removal.fault = (Outcome.RESTORING if to_show else Outcome.INTENDED), ""
    removal.save(update_fields=["outcome", "fault"])
    ledger.record(events.RemovalRetried(removal=removal.public_id), actor=actor.public_id, now=now)
    (restoring.ask_platform if to_show else ask_platform)(removal, now=now)
    return removal


@transaction.atomic
def witness_outcome(*, removal_id: str, actor: User, now: datetime) -> Removal:
    """A person looked at the platform and saw that it is done after all: hidden, or shown again. Raises `Refused`."""
    removal = locked_removal(removal_id)
    queries.may_moderate(actor, removal.item, now=now).or_refuse()
    rules.decide_trouble(queries.removal_facts(removal, actor)).or_refuse()
    confirm = restoring.confirm_restoration if removal.outcome == Outcome.RESTORE_FAILED else confirm_removal
    return confirm(removal_id=removal_id, actor=actor.public_id, now=now)


@transaction.atomic
def abandon_removal(*, removal_id: str, reason: str, actor: User, now: datetime) -> Removal:
    """Give up a removal that the platform did not carry out; the comment was never hidden. Raises `Refused`."""
    removal = locked_removal(removal_id)
    queries.may_moderate(actor, removal.item, now=now).or_refuse()
    rules.decide_abandoning(queries.removal_facts(removal, actor)).or_refuse()
    why = sentence("reason", reason, why="say why it is given up")
    assessment = removal.assessment
    move(assessment, AssessmentAct.DROP)
    assessment.dropped_reason = why
    assessment.save(update_fields=["state", "dropped_reason"])
    removal.outcome = Outcome.ABANDONED
    removal.save(update_fields=["outcome"])
    ledger.record(
        events.RemovalAbandoned(removal=removal.public_id, reason_digest=sha256(why.encode()).hexdigest()),
        actor=actor.public_id,
        now=now,
    )
    close_trouble_duty(removal, actor=actor.public_id, now=now)
    return removal


@transaction.atomic
def note_notice(*, removal_id: str, told: bool, how: str, actor: User, now: datetime) -> Removal:
    """Record that the comment's author was told, and how, or why that was not possible. Raises `Refused`."""
    removal = locked_removal(removal_id)
    queries.may_moderate(actor, removal.item, now=now).or_refuse()
    rules.decide_notice(queries.removal_facts(removal, actor)).or_refuse()
    removal.notice_how = sentence(
        "how", how, why="say how the author was told, or why that was impossible", longest=_LONGEST_HOW
    )
    removal.notice = "told" if told else "impossible"
    removal.save(update_fields=["notice", "notice_how"])
    ledger.record(
        events.AuthorNoticed(removal=removal.public_id, notice=removal.notice), actor=actor.public_id, now=now
    )
    return removal
