"""Somebody is the social media coordinator, or somebody else's duty is to see to it."""

from datetime import UTC, datetime, timedelta

import pytest

from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import jobs
from rostrum.areas.governance.operations.coordinator import VACANCY_DUTY, look_at_coordinator
from rostrum.areas.people import operations as people
from rostrum.areas.people.rules import Role
from tests.channels import a_body
from tests.people import a_person

pytestmark = pytest.mark.django_db
# The evening before Thanksgiving: the hours of a vacancy run on through the holiday.
NOW = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)


@pytest.mark.proves("governance.coordinator")
def test_a_vacancy_is_the_appointing_authoritys_duty_until_it_is_filled() -> None:
    a_body()
    hr = a_person(Role.HR)
    first = a_person(Role.COORDINATOR)
    jobs.tend({}, now=NOW)
    assert not Duty.objects.filter(kind=VACANCY_DUTY).exists()

    people.deactivate_person(person=first, actor=hr, now=NOW)
    for _ in range(2):
        jobs.tend({}, now=NOW + timedelta(minutes=10))
    duty = Duty.objects.get(kind=VACANCY_DUTY)
    assert (duty.owner_role, duty.clause, duty.closed_at) == (Role.AGENCY_HEAD, "WAU-def-07a", None)
    assert duty.due_at == NOW + timedelta(minutes=10, hours=72)

    stand_in = a_person()
    people.give_role(person=stand_in, role=Role.COORDINATOR, actor=hr, now=NOW + timedelta(hours=1))
    jobs.tend({}, now=NOW + timedelta(hours=2))
    duty.refresh_from_db()
    assert (duty.closed_at, duty.evidence) == (NOW + timedelta(hours=2), stand_in.public_id)


def test_where_no_clause_asks_for_a_coordinator_nothing_is_owed() -> None:
    a_body("milwaukee-personal")
    assert look_at_coordinator(actor="system", now=NOW) is False
    assert not Duty.objects.exists()
