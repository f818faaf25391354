"""Rights on channels as they are asked for, designated, accepted, issued and reviewed. Nothing here decides.

The right itself is a dated grant of the people area (`people.models.ChannelGrant`) that names its request as `basis`.
"""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.channels.models.life import Channel
from rostrum.areas.people.models import ChannelGrant, Unit, acting_person
from rostrum.kernel.ids import new_id


def _right_request_id() -> str:
    return new_id("rrq")


def _review_id() -> str:
    return new_id("rrv")


def _stop_id() -> str:
    return new_id("stp")


class RightRequest(models.Model):
    """A right asked for: for whom, on one channel or (`channel` empty) on all channels of a department, and why.

    `ends_at` is when the right ends; `represents` is the elected official for whom the holder speaks.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_right_request_id)
    state = models.CharField(max_length=20, db_index=True)
    person = acting_person()
    right = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="right_requests")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    need = models.TextField()
    job_duty = models.TextField()
    job_classification = models.CharField(max_length=200, blank=True)
    position_description = models.CharField(max_length=300, blank=True)
    # The programme areas within which the holder speaks; none: the whole of the department's.
    topics = models.JSONField(default=list, blank=True)
    sponsor = acting_person(null=True, blank=True)
    contract_reference = models.CharField(max_length=300, blank=True)
    represents = acting_person(null=True, blank=True)
    # "unit", or "all-units" for elected officials and their representatives, with the clause that says why.
    subject_scope = models.CharField(max_length=20, default="unit")
    subject_scope_clause = models.CharField(max_length=80, blank=True)
    cap_reason = models.TextField(blank=True)

    asked_by = acting_person()
    asked_at = models.DateTimeField()
    designated_by = acting_person(null=True, blank=True)
    designated_as = models.CharField(max_length=40, blank=True)
    designated_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    issued_by = acting_person(null=True, blank=True)
    issued_as = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    closed_by = acting_person(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "right", "channel"),
                condition=Q(state__in=("requested", "designated"), channel__isnull=False),
                name="asked_for_once_per_channel",
            ),
            models.UniqueConstraint(
                fields=("person", "right", "unit"),
                condition=Q(state__in=("requested", "designated"), channel__isnull=True),
                name="asked_for_once_per_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(designated_by__isnull=False, issued_by__isnull=False),
                name="issued_after_a_designation",
            ),
            models.CheckConstraint(
                condition=Q(designated_by__isnull=True) | ~Q(designated_by=F("person")),
                name="nobody_designates_oneself",
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("person")), name="nobody_issues_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="a_right_ends_after_it_begins",
            ),
        )


class Acceptance(models.Model):
    """One statement that the holder signed before the right was issued, with the versions of the rules it names.

    `rules` are ``{id, title, version}``.
    """

    request = models.ForeignKey(RightRequest, on_delete=models.PROTECT, related_name="acceptances")
    statement = models.CharField(max_length=80)
    clause = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    rules = models.JSONField(default=list)
    signature = models.CharField(max_length=200)
    policy_version = models.CharField(max_length=300)
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("request", "statement"), name="a_statement_is_signed_once_per_request"),
            models.CheckConstraint(condition=~Q(signature=""), name="an_acceptance_is_signed"),
        )


class RightsReview(models.Model):
    """One look of a department at all rights on its channels, with a decision for each.

    `lapsed_at`, `escalated_at` and `suspended_at` say how far it went without one; `suspend_at` is what was announced.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_review_id)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    suspend_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("unit",), condition=Q(closed_at__isnull=True), name="one_open_review"),
            # Nothing is suspended that was not announced.
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True) | Q(lapsed_at__isnull=False, suspend_at__isnull=False),
                name="suspended_after_notice",
            ),
        )


class ReviewDecision(models.Model):
    """What was decided about one right in a review: kept, for a need and a job duty, or ended."""

    review = models.ForeignKey(RightsReview, on_delete=models.PROTECT, related_name="decisions")
    grant = models.ForeignKey(ChannelGrant, on_delete=models.PROTECT, related_name="+")
    keeps = models.BooleanField()
    need = models.TextField(blank=True)
    job_duty = models.TextField(blank=True)
    was_unused = models.BooleanField()
    decided_by = acting_person()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("decided_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("review", "grant"), name="a_right_is_decided_once_per_review"),
            models.CheckConstraint(
                condition=Q(keeps=False) | (~Q(need="") & ~Q(job_duty="")), name="a_right_is_kept_for_reasons"
            ),
        )


class StopRequest(models.Model):
    """The body asked a person to stop at once: all rights ended then; the person's confirmation is kept."""

    public_id = models.CharField(max_length=40, unique=True, default=_stop_id)
    person = acting_person()
    reason = models.TextField()
    asked_by = acting_person()
    asked_at = models.DateTimeField()
    ended = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
