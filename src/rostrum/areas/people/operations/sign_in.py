"""Passwords are set, and links to set them are mailed."""

import hashlib
from datetime import datetime
from typing import Literal

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries
from rostrum.areas.people.models import SignedIn, User
from rostrum.areas.people.operations.acting import Actor, name_of
from rostrum.areas.people.operations.sessions import close
from rostrum.kernel.decisions import Decision, InvalidInput, Reason


def put_password(person: User, password: str | None) -> None:
    """Put the password on the person, unsaved. Raises `InvalidInput` where it is too weak."""
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as problem:
            raise InvalidInput("password", " ".join(problem.messages)) from problem
    person.set_password(password)


@transaction.atomic
def set_password(*, person: User, password: str, actor: Actor, now: datetime, keep: str = "") -> User:
    """Set a new password: one's own, or by the installer. Sessions end, but the one with the id `keep`.

    The person is told. Raises `Refused`, `InvalidInput`.
    """
    against = []
    if isinstance(actor, User) and actor.pk != person.pk:
        against.append(Reason("not-own-password", "A password is set only by the person it belongs to."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if not queries.is_present(person, now=now):
        against.append(Reason("person-left", "This person cannot sign in any more."))
    Decision(tuple(against)).or_refuse()
    put_password(person, password)
    person.save(update_fields=["password"])
    close(SignedIn.objects.filter(person=person).exclude(public_id=keep), because="password-set", now=now)
    ledger.record(events.PasswordSet(person=person.public_id), actor=name_of(actor), now=now)
    jobs.enqueue("people.send-security-notice", {"person": person.public_id, "what": "password-set"}, now=now)
    return person


@transaction.atomic
def note_failed_try(*, email: str, actor: Literal["public"], now: datetime) -> None:
    """Queue a look at whom a failed try to sign in was for: somebody who has left is noted (`note_refused_attempt`).

    A job is queued whoever was asked for, so that the work done tells nothing. No official act yet.
    """
    del actor
    person = User.objects.filter(email__iexact=email.strip()).first()
    found = person.public_id if person is not None else ""
    jobs.enqueue(
        "people.note-failed-try", {"person": found}, now=now, unique_key=f"failed-try:{found or _nobody(email)}"
    )


def _nobody(email: str) -> str:
    """What stands for an address of nobody where a key is needed."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:24]


@transaction.atomic
def send_password_link(*, email: str, origin: str, actor: Actor | Literal["public"], now: datetime) -> None:
    """Queue a mail with a link to set a password, if such a person is here; says nothing either way.

    `origin` is the site's own (``https://social.example.gov``). The link is made when the mail is sent, so that no
    working link lies in the queue. A job is queued for nobody too: the work done tells nothing. Not an official act:
    recorded when the password is set.
    """
    del actor
    person = User.objects.filter(email__iexact=email.strip()).first()
    found = person.public_id if person is not None and queries.is_present(person, now=now) else ""
    who = found or _nobody(email)
    jobs.enqueue(
        "people.send-password-link", {"person": found, "origin": origin}, now=now, unique_key=f"password-link:{who}"
    )
