"""What tests about rights on channels start from: a right at any point of its way, under the packs in force."""

from datetime import datetime
from typing import Any

from rostrum.areas.channels import granting
from rostrum.areas.channels.models import Channel, RightRequest
from rostrum.areas.channels.operations import grants
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Right
from tests.channels import NOW, Staff


def a_request(staff: Staff, channel: Channel | None, **overrides: Any) -> RightRequest:
    """A right to speak that the spokesperson asked for."""
    values: dict[str, Any] = {
        "person": staff.spokesperson,
        "right": Right.SPEAK,
        "unit": channel.unit if channel else staff.unit,
        "channel": channel,
        "need": "Nobody else of the department writes about recreation",
        "job_duty": "Tells residents about programs",
        "actor": staff.spokesperson,
        "now": NOW,
    }
    return grants.request_right(**(values | overrides))


def designated(staff: Staff, request: RightRequest, now: datetime = NOW, **more: Any) -> RightRequest:
    """The request with the agreement of the department's head."""
    return grants.designate(request_id=request.public_id, actor=staff.head, now=now, **more)


def accepted(request: RightRequest, now: datetime = NOW) -> RightRequest:
    """The request with the holder's signature, where the packs ask for one."""
    asked = granting.statements()
    if not asked:
        return request
    return grants.accept_rules(
        request_id=request.public_id,
        statements=[one.code for one in asked],
        signature=request.person.name,
        actor=request.person,
        now=now,
    )


def issued(staff: Staff, request: RightRequest, now: datetime = NOW, actor: User | None = None) -> RightRequest:
    """The request issued by the coordinator (or who is named), accepted first."""
    accepted(request, now)
    return grants.issue_right(request_id=request.public_id, actor=actor or staff.coordinator, now=now)


def an_issued_right(staff: Staff, channel: Channel | None, now: datetime = NOW, **overrides: Any) -> RightRequest:
    """A right asked for, designated, accepted and issued."""
    return issued(staff, designated(staff, a_request(staff, channel, now=now, **overrides), now), now)
