"""What can be reviewed, what was, and what is due again; and who read captured user content, and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from rostrum.areas.archive.models import Item, Version
from rostrum.areas.assurance.models import ActivityReview, ContentReading, SampledItem, ShownContent
from rostrum.areas.assurance.rules import CompletionFacts
from rostrum.areas.channels.models import Channel
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import MATRIX, Permission, Role
from rostrum.areas.publishing.models import Publication
from rostrum.kernel.items import Access, Kind

REVIEW, USER_CONTENT = "audit.activity-review", "audit.user-content"
_REVIEWED = (Kind.POST, Kind.COMMENT, Kind.SHARE)


def clause_of(control: str) -> str:
    """The clause in force that the control carries, or ""."""
    if governance.activation() is None:
        return ""
    return next((bound.clause.id for bound in governance.policy().bound_to(control)), "")


def completion_facts(review: ActivityReview, *, conclusion: str, actor: User) -> CompletionFacts:
    """What completing the review depends on: the page asks before, the operation when it acts."""
    return CompletionFacts(
        is_reviewers_own=review.reviewer_id == actor.pk,
        is_open=review.completed_at is None,
        findings=tuple(review.sample.values_list("found", flat=True)),
        conclusion=conclusion,
        clause=clause_of(REVIEW),
    )


def reviewable_channels(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels whose activity this person may review: all of them, or those of a department."""
    scope = people.reach(person, Permission.REVIEW_ACTIVITY, now=now)
    return Channel.objects.filter(scope.where(unit="unit")).order_by("name")


def reviewing_role(person: User, *, now: datetime) -> Role | None:
    """The office in which the person reviews, or None."""
    for held in people.roles_of(person, now):
        if held.role in MATRIX[Permission.REVIEW_ACTIVITY]:
            return held.role
    return None


def activity(channels: Iterable[Channel], from_at: datetime, to_at: datetime) -> QuerySet[Item]:
    """What was posted and answered on these channels in a time. Direct messages and the like are no activity."""
    return Item.objects.filter(
        channel__in=list(channels),
        kind__in=[kind.value for kind in _REVIEWED],
        sorted_at__gte=from_at,
        sorted_at__lt=to_at,
        access=Access.OPEN,
        version_count__gt=0,
    )


def activity_of_others(person: User, channels: Sequence[Channel], from_at: datetime, to_at: datetime) -> QuerySet[Item]:
    """The same, without what the person wrote or scheduled: nobody reviews their own."""
    own = Publication.objects.filter(Q(revision__made_by=person) | Q(scheduled_by=person), channel__in=channels)
    match = Q(pk__in=[])
    for channel, native_id in own.exclude(native_id="").values_list("channel", "native_id"):
        match |= Q(channel=channel, native_id=native_id)
    return activity(channels, from_at, to_at).exclude(match)


def user_content(channels: Iterable[Channel], from_at: datetime, to_at: datetime) -> QuerySet[Item]:
    """What users wrote on these channels in a time: everything that is not the channel's own."""
    return activity(channels, from_at, to_at).exclude(author_id=F("channel__native_id")).order_by("sorted_at", "pk")


def reviews(person: User, *, now: datetime) -> QuerySet[ActivityReview]:
    """The reviews this person may read: all of them, or their own and those of departments they head."""
    found = ActivityReview.objects.select_related("reviewer", "follows")
    scope = people.reach(person, Permission.REVIEW_ACTIVITY, now=now)
    return found if scope.everything else found.filter(reviewer=person)


def review_by_id(public_id: str) -> ActivityReview:
    """The review with this public id. Raises ActivityReview.DoesNotExist."""
    return ActivityReview.objects.select_related("reviewer", "follows").get(public_id=public_id)


def readings(person: User, *, now: datetime) -> QuerySet[ContentReading]:
    """The sessions this person may know of: who reviews everything sees all of them, others their own."""
    found = ContentReading.objects.select_related("person")
    scope = people.reach(person, Permission.REVIEW_ACTIVITY, now=now)
    return found if scope.everything else found.filter(person=person)


def texts_of(rows: Iterable[SampledItem | ShownContent]) -> dict[str, Version]:
    """What the items said, as they stood when they were drawn or shown; those disposed of since are not there."""
    wanted = {(row.item, row.version) for row in rows}
    found = Version.objects.filter(item__public_id__in=[item for item, _ in wanted]).select_related("item__channel")
    return {version.item.public_id: version for version in found if (version.item.public_id, version.number) in wanted}
