"""The controls of reviews of activity and of readings of user content, and what shows that they act."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.assurance.models import ActivityReview, ContentReading, SampledItem, ShownContent
from rostrum.areas.assurance.operations import DUTY
from rostrum.areas.assurance.queries import reviews
from rostrum.areas.assurance.rules import Found
from rostrum.areas.duties.models import Duty
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_reviews.py::"


def _reviews() -> Evidence:
    completed = ActivityReview.objects.filter(completed_at__isnull=False)
    findings = SampledItem.objects.filter(found=Found.FINDING).count()
    again = Duty.objects.filter(kind=DUTY)
    first: datetime | None = ActivityReview.objects.aggregate(first=Min("opened_at"))["first"]
    return Evidence(
        f"{ActivityReview.objects.count()} reviews were opened, {completed.count()} completed, "
        f"with {findings} findings; "
        f"{again.count()} were owed again, {again.filter(closed_at__isnull=False).count()} of them are done.",
        ActivityReview.objects.count(),
        first,
        reverse("reviews"),
    )


def _readings() -> Evidence:
    first: datetime | None = ContentReading.objects.aggregate(first=Min("started_at"))["first"]
    persons = ContentReading.objects.values("person").distinct().count()
    return Evidence(
        f"{ContentReading.objects.count()} sessions, each with its purpose, by {persons} persons, showed "
        f"{ShownContent.objects.count()} items of users.",
        ContentReading.objects.count(),
        first,
        reverse("readings"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        reviews.REVIEW,
        (
            f"{_TESTS}test_a_sample_is_drawn_by_a_recorded_seed_and_drawn_again_the_same",
            f"{_TESTS}test_a_review_on_an_interval_is_owed_again_and_closed_by_the_next",
        ),
        _reviews,
    ),
    LiveControl(
        reviews.USER_CONTENT,
        (f"{_TESTS}test_what_users_wrote_is_read_for_a_purpose_and_every_item_is_logged",),
        _readings,
    ),
)
