"""Reviews of the rights on a department's channels: when, by whom, for what reasons, and what lapses. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rostrum.areas.channels.rules.life import Clauses
from rostrum.kernel.decisions import Decision, Reason

# The appointing authority hears of a lapsed review before anything is suspended, and has this long at the least.
LEAST_NOTICE = timedelta(days=1)


class ReviewStep(StrEnum):
    """What time does with a review that nobody finishes."""

    LAPSE = "lapse"
    ESCALATE = "escalate"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class ReviewTimes:
    """How far a review has gone."""

    due_at: datetime
    lapsed_at: datetime | None
    escalated_at: datetime | None
    suspend_at: datetime | None
    suspended_at: datetime | None
    closed_at: datetime | None
    now: datetime


def next_step(times: ReviewTimes) -> ReviewStep | None:
    """What is to happen now to a review: it lapses when due, goes to the authority half-way, suspends last.

    One step at a time, so that a worker that was down for weeks does not suspend what nobody was told of.
    """
    if times.closed_at is not None or times.now < times.due_at:
        return None
    if times.lapsed_at is None or times.suspend_at is None:
        return ReviewStep.LAPSE
    if times.escalated_at is None:
        half = times.lapsed_at + (times.suspend_at - times.lapsed_at) / 2
        return ReviewStep.ESCALATE if times.now >= half else None
    if times.suspended_at is None and times.now >= max(times.suspend_at, times.escalated_at + LEAST_NOTICE):
        return ReviewStep.SUSPEND
    return None


@dataclass(frozen=True, slots=True)
class BeginFacts:
    """A review about to be begun. `rights` counts what there is to review."""

    may_review: Decision
    is_open: bool
    rights: int


def decide_beginning(facts: BeginFacts) -> Decision:
    """Decide whether a review may be begun: one at a time, of a department with rights."""
    against = list(facts.may_review.against)
    if facts.is_open:
        against.append(Reason("review-open", "A review of this department is under way already."))
    if not facts.rights:
        against.append(Reason("nothing-to-review", "There are no rights on this department's channels."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class VerdictFacts:
    """One right about to be kept or ended in a review. `is_listed`: it is in the review and not ended meanwhile."""

    actor: str
    holder: str
    may_review: Decision
    is_closed: bool
    is_listed: bool
    is_decided: bool
    keeps: bool
    need: str
    job_duty: str
    clauses: Clauses


def decide_verdict(facts: VerdictFacts) -> Decision:
    """Decide whether the right may be kept (for a need and a duty of the job) or ended; never one's own."""
    against = list(facts.may_review.against)
    duty = facts.clauses.get("grant.review-duty")
    if facts.is_closed:
        against.append(Reason("review-closed", "This review is finished.", duty))
    if facts.actor == facts.holder:
        against.append(Reason("own-right", "Nobody reviews a right of their own; another person must.", duty))
    if not facts.is_listed:
        against.append(Reason("not-in-review", "This right is not in the review, or has ended since.", duty))
    if facts.is_decided:
        against.append(Reason("decided", "This right was decided in this review already.", duty))
    if facts.keeps:
        reasons = facts.clauses.get("grant.review-reasons")
        if not facts.need.strip():
            against.append(Reason("no-need", "Say for which need of the department it is kept.", reasons))
        if not facts.job_duty.strip():
            against.append(Reason("no-job-duty", "Say which duty of the holder's job it serves.", reasons))
    return Decision(tuple(against))
