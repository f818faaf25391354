"""The worker's entry point to the ledger: give waiting entries their index."""

from datetime import datetime
from typing import Any

from rostrum.areas.ledger import operations


def sequence(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (every handler is given its arguments)
    """Sequence every entry that waits."""
    operations.sequence(now)
