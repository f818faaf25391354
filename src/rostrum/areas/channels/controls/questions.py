"""The controls for questions to the coordinator and for the parts of a channel, and what shows that they act."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.channels.models import ChannelPart, ChannelQuestion
from rostrum.areas.channels.operations.questions import PARTS_DUTY
from rostrum.areas.duties.models import Duty
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_channel_questions_and_parts.py::"


def _questions() -> Evidence:
    asked = ChannelQuestion.objects.all()
    answered = asked.filter(answered_at__isnull=False)
    cited = answered.exclude(answered_from="").count()
    first: datetime | None = asked.aggregate(first=Min("asked_at"))["first"]
    return Evidence(
        f"{asked.count()} questions were asked, {answered.count()} answered, {cited} of them from the policy itself.",
        asked.count(),
        first,
        reverse("channel-questions"),
    )


def _parts() -> Evidence:
    entries = ChannelPart.objects.all()
    exports = entries.exclude(export="").count()
    owed = Duty.objects.filter(kind=PARTS_DUTY, closed_at=None).count()
    first: datetime | None = entries.aggregate(first=Min("recorded_at"))["first"]
    return Evidence(
        f"{entries.count()} dated entries about parts of channels, {exports} with an export; {owed} are owed.",
        entries.count(),
        first,
        reverse("channels"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="channel.ask-coordinator",
        proven_by=(f"{_TESTS}test_a_question_stands_beside_the_rules_and_is_kept_with_its_answer",),
        evidence=_questions,
    ),
    LiveControl(
        id="channel.components",
        proven_by=(
            f"{_TESTS}test_each_part_of_a_channel_has_a_dated_entry",
            f"{_TESTS}test_missing_parts_are_owed_until_their_entries_are_made",
        ),
        evidence=_parts,
    ),
)
