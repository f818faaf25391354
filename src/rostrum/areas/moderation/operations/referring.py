"""Referring a comment to another office, alerting of threats, and saying what came of it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.archive import queries as archive
from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import events, queries, rules
from rostrum.areas.moderation.models import Assessment
from rostrum.areas.moderation.operations.acting import locked, sentence
from rostrum.areas.moderation.rules import GroundFacts
from rostrum.areas.people.models import User
from rostrum.areas.retention import operations as retention
from rostrum.areas.retention.models import Hold, HoldKind

REFERRAL_DUTY = "moderation.referral"
ALERT_DUTY = "moderation.safety-alert"


def _hold(assessment: Assessment, reason: str, actor: User, now: datetime) -> Hold:
    """Hold the whole thread until the matter is settled."""
    hold, _ = retention.place_hold(
        kind=HoldKind.LEGAL,
        matter=assessment.public_id,
        items=archive.thread_of(assessment.item),
        reason=reason,
        matter_is_open=True,
        actor=actor.public_id,
        now=now,
    )
    return hold


def raise_alert(assessment: Assessment, grounds: Sequence[GroundFacts], *, actor: User, now: datetime) -> None:
    """Hold the thread and open the duty of the office that sees to safety; part of the assessment's act.

    Once per assessment: assessing again changes nothing about an alert that was raised.
    """
    if assessment.referral_is_alert:
        return
    role = queries.alert_role()
    hold = _hold(assessment, "Threat or danger found in a comment", actor, now)
    duty = duties.open_duty(
        kind=ALERT_DUTY,
        title="Safety: a comment was found to threaten or endanger; see to it and say what was done",
        owner_role=role,
        due_at=now,
        subject=assessment.public_id,
        clause=grounds[0].clause,
        actor=actor.public_id,
        now=now,
    )
    assessment.referred_to, assessment.referral_is_alert = role.value, True
    ledger.record(
        events.SafetyAlertRaised(
            assessment=assessment.public_id,
            grounds=[ground.id for ground in grounds],
            to=role.value,
            hold=hold.public_id,
            duty=duty.public_id,
        ),
        actor=actor.public_id,
        now=now,
    )


def refer(assessment: Assessment, role: str, *, actor: User, now: datetime) -> None:
    """Hold the thread and open the duty of the role to answer; part of the assessment's act.

    An alert that was raised by the same assessment is its referral: there is one answer to give.
    """
    if assessment.referral_is_alert:
        role = assessment.referred_to
    hold = _hold(assessment, "Referred comment", actor, now)
    duty = duties.open_duty(
        kind=ALERT_DUTY if assessment.referral_is_alert else REFERRAL_DUTY,
        title="A comment was referred to you: see to it and say what was done",
        owner_role=role,
        due_at=now + queries.decision_time(),
        subject=assessment.public_id,
        actor=actor.public_id,
        now=now,
    )
    assessment.referred_to = role
    ledger.record(
        events.CommentReferred(assessment=assessment.public_id, to=role, hold=hold.public_id, duty=duty.public_id),
        actor=actor.public_id,
        now=now,
    )


@transaction.atomic
def answer_referral(*, assessment_id: str, answer: str, actor: User, now: datetime) -> Assessment:
    """Say what came of a referral or an alert: closes its duty; two people may then end the hold. Raises `Refused`."""
    assessment = locked(assessment_id)
    rules.decide_referral_answer(queries.referral_facts(assessment, actor, now=now)).or_refuse()
    assessment.referral_answer = sentence("answer", answer, why="say what was done about it")
    assessment.referral_answered_by, assessment.referral_answered_at = actor, now
    assessment.save(update_fields=["referral_answer", "referral_answered_by", "referral_answered_at"])
    duties.close_duty(
        kind=ALERT_DUTY if assessment.referral_is_alert else REFERRAL_DUTY,
        subject=assessment.public_id,
        evidence=assessment.public_id,
        actor=actor.public_id,
        now=now,
    )
    retention.settle_matter(
        kind=HoldKind.LEGAL, matter=assessment.public_id, not_before_on=None, actor=actor.public_id, now=now
    )
    ledger.record(
        events.ReferralAnswered(
            assessment=assessment.public_id, answer_digest=sha256(assessment.referral_answer.encode()).hexdigest()
        ),
        actor=actor.public_id,
        now=now,
    )
    return assessment
