"""Pages of records requests: intake, search, the review desk, redaction, determination, production."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure import letters, marking, operations, queries, rules
from rostrum.areas.disclosure.forms import DecisionForm, FeeForm, IntakeForm, RedactionForm, SearchForm
from rostrum.areas.disclosure.law import known_exemptions
from rostrum.areas.disclosure.models import Production, RecordsRequest, Redaction, ResponsiveRecord
from rostrum.areas.disclosure.states import REQUEST_MACHINE, RequestState
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.rules import Permission
from rostrum.areas.retention import queries as retention
from rostrum.areas.retention.models import HoldKind

_PER_PAGE = 50
_reads = opens_for(Permission.PROCESS_REQUEST, reading=True)
_acts = opens_for(Permission.PROCESS_REQUEST)


def _request(request_id: str) -> RecordsRequest:
    return get_object_or_404(RecordsRequest, public_id=request_id)


def _record(request_id: str, record_id: str) -> ResponsiveRecord:
    return get_object_or_404(
        ResponsiveRecord.objects.select_related("version", "item__channel", "request", "decided_by"),
        request__public_id=request_id,
        public_id=record_id,
    )


def _exemption_choices() -> list[tuple[str, str]]:
    return [
        (
            exemption.id,
            f"{exemption.citation}: {exemption.title}{'' if exemption.verified else ' (citation not yet verified)'}",
        )
        for exemption in known_exemptions().values()
    ]


@require_safe
@_reads
def request_list(request: HttpRequest) -> HttpResponse:
    """Every request with its state, what is due first on top."""
    now = timezone.now()
    found = queries.requests()
    ended = [state.value for state in RequestState if REQUEST_MACHINE.is_final(state)]
    return render(
        request,
        "disclosure/requests.html",
        {
            "open_requests": found.exclude(state__in=ended).order_by("respond_by_on", "number"),
            "page": Paginator(found.filter(state__in=ended), _PER_PAGE).get_page(request.GET.get("page")),
            "today": now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date(),
            "may_act": people.may(signed_in_person(request), Permission.PROCESS_REQUEST, now=now).allowed,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_acts
def new_request(request: HttpRequest) -> HttpResponse:
    """Take in a request that came by mail or by word of mouth."""
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.receive_request(
            **form.cleaned_data, actor=signed_in_person(request).public_id, now=timezone.now()
        )
        messages.success(
            request,
            f"Request {made.request.number} is taken in. The requester can follow it with the code {made.follow_code}.",
        )
        return redirect("request", made.request.public_id)
    return render(request, "disclosure/new_request.html", {"form": form}, status=422 if form.errors else 200)


def _search_form(data: Any = None) -> SearchForm:
    return SearchForm(data, channels=[(channel.slug, channel.name) for channel in Channel.objects.order_by("name")])


def _page_context(found: RecordsRequest, **more: object) -> dict[str, object]:
    state = RequestState(found.state)
    records = queries.records_under_review(found)
    facts = tuple(queries.record_facts(record) for record in records)
    hold = retention.hold_of(kind=HoldKind.REQUEST, matter=found.public_id)
    determination = getattr(found, "determination", None)
    return {
        "found": found,
        "acts": set(REQUEST_MACHINE.acts_from(state)),
        "records": records,
        "decided": sum(1 for one in facts if one.choice != rules.UNDECIDED),
        "outcome": rules.outcome_of(facts),
        "unseconded": sum(one.unseconded for one in facts),
        "hold": hold,
        "held_count": hold.held.count() if hold else 0,
        "determination": determination,
        "determine_decision": rules.decide_determination(state, facts),
        "close_decision": rules.decide_close(state, determination.outcome if determination else ""),
        "produce_decision": rules.decide_production(
            state,
            determination.outcome if determination else "",
            _fee_open(found),
            found.productions.filter(state=Production.State.BUILDING).exists(),
        ),
        "productions": found.productions.all(),
        "search_form": _search_form(),
        "fee_form": FeeForm(),
        **more,
    }


def _fee_open(found: RecordsRequest) -> bool:
    return found.state == RequestState.AWAITING_PREPAYMENT and found.prepaid_at is None


@require_safe
@_reads
def request_page(request: HttpRequest, request_id: str) -> HttpResponse:
    """One request from end to end: what was asked, what was done, what can be done now."""
    return render(request, "disclosure/request.html", _page_context(_request(request_id)))


@require_POST
@_acts
def acknowledge(request: HttpRequest, request_id: str) -> HttpResponse:
    """Acknowledge the request."""
    _request(request_id)
    operations.acknowledge_request(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The request is acknowledged.")
    return redirect("request", request_id)


@require_POST
@_acts
def ask(request: HttpRequest, request_id: str) -> HttpResponse:
    """Ask the requester to make the request clearer."""
    _request(request_id)
    operations.ask_requester(
        request_id=request_id,
        question=request.POST.get("question", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The question is on its way; the portal shows it to whoever has the follow code.")
    return redirect("request", request_id)


@require_POST
@_acts
def heard(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take the requester's answer into the request."""
    _request(request_id)
    operations.hear_requester(
        request_id=request_id,
        answer=request.POST.get("answer", ""),
        actor=signed_in_person(request).public_id,
        now=timezone.now(),
    )
    messages.success(request, "The answer is part of the request now.")
    return redirect("request", request_id)


