"""The controls that look over all areas: a policy of one's own where there are channels, and their inventory."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.assurance import queries
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel
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


def _inventory() -> Evidence:
    channels_listed = Channel.objects.exclude(state="declined")
    first: datetime | None = channels_listed.aggregate(first=Min("requested_at"))["first"]
    return Evidence(
        f"{channels_listed.count()} channels stand in the inventory, each with owner, administrators and contact.",
        channels_listed.count(),
        first,
        reverse("assurance-inventory"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id=queries.OWN_POLICY,
        proven_by=(
            "tests/areas/test_controls_governance.py::test_channels_without_a_policy_of_ones_own_are_warned_of",
        ),
        evidence=_own_policy,
    ),
    LiveControl(
        id=queries.INVENTORY,
        proven_by=(
            "tests/areas/test_controls_governance.py::test_every_channel_stands_in_the_inventory_with_who_answers_for_it",
        ),
        evidence=_inventory,
    ),
)
