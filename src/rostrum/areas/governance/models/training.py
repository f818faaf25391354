"""Trainings as the body gives them, who owes them, who completed them, and bulletins about threats."""

from django.db import models
from django.db.models import Q

from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _training_id() -> str:
    return new_id("trn")


def _assignment_id() -> str:
    return new_id("tra")


def _completion_id() -> str:
    return new_id("trc")


def _bulletin_id() -> str:
    return new_id("bul")


class BodyTraining(models.Model):
    """One version of a training as the body gives it: its own, or in the place of a pack's (same `key`)."""

    public_id = models.CharField(max_length=40, unique=True, default=_training_id)
    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    # [{"id", "title", "text"}], each confirmed apart.
    topics = models.JSONField()
    link = models.URLField(max_length=500, blank=True)
    # Roles, classes of work, "grant-holders" or "anyone".
    assigned = models.JSONField(default=list)
    due_days = models.PositiveIntegerField()
    renewal_days = models.PositiveIntegerField(null=True, blank=True)
    before_grant = models.BooleanField(default=False)
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("key", "-number")
        constraints = (models.UniqueConstraint(fields=("key", "number"), name="one_training_per_number"),)

    def __str__(self) -> str:
        return self.title


class TrainingAssignment(models.Model):
    """A person owes a training by an instant: for the first time, or again."""

    public_id = models.CharField(max_length=40, unique=True, default=_assignment_id)
    person = acting_person()
    training = models.CharField(max_length=60)
    assigned_by = models.CharField(max_length=40)
    assigned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_renewal = models.BooleanField(default=False)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # the person left, or the training is given no more

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "training"),
                condition=Q(completed_at__isnull=True, ended_at__isnull=True),
                name="one_open_assignment_per_person_and_training",
            ),
        )


class TrainingCompletion(models.Model):
    """A person completed a training: which version, which topics, and what shows it."""

    public_id = models.CharField(max_length=40, unique=True, default=_completion_id)
    person = acting_person()
    training = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of the training's content
    topics = models.JSONField()  # ids of the topics confirmed
    completed_at = models.DateTimeField()
    completed_on = models.DateField()
    renew_by = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=300)
    file = models.CharField(max_length=64, blank=True)
    file_type = models.CharField(max_length=60, blank=True)
    recorded_by = acting_person()

    class Meta:
        ordering = ("-completed_at", "-pk")


class Bulletin(models.Model):
    """News about a threat, for everybody who holds a right on a channel."""

    public_id = models.CharField(max_length=40, unique=True, default=_bulletin_id)
    title = models.CharField(max_length=200)
    text = models.TextField()
    issued_by = acting_person()
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-issued_at", "-pk")

    def __str__(self) -> str:
        return self.title


class BulletinReading(models.Model):
    """A person confirmed having read a bulletin."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="readings")
    person = acting_person()
    read_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bulletin", "person"), name="one_reading_per_bulletin"),)
