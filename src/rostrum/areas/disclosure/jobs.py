"""What the worker does for records requests: letters and productions."""

from datetime import datetime
from typing import Any

from django.conf import settings

from rostrum.areas.disclosure import letters, operations, productions, verifying
from rostrum.areas.disclosure.models import Production, RecordsRequest
from rostrum.connectors.mail import mailer
from rostrum.connectors.typesetting import TypesettingFailed
from rostrum.evidence.bundle import BundleRefused


def make_production(args: dict[str, Any], *, now: datetime) -> None:
    """Build a production. What can still be read although it was withheld stops it, and the reason is shown."""
    production = Production.objects.select_related("request").get(public_id=args["production"])
    if production.state != Production.State.BUILDING:
        return
    try:
        digest, size_bytes, records = productions.build(production, now=now)
    except (verifying.StillThere, TypesettingFailed, BundleRefused) as problem:
        # Trying again would end the same way. What passes (a leaf without its index yet) is tried again by the worker.
        operations.fail_production(production_id=production.public_id, fault=str(problem), actor="system", now=now)
        return
    operations.finish_production(
        production_id=production.public_id,
        digest=digest,
        size_bytes=size_bytes,
        records=records,
        actor="system",
        now=now,
    )


def send_letter(args: dict[str, Any], *, now: datetime) -> None:  # noqa: ARG001 (every handler is given the clock)
    """Mail a letter of a request. Mail may go out twice; that is harmless."""
    request = RecordsRequest.objects.get(public_id=args["request"])
    subject, text = letters.letter_text(request, args["letter"])
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(request.requester_email, subject, text)
