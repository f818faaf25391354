"""Assessments of comments, the evidence taken before, and the removal records that are kept."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.areas.archive.models import Item, Version
from rostrum.areas.moderation.states import AssessmentState, Measure
from rostrum.kernel.ids import new_id


def _assessment_id() -> str:
    return new_id("asm")


def _removal_id() -> str:
    return new_id("rmv")


def _person(**options: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)  # type: ignore[arg-type]


class Assessment(models.Model):
    """One comment, the evidence about it, and what was found against the pack's closed list of grounds."""

    public_id = models.CharField(max_length=40, unique=True, default=_assessment_id)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assessments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in AssessmentState])
    opened_by = _person()
    opened_at = models.DateTimeField()
    # The evidence: canonical JSON of the comment, its thread and media, kept as a blob and named by its SHA-256.
    evidence_digest = models.CharField(max_length=64)
    evidence_at = models.DateTimeField()
    policy_version = models.CharField(max_length=80)
    # A list of objects: the ground's id, and per element whether it is met and in which words of the comment.
    grounds = models.JSONField(default=list)
    measure = models.CharField(
        max_length=10, choices=[(measure.value, measure.value) for measure in Measure], blank=True
    )
    reason = models.CharField(max_length=2000, blank=True)
    assessed_by = _person(null=True)
    assessed_at = models.DateTimeField(null=True)
    seconded_by = _person(null=True)
    seconded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("assessed_by")),
                name="assessment_seconded_by_another",
            ),
            models.CheckConstraint(condition=~Q(evidence_digest=""), name="assessment_has_its_evidence"),
            models.UniqueConstraint(
                fields=("item",),
                condition=Q(state__in=["captured", "assessed", "seconded", "applying"]),
                name="one_open_assessment_per_item",
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class Removal(models.Model):
    """The record of a removal that the policy asks be kept: time, date, poster, remover, reason (WAU-removal-13)."""

    public_id = models.CharField(max_length=40, unique=True, default=_removal_id)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="removal")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="removals")
    measure = models.CharField(max_length=10, choices=[("hide", "Hidden"), ("delete", "Deleted")])
    posted_at = models.DateTimeField(null=True)  # when the comment was made
    poster_id = models.CharField(max_length=500)
    poster_handle = models.CharField(max_length=500, blank=True)
    poster_name = models.CharField(max_length=500, blank=True)
    remover = _person()
    reason = models.CharField(max_length=2000)
    ground_ids = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10,
        choices=[("intended", "Asked of the platform"), ("applied", "Done"), ("failed", "Refused by the platform"),
                 ("unclear", "Outcome not known"), ("restored", "Restored")],
        default="intended",
    )  # fmt: skip
    fault = models.CharField(max_length=300, blank=True)
    notice = models.CharField(
        max_length=12,
        choices=[("open", "Not yet told"), ("told", "The author was told"), ("impossible", "Could not be told")],
        default="open",
    )
    notice_how = models.CharField(max_length=500, blank=True)
    restored_by = _person(null=True)
    restored_at = models.DateTimeField(null=True)
    restored_reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ("-decided_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="removal_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(outcome="applied") | Q(applied_at__isnull=False), name="applied_removal_has_its_time"
            ),
        )
