"""Certifications: that a person received and read a version of a policy, signed, dated and returned."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.governance.models.policies import PolicyText
from rostrum.areas.governance.rules.acknowledgements import CertificationState, Returned
from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _certification_id() -> str:
    return new_id("cer")


class Certification(models.Model):
    """What one person owes for one version of a policy, and what came of it.

    `form` is the id of a pack's certification form. A new version makes new rows; the old ones stay as they were.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_certification_id)
    form = models.CharField(max_length=60)
    person = acting_person()
    text = models.ForeignKey(PolicyText, on_delete=models.PROTECT, related_name="certifications")
    state = models.CharField(max_length=20, choices=[(one.value, one.value) for one in CertificationState])
    delivered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # Each statement with its wording as it was certified: [{"id", "words", "clause"}].
    statements = models.JSONField(default=list)
    certified_at = models.DateTimeField(null=True, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=20, blank=True)  # what showed the intent: password, typed-words, ink
    policy_version = models.CharField(max_length=300, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    returned = models.CharField(max_length=20, blank=True, choices=[(one.value, one.value) for one in Returned])
    returned_to = models.JSONField(default=list)
    returned_on = models.DateField(null=True, blank=True)
    received_by = acting_person(null=True, blank=True)
    scan = models.CharField(max_length=64, blank=True)  # the paper's picture, as a blob
    scan_type = models.CharField(max_length=60, blank=True)
    certificate = models.CharField(max_length=64, blank=True)  # the PDF, as a blob
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("form", "person", "text"), name="one_certification_per_person_and_text"),
            # Read, then certify: a signature in the product never stands without the reading before it.
            models.CheckConstraint(
                condition=~Q(returned=Returned.HERE.value) | Q(read_at__isnull=False, certified_at__gte=F("read_at")),
                name="certified_here_only_after_reading",
            ),
            models.CheckConstraint(
                condition=~Q(state=CertificationState.CERTIFIED.value)
                | (Q(certified_at__isnull=False, signed_on__isnull=False) & ~Q(signed_name="") & ~Q(returned="")),
                name="a_certification_is_signed_dated_named",
            ),
        )
        indexes = (
            models.Index(fields=("person", "state"), name="certifications_of_person"),
            models.Index(fields=("state", "due_at"), name="certifications_by_due"),
        )

    def __str__(self) -> str:
        return f"{self.form} of {self.person}"

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.state in OPEN_STATES


OPEN_STATES = (CertificationState.DELIVERED, CertificationState.OPENED, CertificationState.READ)