def _query(data: dict[str, Any]) -> SearchQuery:
    zone = ZoneInfo(settings.LEGAL_TIME_ZONE)

    def start_of(day: Any) -> datetime | None:
        return datetime.combine(day, time(), tzinfo=zone) if day else None

    return SearchQuery(
        text=data["text"],
        channels=(data["channel"],) if data["channel"] else (),
        authors=(data["author"],) if data["author"] else (),
        from_=start_of(data["from_on"]),
        to=start_of(data["to_on"] + timedelta(days=1)) if data["to_on"] else None,
    )


@require_POST
@_acts
def search(request: HttpRequest, request_id: str) -> HttpResponse:
    """Search the whole archive for the request; the search is kept, what it finds is held."""
    found = _request(request_id)
    form = _search_form(request.POST)
    if not form.is_valid():
        return render(request, "disclosure/request.html", _page_context(found, search_form=form), status=422)
    made = operations.run_search(
        request_id=request_id, query=_query(form.cleaned_data), actor=signed_in_person(request), now=timezone.now()
    )
    messages.success(
        request, f"The search found {made.found} items and added {made.added} records. All of them are on hold."
    )
    return redirect("request", request_id)


@require_POST
@_acts
def fee(request: HttpRequest, request_id: str) -> HttpResponse:
    """Work out the fee."""
    found = _request(request_id)
    form = FeeForm(request.POST)
    if not form.is_valid():
        return render(request, "disclosure/request.html", _page_context(found, fee_form=form), status=422)
    data = form.cleaned_data
    operations.estimate_fee(
        request_id=request_id,
        costs=rules.FeeCosts(
            **{
                f"{name}_cents": rules.cents(data[name], where=name)
                for name in ("copying", "photographing", "mailing", "location")
            }
        ),
        ask_prepayment=data["ask_prepayment"],
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The fee is worked out and recorded.")
    return redirect("request", request_id)


@require_POST
@_acts
def prepaid(request: HttpRequest, request_id: str) -> HttpResponse:
    """Note the prepayment."""
    _request(request_id)
    operations.record_prepayment(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The prepayment is recorded.")
    return redirect("request", request_id)


@require_POST
@_acts
def start_review(request: HttpRequest, request_id: str) -> HttpResponse:
    """Close the search and begin the review."""
    _request(request_id)
    operations.start_review(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The review has begun.")
    return redirect("request-review", request_id)


@require_safe
@_reads
def review(request: HttpRequest, request_id: str) -> HttpResponse:
    """The review desk: every record in its thread, with what was decided."""
    found = _request(request_id)
    records = queries.records_under_review(found)
    which = request.GET.get("show", "all")
    shown = [record for record in records if which != "undecided" or record.choice == rules.UNDECIDED]
    return render(
        request,
        "disclosure/review.html",
        {
            "found": found,
            "threads": queries.threads(shown),
            "total": len(records),
            "decided": sum(1 for record in records if record.choice != rules.UNDECIDED),
            "to_second": [
                redaction
                for record in records
                for redaction in queries.open_redactions(record)
                if redaction.seconded_at is None
            ],
            "show": which,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_reads
def record_page(request: HttpRequest, request_id: str, record_id: str) -> HttpResponse:
    """One record: what it says, in its thread; its redactions; the decision."""
    record, person = _record(request_id, record_id), signed_in_person(request)
    form = DecisionForm(
        request.POST or None,
        exemptions=_exemption_choices(),
        initial={"choice": record.choice, "exemptions": record.exemptions, "reason": record.reason},
    )
    if request.method == "POST" and form.is_valid():
        operations.decide_record(record_id=record_id, **form.cleaned_data, actor=person, now=timezone.now())
        messages.success(request, "The decision is recorded.")
        following = (
            record.request.records.filter(choice=rules.UNDECIDED, version_id__gt=record.version_id).first()
            or record.request.records.filter(choice=rules.UNDECIDED).first()
        )
        if following:
            return redirect("request-record", request_id, following.public_id)
        return redirect("request-review", request_id)
    return render(
        request,
        "disclosure/record.html",
        _record_context(record, form=form, redaction_form=RedactionForm(exemptions=_exemption_choices())),
        status=422 if form.is_bound else 200,
    )


def _record_context(record: ResponsiveRecord, **more: object) -> dict[str, object]:
    redactions = queries.open_redactions(record)
    return {
        "record": record,
        "found": record.request,
        "redactions": redactions,
        "words": marking.words(record.version.text, redactions),
        "has_suggestions": any(word.suggested for word in marking.words(record.version.text, redactions)),
        "thread": [one for one in archive.thread_of(record.item) if one.pk != record.item_id][:20],
        "in_review": record.request.state == RequestState.REVIEWING,
        **more,
    }


@require_POST
@_acts
def redact(request: HttpRequest, request_id: str, record_id: str) -> HttpResponse:
    """Withhold the marked words (each run of them is one redaction), the author, or a medium."""
    record = _record(request_id, record_id)
    form = RedactionForm(request.POST, exemptions=_exemption_choices())
    ranges = marking.ranges(record.version.text, request.POST.getlist("word"))
    media = [int(one) for one in request.POST.getlist("medium") if one.isdigit()]
    author = "author" in request.POST
    if not (ranges or media or author):
        form.add_error(None, "Mark the words, the author or the medium to be withheld first.")
    if not form.is_valid():
        context = _record_context(
            record,
            form=DecisionForm(exemptions=_exemption_choices(), initial={"choice": record.choice}),
            redaction_form=form,
        )
        return render(request, "disclosure/record.html", context, status=422)
    operations.propose_redactions(
        record_id=record_id,
        cuts=[
            *(("text", start, end) for start, end in ranges),
            *(("media", position, position) for position in media),
            *([("author", 0, 0)] if author else []),
        ],
        **form.cleaned_data,
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The redaction is proposed. A second person must see it.")
    return redirect("request-record", request_id, record_id)


def _redaction(request_id: str, redaction_id: str) -> Redaction:
    return get_object_or_404(
        Redaction.objects.select_related("record"), record__request__public_id=request_id, public_id=redaction_id
    )


@require_POST
@_acts
def second(request: HttpRequest, request_id: str, redaction_id: str) -> HttpResponse:
    """Agree to a redaction as the second person."""
    found = _redaction(request_id, redaction_id)
    operations.second_redaction(redaction_id=redaction_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "You agreed to the redaction.")
    return redirect("request-record", request_id, found.record.public_id)


@require_POST
@_acts
def drop(request: HttpRequest, request_id: str, redaction_id: str) -> HttpResponse:
    """Take a redaction back."""
    found = _redaction(request_id, redaction_id)
    operations.drop_redaction(redaction_id=redaction_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The redaction is dropped.")
    return redirect("request-record", request_id, found.record.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@_reads
def determination(request: HttpRequest, request_id: str) -> HttpResponse:
    """The determination: the letter as it would go out, or as it went."""
    found = _request(request_id)
    if request.method == "POST":
        operations.issue_determination(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
        messages.success(request, "The determination is issued.")
        return redirect("request", request_id)
    context = _page_context(found)
    if context["determination"] is None:
        records = queries.records_under_review(found)
        context["preview"] = letters.determination(found, str(context["outcome"]), records, timezone.now())
    return render(request, "disclosure/determination.html", context)


@require_POST
@_acts
def produce(request: HttpRequest, request_id: str) -> HttpResponse:
    """Have the production made."""
    _request(request_id)
    operations.ask_production(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The production is being made. This page shows when it is ready.")
    return redirect("request", request_id)


@require_safe
@_reads
def download(request: HttpRequest, request_id: str, production_id: str) -> HttpResponseBase:  # noqa: ARG001
    """Hand over a production as a zip."""
    found = get_object_or_404(
        Production, request__public_id=request_id, public_id=production_id, state=Production.State.READY
    )
    return production_response(found)


def production_response(production: Production) -> FileResponse:
    """The production as a download; the portal hands over the same bytes."""
    name = f"request-{production.request.number}-production-{production.number}.zip"
    return FileResponse(
        archive.blobs().open(production.digest), as_attachment=True, filename=name, content_type="application/zip"
    )


@require_POST
@_acts
def close(request: HttpRequest, request_id: str) -> HttpResponse:
    """Close the request."""
    _request(request_id)
    operations.close_request(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The request is closed. Its hold stays until two people end it.")
    return redirect("request", request_id)


@require_POST
@_acts
def withdraw(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take note that the requester took the request back."""
    _request(request_id)
    operations.withdraw_request(request_id=request_id, actor=signed_in_person(request).public_id, now=timezone.now())
    messages.success(request, "The request is withdrawn.")
    return redirect("request", request_id)
