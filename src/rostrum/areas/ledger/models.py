"""The ledger's tables. Rows of entries, leaves and indices are only ever added: triggers refuse anything else."""

import json
from typing import Any

from django.db import models
from django.db.models import Q

from rostrum.kernel.ids import new_id


def _entry_id() -> str:
    return new_id("ent")


def _log_id() -> str:
    return new_id("log")


class LeafKind(models.TextChoices):
    """What a leaf commits to: the act's entry, or one Version stored by the act."""

    ENTRY = "entry"
    VERSION = "version"


class Entry(models.Model):
    """One official act: who, when, what, under which policy. Private; the log holds only salted commitments."""

    public_id = models.CharField(max_length=40, unique=True, default=_entry_id)
    kind = models.CharField(max_length=80, db_index=True)
    at = models.DateTimeField(db_index=True)
    # A person's public id, "system" or "public".
    actor = models.CharField(max_length=40, db_index=True)
    pack_version = models.CharField(max_length=400, blank=True)
    # Canonical JSON (RFC 8785): the very bytes that were committed to.
    body_text = models.TextField()
    seed = models.BinaryField(max_length=32)

    class Meta:
        # What happened lately, by kind: without it each question reads all that ever happened of the kind.
        indexes = (models.Index(fields=("kind", "at"), name="entries_by_kind_and_time"),)
        ordering = ("id",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def body(self) -> dict[str, Any]:
        """The event's fields."""
        fields: dict[str, Any] = json.loads(self.body_text)
        return fields

    @property
    def leaf_ids(self) -> list[int]:
        """The act's leaves in order: its own first, then those of the Versions."""
        return list(self.leaves.order_by("position").values_list("pk", flat=True))


class Leaf(models.Model):
    """One leaf of the tree: a 32-byte salted commitment. Position 0 is the entry's own."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="leaves")
    position = models.IntegerField()
    commitment = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=10, choices=LeafKind.choices)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("entry", "position"), name="one_leaf_per_place_in_an_entry"),
            models.CheckConstraint(
                condition=Q(kind="entry", position=0) | Q(kind="version", position__gt=0), name="entry_leaf_comes_first"
            ),
        )

    def __str__(self) -> str:
        return bytes(self.commitment).hex()


class Waiting(models.Model):
    """An entry whose leaves have no index yet. Made with the entry, so that a late commit is not skipped."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Log(models.Model):
    """One tree under one origin and key. A second one begins only where the first can no longer be continued."""

    public_id = models.CharField(max_length=40, unique=True, default=_log_id)
    origin = models.CharField(max_length=200, unique=True)
    verifier_key = models.CharField(max_length=400)
    started_at = models.DateTimeField()
    # The last known checkpoint of the log before it, as signed; empty for the first.
    previous_checkpoint = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.origin


class Sequenced(models.Model):
    """A leaf's index in a log."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="sequenced")
    index = models.BigIntegerField()
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="places")

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("log", "index"), name="one_leaf_per_index"),
            models.UniqueConstraint(fields=("leaf", "log"), name="one_index_per_leaf"),
            models.CheckConstraint(condition=Q(index__gte=0), name="index_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.log_id}/{self.index}"


class Lost(models.Model):
    """An index the log has signed whose leaf this database no longer knows: it was restored from an older backup."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="lost")
    index = models.BigIntegerField()
    leaf_hash = models.BinaryField(max_length=32)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ("log", "index")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("log", "index"), name="one_loss_per_index"),)

    def __str__(self) -> str:
        return f"{self.log_id}/{self.index}"


class PublishedCheckpoint(models.Model):
    """A checkpoint that was published: the signed note, and what it says."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("log", "size")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("log", "size"), name="one_checkpoint_per_size"),)

    def __str__(self) -> str:
        return f"{self.log_id} at {self.size}"


class LogState(models.Model):
    """The single row that says which log is written and which pack version new entries are stamped with."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    log = models.ForeignKey(Log, null=True, on_delete=models.PROTECT, related_name="+")
    pack_version = models.CharField(max_length=400, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_log_state"),)

    def __str__(self) -> str:
        return self.pack_version
