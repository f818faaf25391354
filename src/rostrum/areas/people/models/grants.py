"""Dated roles, and dated rights on channels."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.people.models.persons import Unit, User
from rostrum.kernel.ids import new_id


def _grant_id() -> str:
    return new_id("grt")


def _denial_id() -> str:
    return new_id("den")


class RoleGrant(models.Model):
    """A dated role of a person, over the whole body or one unit."""

    public_id = models.CharField(max_length=40, unique=True, default=_grant_id)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # The directory whose groups gave it, and whose groups end it; empty for a role that a person gave.
    directory = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="role_ends_after_it_starts"
            ),
        )


class ChannelGrant(models.Model):
    """A dated right of a person on a channel: speak, approve, moderate, or hold its credential.

    Channels stand above people, so the channel is named by its public id.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_grant_id)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="channel_grants")
    channel = models.CharField(max_length=40, db_index=True)
    right = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # The request on which it rests (its public id): who asked, designated and issued it, and why.
    basis = models.CharField(max_length=40, blank=True, db_index=True)
    # While it is suspended it is not in force; nothing else about it changes.
    suspended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="grant_ends_after_it_starts"
            ),
        )


class Denial(models.Model):
    """A person on the denied list: no right on a channel is given to them or in force for them until it is lifted."""

    public_id = models.CharField(max_length=40, unique=True, default=_denial_id)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="denials")
    reason = models.TextField()
    denied_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    denied_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-denied_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(lifted_at__isnull=True), name="a_person_is_denied_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_denial_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lifted_reason=""), name="a_denial_is_lifted_with_a_reason"
            ),
        )
