"""Assessing comments and carrying out what was decided: evidence first, a person always, the record kept."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.channels import queries as channels
from rostrum.areas.governance import queries as governance
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import events, evidence, queries, rules
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.rules import AssessmentFacts, GroundAnswer, MeasureFacts
from rostrum.areas.moderation.states import ASSESSMENT_MACHINE, AssessmentAct, AssessmentState, Measure
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.retention import operations as retention
from rostrum.areas.retention.models import HoldKind
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Kind


def _may_moderate(actor: User, item: Item, now: datetime) -> None:
    people.may(
        actor, Permission.REMOVE_COMMENT, unit=item.channel.unit, channel=item.channel.public_id, now=now
    ).or_refuse()


def _can_hide(item: Item) -> bool:
    try:
        connector = channels.connector_for(item.channel)
    except (Refused, InvalidInput):
        return False  # no log-in in custody, or no connector: then nothing can be hidden from here
    try:
        return connector.abilities.hides_replies
    finally:
        connector.close()


def _locked(assessment_id: str) -> Assessment:
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("item__channel__unit", "version", "assessed_by")
        .get(public_id=assessment_id)
    )


def _move(assessment: Assessment, act: AssessmentAct) -> None:
    assessment.state = ASSESSMENT_MACHINE.next_state(AssessmentState(assessment.state), act)


@transaction.atomic
def open_assessment(*, item_id: str, actor: User, now: datetime) -> Assessment:
    """Take the evidence about a comment and open its assessment, in one act.

    Raises `Refused` when the evidence cannot be whole, when the Item is the body's own, or when one is open already.
    """
    item = Item.objects.select_for_update(of=("self",)).select_related("channel__unit").get(public_id=item_id)
    _may_moderate(actor, item, now)
    if item.kind not in (Kind.COMMENT, Kind.SHARE) or (item.author_id and item.author_id == item.channel.native_id):
        raise Refused.because(
            "own-post", "Only what others wrote is assessed; the body's own posts are corrected or withdrawn."
        )
    if queries.assessment_of(item):
        raise Refused.because("open-already", "An assessment of this comment is open already.")
    version = archive.latest_version(item)
    digest, thread_size = evidence.take(item, blobs=archive.blobs(), now=now)
    assessment = Assessment.objects.create(
        item=item,
        version=version,
        state=AssessmentState.CAPTURED,
        opened_by=actor,
        opened_at=now,
        evidence_digest=digest,
        evidence_at=now,
        policy_version=governance.policy().version,
    )
    ledger.record(
        events.EvidenceTaken(
            assessment=assessment.public_id,
            item=item.public_id,
            commitment=bytes(version.commitment).hex(),
            evidence_digest=digest,
            thread_size=thread_size,
        ),
        actor=actor.public_id,
        now=now,
    )
    return assessment


@transaction.atomic
def assess_comment(
    *, assessment_id: str, answers: Sequence[GroundAnswer], measure: Measure, reason: str, actor: User, now: datetime
) -> Assessment:
    """Answer the elements of the chosen grounds and propose a measure. Raises `Refused` with every reason against it.

    `Measure.KEEP` and `Measure.REFER` need no ground; referring places a legal hold.
    """
    assessment = _locked(assessment_id)
    _may_moderate(actor, assessment.item, now)
    rules.decide_assessment(
        AssessmentFacts(
            state=AssessmentState(assessment.state),
            answers=tuple(answers),
            grounds=queries.grounds(),
            measure=measure,
            reason=reason,
            can_hide=_can_hide(assessment.item),
            can_delete=False,
        )
    ).or_refuse()
    assessment.grounds = [
        {
            "ground": answer.ground,
            "elements": {name: {"met": one.met, "why": one.why.strip()} for name, one in answer.elements.items()},
        }
        for answer in answers
    ]
    assessment.measure, assessment.reason = measure, reason.strip()
    assessment.assessed_by, assessment.assessed_at = actor, now
    assessment.policy_version = governance.policy().version
    _move(assessment, AssessmentAct.ASSESS)
    ledger.record(
        events.CommentAssessed(
            assessment=assessment.public_id, grounds=[answer.ground for answer in answers], measure=measure.value
        ),
        actor=actor.public_id,
        now=now,
    )
    if measure is Measure.KEEP:
        _move(assessment, AssessmentAct.KEEP)
        ledger.record(events.CommentKept(assessment=assessment.public_id), actor=actor.public_id, now=now)
    elif measure is Measure.REFER:
        _move(assessment, AssessmentAct.REFER)
        hold, _ = retention.place_hold(
            kind=HoldKind.LEGAL,
            matter=assessment.public_id,
            items=archive.thread_of(assessment.item),
            reason="Referred comment",
            actor=actor.public_id,
            now=now,
        )
        ledger.record(
            events.CommentReferred(assessment=assessment.public_id, hold=hold.public_id), actor=actor.public_id, now=now
        )
    assessment.save()
    return assessment


def measure_facts(assessment: Assessment, actor: User) -> MeasureFacts:
    """What carrying out the measure needs; the page shows the same reasons as the operation."""
    return MeasureFacts(
        state=AssessmentState(assessment.state),
        measure=Measure(assessment.measure or Measure.KEEP),
        needs_second=queries.needs_second_person(assessment),
        seconded=assessment.seconded_at is not None,
        assessed_by=assessment.assessed_by.public_id if assessment.assessed_by else "",
        actor=actor.public_id,
        evidence_intact=evidence.is_intact(assessment.evidence_digest, blobs=archive.blobs()),
        version_is_current=archive.latest_version(assessment.item).pk == assessment.version_id,
        policy_is_current=assessment.policy_version == governance.policy().version,
    )


@transaction.atomic
def second_assessment(*, assessment_id: str, actor: User, now: datetime) -> Assessment:
    """Agree, as a second person, where the ground is sensitive to viewpoint."""
    assessment = _locked(assessment_id)
    _may_moderate(actor, assessment.item, now)
    rules.decide_second(measure_facts(assessment, actor)).or_refuse()
    assessment.seconded_by, assessment.seconded_at = actor, now
    _move(assessment, AssessmentAct.SECOND)
    assessment.save(update_fields=["seconded_by", "seconded_at", "state"])
    ledger.record(
        events.AssessmentSeconded(
            assessment=assessment.public_id,
            assessed_by=assessment.assessed_by.public_id if assessment.assessed_by else "",
        ),
        actor=actor.public_id,
        now=now,
    )
    return assessment


@transaction.atomic
def decide_removal(*, assessment_id: str, actor: User, now: datetime) -> Removal:
    """Decide the removal: the evidence is verified, the record written, and the platform asked by a job afterwards."""
    assessment = _locked(assessment_id)
    _may_moderate(actor, assessment.item, now)
    rules.decide_removal(measure_facts(assessment, actor)).or_refuse()
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
        ground_ids=list(queries.grounds_met(assessment)),
        decided_at=now,
    )
    _move(assessment, AssessmentAct.APPLY)
    assessment.save(update_fields=["state"])
    ledger.record(
        events.RemovalDecided(
            assessment=assessment.public_id,
            removal=removal.public_id,
            measure=removal.measure,
            grounds=removal.ground_ids,
            evidence_digest=assessment.evidence_digest,
        ),
        actor=actor.public_id,
        now=now,
    )
    jobs.enqueue("moderation.apply-removal", {"removal": removal.public_id}, now=now, priority=10)
    return removal


def _locked_removal(removal_id: str) -> Removal:
    return (
        Removal.objects.select_for_update(of=("self",))
        .select_related("assessment", "item__channel__unit", "remover")
        .get(public_id=removal_id)
    )


@transaction.atomic
def confirm_removal(*, removal_id: str, actor: str, now: datetime) -> Removal:
    """Record that the platform did it. `actor` is "system" for the platform's own answer, or who saw it."""
    removal = _locked_removal(removal_id)
    if removal.outcome == "applied":
        return removal
    _move(removal.assessment, AssessmentAct.CONFIRM)
    removal.assessment.save(update_fields=["state"])
    removal.outcome, removal.applied_at, removal.fault = "applied", now, ""
    removal.save(update_fields=["outcome", "applied_at", "fault"])
    ledger.record(events.RemovalApplied(removal=removal.public_id, confirmed_by=actor), actor=actor, now=now)
    return removal


