"""Rights on the sample city's channels: asked for by the department, accepted by the holder, issued by another."""

from datetime import datetime
from typing import Any

from rostrum.areas.channels import granting
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.operations import grants
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Right


def give_right(
    channel: Channel,
    holder: User,
    *,
    designator: User,
    issuer: User,
    now: datetime,
    right: Right = Right.SPEAK,
    cap_reason: str = "",
    **agent: Any,
) -> None:
    """Give the right in every step that the packs ask for; `agent` names a contractor's sponsor and contract."""
    need, duty = {
        Right.SPEAK: ("Residents expect an answer on this channel on working days", "tells residents about services"),
        Right.CREDENTIAL: ("Two people must be able to get in when one is away", "keeps the channel reachable"),
    }[right]
    asked = grants.request_right(
        person=holder,
        right=right,
        unit=channel.unit,
        channel=channel,
        need=f"{need}.",
        job_duty=f"{holder.title}: {duty}",
        actor=designator,
        now=now,
        **agent,
    )
    grants.designate(request_id=asked.public_id, cap_reason=cap_reason, actor=designator, now=now)
    grants.accept_rules(
        request_id=asked.public_id,
        statements=[one.code for one in granting.statements()],
        signature=holder.name,
        actor=holder,
        now=now,
    )
    grants.issue_right(request_id=asked.public_id, actor=issuer, now=now)
