"""Reads a channel's profile through its connector, and has recorded what stands in it."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from rostrum.areas.channels import operations, queries
from rostrum.areas.channels.models import Channel, PageCheck
from rostrum.connectors.interface import ConnectorError, Trouble

Clock = Callable[[], datetime]


def read_page(channel: Channel, *, clock: Clock, actor: str = "system") -> PageCheck:
    """Ask the platform for the channel's profile and record what it shows.

    Raises `ConnectorError` when the platform does not give it (a lost token is noted with the channel before),
    `Refused` or `InvalidInput` where there is no log-in or no connector.
    """
    with closing(queries.connector_for(channel)) as connector:
        try:
            profile = connector.profile()
        except ConnectorError as problem:
            if problem.kind is Trouble.LOST_TOKEN:
                operations.note_connection(
                    channel_id=channel.public_id, trouble=problem.kind.value, actor=actor, now=clock()
                )
            raise
    return operations.record_page_reading(channel_id=channel.public_id, profile=profile, actor=actor, now=clock())
