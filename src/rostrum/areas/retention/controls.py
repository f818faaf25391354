"""The controls that holds carry, with what shows that they act (design §11.12)."""

from django.db.models import Min

from rostrum.areas.retention.models import HeldItem, Hold, HoldKind
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_holds.py"


def _holds_on_requests() -> Evidence:
    holds = Hold.objects.filter(kind=HoldKind.REQUEST)
    in_force = holds.filter(released_at__isnull=True).count()
    items = HeldItem.objects.filter(hold__in=holds).count()
    return Evidence(
        f"{holds.count()} holds placed by searches over {items} items; {in_force} in force.",
        holds.count(),
        holds.aggregate(first=Min("placed_at"))["first"],
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        "hold.on-request",
        (
            f"{_TESTS}::test_a_search_holds_everything_it_finds_and_nothing_else",
            f"{_TESTS}::test_the_hold_of_a_request_outlives_it_and_after_a_denial_the_law_s_sixty_days",
        ),
        _holds_on_requests,
    ),
)
