"""Who is signed in where, and whom a directory knows by which name."""

from django.db import models
from django.db.models import Q

from rostrum.areas.people.models.persons import acting_person
from rostrum.kernel.ids import new_id


def _session_id() -> str:
    return new_id("ses")


class SignedIn(models.Model):
    """One sign-in that lasts until it ends. Keeps no address and no browser string: a kind of device, a network."""

    public_id = models.CharField(max_length=40, unique=True, default=_session_id)
    person = acting_person()
    # The digest under which the session store keeps the session: it opens nothing.
    store_key = models.CharField(max_length=40, unique=True)
    how = models.CharField(max_length=60)
    has_second_factor = models.BooleanField(default=False)
    device = models.CharField(max_length=60)
    network = models.CharField(max_length=60)
    # The directory's own name of this sign-in, by which it may end it.
    directory_session = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # When the person last proved who they are: changes of factors ask for a recent proof.
    proven_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("person", "-started_at"), condition=Q(ended_at__isnull=True), name="people_signed_in"),
        )


class DirectoryIdentity(models.Model):
    """The link between a person and who a directory says they are."""

    directory = models.CharField(max_length=60)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    person = acting_person()
    linked_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="one_person_per_subject"),
            models.UniqueConstraint(fields=("issuer", "person"), name="one_subject_per_person"),
        )
