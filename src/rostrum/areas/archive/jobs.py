"""What the worker does for the archive: looks at each channel in its own cadence."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rostrum.areas.archive.capturing import look_at
from rostrum.areas.archive.models import Capture
from rostrum.areas.channels import queries as channels
from rostrum.areas.jobs import operations as jobs


def capture(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (a look takes its time)
    """Look at one channel now (``{"channel": id}``). A second run finds what the first left, and changes nothing else."""
    look_at(channels.channel_by_id(args["channel"]), clock=timezone.now)


def capture_due(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (handlers are given arguments)
    """Queue a look at every channel whose cadence has passed."""
    for channel in channels.watched_channels().distinct():
        last = (
            Capture.objects.filter(channel=channel)
            .order_by("-finished_at")
            .values_list("finished_at", flat=True)
            .first()
        )
        tried = max(filter(None, (last, channel.last_connected_at)), default=None)
        if tried is None or tried <= now - timedelta(minutes=channel.cadence_minutes):
            jobs.enqueue(
                "archive.capture", {"channel": channel.public_id}, now=now, unique_key=f"capture:{channel.public_id}"
            )
