"""When a duty is late. Pure."""

from datetime import datetime


def is_overdue(*, due_at: datetime | None, closed_at: datetime | None, now: datetime) -> bool:
    """Whether the due instant has passed without the duty being closed by then. Without an instant it is never late."""
    return due_at is not None and (closed_at or now) > due_at
