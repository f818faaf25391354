"""The controls of trainings, and what shows that they act."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.governance.models import Bulletin, BulletinReading, TrainingAssignment, TrainingCompletion
from rostrum.areas.people.models import ChannelGrant
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_training.py::"
THREATS, SHARING = "threats", "information-sharing"


def _threats() -> Evidence:
    assigned = TrainingAssignment.objects.filter(training=THREATS)
    completed = TrainingCompletion.objects.filter(training=THREATS)
    first: datetime | None = assigned.aggregate(first=Min("assigned_at"))["first"]
    return Evidence(
        f"{assigned.count()} assignments of the training on threats, {completed.count()} completions; "
        f"{Bulletin.objects.count()} bulletins, read {BulletinReading.objects.count()} times.",
        assigned.count(),
        first,
        reverse("trainings"),
    )


def _sharing() -> Evidence:
    completed = TrainingCompletion.objects.filter(training=SHARING)
    renewed = TrainingAssignment.objects.filter(training=SHARING, is_renewal=True).count()
    first: datetime | None = completed.aggregate(first=Min("completed_at"))["first"]
    holding = set(ChannelGrant.objects.filter(ends_at=None).values_list("person", flat=True))
    trained = set(completed.values_list("person", flat=True))
    return Evidence(
        f"{completed.count()} completions of the training on what to share, {renewed} renewals opened; "
        f"{len(holding & trained)} of {len(holding)} holders of a right have completed it.",
        completed.count(),
        first,
        reverse("trainings"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        "training.threats",
        (
            f"{_TESTS}test_whoever_gets_a_right_is_assigned_the_training_and_renews_it",
            f"{_TESTS}test_a_bulletin_goes_to_every_holder_of_a_right_and_its_reading_is_logged",
        ),
        _threats,
    ),
    LiveControl(
        "training.information-sharing",
        (
            f"{_TESTS}test_no_right_is_given_before_the_training_in_all_three_topics",
            f"{_TESTS}test_a_right_is_not_issued_to_who_is_not_trained",
        ),
        _sharing,
    ),
)
