"""What the worker does for the archive: looks at each channel in its own cadence."""

from datetime import datetime
from typing import Any

import structlog
from django.utils import timezone

from rostrum.areas.archive import capturing, operations
from rostrum.areas.archive.rules import Cause
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.areas.jobs import operations as jobs

log = structlog.get_logger("rostrum.archive")


_NOTHING_YET = "It is open, and the archive has nothing of it: connect it, import its export, or keep it by hand."
_NOTHING_SINCE = (
    "Nothing captures it by itself, and nobody kept anything of it for a week: import its export or feed, keep by hand "
    "what stands there, or say that there was nothing new."
)


def capture(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (a look takes its time)
    """Look at one channel now (``{"channel": id}``). A second run finds what the first left and goes on."""
    channel = channels.channel_by_id(args["channel"])
    if channel.state not in OFFICIAL_STATES:
        return  # closed since the look was queued
    look = capturing.look_at(channel, clock=timezone.now)
    if not look.was_whole:
        # Counts only: what could not be read may quote what people wrote.
        log.warning("capture-not-whole", channel=channel.slug, trouble=look.trouble, faults=len(look.faults))


def capture_due(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (handlers are given arguments)
    """Queue a look at every channel whose cadence has passed, and state what nothing is set up to capture."""
    for channel in capturing.due_channels(now=now):
        jobs.enqueue(
            "archive.capture", {"channel": channel.public_id}, now=now, unique_key=f"capture:{channel.public_id}"
        )
    for one in capturing.unwatched_channels(now=now):
        operations.open_gap(
            channel=one.channel,
            cause=Cause.NOT_CONFIGURED,
            from_at=one.since,
            note=_NOTHING_SINCE if one.since else _NOTHING_YET,
            actor="system",
            now=now,
        )


def read_back(args: dict[str, Any], *, now: datetime) -> None:
    """Read the next stored versions back; a second run goes on where the first stopped."""
    del args
    operations.read_back(actor="system", now=now)
