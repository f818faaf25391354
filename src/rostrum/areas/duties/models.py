"""Duties: what somebody owes, until when, and the evidence that closed it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rostrum.kernel.ids import new_id


def _duty_id() -> str:
    return new_id("dut")


class Duty(models.Model):
    """One obligation of a role or a person about one subject (a public id), by a clause or a legal clock."""

    public_id = models.CharField(max_length=40, unique=True, default=_duty_id)
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=40, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    # Which legal clock set the instant, and the clause it rests on.
    clock = models.CharField(max_length=80, blank=True)
    clause = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    evidence = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject"), condition=Q(closed_at__isnull=True), name="one_open_duty_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="", evidence="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="") & ~Q(evidence="")),
                name="a_closed_duty_names_its_evidence",
            ),
        )
        indexes = (models.Index(fields=("due_at",), condition=Q(closed_at__isnull=True), name="duties_open_by_due"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.closed_at is None
