"""Computers of the body: browsers that IT has confirmed to stand on equipment the body keeps."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.people.models.persons import acting_person
from rostrum.kernel.ids import new_id


def _computer_id() -> str:
    return new_id("cmp")


class Computer(models.Model):
    """One browser on a computer said to be the body's; trusted from its confirmation until it is withdrawn.

    `mark_digest` is the SHA-256 (hex) of the mark that the browser holds as a cookie. `label` is what stands on the
    computer: its inventory number or name.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_computer_id)
    label = models.CharField(max_length=100)
    browser = models.CharField(max_length=60)
    mark_digest = models.CharField(max_length=64, unique=True)
    proposed_by = acting_person()
    proposed_at = models.DateTimeField()
    confirmed_by = acting_person(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = acting_person(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="nobody_confirms_their_own_computer",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="a_computer_is_withdrawn_for_a_reason",
            ),
        )
