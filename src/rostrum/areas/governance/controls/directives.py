"""The controls of directives, and what shows that they act."""

from datetime import datetime
from itertools import pairwise

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.duties.models import Duty
from rostrum.areas.governance.letters import day_of
from rostrum.areas.governance.models import Directive, DirectiveSuggestion
from rostrum.areas.governance.operations.directives import DUTY
from rostrum.areas.governance.queries import directives
from rostrum.connectors import registry
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_directives.py::"


def _answer(summary: str, count: int) -> Evidence:
    first: datetime | None = Directive.objects.aggregate(first=Min("issued_at"))["first"]
    return Evidence(summary, count, first, reverse("directives"))


def _issued() -> Evidence:
    issued = Directive.objects.count()
    told = directives.told()
    reached = sum(1 for one in told if one.reached_all_at is not None)
    return _answer(f"{issued} directives were issued; {reached} of them reached every department.", issued)


def _annual() -> Evidence:
    reached = sorted(one.reached_all_at for one in directives.told() if one.reached_all_at is not None)
    longest = max(((after - before).days for before, after in pairwise(reached)), default=0)
    due = directives.next_due()
    until = f"the next is due by {day_of(due.due_at)}" if due else "no clause in force asks for one every year"
    between = f", at most {longest} days apart" if longest else ""
    duties = Duty.objects.filter(kind=DUTY)
    return _answer(
        f"{len(reached)} notices reached every department{between}; {until}; {duties.count()} duties were opened, "
        f"{duties.filter(closed_at__isnull=False).count()} closed by a directive.",
        len(reached),
    )


def _interim() -> Evidence:
    interim = Directive.objects.filter(is_interim=True).count()
    suggested = DirectiveSuggestion.objects.count()
    waiting = directives.suggestions().count()
    return _answer(
        f"{interim} interim directives; {suggested} were suggested by a new platform or a failing connector, "
        f"{waiting} of them wait for an answer.",
        interim,
    )


def _adapters() -> Evidence:
    chosen = [(spec.name, directives.capture_choice(code)) for code, spec in sorted(registry.PLATFORMS.items())]
    words = "; ".join(
        f"{name}: {choice.method.title[0].lower()}{choice.method.title[1:]}"
        f"{' (by a directive)' if choice.directive else ''}"
        for name, choice in chosen
    )
    return _answer(f"Captured by replaceable connectors. {words}.", sum(1 for _, one in chosen if one.directive))


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        directives.ISSUED,
        (
            f"{_TESTS}test_only_the_director_issues_and_everything_about_a_directive_is_kept",
            f"{_TESTS}test_a_directive_reaches_each_department_and_says_how",
        ),
        _issued,
    ),
    LiveControl(
        directives.ANNUAL,
        (
            f"{_TESTS}test_the_next_directive_is_due_a_year_after_the_last_department_was_reached",
            f"{_TESTS}test_a_directive_that_has_not_reached_every_department_starts_no_year",
        ),
        _annual,
    ),
    LiveControl(
        directives.INTERIM,
        (
            f"{_TESTS}test_an_interim_directive_needs_a_reason_and_restarts_the_year",
            f"{_TESTS}test_a_new_platform_and_a_failing_connector_suggest_an_interim_directive",
        ),
        _interim,
    ),
    LiveControl(
        directives.ADAPTERS,
        (
            f"{_TESTS}test_capture_goes_by_whichever_adapter_the_directive_selects",
            f"{_TESTS}test_a_directive_can_send_bluesky_through_a_relay_without_touching_the_pack",
        ),
        _adapters,
    ),
)
