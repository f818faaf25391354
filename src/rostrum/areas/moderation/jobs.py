"""What the worker does for moderation: asks the platform to hide or show, and records its answer."""

from contextlib import closing
from datetime import datetime
from typing import Any

from rostrum.areas.channels import queries as channels
from rostrum.areas.moderation import operations
from rostrum.areas.moderation.models import Removal
from rostrum.connectors.interface import ConnectorError, Trouble


def apply_removal(args: dict[str, Any], *, now: datetime) -> None:
    """Ask the platform to carry out a decided removal. Hiding twice changes nothing, so a repeated job is harmless."""
    removal = Removal.objects.select_related("item__channel").get(public_id=args["removal"])
    if removal.outcome != "intended":
        return
    try:
        with closing(channels.connector_for(removal.item.channel)) as connector:
            connector.hide(removal.item.native_id)
    except ConnectorError as problem:
        if problem.kind is Trouble.RATE_LIMITED:
            raise
        outcome = "unclear" if problem.kind is Trouble.UNCLEAR_OUTCOME else "failed"
        operations.fail_removal(
            removal_id=removal.public_id, outcome=outcome, fault=problem.kind.value, actor="system", now=now
        )
        return
    operations.confirm_removal(removal_id=removal.public_id, actor="system", now=now)


def apply_restoration(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (every handler is given the clock)
    """Ask the platform to show a restored comment again; the queue repeats it, and a last failure stays visible."""
    removal = Removal.objects.select_related("item__channel").get(public_id=args["removal"])
    with closing(channels.connector_for(removal.item.channel)) as connector:
        connector.unhide(removal.item.native_id)
