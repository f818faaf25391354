"""The body's own policy texts and the policies that stay in force beside them, each with its versions."""

from django.db import models
from django.db.models import Q

from rostrum.areas.people.models import acting_person
from rostrum.kernel.ids import new_id


def _document_id() -> str:
    return new_id("doc")


def _text_id() -> str:
    return new_id("ptx")


class PolicyDocument(models.Model):
    """A document the body works under: a pack's own text, a policy that a pack names beside it, or one of the body's.

    The packs hold paraphrases; what people are given to read is the body's own text, entered here.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_document_id)
    # The pack it belongs to, or "" for a policy that the body itself lists.
    pack = models.CharField(max_length=60, blank=True)
    # The pack's name for a related policy, or "" for the pack's own document.
    related = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    citation = models.CharField(max_length=200, blank=True)
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("pack", "related"), condition=~Q(pack=""), name="one_document_per_place_in_a_pack"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_own(self) -> bool:
        """Whether it is a pack's own document: what the body's people certify."""
        return bool(self.pack) and not self.related


class PolicyText(models.Model):
    """One version of a document: its whole text, or the file or address that holds it. Never changed afterwards."""

    public_id = models.CharField(max_length=40, unique=True, default=_text_id)
    document = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=100)
    adopted_on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    file = models.CharField(max_length=64, blank=True)  # the blob's SHA-256
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True, blank=True)
    put_in_force_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("document", "-number")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="one_text_per_number"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(link="") | ~Q(file=""), name="a_policy_text_says_or_points_to_something"
            ),
            models.CheckConstraint(
                condition=Q(in_force_at__isnull=True, put_in_force_by="")
                | (Q(in_force_at__isnull=False) & ~Q(put_in_force_by="")),
                name="a_text_in_force_names_who_put_it_there",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document}, {self.label}"


class PolicyReading(models.Model):
    """A person confirmed having read this version of a policy: beside a right on a channel, or by oneself."""

    person = acting_person()
    text = models.ForeignKey(PolicyText, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "text"), name="one_reading_per_person_and_text"),)
