"""Jobs of the people area: mail, and sweeping what is no longer needed.

Kinds: ``mail.send`` {to, subject, text}, ``people.send-password-link`` {person, origin},
``people.send-security-notice`` {person, what}, ``people.note-failed-try`` {person}, ``people.sweep`` {} (hourly).
Mail may repeat safely (design §11.11).
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.urls import reverse

from rostrum.areas.people import queries
from rostrum.areas.people.models import PostedForm, SignedIn, SignInAttempt, User
from rostrum.areas.people.operations import SYSTEM, ByDirectory, end_unseen_roles, note_refused_attempt
from rostrum.connectors.mail import mailer

# Long enough to ask "was that me?", not long enough to follow anybody about.
_SESSIONS_KEPT = timedelta(days=30)


def send_mail(args: dict[str, Any], *, now: datetime) -> None:
    """Send one mail: `to`, `subject`, `text`."""
    del now
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(args["to"], args["subject"], args["text"])


def send_password_link(args: dict[str, Any], *, now: datetime) -> None:
    """Mail the person a link to set a password; it works once and for a day. Nothing is sent to who has left."""
    person = User.objects.filter(public_id=args["person"]).first()
    if person is None or not queries.is_present(person, now=now):
        return
    path = reverse("set-password", args=[person.public_id, default_token_generator.make_token(person)])
    text = (
        f"{person.name},\n\nset your password for Rostrum here, within a day:\n\n{args['origin']}{path}\n\n"
        "If you did not ask for this, do nothing; your password stays as it is.\n"
    )
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(person.email, "Set your password", text)


# What happened, as the mail says it; and what to do if it was somebody else.
_NOTICES = {
    "password-set": "your password was changed, and your other sessions ended.",
    "factor-added": "a second factor was added to your sign-in.",
    "factor-removed": "a second factor was removed from your sign-in.",
    "factor-suspect": "one of your passkeys answered as a copy would. The sign-in was refused and the passkey removed.",
    "recovery-codes-made": "new recovery codes were made for your sign-in. The former ones no longer work.",
    "recovery-code-used": "one of your recovery codes was used to sign in.",
    "reset-asked": "somebody asked that your second factors be reset. A second person decides about it. If you did not "
    "lose them, sign in and refuse it on the page of your sign-in.",
    "factors-reset": "your second factors were reset by two persons, and your sessions ended. You set one up anew when "
    "you next sign in.",
    "factors-reset-at-the-machine": "your second factors were reset by whoever runs the machine, because no two "
    "persons were left who could do it, and your sessions ended. You set one up anew when you next sign in. If you did "
    "not ask for it, tell your body's management at once.",
    "guessed": "somebody got past the first step of your sign-in and typed wrong codes. If it was not you, somebody "
    "knows your password: change it now.",
}


def note_failed_try(args: dict[str, Any], *, now: datetime) -> None:
    """Note it where somebody who has left tried to sign in; nothing for anybody else, and for nobody."""
    person = User.objects.filter(public_id=args["person"]).first()
    if person is not None:
        note_refused_attempt(person=person, way="sign-in", actor=SYSTEM, now=now)


def send_security_notice(args: dict[str, Any], *, now: datetime) -> None:
    """Tell a person by mail what happened to their sign-in; also one who has just been locked out of it."""
    del now
    person = User.objects.filter(public_id=args["person"], is_active=True).first()
    if person is None:
        return
    text = (
        f"{person.name},\n\n{_NOTICES[args['what']]}\n\n"
        "If this was you, nothing needs to be done. If not, tell your IT department now.\n"
    )
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(person.email, "Your sign-in to Rostrum", text)


def sweep(args: dict[str, Any], *, now: datetime) -> None:
    """Delete ended sessions, sign-in tries older than a day, and form tokens older than a week.

    Also ends the roles that a directory gave to people it no longer speaks of.
    """
    del args
    longest = timedelta(hours=settings.SESSION_LONGEST_HOURS)
    SignedIn.objects.filter(started_at__lt=now - longest, ended_at__isnull=True).update(
        ended_at=now, ended_because="longest"
    )
    SignedIn.objects.filter(ended_at__lt=now - _SESSIONS_KEPT).delete()
    for directory in settings.SIGN_IN.directories:
        end_unseen_roles(directory=directory, actor=ByDirectory(directory.id), now=now)
    Session.objects.filter(expire_date__lt=now).delete()
    SignInAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
    PostedForm.objects.filter(at__lt=now - timedelta(days=7)).delete()
