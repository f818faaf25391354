"""Making a production: asked for in one act, built by a job, finished or failed in another."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.disclosure import events, rules
from rostrum.areas.disclosure.models import Determination, Production, RecordsRequest
from rostrum.areas.disclosure.operations.locking import locked_request, move, must_process_requests
from rostrum.areas.disclosure.states import RequestAct, RequestState
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User


@transaction.atomic
def ask_production(*, request_id: str, actor: User, now: datetime) -> Production:
    """Have a production made by the worker. Raises `Refused` with every reason against it."""
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    determination = Determination.objects.filter(request=request).first()
    rules.decide_production(
        RequestState(request.state),
        determination.outcome if determination else "",
        request.productions.filter(state=Production.State.BUILDING).exists(),
    ).or_refuse()
    production = Production.objects.create(
        request=request, number=request.productions.count() + 1, asked_by=actor, asked_at=now
    )
    ledger.record(
        events.ProductionAsked(request=request.public_id, production=production.public_id),
        actor=actor.public_id,
        now=now,
    )
    jobs.enqueue("disclosure.make-production", {"production": production.public_id}, now=now, priority=5)
    return production


def _building(production_id: str) -> tuple[Production, RecordsRequest]:
    production = Production.objects.select_related("request").get(public_id=production_id)
    request = locked_request(production.request.public_id)
    production.refresh_from_db()
    return production, request


@transaction.atomic
def finish_production(
    *, production_id: str, digest: str, size_bytes: int, records: int, actor: str, now: datetime
) -> Production:
    """Record that the production is ready; `digest` is the SHA-256 of the zip in the blob store."""
    production, request = _building(production_id)
    if production.state != Production.State.BUILDING:
        return production
    production.state, production.digest, production.size_bytes = Production.State.READY, digest, size_bytes
    production.records, production.finished_at = records, now
    production.save()
    if request.state == RequestState.DETERMINED:
        move(request, RequestAct.PRODUCE)
        request.save(update_fields=["state"])
    ledger.record(
        events.ProductionMade(
            request=request.public_id,
            production=production.public_id,
            digest=digest,
            records=records,
            size_bytes=size_bytes,
        ),
        actor=actor,
        now=now,
    )
    return production


@transaction.atomic
def fail_production(*, production_id: str, fault: str, actor: str, now: datetime) -> Production:
    """Record that the production could not be made; `fault` names the place, never a record's text."""
    production, request = _building(production_id)
    if production.state != Production.State.BUILDING:
        return production
    production.state, production.fault, production.finished_at = Production.State.FAILED, fault[:500], now
    production.save()
    ledger.record(
        events.ProductionFailed(request=request.public_id, production=production.public_id, fault=production.fault),
        actor=actor,
        now=now,
    )
    return production
