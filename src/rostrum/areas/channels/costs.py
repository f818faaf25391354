"""What the rooms above say of one channel's line being down: what is not captured, what waits to be published.

A room adds itself by a function ``costs(channel, now) -> list[Cost]`` and a line in ``web/channel_costs.py``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that a lost connection costs, in a sentence, with the page that shows it."""

    text: str
    url: str = ""
