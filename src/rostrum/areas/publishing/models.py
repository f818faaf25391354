"""Drafts, their unchangeable revisions, checks, approvals and publications. Nothing here decides."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.kernel.ids import new_id


def _draft_id() -> str:
    return new_id("dft")


def _check_id() -> str:
    return new_id("chk")


def _publication_id() -> str:
    return new_id("pub")


def _authorization_id() -> str:
    return new_id("dau")


def _alert_id() -> str:
    return new_id("ial")


class Draft(models.Model):
    """One post in the making, and after: who writes it, for which unit, where it stands.

    `corrects` is the published draft that this one sets right; both are kept.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_draft_id)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, db_index=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_note = models.TextField(blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-changed_at", "-pk")


class DraftRevision(models.Model):
    """The exact bytes of a draft as once saved. Never changed: an edit is a further revision.

    `body` is canonical JSON of text, media digests with alternative texts, channels, time and answers; `digest` is its
    SHA-256 (hex), which approvals name.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    # The programme area its author named, in lower case, to find what is about an area; the bytes have it as typed.
    area = models.CharField(max_length=100, blank=True, db_index=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    channels = models.ManyToManyField("channels.Channel", related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("draft", "number"), name="revision_number_once"),)


class DraftMedia(models.Model):
    """One image or film of a revision: its blob, media type, and what it shows in words."""

    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="media")
    position = models.PositiveSmallIntegerField()
    blob = models.CharField(max_length=64)
    mime = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    size_bytes = models.PositiveBigIntegerField()
    alt = models.TextField(blank=True)
    has_captions = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("revision", "position"), name="media_position_once"),)


class Check(models.Model):
    """One check of a revision: what was found, and each channel's evaluation with its facts, so it can be run again.

    `evaluations` are `policy.evaluate.Evaluation`s by the channel's public id ("" where no channel is chosen).
    """

    public_id = models.CharField(max_length=40, unique=True, default=_check_id)
    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="checks")
    evaluations = models.JSONField()
    findings = models.JSONField()
    pack_version = models.CharField(max_length=300)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ("checked_at", "pk")


class FindingCount(models.Model):
    """How often one control spoke in one check: what the assurance page counts."""

    check_run = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="counts")
    control = models.CharField(max_length=80, db_index=True)
    strength = models.CharField(max_length=10)
    count = models.PositiveIntegerField()


class DisclosureAuthorization(models.Model):
    """Leave for a person to disclose protected information of a department: of what, on which basis, until when.

    `covers` are the clauses of the ban that it lifts; it ends early when it is withdrawn.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_authorization_id)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    basis = models.TextField()
    covers = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    authorized_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    authorized_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-authorized_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(what="") & ~Q(basis=""), name="authorized_for_something_by_something"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="authorization_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(person=F("authorized_by")), name="nobody_authorizes_oneself"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="withdrawn_for_a_reason"
            ),
        )


class Clearance(models.Model):
    """A person's word that a finding does not stand in the way, bound to the revision and the finding.

    `authorization` is what it rests on where the finding is about protected information.
    """

    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="clearances")
    finding = models.CharField(max_length=64)
    control = models.CharField(max_length=80)
    strength = models.CharField(max_length=10)
    reason = models.TextField()
    authorization = models.ForeignKey(
        DisclosureAuthorization, null=True, on_delete=models.PROTECT, related_name="clearances"
    )
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField()

    class Meta:
        ordering = ("cleared_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("revision", "finding", "cleared_by"), name="finding_cleared_once_each"),
            models.CheckConstraint(condition=~Q(reason=""), name="clearance_has_a_reason"),
        )


