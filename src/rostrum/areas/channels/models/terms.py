"""Platforms' terms by version, the looks at them, their reviews and changes, and what a review goes on to ask.

Nothing here decides. The bytes of a text lie in the blobs under `raw_sha256`; `text` is what people read and quote.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.areas.channels.models.life import Channel, Platform
from rostrum.kernel.ids import new_id


def _version_id() -> str:
    return new_id("trm")


def _look_id() -> str:
    return new_id("tlk")


def _review_id() -> str:
    return new_id("trv")


def _problem_id() -> str:
    return new_id("tpr")


def _change_id() -> str:
    return new_id("tch")


def _decision_id() -> str:
    return new_id("tdc")


class TermsSource(models.Model):
    """Where a platform publishes one document, as the body has entered it; fetched from there where that is wanted."""

    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="terms_sources")
    document = models.CharField(max_length=20)
    address = models.URLField(max_length=500, blank=True)
    is_fetched = models.BooleanField(default=False)
    # How the last fetch went: "" when it went well.
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("platform", "document")
        constraints = (
            models.UniqueConstraint(fields=("platform", "document"), name="one_terms_source_per_document"),
            models.CheckConstraint(
                condition=Q(is_fetched=False) | ~Q(address=""), name="fetched_terms_have_an_address"
            ),
        )


class TermsWatch(models.Model):
    """Who looks whether a platform's terms have changed, and who alone decides about a change."""

    platform = models.OneToOneField(Platform, on_delete=models.PROTECT, primary_key=True, related_name="terms_watch")
    watcher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()


class TermsVersion(models.Model):
    """One text of one document of one platform, as it stood when it was retrieved. Never changed afterwards."""

    class Route(models.TextChoices):
        PASTED = "pasted", "Pasted"
        UPLOADED = "uploaded", "Uploaded"
        FETCHED = "fetched", "Fetched from its address"

    public_id = models.CharField(max_length=40, unique=True, default=_version_id)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="terms_versions")
    document = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    text = models.TextField()
    # Of the words, and of the bytes they were read from.
    sha256 = models.CharField(max_length=64)
    raw_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    address = models.URLField(max_length=500, blank=True)
    route = models.CharField(max_length=20, choices=Route)
    retrieved_at = models.DateTimeField()
    # None: the job that fetches.
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("platform", "document", "-number")
        constraints = (
            models.UniqueConstraint(fields=("platform", "document", "number"), name="one_terms_version_per_number"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(sha256="") & ~Q(raw_sha256=""), name="terms_have_words"),
        )

    def __str__(self) -> str:
        return f"{self.platform_id} {self.document} {self.number}"


class TermsLook(models.Model):
    """One look at a platform's document: the text was the same, was new, or could not be had."""

    class Outcome(models.TextChoices):
        SAME = "same", "Unchanged"
        NEW = "new", "A new version"
        FAILED = "failed", "Not reached"

    public_id = models.CharField(max_length=40, unique=True, default=_look_id)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="terms_looks")
    document = models.CharField(max_length=20)
    looked_at = models.DateTimeField()
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome)
    # Empty where somebody looked at the platform itself and brought no bytes.
    raw_sha256 = models.CharField(max_length=64, blank=True)
    version = models.ForeignKey(TermsVersion, null=True, on_delete=models.PROTECT, related_name="looks")
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-looked_at", "-pk")
        indexes = (models.Index(fields=("platform", "document", "-looked_at"), name="terms_looks_by_document"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="failed", version__isnull=True) | (~Q(outcome="failed") & Q(version__isnull=False)),
                name="a_look_saw_a_version_or_failed",
            ),
        )


class TermsReview(models.Model):
    """The review of a platform's terms and privacy policy for one channel: who read which text and what came of it.

    The answers of a review that was taken over (`adopted_from`) are those of the review it was taken from; why they
    suit this channel stands in `fit`.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_review_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="terms_reviews")
    state = models.CharField(max_length=20, db_index=True)
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="+")
    privacy = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="+")
    adopted_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="adoptions")
    fit = models.TextField(blank=True)

    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    returned_note = models.TextField(blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    # The answers that name a person, and those that need more than a choice and a note.
    authority = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    watcher = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    risks = models.TextField(blank=True)
    every_days = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-begun_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("channel",),
                condition=Q(state__in=("open", "read", "signed")),
                name="one_terms_review_under_way",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(read_at__isnull=False, accepted_at__gte=F("read_at")),
                name="terms_are_read_before_accepted",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("reader")), name="terms_are_signed_by_two"
            ),
        )


class TermsAnswer(models.Model):
    """One answer of a review: the choice, what more there is to say, and the platform's words it rests on."""

    review = models.ForeignKey(TermsReview, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    choice = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("review", "question"), name="one_answer_per_terms_question"),)


class TermsProblem(models.Model):
    """A term that is a problem, with the clause of the policy it goes against, if it does."""

    public_id = models.CharField(max_length=40, unique=True, default=_problem_id)
    review = models.ForeignKey(TermsReview, on_delete=models.PROTECT, related_name="problems")
    quote = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    why = models.TextField()
    is_deal_breaker = models.BooleanField(default=False)
    conflicts_with = models.CharField(max_length=80, blank=True)
    marked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)


class TermsChange(models.Model):
    """A newer text that reopened the reviews of a platform's channels, from its appearance to its decision.

    While it is undecided, a still newer text becomes its `to_version`, so that there is one thing to decide on.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_change_id)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="terms_changes")
    document = models.CharField(max_length=20)
    from_version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # "" while undecided; else the decision in force.
    use = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("platform", "document"), condition=Q(use=""), name="one_undecided_terms_change"
            ),
        )


class TermsDecision(models.Model):
    """What was decided, on a review's problems or on a change; the newest counts, those before it are kept."""

    public_id = models.CharField(max_length=40, unique=True, default=_decision_id)
    review = models.ForeignKey(TermsReview, null=True, on_delete=models.PROTECT, related_name="decisions")
    change = models.ForeignKey(TermsChange, null=True, on_delete=models.PROTECT, related_name="decisions")
    use = models.CharField(max_length=20)
    reasons = models.TextField()
    conditions = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-decided_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(review__isnull=False, change__isnull=True) | Q(review__isnull=True, change__isnull=False),
                name="a_terms_decision_has_one_subject",
            ),
        )


class TermsReading(models.Model):
    """A person who posts on a platform says that they read this text of its rules."""

    version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "person"), name="one_reading_per_terms_version"),)


class UseLook(models.Model):
    """Somebody watched over how a channel is used, as its platform's terms oblige the body to."""

    public_id = models.CharField(max_length=40, unique=True, default=_look_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="use_looks")
    looked_at = models.DateTimeField()
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found = models.TextField()

    class Meta:
        ordering = ("-looked_at", "-pk")


class CookieUse(models.Model):
    """Whether the body's own site uses persistent cookies, as somebody said, and what was decided about it."""

    public_id = models.CharField(max_length=40, unique=True, default=_decision_id)
    uses_cookies = models.BooleanField()
    what_for = models.TextField(blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("-said_at", "-pk")


class CookieDecision(models.Model):
    """The information officer's decision on the cookies, held against a version of the body's privacy policy."""

    public_id = models.CharField(max_length=40, unique=True, default=_decision_id)
    cookie_use = models.ForeignKey(CookieUse, on_delete=models.PROTECT, related_name="decisions")
    keeps = models.BooleanField()
    reasons = models.TextField()
    privacy_policy = models.CharField(max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-decided_at", "-pk")
