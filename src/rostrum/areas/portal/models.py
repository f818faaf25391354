"""What the public's forms leave behind besides their act: a count per network address, for a day."""

from django.db import models


class PublicTry(models.Model):
    """One form sent by somebody who is not signed in, kept while it counts. Holds a keyed digest, not the address."""

    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("kind", "address", "at"), name="public_tries_by_address"),)

    def __str__(self) -> str:
        return self.kind
