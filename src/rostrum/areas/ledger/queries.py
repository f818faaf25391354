"""What the ledger holds and proves: entries, checkpoints, inclusion and consistency proofs, losses."""

from datetime import datetime

from rostrum.areas.ledger.models import Waiting


def has_work(now: datetime) -> bool:  # noqa: ARG001 (every `when` of the schedule is given the clock)
    """Whether an entry waits for its index."""
    return Waiting.objects.exists()
