"""Opening an assessment with its evidence, answering the grounds, agreeing as a second person, giving it up."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import events, evidence, looking, queries, rules
from rostrum.areas.moderation.looking import Reread
from rostrum.areas.moderation.models import Assessment
from rostrum.areas.moderation.operations import referring
from rostrum.areas.moderation.operations.acting import LONGEST_TEXT, locked, move, sentence
from rostrum.areas.moderation.rules import AssessmentFacts, GroundAnswer
from rostrum.areas.moderation.states import AssessmentAct, AssessmentState, Measure
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import InvalidInput

_LONGEST_ANSWER = 500


def look_and_open(*, item_id: str, actor: User, now: datetime) -> Assessment:
    """Look at the comment on its platform once more, store what is seen, then open its assessment.

    The look is outside the act: trouble with the platform is stated in the evidence and stops nothing.
    Raises as `open_assessment`, before anything is asked of the platform.
    """
    item = Item.objects.select_related("channel__unit").get(public_id=item_id)
    queries.may_moderate(actor, item, now=now).also(rules.decide_opening(queries.opening_facts(item))).or_refuse()
    reread = looking.look_again(item, actor=actor.public_id, now=now)
    return open_assessment(item_id=item_id, reread=reread, actor=actor, now=now)


@transaction.atomic
def open_assessment(*, item_id: str, actor: User, now: datetime, reread: Reread = Reread.NOT_POSSIBLE) -> Assessment:
    """Take the evidence about a comment and open its assessment, in one act; `reread` is stated in the evidence.

    Raises `Refused` when the evidence cannot be whole, when the Item is the body's own, or when one is open already.
    """
    item = Item.objects.select_for_update(of=("self",)).select_related("channel__unit").get(public_id=item_id)
    queries.may_moderate(actor, item, now=now).also(rules.decide_opening(queries.opening_facts(item))).or_refuse()
    version = archive.latest_version(item)
    digest, thread_size = evidence.take(item, reread=reread.value, blobs=archive.blobs(), now=now)
    assessment = Assessment.objects.create(
        item=item,
        version=version,
        state=AssessmentState.CAPTURED,
        opened_by=actor,
        opened_at=now,
        evidence_digest=digest,
        evidence_at=now,
        thread_size=thread_size,
        reread=reread.value,
        policy_version=governance.policy().version,
    )
    ledger.record(
        events.EvidenceTaken(
            assessment=assessment.public_id,
            item=item.public_id,
            commitment=bytes(version.commitment).hex(),
            evidence_digest=digest,
            thread_size=thread_size,
            reread=reread.value,
        ),
        actor=actor.public_id,
        now=now,
    )
    return assessment


@transaction.atomic
def assess_comment(
    *,
    assessment_id: str,
    answers: Sequence[GroundAnswer],
    measure: Measure,
    reason: str,
    actor: User,
    now: datetime,
    refer_to: str = "",
) -> Assessment:
    """Answer the elements of the chosen grounds and propose a measure. Raises `Refused` with every reason against it.

    Keeping and referring need no ground. Referring places a legal hold on the thread and opens the duty of the role
    `refer_to`. A ground that raises an alert does the same for the office that sees to safety, whatever the measure.
    """
    assessment = locked(assessment_id)
    queries.may_moderate(actor, assessment.item, now=now).or_refuse()
    if refer_to and refer_to not in queries.REFER_TO:
        raise InvalidInput("refer_to", "name one of the roles a comment can be referred to")
    _check_lengths(answers, reason)
    grounds = queries.grounds()
    rules.decide_assessment(
        AssessmentFacts(
            state=AssessmentState(assessment.state),
            answers=tuple(answers),
            grounds=grounds,
            measure=measure,
            reason=reason,
            can_hide=queries.can_hide(assessment.item),
            can_delete=False,
            version_is_current=queries.is_current(assessment),
            text=assessment.version.text,
            media=assessment.version.media.count(),
            refer_to=refer_to,
            referral_answered=assessment.referral_answered_at is not None,
        )
    ).or_refuse()
    assessment.grounds = [_stored(answer) for answer in answers]
    assessment.measure, assessment.reason = measure, reason.strip()
    assessment.assessed_by, assessment.assessed_at = actor, now
    assessment.policy_version = governance.policy().version
    move(assessment, AssessmentAct.ASSESS)
    ledger.record(
        events.CommentAssessed(
            assessment=assessment.public_id,
            grounds=[answer.ground for answer in answers],
            measure=measure.value,
            channel=assessment.item.channel.public_id,
        ),
        actor=actor.public_id,
        now=now,
    )
    alarming = [ground for ground in rules.met_grounds(answers, grounds) if ground.raises_alert]
    if alarming:
        referring.raise_alert(assessment, alarming, actor=actor, now=now)
    if measure is Measure.KEEP:
        move(assessment, AssessmentAct.KEEP)
        ledger.record(events.CommentKept(assessment=assessment.public_id), actor=actor.public_id, now=now)
    elif measure is Measure.REFER:
        move(assessment, AssessmentAct.REFER)
        referring.refer(assessment, refer_to, actor=actor, now=now)
    assessment.save()
    return assessment


def _check_lengths(answers: Sequence[GroundAnswer], reason: str) -> None:
    if len(reason.strip()) > LONGEST_TEXT or "\0" in reason:
        raise InvalidInput("reason", f"at most {LONGEST_TEXT} characters")
    for answer in answers:
        for given in (*(one.why for one in answer.elements.values()), *answer.needs.values()):
            if len(given) > _LONGEST_ANSWER or "\0" in given:
                raise InvalidInput(f"ground {answer.ground}", f"at most {_LONGEST_ANSWER} characters per answer")


def _stored(answer: GroundAnswer) -> dict[str, object]:
    return {
        "ground": answer.ground,
        "elements": {name: {"met": one.met, "why": one.why.strip()} for name, one in answer.elements.items()},
        "needs": {need: given.strip() for need, given in answer.needs.items() if given.strip()},
    }


@transaction.atomic
def second_assessment(*, assessment_id: str, actor: User, now: datetime) -> Assessment:
    """Agree, as a second person, where the ground is sensitive to viewpoint. Raises `Refused`."""
    assessment = locked(assessment_id)
    queries.may_moderate(actor, assessment.item, now=now).or_refuse()
    rules.decide_second(queries.measure_facts(assessment, actor)).or_refuse()
    assessment.seconded_by, assessment.seconded_at = actor, now
    move(assessment, AssessmentAct.SECOND)
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
def drop_assessment(*, assessment_id: str, reason: str, actor: User, now: datetime) -> Assessment:
    """Give an assessment up before anything was asked of the platform; the evidence stays. Raises `Refused`."""
    assessment = locked(assessment_id)
    queries.may_moderate(actor, assessment.item, now=now).or_refuse()
    rules.decide_dropping(AssessmentState(assessment.state)).or_refuse()
    assessment.dropped_reason = sentence("reason", reason, why="say why it is given up")
    move(assessment, AssessmentAct.DROP)
    assessment.save(update_fields=["state", "dropped_reason"])
    ledger.record(events.AssessmentDropped(assessment=assessment.public_id), actor=actor.public_id, now=now)
    return assessment