@transaction.atomic
def fail_removal(*, removal_id: str, outcome: str, fault: str, actor: str, now: datetime) -> Removal:
    """Record that the platform refused (``failed``) or that nobody knows (``unclear``: a person looks)."""
    if outcome not in ("failed", "unclear"):
        raise InvalidInput("outcome", "is failed or unclear")
    removal = _locked_removal(removal_id)
    removal.outcome, removal.fault = outcome, fault[:300]
    removal.save(update_fields=["outcome", "fault"])
    ledger.record(events.RemovalFailed(removal=removal.public_id, outcome=outcome), actor=actor, now=now)
    return removal


@transaction.atomic
def retry_removal(*, removal_id: str, actor: User, now: datetime) -> Removal:
    """Ask the platform again after it refused or did not answer. Raises `Refused` when nothing went wrong."""
    removal = _locked_removal(removal_id)
    _may_moderate(actor, removal.item, now)
    if removal.outcome not in ("failed", "unclear"):
        raise Refused.because("nothing-wrong", "The platform has not refused this removal.")
    _move(removal.assessment, AssessmentAct.RETRY)
    removal.outcome, removal.fault = "intended", ""
    removal.save(update_fields=["outcome", "fault"])
    ledger.record(events.RemovalRetried(removal=removal.public_id), actor=actor.public_id, now=now)
    jobs.enqueue("moderation.apply-removal", {"removal": removal.public_id}, now=now, priority=10)
    return removal


