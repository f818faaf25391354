"""What the worker does for the portal: the signed registry follows its changes."""

from datetime import datetime
from typing import Any

from rostrum.areas.people.operations.acting import SYSTEM
from rostrum.areas.portal import operations, queries


def export_registry(args: dict[str, Any], *, now: datetime) -> None:
    """Export the registry when it has changed since the last export."""
    del args
    if queries.registry_has_changed(now):
        operations.export_registry(actor=SYSTEM, now=now)
