"""Second factors of persons, their recovery codes, and resets of what was lost."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.people.models.persons import acting_person
from rostrum.kernel.ids import new_id


def _factor_id() -> str:
    return new_id("fac")


def _reset_id() -> str:
    return new_id("rst")


class Factor(models.Model):
    """An authenticator app (its seed sealed under the sign-in key) or a passkey (a public key; nothing secret)."""

    public_id = models.CharField(max_length=40, unique=True, default=_factor_id)
    person = acting_person()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    # An app: its seed, which key file sealed it, and the last time step whose code was taken (a code works once).
    sealed = models.BinaryField(null=True, blank=True)
    key_id = models.CharField(max_length=100, blank=True)
    last_step = models.BigIntegerField(default=0)
    # A passkey: the credential with its public key, the digest of its id, the site it is for, its counter.
    credential = models.BinaryField(null=True, blank=True)
    credential_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    site = models.CharField(max_length=255, blank=True)
    sign_count = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("added_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="app", sealed__isnull=False, credential__isnull=True)
                | Q(kind="passkey", sealed__isnull=True, credential__isnull=False, credential_digest__isnull=False),
                name="factor_holds_what_its_kind_needs",
            ),
        )
        indexes = (models.Index(fields=("person", "kind")),)


class RecoveryCode(models.Model):
    """A code that stands in once for a lost factor. Only its keyed hash is kept."""

    person = acting_person()
    mark = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "mark"), name="recovery_code_once"),)


class FactorReset(models.Model):
    """Somebody lost their factors: one person asks for the reset, another confirms or drops it."""

    public_id = models.CharField(max_length=40, unique=True, default=_reset_id)
    person = acting_person()
    reason = models.CharField(max_length=300)
    asked_by = acting_person()
    asked_at = models.DateTimeField()
    settled_by = acting_person(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(asked_by=F("person")), name="reset_is_not_asked_for_oneself"),
            models.CheckConstraint(
                condition=~Q(outcome="done")
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("asked_by")) & ~Q(settled_by=F("person"))),
                name="reset_needs_a_second_person",
            ),
            models.UniqueConstraint(
                fields=("person",), condition=Q(settled_at__isnull=True), name="one_open_reset_per_person"
            ),
        )
