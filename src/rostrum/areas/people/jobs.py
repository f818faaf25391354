"""Jobs of the people area: mail, and sweeping what is no longer needed.

Kinds: ``mail.send`` {to, subject, text}, ``people.send-password-link`` {person, origin}, ``people.sweep`` {} (hourly).
Mail may repeat safely (design §11.11).
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.urls import reverse

from rostrum.areas.people import queries
from rostrum.areas.people.models import PostedForm, SignInAttempt, User
from rostrum.connectors.mail import mailer


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


def sweep(args: dict[str, Any], *, now: datetime) -> None:
    """Delete ended sessions, sign-in tries older than a day, and form tokens older than a week."""
    del args
    Session.objects.filter(expire_date__lt=now).delete()
    SignInAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
    PostedForm.objects.filter(at__lt=now - timedelta(days=7)).delete()
