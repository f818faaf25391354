"""What the worker does for the registry: long lists are read and taken in step by step."""

from datetime import datetime
from typing import Any

from rostrum.areas.channels.operations import lists
from rostrum.areas.people.models import User
from rostrum.areas.people.operations.acting import SYSTEM, Actor


def read_list(args: dict[str, Any], *, now: datetime) -> None:
    """Read a list that was given in."""
    lists.read_received_list(list_id=args["list"], actor=SYSTEM, now=now)


def take_in_list(args: dict[str, Any], *, now: datetime) -> None:
    """Take in the next step of a list, as whoever began it; the operation queues the step after it."""
    actor: Actor = User.objects.filter(public_id=args["actor"]).first() or SYSTEM
    lists.take_in_list(list_id=args["list"], actor=actor, now=now, goes_on=True)
