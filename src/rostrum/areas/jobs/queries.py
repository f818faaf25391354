"""What the queue holds, for the pages and `rostrum doctor`: what failed, and how far behind the workers are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet

from rostrum.areas.jobs.models import Job
from rostrum.areas.jobs.rules import State


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: due jobs, running jobs, jobs for later, and for how long the oldest due one has waited."""

    due: int
    running: int
    later: int
    oldest_wait: timedelta | None


def dead_jobs() -> QuerySet[Job]:
    """Jobs that were given up, newest first: a person has to look."""
    return Job.objects.filter(state=State.DEAD).order_by("-finished_at", "-id")


def failing_jobs() -> QuerySet[Job]:
    """Jobs that failed or were interrupted and will be tried again, next try first."""
    return Job.objects.filter(state=State.READY, failures__gt=0).order_by("run_after", "id")


def waits(kind: str, now: datetime) -> bool:
    """Whether a job of this kind is due and not begun: whoever runs now may leave its work to that one."""
    return Job.objects.filter(kind=kind, state=State.READY, run_after__lte=now).exists()


def backlog(now: datetime) -> Backlog:
    """How far behind the workers are at `now`."""
    ready = Job.objects.filter(state=State.READY)
    due = ready.filter(run_after__lte=now)
    oldest = due.aggregate(oldest=Min("run_after"))["oldest"]
    return Backlog(
        due=due.count(),
        running=Job.objects.filter(state=State.RUNNING).count(),
        later=ready.filter(run_after__gt=now).count(),
        oldest_wait=None if oldest is None else now - oldest,
    )
