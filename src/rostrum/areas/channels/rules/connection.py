"""How the line to a platform stands."""

from datetime import datetime

from rostrum.areas.channels.rules.life import OFFICIAL_STATES, ChannelState


def health(
    *, state: ChannelState, trouble: str, last_connected_at: datetime | None, cadence_minutes: int, now: datetime
) -> str:
    """How the channel's line to its platform stands: "" (nothing to say), "good", "late", "never" or the trouble."""
    if state not in OFFICIAL_STATES:
        return ""
    if trouble:
        return trouble
    if last_connected_at is None:
        return "never"
    # Two rounds missed: one may be late by chance.
    return "late" if (now - last_connected_at).total_seconds() > 2 * 60 * cadence_minutes + 60 else "good"
