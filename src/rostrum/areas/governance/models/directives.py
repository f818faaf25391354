"""The IT director's directives on retention and storage: what they say, whom they reached, what suggests one."""

from django.db import models
from django.db.models import Q

from rostrum.areas.people.models import Unit, acting_person
from rostrum.kernel.ids import new_id


def _directive_id() -> str:
    return new_id("dir")


def _delivery_id() -> str:
    return new_id("drd")


class Directive(models.Model):
    """One directive. About the same content on the same platform, the newest counts; the others say what was."""

    public_id = models.CharField(max_length=40, unique=True, default=_directive_id)
    number = models.PositiveIntegerField(unique=True)
    # How many directives about this content on this platform there have been, this one included.
    version = models.PositiveIntegerField()
    platform = models.CharField(max_length=40, blank=True)  # "" for every platform
    content_kinds = models.JSONField()
    method = models.CharField(max_length=40)
    address = models.CharField(max_length=300, blank=True)
    option = models.TextField()
    cost_reason = models.TextField()
    is_interim = models.BooleanField(default=False)
    why_interim = models.CharField(max_length=500, blank=True)
    issued_by = acting_person()
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-issued_at", "-number")

    def __str__(self) -> str:
        return f"Directive {self.number}"


class DirectiveDelivery(models.Model):
    """A directive's way to one department: to whom it was sent, and when it arrived."""

    public_id = models.CharField(max_length=40, unique=True, default=_delivery_id)
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="deliveries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    persons = models.JSONField(default=list)  # public ids of those it was sent to
    reached_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("unit__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("directive", "unit"), name="one_delivery_per_directive_and_unit"),
            models.CheckConstraint(
                condition=Q(reached_at__isnull=True, how="", recorded_by="")
                | (Q(reached_at__isnull=False) & ~Q(how="") & ~Q(recorded_by="")),
                name="a_delivery_says_how_it_arrived",
            ),
        )


class DirectiveSuggestion(models.Model):
    """Something happened that may want an interim directive: a platform is new here, or a connector failed."""

    why = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)  # the platform's code, or the gap's public id
    entry = models.CharField(max_length=40)
    noted_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("noted_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("why", "subject"), condition=Q(answered_at__isnull=True), name="one_open_suggestion_per_subject"
            ),
        )
