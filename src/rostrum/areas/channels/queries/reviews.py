"""Reviews of rights: what is in one, what is decided, when the next is due, and the facts of the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet

from rostrum.areas.channels import granting, pack
from rostrum.areas.channels.models import Channel, ReviewDecision, RightRequest, RightsReview
from rostrum.areas.channels.queries import grants
from rostrum.areas.channels.rules import reviews as rules
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant, Unit, User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision


def open_reviews() -> QuerySet[RightsReview]:
    """Reviews that are not finished, the one due first in front."""
    return RightsReview.objects.filter(closed_at=None).select_related("unit").order_by("due_at", "pk")


def visible_reviews(person: User, *, now: datetime) -> QuerySet[RightsReview]:
    """The reviews this person may see: of departments whose rights they review, end or audit."""
    scope = people.reach(person, Permission.END_GRANT, reading=True, now=now)
    return RightsReview.objects.select_related("unit").filter(scope.where(unit="unit"))


def listed(review: RightsReview, *, now: datetime) -> QuerySet[ChannelGrant]:
    """The rights in the review that have not ended: those that were held when it began."""
    return grants.rights_in_unit(review.unit, now=now).filter(starts_at__lte=review.opened_at)


def decisions(review: RightsReview) -> dict[int, ReviewDecision]:
    """What was decided in the review, by the right's key."""
    found = ReviewDecision.objects.filter(review=review).select_related("decided_by")
    return {one.grant_id: one for one in found}


def undecided(review: RightsReview, *, now: datetime) -> list[ChannelGrant]:
    """The rights in the review that are neither decided nor ended."""
    decided = ReviewDecision.objects.filter(review=review).values("grant")
    return list(listed(review, now=now).exclude(pk__in=decided))


def last_closed(unit: Unit) -> RightsReview | None:
    """The department's last finished review."""
    return RightsReview.objects.filter(unit=unit, closed_at__isnull=False).order_by("-closed_at").first()


def due_at(unit: Unit, *, now: datetime) -> datetime | None:
    """When the department's next review is due: so many days after the last one, or after its first right.

    None where no pack asks for reviews, or there is nothing to review.
    """
    days = granting.review_days()
    held = grants.rights_in_unit(unit, now=now).filter(starts_at__lte=now)
    first: datetime | None = held.aggregate(first=Min("starts_at"))["first"]
    if days is None or first is None:
        return None
    last = last_closed(unit)
    since = last.closed_at if last and last.closed_at else first
    return granting.in_days(days, since)


def units_with_rights(*, now: datetime) -> QuerySet[Unit]:
    """The departments on whose channels somebody holds a right."""
    held = ChannelGrant.objects.filter(grants.not_ended(now)).values("channel")
    return Unit.objects.filter(pk__in=Channel.objects.filter(public_id__in=held).order_by().values("unit"))


def is_unused(grant: ChannelGrant, since: datetime | None) -> bool:
    """Whether the right was not used since the last review (None: ever)."""
    return grant.last_used_at is None or (since is not None and grant.last_used_at < since)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One right in a review, as its page shows it."""

    grant: ChannelGrant
    title: str
    channel: Channel | None
    request: RightRequest | None
    state: tuple[str, str]
    decision: ReviewDecision | None
    is_unused: bool
    is_own: bool


def rows(review: RightsReview, *, person: User, now: datetime) -> list[ReviewRow]:
    """Every right in the review, those decided and ended since it began included."""
    decided = decisions(review)
    last = last_closed(review.unit)
    since = last.closed_at if last else None
    channels = Channel.objects.filter(unit=review.unit).values("public_id")
    held = ChannelGrant.objects.filter(channel__in=channels, starts_at__lte=review.opened_at)
    held = held.filter(grants.not_ended(review.opened_at)).select_related("person__unit", "given_by")
    return [
        ReviewRow(
            grant=row["grant"],
            title=row["title"],
            channel=row["channel"],
            request=row["request"],
            state=row["state"],
            decision=decided.get(row["grant"].pk),
            is_unused=is_unused(row["grant"], since),
            is_own=row["grant"].person_id == person.pk,
        )
        for row in grants.held_rows(held.order_by("person__name", "channel", "right", "pk"), now=now)
    ]


def progress(review: RightsReview, *, now: datetime) -> Mapping[str, int]:
    """How far the review is: what is decided, and how much there is."""
    left = len(undecided(review, now=now))
    done = ReviewDecision.objects.filter(review=review).count()
    return {"done": done, "total": done + left}


# Facts


def may_review(unit: Unit, *, actor: User, now: datetime) -> Decision:
    """Whether this person reviews a department's rights: its head, or who answers for all."""
    return people.may(actor, Permission.END_GRANT, unit=unit, now=now)


def begin_facts(unit: Unit, *, may: Decision, now: datetime) -> rules.BeginFacts:
    """The facts about a review that is to be begun."""
    return rules.BeginFacts(
        may_review=may,
        is_open=RightsReview.objects.filter(unit=unit, closed_at=None).exists(),
        rights=grants.rights_in_unit(unit, now=now).filter(starts_at__lte=now).count(),
    )


def verdict_facts(
    review: RightsReview, grant: ChannelGrant, *, keeps: bool, need: str, job_duty: str, actor: User, now: datetime
) -> rules.VerdictFacts:
    """The facts about keeping or ending one right."""
    return rules.VerdictFacts(
        actor=actor.public_id,
        holder=grant.person.public_id,
        may_review=may_review(review.unit, actor=actor, now=now),
        is_closed=review.closed_at is not None,
        is_listed=listed(review, now=now).filter(pk=grant.pk).exists(),
        is_decided=ReviewDecision.objects.filter(review=review, grant=grant).exists(),
        keeps=keeps,
        need=need,
        job_duty=job_duty,
        clauses=pack.clauses(),
    )


def times(review: RightsReview, *, now: datetime) -> rules.ReviewTimes:
    """How far the review has gone."""
    return rules.ReviewTimes(
        due_at=review.due_at,
        lapsed_at=review.lapsed_at,
        escalated_at=review.escalated_at,
        suspend_at=review.suspend_at,
        suspended_at=review.suspended_at,
        closed_at=review.closed_at,
        now=now,
    )
