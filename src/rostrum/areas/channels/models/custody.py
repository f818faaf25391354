"""Sealed log-ins, the keyed hashes by which a secret used twice is known, and who changed, saw or stood in for whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.areas.channels.models.life import Channel
from rostrum.kernel.ids import new_id


def _credential_id() -> str:
    return new_id("crd")


def _change_id() -> str:
    return new_id("chg")


def _opening_id() -> str:
    return new_id("lid")


def _emergency_id() -> str:
    return new_id("emg")


class Credential(models.Model):
    """A channel's log-in, sealed (see `custody`). One is in force; those before it are kept without their secret.

    `parts` names what it consists of and since when each value is the one in custody (ISO instants, never values).
    `changed_at` is when it was changed on the platform, as the depositor states; `due_at` by when that had to be
    recorded (none for the first). `tested_at` is when somebody, or the product itself, last signed in with it.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_credential_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="credentials")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=80, db_index=True)
    parts = models.JSONField(default=dict)
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deposited_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    # Whose work log-in it resembles, and how ("name", "password"), with the reason why it cannot be kept apart.
    shared_with_work = models.CharField(max_length=40, blank=True)
    why_shared = models.TextField(blank=True)

    tested_at = models.DateTimeField(null=True, blank=True)
    # "connector" or "person".
    tested_how = models.CharField(max_length=20, blank=True)
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("-deposited_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("channel",), condition=Q(replaced_at__isnull=True), name="one_credential_in_force"
            ),
            models.CheckConstraint(
                condition=Q(tested_at__isnull=True, tested_how="") | (Q(tested_at__isnull=False) & ~Q(tested_how="")),
                name="a_tested_log_in_says_how",
            ),
        )

    @property
    def was_late(self) -> bool:
        """Whether the change was recorded after its time."""
        return self.due_at is not None and self.deposited_at > self.due_at


class SecretMark(models.Model):
    """The keyed hash of a secret or log-in name ever deposited, so that none serves two channels; it tells neither."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=64, unique=True)


class ChangeReport(models.Model):
    """Word that a log-in was changed on its platform before the changed one is in custody: by a person, or noticed.

    Closed by the deposit that records it, or, where nothing was changed after all, by the reason why.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_change_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="change_reports")
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # None where the product itself noticed.
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Credential, null=True, on_delete=models.PROTECT, related_name="recorded_changes")
    unchanged_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("reported_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("channel",), condition=Q(closed_at__isnull=True), name="one_open_change_report"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, recorded_by__isnull=True, unchanged_reason="")
                | (Q(closed_at__isnull=False) & (Q(recorded_by__isnull=False) | ~Q(unchanged_reason=""))),
                name="a_closed_change_says_why",
            ),
        )


class LogInDisclosure(models.Model):
    """A log-in shown to a person: asked for with a reason, confirmed by another, seen once, or not at all."""

    public_id = models.CharField(max_length=40, unique=True, default=_opening_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="disclosures")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="disclosures")
    parts = models.JSONField(default=list)
    reason = models.TextField()
    state = models.CharField(max_length=20, db_index=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_note = models.TextField(blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="disclosure_has_a_reason"),
            # Two persons: whatever the code above does, nobody confirms their own.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")) | Q(state="declined"),
                name="disclosure_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("confirmed", "shown")) | Q(decided_by__isnull=False),
                name="nothing_is_shown_unconfirmed",
            ),
            models.CheckConstraint(
                condition=Q(state="shown", shown_at__isnull=False) | (~Q(state="shown") & Q(shown_at__isnull=True)),
                name="shown_once_and_dated",
            ),
        )


class EmergencyRight(models.Model):
    """The right to speak that an authorised person gave themselves when nobody else could; reviewed by another."""

    public_id = models.CharField(max_length=40, unique=True, default=_emergency_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="emergency_rights")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    # The grant (public id) it rests on, in the people area.
    grant = models.CharField(max_length=40, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    # "justified", "not_justified"
    verdict = models.CharField(max_length=20, blank=True)
    findings = models.TextField(blank=True)

    class Meta:
        ordering = ("-starts_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_has_a_reason"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="emergency_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("person")),
                name="emergency_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, verdict="", findings="")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(verdict="") & ~Q(findings="")),
                name="emergency_review_is_whole",
            ),
        )
