"""Records requests and everything their answer is made of. Tables and constraints; `rules` decides."""

from django.db import models
from django.db.models import F, Q

from rostrum.areas.archive.models import Item, Version
from rostrum.areas.disclosure.states import RequestState
from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _request_id() -> str:
    return new_id("req")


def _search_id() -> str:
    return new_id("sch")


def _record_id() -> str:
    return new_id("rec")


def _redaction_id() -> str:
    return new_id("red")


def _determination_id() -> str:
    return new_id("det")


def _production_id() -> str:
    return new_id("prd")


class RecordsRequest(models.Model):
    """One request. The requester may stay anonymous and is never asked why (s. 19.35(1)(i), Wis. Stats.)."""

    class Via(models.TextChoices):
        FORM = "form", "Request form"
        MAIL = "mail", "Mail or e-mail"
        WORD = "word", "By word of mouth"

    public_id = models.CharField(max_length=40, unique=True, default=_request_id)
    number = models.PositiveIntegerField(unique=True)
    via = models.CharField(max_length=10, choices=Via)
    requester_name = models.CharField(max_length=200, blank=True)
    requester_email = models.EmailField(blank=True)
    wants = models.TextField(max_length=10_000)
    follow_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the code the requester follows it with
    state = models.CharField(max_length=30, choices=[(state.value, state.value) for state in RequestState])
    received_at = models.DateTimeField()
    respond_by_on = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    question = models.TextField(blank=True)  # what the requester was asked, while clarifying
    fee_cents = models.PositiveIntegerField(null=True)
    fee_basis = models.JSONField(null=True)
    prepaid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closed_request_has_its_time"
            ),
        )

    def __str__(self) -> str:
        return f"Request {self.number}"


class SavedSearch(models.Model):
    """A search made for a request, kept so that it can be repeated: the query, the scope, how many it found."""

    public_id = models.CharField(max_length=40, unique=True, default=_search_id)
    request = models.ForeignKey(RecordsRequest, on_delete=models.PROTECT, related_name="searches")
    query = models.JSONField()  # as archive.queries.SearchQuery writes itself
    found = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    run_by = acting_person()
    run_at = models.DateTimeField()

    class Meta:
        ordering = ("run_at",)


class ResponsiveRecord(models.Model):
    """One archived version that answers a request, and what was decided about it."""

    class Choice(models.TextChoices):
        UNDECIDED = "undecided", "Not yet decided"
        RELEASE = "release", "Release whole"
        REDACT = "redact", "Release with redactions"
        WITHHOLD = "withhold", "Withhold"
        NOT_RESPONSIVE = "not_responsive", "Not responsive"

    public_id = models.CharField(max_length=40, unique=True, default=_record_id)
    request = models.ForeignKey(RecordsRequest, on_delete=models.PROTECT, related_name="records")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    found_by = models.ForeignKey(SavedSearch, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=20, choices=Choice, default=Choice.UNDECIDED)
    exemptions = models.JSONField(default=list)  # ids from the exemption packs
    reason = models.CharField(max_length=1000, blank=True)
    decided_by = acting_person(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("version_id",)
        constraints = (
            models.UniqueConstraint(fields=("request", "version"), name="version_once_per_request"),
            models.CheckConstraint(
                condition=Q(choice="undecided") | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
                name="decided_record_names_who",
            ),
        )


class Redaction(models.Model):
    """A part of a record that is withheld under an exemption, proposed by one person, seconded by another."""

    class Place(models.TextChoices):
        TEXT = "text", "Text"
        AUTHOR = "author", "Author"
        MEDIA = "media", "Media"
        IDS = "ids", "Ids and addresses"

    public_id = models.CharField(max_length=40, unique=True, default=_redaction_id)
    record = models.ForeignKey(ResponsiveRecord, on_delete=models.PROTECT, related_name="redactions")
    place = models.CharField(max_length=10, choices=Place, default=Place.TEXT)
    # Offsets in code points for text; the medium's position for media. Widened to whole segments when stored.
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    exemption = models.CharField(max_length=80)
    reason = models.CharField(max_length=1000)
    proposed_by = acting_person()
    proposed_at = models.DateTimeField()
    seconded_by = acting_person(null=True)
    seconded_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("record_id", "place", "start")
        constraints = (
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="redaction_seconded_by_another",
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="redaction_ends_after_it_starts"),
        )


class Determination(models.Model):
    """The answer to a request: what was decided, the letter as sent, its digest."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", "Granted"
        PARTIAL = "partial", "Granted in part"
        DENIED = "denied", "Denied"
        NO_RECORDS = "no_records", "No records"

    public_id = models.CharField(max_length=40, unique=True, default=_determination_id)
    request = models.OneToOneField(RecordsRequest, on_delete=models.PROTECT, related_name="determination")
    outcome = models.CharField(max_length=20, choices=Outcome)
    letter = models.TextField()
    letter_digest = models.CharField(max_length=64)
    hold_until_on = models.DateField(null=True)  # earliest day on which the records might be disposed of (s. 19.35(5))
    issued_by = acting_person()
    issued_at = models.DateTimeField()


class Production(models.Model):
    """What was handed over: a BagIt bag, whole and downloadable, with the checkpoint its proofs lead to."""

    class State(models.TextChoices):
        BUILDING = "building", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    public_id = models.CharField(max_length=40, unique=True, default=_production_id)
    request = models.ForeignKey(RecordsRequest, on_delete=models.PROTECT, related_name="productions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    asked_by = acting_person()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    records = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the zip, which is kept as a blob
    fault = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("request_id", "number")
        constraints = (models.UniqueConstraint(fields=("request", "number"), name="production_numbered_once"),)
