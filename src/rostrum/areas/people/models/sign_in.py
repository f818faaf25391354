"""Tries to sign in, and forms that were sent."""

from django.db import models


class SignInAttempt(models.Model):
    """One try to sign in, kept while it counts towards the limit. Holds keyed digests, not who or from where."""

    pair = models.CharField(max_length=64)  # of network address and e-mail address together
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("pair", "at")), models.Index(fields=("address", "at")))


class PostedForm(models.Model):
    """A form that was sent, by its hidden token: a second sending gets the first one's answer (web/double_posting.py).

    `location` is empty while the act is under way.
    """

    token = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
