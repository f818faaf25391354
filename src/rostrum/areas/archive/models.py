"""What the platforms showed, when, and what could not be seen. Tables and constraints; nothing here decides."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rostrum.areas.archive.rules import State, Tool, Whose
from rostrum.kernel.ids import new_id
from rostrum.kernel.items import Access, Kind, Route, Seen, Visibility


def _source_id() -> str:
    return new_id("src")


def _capture_id() -> str:
    return new_id("cap")


def _item_id() -> str:
    return new_id("itm")


def _gap_id() -> str:
    return new_id("gap")


def _question_id() -> str:
    return new_id("sub")


def _round_id() -> str:
    return new_id("rbk")


def _choices(codes: type[Any]) -> list[tuple[str, str]]:
    return [(code.value, code.name.replace("_", " ").capitalize()) for code in codes]


class Source(models.Model):
    """A file that was imported: hashed whole and by member, and kept as it came (its own short series)."""

    public_id = models.CharField(max_length=40, unique=True, default=_source_id)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    # The blob with one line per member: size, SHA-256, name. It stays when the file itself is disposed of.
    manifest = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ("imported_at", "pk")
        constraints = (models.UniqueConstraint(fields=("channel", "sha256"), name="one_source_per_file_and_channel"),)

    def __str__(self) -> str:
        return self.name


class Capture(models.Model):
    """One look at a channel, or one import: by which route, over which window, what was seen and what was not.

    A look that finds nothing new lengthens the last one (`looks`, `window_to`, `finished_at`) instead of adding a row.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_capture_id)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="captures")
    sources = models.ManyToManyField(Source, related_name="captures")
    route = models.CharField(max_length=20, choices=_choices(Route))
    window_from = models.DateTimeField(null=True, blank=True)
    window_to = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    looks = models.PositiveIntegerField(default=1)
    recognised = models.JSONField(default=dict)
    stored = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    missing = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    # The page as it came: hashed whole; kept under its own short series, while the hash stays.
    container = models.CharField(max_length=64, blank=True)
    container_type = models.CharField(max_length=100, blank=True)
    entry = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("started_at", "pk")
        indexes = (models.Index(fields=("channel", "route", "-finished_at"), name="captures_by_channel"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(window_from__isnull=True) | Q(window_to__isnull=True) | Q(window_from__lte=F("window_to")),
                name="capture_window_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.public_id

    @property
    def was_whole(self) -> bool:
        """Whether everything in the window could be read."""
        return not self.faults and not self.missing


class CaptureCursor(models.Model):
    """How far a channel was read: the platform's own cursor, moved in the transaction that stores the page before it.

    A run that is killed anywhere goes on from here: nothing is skipped, and what is read again is known already.
    """

    channel = models.OneToOneField("channels.Channel", on_delete=models.PROTECT, related_name="capture_cursor")
    # Empty before the first page: the channel was tried, and nothing was read yet.
    cursor = models.TextField(blank=True)
    moved_at = models.DateTimeField()
    # When the next look is due: set when a look begins, and put off when the platform asks to wait.
    next_at = models.DateTimeField(null=True, blank=True)
    # The Item (primary key) up to which known Items were looked at again; after the last one it starts over.
    reread_to = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.channel_id)


class Item(models.Model):
    """A post, comment, share, message or profile, as one thing through all its versions.

    Who wrote it, where it stands and when it was published are those of its first version; what it said is in its
    versions. `absences` counts looks in a row that did not find it: two make it gone.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_item_id)
    # No index of its own where a constraint below begins with it: every index is written with every row.
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="items", db_index=False)
    platform = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=_choices(Kind))
    native_id = models.CharField(max_length=500)
    id_is_derived = models.BooleanField(default=False)
    url = models.TextField(blank=True)
    author_id = models.TextField(blank=True)
    author_handle = models.TextField(blank=True)
    author_name = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # The instant it sorts by: published, or first seen where the platform gives no date.
    sorted_at = models.DateTimeField()
    parent_id = models.CharField(max_length=500, blank=True)
    root_id = models.CharField(max_length=500, blank=True)
    quoted_id = models.CharField(max_length=500, blank=True)
    access = models.CharField(max_length=20, choices=_choices(Access), default=Access.OPEN)
    state = models.CharField(max_length=20, choices=_choices(State), default=State.PRESENT)
    state_since = models.DateTimeField()
    absences = models.PositiveSmallIntegerField(default=0)
    version_count = models.PositiveIntegerField(default=0)
    # Whose it is, where staff made it and a clause in force says so; empty for what others said.
    property_holder = models.CharField(max_length=200, blank=True)
    property_kind = models.CharField(max_length=40, blank=True)
    # With whose tool it was posted: the platform's, until a publication from here is found to be it.
    tool = models.CharField(max_length=10, choices=_choices(Tool), default=Tool.PLATFORM)

    class Meta:
        ordering = ("sorted_at", "pk")
        indexes = (
            models.Index(fields=("channel", "root_id"), condition=~Q(root_id=""), name="items_by_thread"),
            models.Index(fields=("channel", "parent_id"), condition=~Q(parent_id=""), name="items_by_parent"),
        )
        constraints = (
            models.UniqueConstraint(fields=("channel", "native_id"), name="one_item_per_native_id"),
            models.CheckConstraint(condition=~Q(native_id=""), name="item_has_a_native_id"),
        )

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_restricted(self) -> bool:
        """Whether only those with a right to it may see it (direct messages, personal data)."""
        return self.access == Access.RESTRICTED


class Version(models.Model):
    """What an Item said at a time. Never changed; `commitment` is its leaf in the ledger.

    The primary key is its place in time: seconds since year 1, shifted left by 20 bits, plus a number within the
    second. So the key's order is the order of publication, a span of days is a range of keys, and the search index
    (whose row has the same key) answers in the right order without sorting.
    """

    id = models.BigIntegerField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=40, blank=True)
    url = models.TextField(blank=True)
    author_handle = models.TextField(blank=True)
    author_name = models.TextField(blank=True)
    visibility = models.CharField(max_length=20, choices=_choices(Visibility))
    edited_at = models.DateTimeField(null=True, blank=True)
    version_key = models.CharField(max_length=300, blank=True)
    extra = models.JSONField(default=dict)
    # The Item's own slice of the payload. Small ones are packed in the row (so that disposing of one touches no
    # other), large ones are blobs; `raw_packing` says which.
    raw_sha256 = models.BinaryField(max_length=32)
    raw_size = models.PositiveIntegerField()
    raw_type = models.CharField(max_length=100)
    raw_packing = models.CharField(max_length=20)
    raw = models.BinaryField(null=True)
    route = models.CharField(max_length=20, choices=_choices(Route))
    captured_at = models.DateTimeField()
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="versions")
    # The salts of its commitment come from the seed; the seed goes when the content is disposed of.
    seed = models.BinaryField(max_length=32)
    # Unique already as a leaf of the ledger.
    commitment = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="one_version_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(condition=~Q(raw_packing="blob") | Q(raw__isnull=True), name="raw_in_one_place"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"


class Media(models.Model):
    """An image, video or other file of a version. Its bytes are a blob, stored once however often it is used."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="media", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=500, blank=True)
    mime = models.CharField(max_length=100)
    alt = models.TextField(blank=True)
    url = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size_bytes = models.BigIntegerField(default=0)
    # Why there are no bytes, where there are none.
    missing = models.TextField(blank=True)

    class Meta:
        ordering = ("version", "position")
        verbose_name_plural = "media"
        constraints = (
            models.UniqueConstraint(fields=("version", "position"), name="one_medium_per_position"),
            models.CheckConstraint(condition=~Q(sha256="") | ~Q(missing=""), name="missing_media_say_why"),
        )

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"


class Sighting(models.Model):
    """A look that showed something other than what was known: edited, hidden, gone, or back.

    `announced`: the platform itself said so (a firehose, a Delete), and `notice` is the SHA-256 of what it said.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="sightings")
    at = models.DateTimeField()
    seen = models.CharField(max_length=20, choices=_choices(Seen))
    announced = models.BooleanField(default=False)
    route = models.CharField(max_length=20, choices=_choices(Route))
    notice = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.item_id} {self.seen}"


class Gap(models.Model):
    """A stretch of a channel that could not be seen, and why. Open until the window was seen or the cause explained."""

    public_id = models.CharField(max_length=40, unique=True, default=_gap_id)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="gaps")
    from_at = models.DateTimeField(null=True, blank=True)
    to_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=500, blank=True)
    duty = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "cause"), condition=Q(closed_at__isnull=True), name="one_open_gap_per_cause"
            ),
            models.CheckConstraint(
                condition=Q(from_at__isnull=True) | Q(to_at__isnull=True) | Q(from_at__lte=F("to_at")),
                name="gap_window_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class ReadBack(models.Model):
    """One round over every stored version: read, compared with its commitment, looked for by the search.

    `after` is the key of the version it has come to; a round without an end goes on from there.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_round_id)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    after = models.BigIntegerField(default=-1)
    checked = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveBigIntegerField(default=0)
    searched = models.PositiveBigIntegerField(default=0)
    found = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("started_at", "pk")

    def __str__(self) -> str:
        return self.public_id


class Advertising(models.Model):
    """That an Item is advertising or a link of whoever runs the site, its vendors or partners: not the body's content.

    The Item stays where it is and is found as before; it is not counted as the body's, nor moderated.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="advertising")
    whose = models.CharField(max_length=20, choices=_choices(Whose))
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("set_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(taken_back_at__isnull=True), name="set_apart_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.whose}"


class SubstanceQuestion(models.Model):
    """Whether a version's words concern the body's business: asked by one, answered by another on the words alone."""

    public_id = models.CharField(max_length=40, unique=True, default=_question_id)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="substance_questions")
    why = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_related = models.BooleanField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("version",), condition=Q(is_related__isnull=True), name="one_open_question_per_version"
            ),
            models.CheckConstraint(
                condition=Q(is_related__isnull=True, decided_at__isnull=True)
                | (Q(is_related__isnull=False, decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="answered_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
