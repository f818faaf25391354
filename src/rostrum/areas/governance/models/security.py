"""What is kept for security: sites that are blocked, and personas with the exceptions they rest on."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.governance.rules.security import ExceptionState
from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _site_id() -> str:
    return new_id("blk")


def _exception_id() -> str:
    return new_id("pex")


def _persona_id() -> str:
    return new_id("psn")


class BlockedSite(models.Model):
    """A decision to block a website. The network team carries it out; nothing is filtered here."""

    public_id = models.CharField(max_length=40, unique=True, default=_site_id)
    site = models.CharField(max_length=253)
    reason = models.CharField(max_length=500)
    decided_by = acting_person()
    decided_at = models.DateTimeField()
    ended_by = acting_person(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("site", "-decided_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("site",), condition=Q(ended_at__isnull=True), name="a_site_is_blocked_once"
            ),
        )

    def __str__(self) -> str:
        return self.site


class PersonaException(models.Model):
    """An exception from the ban on assumed identities: asked for, and signed or refused by the agency head."""

    public_id = models.CharField(max_length=40, unique=True, default=_exception_id)
    identity = models.CharField(max_length=200)
    purpose = models.CharField(max_length=1000)
    required_by = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=20, choices=[(one.value, one.value) for one in ExceptionState])
    asked_by = acting_person()
    asked_at = models.DateTimeField()
    decided_by = acting_person(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    proof = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="an_exception_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(state="signed") | (~Q(signed_name="") & Q(decided_at__isnull=False)),
                name="a_signed_exception_bears_a_signature",
            ),
        )

    def __str__(self) -> str:
        return self.identity


class Persona(models.Model):
    """An identity other than the body's own, under which somebody acts for it; there is none without an exception."""

    public_id = models.CharField(max_length=40, unique=True, default=_persona_id)
    exception = models.OneToOneField(PersonaException, on_delete=models.PROTECT, related_name="persona")
    where = models.CharField(max_length=200)
    held_by = acting_person()
    registered_by = acting_person()
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-registered_at", "-pk")

    def __str__(self) -> str:
        return self.exception.identity
