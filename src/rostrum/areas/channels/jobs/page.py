"""What the worker does for the pages of channels: reads them, and asks for the looks that time calls for.

Kinds: ``channels.watch-pages`` {} (hourly), ``channels.read-page`` {channel}. Each may run twice.
"""

from datetime import datetime
from typing import Any

import structlog
from django.utils import timezone

from rostrum.areas.channels import operations, page_reading, queries
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.jobs import operations as jobs
from rostrum.connectors.interface import ConnectorError
from rostrum.kernel.decisions import InvalidInput, Refused

_SYSTEM = "system"
log = structlog.get_logger("rostrum.channels")


def watch_pages(args: dict[str, Any], *, now: datetime) -> None:
    """Queue the reading of each profile whose interval has passed; ask for looks that lapse; note those that did."""
    del args
    for channel in pages.pages_to_read(now=now):
        jobs.enqueue(
            "channels.read-page", {"channel": channel.public_id}, now=now, unique_key=f"read-page:{channel.public_id}"
        )
    for channel in pages.pages_due(now=now):
        operations.ask_page_check(channel_id=channel.public_id, actor=_SYSTEM, now=now)
    for channel in pages.pages_lapsed(now=now):
        operations.note_page_lapse(channel_id=channel.public_id, actor=_SYSTEM, now=now)


def read_page(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (a call takes its time)
    """Read one channel's profile (``{"channel": id}``); what the platform does not give now is asked for later."""
    channel = queries.channel_by_id(args["channel"])
    if channel.state not in pages.LOOKED_AT:
        return
    try:
        page_reading.read_page(channel, clock=timezone.now)
    except ConnectorError as problem:
        log.warning("page-not-read", channel=channel.slug, trouble=problem.kind.value)
    except (Refused, InvalidInput) as problem:
        log.warning("page-not-read", channel=channel.slug, trouble=type(problem).__name__)
