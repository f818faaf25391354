"""What a lost connection costs, told by the rooms that know: the archive, publishing.

Dotted names, so that the page of a channel does not import every area.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.module_loading import import_string

from rostrum.areas.channels.costs import Cost
from rostrum.areas.channels.models import Channel

CONTRIBUTORS: tuple[str, ...] = (
    "rostrum.areas.archive.channel_costs.costs",
    "rostrum.areas.publishing.channel_costs.costs",
)


def costs_of(channel: Channel, now: datetime) -> list[Cost]:
    """Everything that waits on this channel's line to its platform."""
    found: list[Cost] = []
    for name in CONTRIBUTORS:
        contribute: Callable[[Channel, datetime], list[Cost]] = import_string(name)
        found += contribute(channel, now)
    return found