class Consent(models.Model):
    """The recorded consent of a group or person that a draft is about (WAU-use-03c)."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="consents")
    party = models.CharField(max_length=200)
    given_by = models.CharField(max_length=200)
    given_on = models.DateField()
    how = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "pk")


class Approval(models.Model):
    """One person's approval of one revision's digest. A later edit voids it; it is never removed."""

    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    # The emergency right (public id) under which its own author let it out; "" where another person approved.
    emergency = models.CharField(max_length=40, blank=True, db_index=True)
    approved_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("approved_at", "pk")
        constraints = (models.UniqueConstraint(fields=("revision", "approver"), name="revision_approved_once_each"),)


class Confirmation(models.Model):
    """One reminder that a person confirmed as they handed a revision in or published it, in the words shown.

    `moment` is a `rules.confirmations.Moment`.
    """

    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="confirmations")
    moment = models.CharField(max_length=20)
    clause = models.CharField(max_length=80)
    notice = models.CharField(max_length=80)
    words = models.TextField()
    policy_version = models.CharField(max_length=300)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ("confirmed_at", "pk")


class WorkPlace(models.Model):
    """From where a revision was handed in or published: the body's own computer and network, or elsewhere, and why.

    `moment` is a `rules.confirmations.Moment`. Kept of the place: a kind of browser and a network, no address.
    """

    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="work_places")
    moment = models.CharField(max_length=20)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    computer = models.ForeignKey("people.Computer", null=True, on_delete=models.PROTECT, related_name="+")
    browser = models.CharField(max_length=60)
    network = models.CharField(max_length=60)
    is_on_network = models.BooleanField()
    is_trusted = models.BooleanField(db_index=True)
    reason = models.TextField(blank=True)
    clause = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(is_trusted=True) | ~Q(reason=""), name="elsewhere_for_a_reason"),
        )


class Publication(models.Model):
    """One revision on one channel: asked for, intended, sent, answered, seen again.

    `outcome` is a `rules.Outcome`, `compared` a `rules.Compared`. `intent_at` is committed before the platform is
    called, so that a lost answer is known to be one.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_publication_id)
    revision = models.ForeignKey(DraftRevision, on_delete=models.PROTECT, related_name="publications")
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="publications")
    digest = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=20, db_index=True)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    intent_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    native_id = models.CharField(max_length=300, blank=True, db_index=True)
    url = models.URLField(max_length=500, blank=True)
    receipt = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    failure_detail = models.TextField(blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    compared = models.CharField(max_length=20)
    compared_at = models.DateTimeField(null=True, blank=True)
    # Whose the post is, as the clauses in force had it when it was published.
    property_holder = models.CharField(max_length=200, blank=True)
    property_kind = models.CharField(max_length=40, blank=True)
    captured_version = models.CharField(max_length=64, blank=True)
    removal_asked_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("revision", "channel"), name="published_once_per_channel"),
            models.CheckConstraint(
                condition=Q(outcome__in=("scheduled", "cancelled")) | Q(intent_at__isnull=False),
                name="no_outcome_without_intent",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="published") | ~Q(native_id="") | ~Q(url=""), name="published_is_somewhere"
            ),
        )


class IntegrityWatch(models.Model):
    """How often a channel's page was held against the record, and how far.

    `capture_seen`, `check_seen` are the last capture and the last reading of the profile (primary keys) that were
    compared; `gone_seen_at` is the last instant at which an Item's disappearance was.
    """

    channel = models.OneToOneField("channels.Channel", on_delete=models.PROTECT, related_name="integrity_watch")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    runs = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)
    capture_seen = models.BigIntegerField(default=0)
    check_seen = models.BigIntegerField(default=0)
    gone_seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.channel_id)


class IntegrityAlert(models.Model):
    """Something on a channel, in the body's name, that nobody here did; and what a person found it to be.

    `subject` is the public id of the Item or of the reading of the profile, `mark` says which state of it.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_alert_id)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="integrity_alerts")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    mark = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, blank=True)
    explanation = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-found_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("kind", "subject", "mark"), name="one_alert_per_state_of_a_thing"),
            models.CheckConstraint(
                condition=Q(verdict="") | (~Q(explanation="") & Q(answered_by__isnull=False)),
                name="answered_alert_says_by_whom_and_why",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
