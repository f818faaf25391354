"""The answer: the determination and its letter, the production, closing."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.disclosure import letters, operations, queries, rules, withholding
from rostrum.areas.disclosure.models import Production, RecordsRequest
from rostrum.areas.disclosure.states import RequestState
from rostrum.areas.disclosure.views.reading import ACTS, READS, request_or_404
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import signed_in_person
from rostrum.areas.people.rules import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@READS
def determination(request: HttpRequest, request_id: str) -> HttpResponse:
    """The determination: the letter as it would go out, or as it went."""
    found = request_or_404(request_id)
    if request.method == "POST":
        operations.issue_determination(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
        messages.success(request, "The determination is issued.")
        return redirect("request", request_id)
    issued = getattr(found, "determination", None)
    context: dict[str, object] = {"found": found, "determination": issued}
    if issued is None:
        context |= _preview(found)
        context["may_act"] = people.may(
            signed_in_person(request), Permission.PROCESS_REQUEST, now=timezone.now()
        ).allowed
    return render(request, "disclosure/determination.html", context)


def _preview(found: RecordsRequest) -> dict[str, object]:
    """The letter as the decisions stand now, and whether it may go out: asked as the operation will ask."""
    records = queries.records_under_review(found, with_payloads=True)
    facts = tuple(queries.record_facts(record) for record in records)
    shown = withholding.still_shown(withholding.chosen_from(records))
    decision = rules.decide_determination(
        RequestState(found.state), facts, tuple((one.shown_in, one.withheld_from) for one in shown)
    )
    undecided = any(one.choice == rules.UNDECIDED for one in facts)
    return {
        "determine_decision": decision,
        # With a record still undecided there is no outcome yet, and a letter would say what nobody has decided.
        "preview": None
        if undecided
        else letters.determination(found, rules.outcome_of(facts), records, timezone.now()),
    }


@require_POST
@ACTS
def produce(request: HttpRequest, request_id: str) -> HttpResponse:
    """Have the production made."""
    request_or_404(request_id)
    operations.ask_production(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The production is being made. Reload this page in a moment.")
    return redirect("request", request_id)


@require_safe
@READS
def download(request: HttpRequest, request_id: str, production_id: str) -> HttpResponseBase:  # noqa: ARG001
    """Hand over a production as a zip."""
    return production_response(
        get_object_or_404(
            Production.objects.select_related("request"),
            request__public_id=request_id,
            public_id=production_id,
            state=Production.State.READY,
        )
    )


def production_response(production: Production) -> FileResponse:
    """The production as a download; the portal hands over the same bytes."""
    name = f"request-{production.request.number}-production-{production.number}.zip"
    return FileResponse(
        archive.blobs().open(production.digest), as_attachment=True, filename=name, content_type="application/zip"
    )


@require_POST
@ACTS
def close(request: HttpRequest, request_id: str) -> HttpResponse:
    """Close the request."""
    request_or_404(request_id)
    operations.close_request(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The request is closed. Its hold stays until two people end it.")
    return redirect("request", request_id)
