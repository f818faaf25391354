"""What the worker does for governance: delivers policies, assigns trainings, sets signed pages, mails.

Kinds: ``governance.tend`` {} (deliver, assign, end what is no longer owed), ``governance.make-certificate``
{certification}, ``governance.send-letter`` {letter, …}, ``governance.suggest-directive`` {entry}. Each may run twice.
"""

from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings

from rostrum.areas.governance import certificate, letters, operations, queries
from rostrum.areas.governance.models import Bulletin, Certification, DirectiveDelivery, TrainingAssignment
from rostrum.areas.governance.operations.coordinator import look_at_coordinator
from rostrum.areas.governance.operations.directives import FAILED, NEW_PLATFORM
from rostrum.areas.governance.queries import acknowledgements, directives, security, training
from rostrum.areas.governance.rules.acknowledgements import CertificationState
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.jobs import queries as job_queries
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.operations.acting import SYSTEM
from rostrum.connectors.mail import mailer

# So many at a time, that the first day with thousands of persons holds up nothing else.
_AT_ONCE = 200


def tend(args: dict[str, Any], *, now: datetime) -> None:
    """Deliver what was not delivered, assign what is owed, end what no longer is; notice that nobody coordinates."""
    if queries.activation() is None:
        return
    if "entry" in args and job_queries.waits("governance.tend", now):
        # Many persons added at once ask for it many times; the last of them sees them all.
        return
    look_at_coordinator(actor=SYSTEM, now=now)
    operations.look_at_directives(actor=SYSTEM, now=now)
    for exception in security.exceptions_run_out(now=now):
        operations.end_persona_exception(
            exception_id=exception.public_id, because="its last day has passed", actor=SYSTEM, now=now
        )
    done = 0
    for certification, because in list(islice(acknowledgements.to_end(now=now), _AT_ONCE)):
        operations.end_certification(certification_id=certification.public_id, because=because, actor=SYSTEM, now=now)
        done += 1
    for person, form, _ in list(islice(acknowledgements.undelivered(now=now), _AT_ONCE)):
        operations.deliver_policy(person=person, form_id=form.id, actor=SYSTEM, now=now)
        done += 1
    for assignment in list(islice(training.to_end(now=now), _AT_ONCE)):
        operations.end_assignment(assignment_id=assignment.public_id, actor=SYSTEM, now=now)
        done += 1
    for person, given, is_renewal in list(islice(training.unassigned(now=now), _AT_ONCE)):
        operations.assign_training(person=person, key=given.key, is_renewal=is_renewal, actor=SYSTEM, now=now)
        done += 1
    if done >= _AT_ONCE:
        jobs.enqueue("governance.tend", {}, now=now, unique_key="governance.tend:more")


def suggest_directive(args: dict[str, Any], *, now: datetime) -> None:
    """Note that a platform is new here, or that a connector failed, where directives are asked for."""
    if queries.activation() is None or not queries.policy().bound_to(directives.INTERIM):
        return
    entry = Entry.objects.get(public_id=args["entry"])
    body = entry.body
    if entry.kind == "archive.gap-opened.v1":
        # A log-in that is no longer accepted is a matter of custody, not of how content is stored.
        if body["cause"] in ("platform_error", "not_configured", "faults"):
            operations.suggest_directive(why=FAILED, subject=body["gap"], entry=entry.public_id, actor=SYSTEM, now=now)
    elif not directives.is_known_platform(body["platform"], before=entry):
        operations.suggest_directive(
            why=NEW_PLATFORM, subject=body["platform"], entry=entry.public_id, actor=SYSTEM, now=now
        )


def make_certificate(args: dict[str, Any], *, now: datetime) -> None:
    """Set the signed page of a certification and keep it."""
    found = Certification.objects.select_related("text__document", "person").get(public_id=args["certification"])
    if found.state != CertificationState.CERTIFIED or found.certificate:
        return
    pdf = certificate.set_certificate(found)
    operations.keep_certificate(certification_id=found.public_id, pdf=pdf, actor=SYSTEM, now=now)


def send_letter(args: dict[str, Any], *, now: datetime) -> None:
    """Mail one letter; what is no longer so by the time it would be sent is not sent."""
    letter = _letter(args, now)
    if letter is None or not letter[0]:
        return
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(*letter)
    if args["letter"] == "directive":
        delivery = DirectiveDelivery.objects.get(public_id=args["delivery"])
        if delivery.reached_at is None:
            operations.record_directive_delivery(
                delivery_id=delivery.public_id, how=f"By mail to {args['person']}", actor=SYSTEM, now=now
            )


def _letter(args: dict[str, Any], now: datetime) -> letters.Letter | None:
    which = args["letter"]
    if which in ("delivered", "reminder", "returned"):
        found = Certification.objects.select_related("text__document", "person").get(public_id=args["certification"])
        if which == "returned":
            return letters.returned(found, str(queries.choice("acknowledgement.return_email", "")))
        if not found.is_open or not people.is_present(found.person, now=now):
            return None
        return letters.delivered(found) if which == "delivered" else letters.reminder(found, now)
    if which == "directive":
        delivery = DirectiveDelivery.objects.select_related("directive__issued_by", "unit").get(
            public_id=args["delivery"]
        )
        return letters.directive(delivery, people.person_by_id(args["person"]))
    if which == "training":
        owed = TrainingAssignment.objects.select_related("person").get(public_id=args["assignment"])
        return letters.assigned(owed) if owed.completed_at is None and owed.ended_at is None else None
    return letters.bulletin(Bulletin.objects.get(public_id=args["bulletin"]), people.person_by_id(args["person"]))
