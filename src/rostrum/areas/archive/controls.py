"""The controls that the archive carries, and what shows that they hold."""

from datetime import datetime

from django.db.models import Min, Q
from django.urls import reverse

from rostrum.areas.archive.models import Item, Sighting, Version
from rostrum.areas.archive.rules import State
from rostrum.kernel.items import Kind
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_archive.py::"


def _first_captured(items: Q) -> datetime | None:
    first: datetime | None = Version.objects.filter(items).aggregate(first=Min("captured_at"))["first"]
    return first


def _all_items() -> Evidence:
    items, versions = Item.objects.count(), Version.objects.count()
    return Evidence(
        f"{items} items from anyone are captured in {versions} versions, and all of them are searchable.",
        items,
        _first_captured(Q()),
        reverse("archive"),
    )


def _public_comments() -> Evidence:
    comments = Item.objects.filter(kind__in=(Kind.COMMENT, Kind.MESSAGE)).count()
    return Evidence(
        f"{comments} comments and messages are captured.",
        comments,
        _first_captured(Q(item__kind__in=(Kind.COMMENT, Kind.MESSAGE))),
        reverse("archive-captures"),
    )


def _deletion_kept() -> Evidence:
    gone = Item.objects.filter(state=State.DELETED)
    kept = gone.filter(versions__number=1).distinct().count()
    edited = Item.objects.filter(version_count__gt=1).count()
    first: datetime | None = Sighting.objects.aggregate(first=Min("at"))["first"]
    return Evidence(
        f"Of {gone.count()} items deleted on their platforms, {kept} are kept with what they said;"
        f" {edited} were edited, and every version is kept.",
        kept + edited,
        first,
        f"{reverse('archive')}?state={State.DELETED.value}",
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="capture.all-items",
        proven_by=(f"{_TESTS}test_what_anyone_writes_on_a_channel_is_captured_and_found",),
        evidence=_all_items,
        # The other clauses ask for a classification of each item besides, which is not built.
        clauses=("WI480-060-00a", "WAU-use-10b"),
    ),
    LiveControl(
        id="capture.public-comments",
        proven_by=(f"{_TESTS}test_what_anyone_writes_on_a_channel_is_captured_and_found",),
        evidence=_public_comments,
    ),
    LiveControl(
        id="capture.deletion-kept",
        proven_by=(
            f"{_TESTS}test_a_platforms_announcement_makes_a_tombstone_at_once_and_keeps_the_content",
            f"{_TESTS}test_one_absence_is_a_sighting_and_the_second_in_a_row_a_tombstone",
        ),
        evidence=_deletion_kept,
    ),
)
