"""The body, the packs it works under and since when, and what it decided where they leave a choice."""

from django.db import models
from django.db.models import Q

from rostrum.kernel.ids import new_id


def _activation_id() -> str:
    return new_id("act")


class Body(models.Model):
    """The public body this installation belongs to. There is exactly one (design §11.1)."""

    class Kind(models.TextChoices):
        CITY = "city", "City"
        STATE_AGENCY = "state_agency", "State agency"
        OFFICE = "office", "Person in office"
        OTHER = "other", "Other public body"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    website = models.URLField(max_length=500, blank=True)
    established_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "bodies"
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_body_per_installation"),)

    def __str__(self) -> str:
        return self.name


class PackActivation(models.Model):
    """From this instant the body works under these packs; the newest is in force, the others say what was."""

    public_id = models.CharField(max_length=40, unique=True, default=_activation_id)
    packs = models.JSONField()  # ids, in the order findings cite them
    versions = models.JSONField()  # pack id → pack version
    effective_on = models.JSONField(default=dict)  # pack id → ISO date entered by the body, where the pack gives none
    reference = models.CharField(max_length=300, blank=True)  # of the body's own adoption
    policy_version = models.CharField(max_length=300)
    activated_by = models.CharField(max_length=40)  # a person's public id, or "system" when the body is set up
    activated_at = models.DateTimeField()

    class Meta:
        ordering = ("-activated_at", "-pk")

    def __str__(self) -> str:
        return self.policy_version


class LocalChoice(models.Model):
    """The body's own value for a setting that the documents leave open, with its reason. The newest per key counts."""

    key = models.CharField(max_length=100, db_index=True)
    value = models.JSONField()
    reason = models.CharField(max_length=500)
    decided_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-decided_at", "-pk")

    def __str__(self) -> str:
        return self.key
