"""The controls over what may act on channels and how they are set up, and what shows that they act."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.channels.models import AllowedApplication, ApplicationCheck, ApplicationFinding, SettingsCheck
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_channel_access.py::"


def _apps() -> Evidence:
    listed = AllowedApplication.objects.filter(withdrawn_at=None)
    allowed = sum(1 for one in listed if one.is_allowed)
    checks = ApplicationCheck.objects.all()
    found = ApplicationFinding.objects.all()
    first: datetime | None = checks.aggregate(first=Min("at"))["first"]
    return Evidence(
        f"{allowed} applications are allowed by coordinator and IT; {checks.count()} looks at what is connected found "
        f"{found.count()} others, {found.filter(resolved_at=None).count()} of them still there.",
        checks.count(),
        first,
        reverse("applications"),
    )


def _settings() -> Evidence:
    checks = SettingsCheck.objects.all()
    channels = checks.values("channel").distinct().count()
    first: datetime | None = checks.aggregate(first=Min("at"))["first"]
    return Evidence(
        f"{checks.count()} checklists of settings were completed for {channels} channels; guides stand for everybody.",
        checks.count(),
        first,
        reverse("settings-guides"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="channel.apps-allow-list",
        proven_by=(
            f"{_TESTS}test_anything_connected_that_is_not_allowed_opens_a_security_duty",
            f"{_TESTS}test_an_application_is_allowed_by_the_coordinator_and_it_both",
            f"{_TESTS}test_a_channel_does_not_go_live_through_a_connector_that_is_not_allowed",
        ),
        evidence=_apps,
    ),
    LiveControl(
        id="channel.privacy-settings",
        proven_by=(
            f"{_TESTS}test_the_guide_is_gone_through_and_kept_as_a_checklist",
            f"{_TESTS}test_everybody_can_read_how_to_set_up_a_profile",
        ),
        evidence=_settings,
    ),
)
