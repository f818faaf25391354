"""What the public's forms leave behind for a day, and the newest exports of the registry."""

from django.db import models

from rostrum.kernel.ids import new_id


def _export_id() -> str:
    return new_id("rgx")


class PublicTry(models.Model):
    """One form sent by somebody who is not signed in, kept while it counts. Holds a keyed digest, not the address."""

    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("kind", "address", "at"), name="public_tries_by_address"),)

    def __str__(self) -> str:
        return self.kind


class RegistryExport(models.Model):
    """The registry as it was put together at an instant: canonical JSON, whose digest the entry (public id) binds.

    `content_sha256` leaves the instant out, so that it tells whether anything has changed since.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_export_id)
    entry = models.CharField(max_length=40)
    content_sha256 = models.CharField(max_length=64)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.public_id
