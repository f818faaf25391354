"""The mails of governance, as text made when they are sent: what was delivered, what is owed, what came back."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import date as shown_date
from django.urls import reverse

from rostrum.areas.governance import queries
from rostrum.areas.governance.models import Bulletin, Certification, DirectiveDelivery, TrainingAssignment
from rostrum.areas.governance.queries import training
from rostrum.areas.people.models import User

Letter = tuple[str, str, str]  # to, subject, text


def _address(route: str, *args: str) -> str:
    """Where it is done, in full; empty where the installation was not told its own address."""
    return f"\n{settings.PUBLIC_ADDRESS}{reverse(route, args=args)}\n" if settings.PUBLIC_ADDRESS else ""


def day_of(at: datetime) -> str:
    """The last civil day before the instant ends, as it is written: "December 7, 2026"."""
    local = at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE))
    # Due instants are the midnight after the day.
    on = local.date() - timedelta(days=1) if local.time() == time() else local.date()
    return shown_date(on, "F j, Y")


def delivered(found: Certification) -> Letter:
    """That a policy was delivered, and until when it is to be certified."""
    document = found.text.document
    return (
        found.person.email,
        f"Please read and certify: {document.title}",
        f"{found.person.name},\n\n"
        f"{queries.body_name()} gives you this policy to read: {document.title} ({found.text.label}).\n"
        f"Sign in, open “My policies”, read it to its end, and certify it by {day_of(found.due_at)}.\n"
        f"{_address('certification', found.public_id)}\n"
        "If you would rather sign on paper, ask human resources for the form.\n",
    )


def reminder(found: Certification, now: datetime) -> Letter:
    """That a certification is still owed, or overdue."""
    document = found.text.document
    is_late = now > found.due_at
    state = f"was due by {day_of(found.due_at)}" if is_late else f"is due by {day_of(found.due_at)}"
    return (
        found.person.email,
        f"{'Overdue' if is_late else 'Reminder'}: certify {document.title}",
        f"{found.person.name},\n\nyour certification of {document.title} ({found.text.label}) {state}.\n"
        "Sign in, open “My policies”, read it to its end, and certify it.\n"
        f"{_address('certification', found.public_id)}",
    )


def returned(found: Certification, to: str) -> Letter:
    """That a certification came back, to the recipient that the form names."""
    document = found.text.document
    address = "\n".join(found.returned_to)
    return (
        to,
        f"Certification returned: {found.person.name}",
        f"{address}\n\n{found.person.name} certified {document.title} ({found.text.label}) on "
        f"{shown_date(found.signed_on, 'F j, Y')}. The signed page is kept as {found.public_id}; "
        "find it under Policy, Certifications.\n".lstrip(),
    )


def assigned(owed: TrainingAssignment) -> Letter:
    """That a training is owed."""
    title = training.training_called(owed.training).title
    return (
        owed.person.email,
        f"{'Training to renew' if owed.is_renewal else 'Training'}: {title}",
        f"{owed.person.name},\n\nplease complete the training “{title}” by {day_of(owed.due_at)}.\n"
        "Sign in and open “My policies”: it stands there with what else is asked of you.\n"
        f"{_address('training', owed.training)}",
    )


def directive(found: DirectiveDelivery, person: User) -> Letter:
    """How content is retained and stored from now on."""
    said = found.directive
    return (
        person.email,
        f"Directive {said.number}: how content is retained and stored",
        f"{person.name},\n\n{said.issued_by.name} directs, for {found.unit.name}:\n\n{said.option}\n\n"
        f"Why: {said.cost_reason}\n"
        f"{_address('directive', said.public_id)}",
    )


def bulletin(found: Bulletin, person: User) -> Letter:
    """News about a threat."""
    return (
        person.email,
        f"Bulletin: {found.title}",
        f"{person.name},\n\n{found.text}\n\nSign in, open “My policies”, and confirm that you read this.\n"
        f"{_address('bulletin', found.public_id)}",
    )