@transaction.atomic
def note_notice(*, removal_id: str, told: bool, how: str, actor: User, now: datetime) -> Removal:
    """Record that the comment's author was told, and how, or why that was not possible."""
    if not how.strip():
        raise InvalidInput("how", "say how the author was told, or why that was impossible")
    removal = _locked_removal(removal_id)
    _may_moderate(actor, removal.item, now)
    removal.notice, removal.notice_how = ("told" if told else "impossible"), how.strip()
    removal.save(update_fields=["notice", "notice_how"])
    ledger.record(
        events.AuthorNoticed(removal=removal.public_id, notice=removal.notice), actor=actor.public_id, now=now
    )
    return removal


@transaction.atomic
def restore_comment(*, removal_id: str, reason: str, actor: User, now: datetime) -> Removal:
    """Show a hidden comment again. Another person than the remover decides (records-and-law M6)."""
    if not reason.strip():
        raise InvalidInput("reason", "say why the comment is restored")
    removal = _locked_removal(removal_id)
    _may_moderate(actor, removal.item, now)
    if removal.remover_id == actor.pk:
        raise Refused.because("own-removal", "A removal is looked at again by another person than the one who made it.")
    if removal.measure != Measure.HIDE:
        raise Refused.because("not-hidden", "A deleted comment cannot be shown again; its record stays in the archive.")
    _move(removal.assessment, AssessmentAct.RESTORE)
    removal.assessment.save(update_fields=["state"])
    removal.outcome, removal.restored_by, removal.restored_at = "restored", actor, now
    removal.restored_reason = reason.strip()
    removal.save(update_fields=["outcome", "restored_by", "restored_at", "restored_reason"])
    ledger.record(
        events.CommentRestored(removal=removal.public_id, reason_digest=sha256(reason.strip().encode()).hexdigest()),
        actor=actor.public_id,
        now=now,
    )
    jobs.enqueue("moderation.apply-restoration", {"removal": removal.public_id}, now=now, priority=10)
    return removal


@transaction.atomic
def drop_assessment(*, assessment_id: str, actor: User, now: datetime) -> Assessment:
    """Give an assessment up before anything was found; the evidence stays."""
    assessment = _locked(assessment_id)
    _may_moderate(actor, assessment.item, now)
    _move(assessment, AssessmentAct.DROP)
    assessment.save(update_fields=["state"])
    ledger.record(events.AssessmentDropped(assessment=assessment.public_id), actor=actor.public_id, now=now)
    return assessment
