"""Reviews of rights: begun by the clock or a person, decided right by right, escalated when they lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from rostrum.areas.channels import granting, pack
from rostrum.areas.channels.events import reviews as events
from rostrum.areas.channels.models import ReviewDecision, RightsReview
from rostrum.areas.channels.queries import reviews as queries
from rostrum.areas.channels.rules import reviews as rules
from rostrum.areas.channels.rules.reviews import ReviewStep
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.models import ChannelGrant, Unit, User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused

REVIEW_DUTY = "channels.review-rights"
HEADS_DUTY = "channels.review-rights-of-heads"
LAPSED_DUTY = "channels.finish-lapsed-review"
AUTHORITY_DUTY = "channels.answer-for-lapsed-review"
TELL_JOB = "channels.tell-review"
_CLOCK = "days set by the body (local choice)"


@transaction.atomic
def begin_review(*, unit: Unit, due_at: datetime | None = None, actor: people.Actor, now: datetime) -> RightsReview:
    """Begin the review of a department's rights; its head owes it until `due_at` (default: the usual time from now).

    Raises `Refused`: not this person's to review, one under way, nothing to review.
    """
    may = queries.may_review(unit, actor=actor, now=now) if isinstance(actor, User) else Decision()
    rules.decide_beginning(queries.begin_facts(unit, may=may, now=now)).or_refuse()
    if due_at is None or due_at < now + timedelta(days=granting.review_open_days()):
        due_at = granting.in_days(granting.review_open_days(), now)
    try:
        with transaction.atomic():
            review = RightsReview.objects.create(unit=unit, opened_at=now, due_at=due_at)
    except IntegrityError as fault:
        raise Refused.because("review-open", "A review of this department is under way already.") from fault
    held = list(queries.listed(review, now=now))
    ledger.record(
        events.ReviewBegun(
            review=review.public_id,
            unit=unit.public_id,
            due_at=instant_text(due_at),
            grants=[grant.public_id for grant in held],
        ),
        actor=_name(actor),
        now=now,
    )
    _owe(
        review,
        REVIEW_DUTY,
        Role.DEPARTMENT_HEAD,
        f"Review who may act on the channels of {unit.name}",
        due_at=due_at,
        now=now,
    )
    heads = {person.pk for person in people_queries.persons_with(Role.DEPARTMENT_HEAD, unit=unit, now=now)}
    if heads & {grant.person_id for grant in held}:
        title = f"Review the rights that heads of {unit.name} hold themselves"
        _owe(review, HEADS_DUTY, Role.COORDINATOR, title, due_at=due_at, now=now)
    return review


def _owe(review: RightsReview, kind: str, role: Role, title: str, *, due_at: datetime, now: datetime) -> None:
    duties.open_duty(
        kind=kind,
        title=title[:300],
        owner_role=role,
        due_at=due_at,
        subject=review.public_id,
        clause=pack.clauses().get("grant.review-duty", ""),
        clock=_CLOCK,
        unit=review.unit.public_id if role is Role.DEPARTMENT_HEAD else "",
        actor=people.SYSTEM,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about one right (its public id)."""

    grant: str
    keeps: bool
    need: str = ""
    job_duty: str = ""


@transaction.atomic
def decide_rights(*, review_id: str, verdicts: Sequence[Verdict], actor: User, now: datetime) -> RightsReview:
    """Keep or end rights in a review, each for its reasons; with the last one the review is finished.

    A kept right that was suspended is in force again. Raises `Refused` with every reason about any of them, and
    `InvalidInput` when nothing is decided.
    """
    review = _locked(review_id)
    if not verdicts:
        raise InvalidInput("decisions", "Keep or end at least one right.")
    found = ChannelGrant.objects.select_for_update(of=("self",)).select_related("person__unit")
    held = {grant.public_id: grant for grant in found.filter(public_id__in=[one.grant for one in verdicts])}
    last = queries.last_closed(review.unit)
    against: list[Reason] = []
    for verdict in verdicts:
        if verdict.grant not in held:
            raise InvalidInput("decisions", f"there is no right {verdict.grant}")
        facts = queries.verdict_facts(
            review,
            held[verdict.grant],
            keeps=verdict.keeps,
            need=verdict.need,
            job_duty=verdict.job_duty,
            actor=actor,
            now=now,
        )
        against += rules.decide_verdict(facts).against
    Decision(tuple(dict.fromkeys(against))).or_refuse()

    for verdict in verdicts:
        grant = held[verdict.grant]
        ReviewDecision.objects.create(
            review=review,
            grant=grant,
            keeps=verdict.keeps,
            need=verdict.need.strip() if verdict.keeps else "",
            job_duty=verdict.job_duty.strip() if verdict.keeps else "",
            was_unused=queries.is_unused(grant, last.closed_at if last else None),
            decided_by=actor,
            decided_at=now,
        )
        if not verdict.keeps:
            people.end_channel_right(grant_id=grant.public_id, unit=review.unit, actor=actor, now=now)
        elif grant.suspended_at is not None:
            people.resume_channel_right(grant_id=grant.public_id, unit=review.unit, actor=actor, now=now)
    is_finished = not queries.undecided(review, now=now)
    entry = ledger.record(
        events.RightsReviewed(
            review=review.public_id,
            unit=review.unit.public_id,
            kept=[one.grant for one in verdicts if one.keeps],
            ended=[one.grant for one in verdicts if not one.keeps],
            finished=is_finished,
        ),
        actor=actor.public_id,
        now=now,
    )
    if is_finished:
        _finish(review, entry.public_id, actor.public_id, now)
    return review


