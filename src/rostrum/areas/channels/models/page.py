"""What was seen on a channel's page, by whom or by which reading, and where it stood."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rostrum.areas.channels.models.life import Channel
from rostrum.kernel.ids import new_id


def _page_check_id() -> str:
    return new_id("pgc")


class PageCheck(models.Model):
    """One look at a channel's page: the product read its profile, or a person looked and kept a picture.

    `profile` is the blob of the profile as the platform gave it and `profile_text` what it shows; `picture` is the blob
    of the person's picture. A reading that shows what the last one showed lengthens it (`looks`, `last_at`).
    """

    public_id = models.CharField(max_length=40, unique=True, default=_page_check_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="page_checks")
    how = models.CharField(max_length=10)
    # A person where one looked; none where the product did.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    looks = models.PositiveIntegerField(default=1)
    profile = models.CharField(max_length=64, blank=True)
    profile_text = models.TextField(blank=True)
    picture = models.CharField(max_length=64, blank=True)
    picture_mime = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-last_at", "-pk")
        indexes = (models.Index(fields=("channel", "how", "-last_at"), name="page_checks_by_channel"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(how="read") | Q(how="attested", by__isnull=False), name="an_attested_page_names_who_looked"
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class PageSight(models.Model):
    """One element at one look: there or not, where, and in which words."""

    check_run = models.ForeignKey(PageCheck, on_delete=models.PROTECT, related_name="sights")
    element = models.CharField(max_length=40)
    clause = models.CharField(max_length=80)
    # What it was to say then: a text that is changed must be seen anew.
    wanted = models.TextField(blank=True)
    in_place = models.BooleanField()
    place = models.CharField(max_length=200, blank=True)
    matched = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("check_run", "element"), name="element_seen_once_per_look"),)
