"""Reviews of activity with their samples, and sessions in which captured user content was read. Contents stay below.

Items are named by their public ids: a review must not keep a record from being disposed of lawfully.
"""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _review_id() -> str:
    return new_id("arv")


def _reading_id() -> str:
    return new_id("rdg")


class ActivityReview(models.Model):
    """One look at a sample of posts and comments: by whom, of what, drawn how, and what it comes to."""

    public_id = models.CharField(max_length=40, unique=True, default=_review_id)
    reviewer = acting_person()
    role = models.CharField(max_length=40)  # the office in which the reviewer reviews
    channels = models.JSONField()  # public ids
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    seed = models.CharField(max_length=64)
    wanted = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    population_digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    every_days = models.PositiveIntegerField(null=True, blank=True)
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    interval_ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="a_review_is_of_a_time"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | ~Q(conclusion=""), name="a_completed_review_concludes"
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class SampledItem(models.Model):
    """One post or comment of a sample, as it stood when the sample was drawn, and what was found."""

    review = models.ForeignKey(ActivityReview, on_delete=models.PROTECT, related_name="sample")
    position = models.PositiveIntegerField()
    item = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    found = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("review", "position")
        constraints = (
            models.UniqueConstraint(fields=("review", "position"), name="one_item_per_position"),
            models.CheckConstraint(condition=~Q(found="finding") | ~Q(note=""), name="a_finding_says_what_was_found"),
        )


class ContentReading(models.Model):
    """A session in which somebody reads what users wrote on official channels, and why."""

    public_id = models.CharField(max_length=40, unique=True, default=_reading_id)
    person = acting_person()
    purpose = models.CharField(max_length=500)
    channels = models.JSONField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(purpose=""), name="a_reading_has_a_purpose"),
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="a_reading_is_of_a_time"),
        )

    def __str__(self) -> str:
        return self.public_id


class ShownContent(models.Model):
    """One item that a session showed, logged before it was shown."""

    reading = models.ForeignKey(ContentReading, on_delete=models.PROTECT, related_name="shown")
    item = models.CharField(max_length=40, db_index=True)
    version = models.PositiveIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("reading", "item"), name="an_item_is_shown_once_per_session"),)
