"""What was told to whom about which duty, to whom it was escalated, and the calendars that persons subscribe to."""

from django.db import models
from django.db.models import Q

from rostrum.areas.duties.models import Duty
from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _feed_id() -> str:
    return new_id("cal")


class Notice(models.Model):
    """One person was told once about one stage of one duty; `batch` joins what went into the same mail."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="notices")
    person = acting_person()
    # A code of `rules.Stage`, with a number where a stage comes again.
    stage = models.CharField(max_length=24)
    batch = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=("duty", "person", "stage"), name="told_once_about_a_stage_of_a_duty"),
        )


class Escalation(models.Model):
    """An overdue duty was put before the holders of a role; level 1 is the first role of the body's chain."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint(fields=("duty", "level"), name="escalated_once_to_a_level"),)


class CalendarFeed(models.Model):
    """A calendar of one person's duties at a secret address; only the digest of the secret is kept."""

    public_id = models.CharField(max_length=40, unique=True, default=_feed_id)
    person = acting_person()
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(revoked_at__isnull=True), name="one_calendar_per_person"
            ),
        )
