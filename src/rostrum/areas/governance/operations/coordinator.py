"""The social media coordinator's office: a vacancy is somebody's duty until it is filled (WAU-def-07a)."""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance.queries import packs
from rostrum.areas.people import queries as people
from rostrum.areas.people.operations.acting import Actor, name_of
from rostrum.areas.people.rules import Role

CONTROL = "governance.coordinator"
VACANCY_DUTY = "governance.designate-coordinator"


@transaction.atomic
def look_at_coordinator(*, actor: Actor, now: datetime) -> bool:
    """Open the agency head's duty to designate a coordinator while there is none, close it when there is one.

    A stand-in who holds the role counts. Returns whether the office is vacant; False where no clause in force asks for
    it. Nothing is recorded while nothing changes.
    """
    asking = packs.policy().bound_to(CONTROL)
    body = packs.body()
    if not asking or body is None:
        return False
    holder = people.persons_with(Role.COORDINATOR, now=now).order_by("pk").first()
    if holder is not None:
        for duty in duty_queries.open_duties(kind=VACANCY_DUTY):
            duties.close_duty(duty_id=duty.public_id, evidence=holder.public_id, actor=name_of(actor), now=now)
        return False
    hours = int(packs.choice("coordinator.vacancy_hours", 72))
    duties.open_duty(
        kind=VACANCY_DUTY,
        title="Designate a social media coordinator, or a stand-in",
        owner_role=Role.AGENCY_HEAD,
        due_at=now + timedelta(hours=hours),
        subject="coordinator",
        clause=asking[0].clause.id,
        clock="hours set by the body (local choice)",
        actor=name_of(actor),
        now=now,
    )
    return True
