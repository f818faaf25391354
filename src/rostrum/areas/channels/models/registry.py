"""Lists of channels that others kept, row by row as they were given, and what became of each address in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rostrum.areas.channels.models.life import Channel
from rostrum.kernel.ids import new_id


def _list_id() -> str:
    return new_id("lst")


class ChannelList(models.Model):
    """One list as it was given. `covers` says what it claims to name: "all", "part", or a department's public id.

    `content` are the file's own bytes: what was read of them can be read again, and read better.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_list_id)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    content = models.BinaryField()
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    covers = models.CharField(max_length=40)
    default_unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, db_index=True)
    received_by = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    # Of the channels the list should name: how many there were, and which it did not (public ids).
    known_count = models.PositiveIntegerField(default=0)
    missing = models.JSONField(default=list, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-received_at", "-pk")

    def __str__(self) -> str:
        return self.name


class ListRow(models.Model):
    """One row of a list: its first line's number, its text as written, what it is (`lists.RowKind`)."""

    source = models.ForeignKey(ChannelList, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=12)
    # Pairs of code and sentence.
    why = models.JSONField(default=list, blank=True)
    settled_by = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("source", "number"), name="one_row_per_line_of_a_list"),)
        indexes = (models.Index(fields=("source", "kind", "number"), name="list_rows_by_kind"),)

    def __str__(self) -> str:
        return f"row {self.number}"


class ListFind(models.Model):
    """One address that a row names, and what becomes of it (`lists.Outcome`, then "taken" or "left")."""

    source = models.ForeignKey(ChannelList, on_delete=models.PROTECT, related_name="finds")
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="finds")
    position = models.PositiveSmallIntegerField()
    written = models.TextField(blank=True)
    platform = models.CharField(max_length=50, blank=True)
    handle = models.TextField(blank=True)
    url = models.TextField(blank=True)
    key = models.TextField(blank=True)
    name = models.CharField(max_length=200)
    unit_text = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    why = models.JSONField(default=list, blank=True)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="list_finds")
    settled_by = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("row__number", "position")
        constraints = (
            models.UniqueConstraint(fields=("row", "position"), name="one_find_per_place_of_a_row"),
            models.CheckConstraint(
                condition=~Q(outcome="taken") | Q(channel__isnull=False), name="a_taken_find_is_a_channel"
            ),
        )
        indexes = (models.Index(fields=("source", "outcome"), name="list_finds_by_outcome"),)

    def __str__(self) -> str:
        return self.written
