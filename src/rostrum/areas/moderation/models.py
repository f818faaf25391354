"""Assessments of comments, the evidence taken before, and the removal records that are kept."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.archive.models import Item, Version
from rostrum.areas.moderation.states import OPEN_STATES, STATE_TITLES, Measure, Outcome
from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _assessment_id() -> str:
    return new_id("asm")


def _block_id() -> str:
    return new_id("blk")


def _notice_answer_id() -> str:
    return new_id("nta")


def _removal_id() -> str:
    return new_id("rmv")


_MEASURE_TITLES = {
    Measure.KEEP: "Keep it",
    Measure.REFER: "Refer it",
    Measure.HIDE: "Hide it on the platform",
    Measure.DELETE: "Delete it on the platform",
}
_OUTCOME_TITLES = {
    Outcome.INTENDED: "Asked of the platform",
    Outcome.APPLIED: "Hidden on the platform",
    Outcome.FAILED: "Refused by the platform",
    Outcome.UNCLEAR: "Outcome not known",
    Outcome.ABANDONED: "Given up, never hidden",
    Outcome.RESTORING: "Being shown again",
    Outcome.RESTORE_FAILED: "Not shown again yet",
    Outcome.RESTORED: "Restored",
}


class Assessment(models.Model):
    """One comment, the evidence about it, and what was found against the pack's closed list of grounds."""

    public_id = models.CharField(max_length=40, unique=True, default=_assessment_id)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assessments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=[(code.value, title) for code, title in STATE_TITLES.items()])
    opened_by = acting_person()
    opened_at = models.DateTimeField()
    # The evidence: canonical JSON of the comment, its thread and media, kept as a blob and named by its SHA-256.
    evidence_digest = models.CharField(max_length=64)
    evidence_at = models.DateTimeField()
    thread_size = models.PositiveIntegerField(default=1)
    # What the last look at the platform, right before the evidence was taken, came to (see `looking.Reread`).
    reread = models.CharField(max_length=20)
    policy_version = models.CharField(max_length=80)
    # A list of objects: the ground's id, per element whether it is met and in which words of the comment, and the
    # facts that the ground needs (target, law, passage …).
    grounds = models.JSONField(default=list)
    measure = models.CharField(
        max_length=10, choices=[(code.value, title) for code, title in _MEASURE_TITLES.items()], blank=True
    )
    reason = models.CharField(max_length=2000, blank=True)
    assessed_by = acting_person(null=True)
    assessed_at = models.DateTimeField(null=True)
    seconded_by = acting_person(null=True)
    seconded_at = models.DateTimeField(null=True)
    # A referral, or the alert that a threat raises: the role that was asked, and what came of it.
    referred_to = models.CharField(max_length=40, blank=True)
    referral_is_alert = models.BooleanField(default=False)
    referral_answer = models.CharField(max_length=2000, blank=True)
    referral_answered_by = acting_person(null=True)
    referral_answered_at = models.DateTimeField(null=True)
    dropped_reason = models.CharField(max_length=2000, blank=True)

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
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="one_open_assessment_per_item",
            ),
        )

    def __str__(self) -> str:
        return self.public_id

    @property
    def awaits_answer(self) -> bool:
        """Whether those it was referred to still have to say what came of it."""
        return bool(self.referred_to) and self.referral_answered_at is None


class NoticeAnswer(models.Model):
    """A message that was meant as a claim or a legal notice, and the standard reply that was given (WAU-legal-07c).

    `reply` is the text as the policy in force had it; `how` says where it was given, or why that was impossible.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_notice_answer_id)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="notice_answer")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    reply = models.TextField()
    was_given = models.BooleanField()
    how = models.CharField(max_length=500)
    answered_by = acting_person()
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("-answered_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(reply="") & ~Q(how=""), name="notice_answer_says_what_and_how"),
        )

    def __str__(self) -> str:
        return self.public_id


class Removal(models.Model):
    """The record of a removal that the policy asks be kept: time, date, poster, remover, reason (WAU-removal-13)."""

    public_id = models.CharField(max_length=40, unique=True, default=_removal_id)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="removal")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="removals")
    measure = models.CharField(max_length=10, choices=[("hide", "Hidden"), ("delete", "Deleted")])
    posted_at = models.DateTimeField(null=True)  # when the comment was made; None where the platform does not say
    # As the platform named them when it was decided; copied, because names change.
    poster_id = models.TextField()
    poster_handle = models.TextField(blank=True)
    poster_name = models.TextField(blank=True)
    remover = acting_person()
    reason = models.CharField(max_length=2000)
    ground_ids = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=20,
        choices=[(code.value, title) for code, title in _OUTCOME_TITLES.items()],
        default=Outcome.INTENDED.value,
    )
    fault = models.CharField(max_length=300, blank=True)
    # The SHA-256 of what the platform answered when it did it, kept as a blob; empty where a person saw it.
    receipt = models.CharField(max_length=64, blank=True)
    notice = models.CharField(
        max_length=12,
        choices=[("open", "Not yet told"), ("told", "The author was told"), ("impossible", "Could not be told")],
        default="open",
    )
    notice_how = models.CharField(max_length=500, blank=True)
    restored_by = acting_person(null=True)
    restored_at = models.DateTimeField(null=True)  # when it was decided
    restored_reason = models.CharField(max_length=2000, blank=True)
    shown_at = models.DateTimeField(null=True)  # when it was on the platform again

    class Meta:
        ordering = ("-decided_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="removal_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(poster_id="") | ~Q(poster_handle="") | ~Q(poster_name=""), name="removal_names_its_poster"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="applied") | Q(applied_at__isnull=False), name="applied_removal_has_its_time"
            ),
            models.CheckConstraint(
                condition=Q(restored_by__isnull=True) | ~Q(restored_by=F("remover")), name="removal_restored_by_another"
            ),
        )

    def __str__(self) -> str:
        return self.public_id

    @property
    def poster(self) -> str:
        """Who wrote the comment, by the best name there is."""
        return self.poster_name or self.poster_handle or self.poster_id


class Block(models.Model):
    """Somebody who is kept from a channel for a while: on which removal, how long, why, and how they are heard.

    `notice_check` is the look that shows the notice on the page when the comment was made (WAU-page-05a). The person
    is named as the removal names them.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_block_id)
    removal = models.ForeignKey(Removal, on_delete=models.PROTECT, related_name="blocks")
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="blocks")
    person_id = models.TextField(blank=True)
    person_name = models.TextField()
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=2000)
    heard_by = models.CharField(max_length=500)
    notice_check = models.CharField(max_length=40)
    asked_by = acting_person()
    asked_at = models.DateTimeField()
    agreed_by = acting_person(null=True)
    agreed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    done_by = acting_person(null=True)
    done_at = models.DateTimeField(null=True)
    ended_by = acting_person(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("removal",), condition=Q(ended_at__isnull=True), name="one_open_block_per_removal"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")), name="block_agreed_by_another"
            ),
            models.CheckConstraint(condition=~Q(notice_check=""), name="block_names_the_notice"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(agreed_at__isnull=False), name="block_agreed_before_it_is_done"
            ),
        )

    def __str__(self) -> str:
        return self.public_id
