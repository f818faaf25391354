"""What a channel's lost connection costs the archive."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as format_date

from rostrum.areas.archive.models import Gap
from rostrum.areas.channels.costs import Cost
from rostrum.areas.channels.models import Channel


def costs(channel: Channel, now: datetime) -> list[Cost]:
    """The windows in which the channel is not captured so far."""
    del now
    found = []
    for gap in Gap.objects.filter(channel=channel, closed_at=None).order_by("opened_at"):
        since = f"since {_local(gap.from_at)}" if gap.from_at else "from its beginning"
        until = f" until {_local(gap.to_at)}" if gap.to_at else ""
        # A time may end in the point of "a.m." already.
        said = f"Nothing is captured {since}{until}".removesuffix(".")
        found.append(Cost(f"{said}.", reverse("archive-captures")))
    return found


def _local(at: datetime) -> str:
    return str(format_date(at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)), "M j, g:i a"))
