"""The controls that see to what a channel's page shows, and what shows that they do."""

from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse

from rostrum.areas.channels.models import PageCheck, PageSight
from rostrum.areas.channels.queries import official_channels
from rostrum.areas.channels.rules.page import How
from rostrum.areas.ledger.models import Entry
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_channel_pages_checked.py::"


def _elements() -> Evidence:
    seen = PageSight.objects.aggregate(count=Count("pk"), first=Min("check_run__at"))
    missing = PageSight.objects.filter(in_place=False).count()
    first: datetime | None = seen["first"]
    return Evidence(
        f"{seen['count']} elements were looked for on pages, each with its place and date; {missing} were not there.",
        seen["count"],
        first,
        reverse("channels"),
    )


def _check_before_open() -> Evidence:
    read = PageCheck.objects.filter(how=How.READ).count()
    attested = PageCheck.objects.filter(how=How.ATTESTED).count()
    official = official_channels()
    lacking = official.filter(page_missing__gt=0).count()
    lapsed = Entry.objects.filter(kind="channels.page-check-lapsed.v1").count()
    first: datetime | None = PageCheck.objects.aggregate(first=Min("at"))["first"]
    return Evidence(
        f"{read} times a page was read, {attested} times attested with a picture. Of {official.count()} open channels "
        f"{lacking} lack an element now; {lapsed} times a look was not renewed in time, and its duty overdue.",
        read + attested,
        first,
        reverse("channels"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="page.element",
        proven_by=(
            "tests/areas/test_channels.py::test_a_channel_without_its_page_elements_does_not_go_live",
            f"{_TESTS}test_what_a_guideline_asks_of_a_page_is_shown_until_it_is_there",
            f"{_TESTS}test_a_profile_is_read_and_what_stands_in_it_is_kept_with_its_digest",
        ),
        evidence=_elements,
    ),
    LiveControl(
        id="page.check-before-open",
        proven_by=(
            f"{_TESTS}test_a_channel_goes_live_only_after_its_page_was_checked",
            f"{_TESTS}test_a_look_that_lapses_is_asked_for_and_then_escalates",
            f"{_TESTS}test_a_lost_element_opens_a_duty_which_the_next_look_closes",
        ),
        evidence=_check_before_open,
    ),
)
