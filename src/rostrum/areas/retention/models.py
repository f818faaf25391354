"""Holds: what must not be disposed of, since when, and why. Series and schedules will stand beside them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.areas.archive.models import Item
from rostrum.kernel.ids import new_id


def _hold_id() -> str:
    return new_id("hld")


class HoldKind(models.TextChoices):
    """Why something is held (records-and-law D7)."""

    REQUEST = "request_hold", "Records request"
    LEGAL = "legal_hold", "Legal matter"
    AUDIT = "audit_hold", "Audit"
    MANDAMUS = "mandamus_hold", "Mandamus action"
    ARCHIVE = "archive_hold", "Accepted by the Historical Society"
    APPEAL = "appeal_hold", "Moderation appeal"


class Hold(models.Model):
    """One hold over any number of Items. Placing it needs one person; ending it needs two."""

    public_id = models.CharField(max_length=40, unique=True, default=_hold_id)
    kind = models.CharField(max_length=20, choices=HoldKind)
    matter = models.CharField(max_length=60, db_index=True)  # the public id of the request, removal or case behind it
    reason = models.CharField(max_length=500)
    placed_by = models.CharField(max_length=40)  # a person's public id, or "system"
    placed_at = models.DateTimeField()
    # While the matter is open, and after it before this day, the hold cannot end, whoever asks (s. 19.35(5)).
    matter_is_open = models.BooleanField(default=False)
    not_before_on = models.DateField(null=True)
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    release_asked_at = models.DateTimeField(null=True)
    release_reason = models.CharField(max_length=500, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-placed_at",)
        constraints = (
            # A hold outlives any schedule: ending one takes two different people, whoever writes the row.
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | (
                    Q(release_asked_by__isnull=False)
                    & Q(released_by__isnull=False)
                    & ~Q(released_by=F("release_asked_by"))
                ),
                name="hold_released_by_two_people",
            ),
            models.UniqueConstraint(
                fields=("kind", "matter"), condition=Q(released_at__isnull=True), name="one_open_hold_per_matter"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.matter}"


class HeldItem(models.Model):
    """An Item under a hold."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="held")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("hold", "item"), name="item_held_once_per_hold"),)
