"""Jobs: work to be done after the act that asked for it, in one leased table; and the ticks of the periodic ones."""

from django.db import models
from django.db.models import Q

from rostrum.areas.jobs.rules import State


class Job(models.Model):
    """One piece of work. Changed only by `operations`, which holds its lease rules."""

    kind = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    queue_name = models.CharField(max_length=40, default="default")
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State], default=State.READY)
    # Two waiting jobs never share a key; a running one may be joined by a waiting one, for what came after it started.
    unique_key = models.CharField(max_length=200, null=True)  # NULL: no key
    enqueued_at = models.DateTimeField()
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    # The number of starts. Who holds an older number may no longer finish the job.
    fence = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    crashes = models.IntegerField(default=0)
    error = models.TextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unique_key",), condition=Q(state="ready"), name="one_waiting_job_per_key"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="job_state_is_known"),
            models.CheckConstraint(
                condition=(Q(state="running") & Q(lease_until__isnull=False))
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="a_running_job_has_a_lease",
            ),
        )
        indexes = (
            models.Index(
                fields=("queue_name", "-priority", "run_after", "id"), condition=Q(state="ready"), name="jobs_ready"
            ),
            models.Index(fields=("lease_until",), condition=Q(state="running"), name="jobs_running"),
            models.Index(fields=("finished_at",), condition=Q(state="done"), name="jobs_done"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


class Tick(models.Model):
    """The last period in which a periodic job was queued: each (name, tick) happens at most once."""

    name = models.CharField(max_length=120, primary_key=True)
    tick = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} #{self.tick}"
