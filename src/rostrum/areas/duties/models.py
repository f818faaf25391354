"""Duties: what somebody owes, until when, and the evidence that closed it."""

from datetime import datetime

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
    # The department whose business it is (its public id), "" for the whole body: a role held over another is not asked.
    unit = models.CharField(max_length=40, blank=True, db_index=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    # Which legal clock set the instant, and the clause it rests on.
    clock = models.CharField(max_length=80, blank=True)
    clause = models.CharField(max_length=80, blank=True)
    # The date of the other reading, where the law leaves open how the days are counted.
    other_on = models.DateField(null=True, blank=True)
    subject = models.CharField(max_length=120)
    # How often it changed since it was opened, and when last: what a calendar needs to notice a change.
    change_count = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
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
        indexes = (
            models.Index(fields=("due_at",), condition=Q(closed_at__isnull=True), name="duties_open_by_due"),
            models.Index(fields=("owner", "due_at"), condition=Q(closed_at__isnull=True), name="duties_open_of_person"),
            models.Index(
                fields=("owner_role", "due_at"),
                condition=Q(closed_at__isnull=True, owner__isnull=True),
                name="duties_open_to_role",
            ),
            models.Index(fields=("subject",), name="duties_by_subject"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.closed_at is None

    def note_change(self, now: datetime) -> None:
        """Count a change, unsaved; `CHANGE_FIELDS` are to be saved with it."""
        self.change_count += 1
        self.changed_at = now


CHANGE_FIELDS = ("change_count", "changed_at")


class HandOver(models.Model):
    """A duty went from one person (or its role) to another person (or back to its role), and why."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="hand_overs")
    from_person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
