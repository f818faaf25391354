"""What the worker does for the inventory of channels: asks for entries that are missing or outdated.

Kind: ``channels.watch-parts`` {} (daily). It may run twice.
"""

from datetime import datetime
from typing import Any

from rostrum.areas.channels.operations import questions as operations
from rostrum.areas.channels.queries import questions as queries
from rostrum.areas.governance import queries as governance


def watch_parts(args: dict[str, Any], *, now: datetime) -> None:
    """Open the duty for each official channel whose followers, contacts or marks have no recent entry."""
    del args
    if governance.activation() is None or not governance.policy().bound_to("channel.components"):
        return
    for channel in queries.channels_with_parts_due(now=now):
        operations.ask_for_parts(channel_id=channel.public_id, actor="system", now=now)
