"""When a job is tried again, and when it is given up. Pure."""

from enum import StrEnum

LEASE_SECONDS = 30.0
MAX_FAILURES = 8
# Kills say nothing about the job itself (a deploy, a power cut), so many more of them are borne than failures.
MAX_CRASHES = 50
_LONGEST_WAIT_SECONDS = 3600


class State(StrEnum):
    """Where a job stands. `dead` means a person has to look."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


def seconds_before_retry(failures: int) -> int:
    """How long a job waits after its n-th failure: 1, 2, 4, 8 … seconds, at most an hour."""
    return min(_LONGEST_WAIT_SECONDS, 1 << (max(1, failures) - 1))


def state_after_failure(failures: int) -> State:
    """Where a job goes after its n-th failure."""
    return State.DEAD if failures >= MAX_FAILURES else State.READY


def tick_number(now_seconds: float, every_seconds: int) -> int:
    """The number of the period that `now_seconds` (since the epoch) falls into."""
    return int(now_seconds // every_seconds)