def _finish(review: RightsReview, evidence: str, actor: str, now: datetime) -> None:
    review.closed_at = now
    review.save(update_fields=["closed_at"])
    for kind in (REVIEW_DUTY, HEADS_DUTY, LAPSED_DUTY, AUTHORITY_DUTY):
        for duty in duty_queries.open_duties(kind=kind, subject=review.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor, now=now)


@transaction.atomic
def tend_review(*, review_id: str, actor: people.Actor, now: datetime) -> ReviewStep | None:
    """Do what time asks of one review: lapse and announce, go to the authority, suspend what nobody confirmed.

    A review in which nothing is left to decide (all rights ended otherwise) is finished. Returns the step taken.
    """
    review = _locked(review_id)
    if review.closed_at is not None:
        return None
    left = queries.undecided(review, now=now)
    if not left:
        event = events.RightsReviewed(
            review=review.public_id, unit=review.unit.public_id, kept=[], ended=[], finished=True
        )
        entry = ledger.record(event, actor=_name(actor), now=now)
        _finish(review, entry.public_id, _name(actor), now)
        return None
    step = rules.next_step(queries.times(review, now=now))
    if step is ReviewStep.LAPSE:
        _lapse(review, left, actor, now)
    elif step is ReviewStep.ESCALATE:
        _escalate(review, actor, now)
    elif step is ReviewStep.SUSPEND:
        _suspend(review, left, actor, now)
    return step


def _lapse(review: RightsReview, left: list[ChannelGrant], actor: people.Actor, now: datetime) -> None:
    review.lapsed_at = now
    # From now, not from the due date: the notice comes before the suspension even where the worker was late.
    review.suspend_at = granting.in_days(granting.review_grace_days(), now)
    review.save(update_fields=["lapsed_at", "suspend_at"])
    ledger.record(
        events.ReviewLapsed(
            review=review.public_id,
            unit=review.unit.public_id,
            suspend_at=instant_text(review.suspend_at),
            unconfirmed=[grant.public_id for grant in left],
        ),
        actor=_name(actor),
        now=now,
    )
    title = f"Finish the lapsed review of {review.unit.name}: unconfirmed rights will be suspended"
    _owe(review, LAPSED_DUTY, Role.COORDINATOR, title, due_at=review.suspend_at, now=now)
    _tell(review, ReviewStep.LAPSE, now)


def _escalate(review: RightsReview, actor: people.Actor, now: datetime) -> None:
    review.escalated_at = now
    review.save(update_fields=["escalated_at"])
    ledger.record(
        events.ReviewEscalated(review=review.public_id, unit=review.unit.public_id), actor=_name(actor), now=now
    )
    until = max(review.suspend_at or now, now + rules.LEAST_NOTICE)
    title = f"See to the lapsed review of {review.unit.name}: unconfirmed rights will be suspended"
    _owe(review, AUTHORITY_DUTY, Role.AGENCY_HEAD, title, due_at=until, now=now)
    _tell(review, ReviewStep.ESCALATE, now)


def _suspend(review: RightsReview, left: list[ChannelGrant], actor: people.Actor, now: datetime) -> None:
    review.suspended_at = now
    review.save(update_fields=["suspended_at"])
    for grant in left:
        people.suspend_channel_right(grant_id=grant.public_id, because="review-lapsed", actor=people.SYSTEM, now=now)
    ledger.record(
        events.UnconfirmedSuspended(
            review=review.public_id, unit=review.unit.public_id, grants=[grant.public_id for grant in left]
        ),
        actor=_name(actor),
        now=now,
    )
    _tell(review, ReviewStep.SUSPEND, now)


def _tell(review: RightsReview, step: ReviewStep, now: datetime) -> None:
    jobs.enqueue(
        TELL_JOB,
        {"review": review.public_id, "step": step.value},
        now=now,
        unique_key=f"{TELL_JOB}:{review.public_id}:{step.value}",
    )


@transaction.atomic
def begin_due_reviews(*, actor: people.Actor, now: datetime) -> list[RightsReview]:
    """Begin the review of every department whose time has come."""
    ahead = timedelta(days=granting.review_open_days())
    begun = []
    for unit in queries.units_with_rights(now=now):
        due_at = queries.due_at(unit, now=now)
        if due_at is None or due_at - ahead > now or RightsReview.objects.filter(unit=unit, closed_at=None).exists():
            continue
        begun.append(begin_review(unit=unit, due_at=due_at, actor=actor, now=now))
    return begun


def _locked(review_id: str) -> RightsReview:
    try:
        return RightsReview.objects.select_for_update(of=("self",)).select_related("unit").get(public_id=review_id)
    except RightsReview.DoesNotExist as fault:
        raise InvalidInput("review", f"there is no review {review_id}") from fault


def _name(actor: people.Actor) -> str:
    return actor.public_id if isinstance(actor, User) else actor
