"""The control that looks over all areas: a body with channels needs a policy of its own."""

from django.urls import reverse

from rostrum.areas.assurance import queries
from rostrum.areas.channels import queries as channels
from rostrum.policy.controls import Evidence, LiveControl


def _own_policy() -> Evidence:
    count = channels.official_channels().count()
    missing = queries.own_policy_missing()
    summary = (
        f"{count} official channels, and no active pack is the body's own policy: the Policy page warns."
        if missing
        else f"{count} official channels, under a policy of the body's own."
    )
    return Evidence(summary, count, None, reverse("policy"))


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id=queries.OWN_POLICY,
        proven_by=(
            "tests/areas/test_controls_governance.py::test_channels_without_a_policy_of_ones_own_are_warned_of",
        ),
        evidence=_own_policy,
    ),
)
