"""What belongs to a channel beside its posts: the dated entries of its inventory."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rostrum.areas.channels.models.life import Channel
from rostrum.kernel.ids import new_id


def _part_id() -> str:
    return new_id("prt")


class ChannelPart(models.Model):
    """One dated entry about one part of a channel; `export` is the blob of what was handed in, named by its SHA-256."""

    public_id = models.CharField(max_length=40, unique=True, default=_part_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    export = models.CharField(max_length=64, blank=True)
    export_name = models.CharField(max_length=255, blank=True)
    export_bytes = models.PositiveBigIntegerField(default=0)
    taken_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-taken_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(note="") | ~Q(export=""), name="a_part_entry_says_something"),
        )

    def __str__(self) -> str:
        return self.public_id
