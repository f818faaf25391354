"""The control that sees to it that somebody is the coordinator."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.duties.models import Duty
from rostrum.areas.governance.operations.coordinator import CONTROL, VACANCY_DUTY
from rostrum.areas.people.models import RoleGrant
from rostrum.areas.people.rules import Role
from rostrum.policy.controls import Evidence, LiveControl


def _coordinator() -> Evidence:
    designated = RoleGrant.objects.filter(role=Role.COORDINATOR)
    vacancies = Duty.objects.filter(kind=VACANCY_DUTY)
    open_now = vacancies.filter(closed_at=None).count()
    first: datetime | None = designated.aggregate(first=Min("starts_at"))["first"]
    told = "the office is vacant now" if open_now else "no vacancy is open"
    return Evidence(
        f"A coordinator or stand-in was designated {designated.count()} times; {vacancies.count()} vacancies, {told}.",
        designated.count(),
        first,
        reverse("people"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id=CONTROL,
        proven_by=(
            "tests/areas/test_coordinator.py::test_a_vacancy_is_the_appointing_authoritys_duty_until_it_is_filled",
        ),
        evidence=_coordinator,
    ),
)
