"""From the list of requests to the end of the search: intake, acknowledging, clarifying, searching, the fee."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive.queries import SearchQuery, span_of_days
from rostrum.areas.disclosure import operations, queries, rules
from rostrum.areas.disclosure.forms import AnswerForm, FeeForm, IntakeForm, QuestionForm
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.disclosure.states import REQUEST_MACHINE, RequestState
from rostrum.areas.disclosure.views.reading import (
    ACTS,
    READS,
    STATE_WORDS,
    page_context,
    request_or_404,
    search_form,
)
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import signed_in_person
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput

_PER_PAGE = 50


def _row(found: RecordsRequest) -> dict[str, object]:
    words, kind = STATE_WORDS[RequestState(found.state)]
    return {"request": found, "words": words, "kind": kind}


@require_safe
@READS
def request_list(request: HttpRequest) -> HttpResponse:
    """Every request with its state, what is due first on top."""
    now = timezone.now()
    found = queries.requests()
    ended = [state.value for state in RequestState if REQUEST_MACHINE.is_final(state)]
    page = Paginator(found.filter(state__in=ended), _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "disclosure/requests.html",
        {
            "open_requests": [_row(one) for one in found.exclude(state__in=ended).order_by("respond_by_on", "number")],
            "page": page,
            "ended_requests": [_row(one) for one in page],
            "today": now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date(),
            "may_act": people.may(signed_in_person(request), Permission.PROCESS_REQUEST, now=now).allowed,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ACTS
def new_request(request: HttpRequest) -> HttpResponse:
    """Take in a request that came by mail or by word of mouth."""
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.receive_request(
            **form.cleaned_data, actor=signed_in_person(request).public_id, now=timezone.now()
        )
        messages.success(
            request,
            f"Request {made.request.number} is taken in. The requester can follow it with the code {made.follow_code}; "
            "write it down, it is shown only now.",
        )
        return redirect("request", made.request.public_id)
    return render(request, "disclosure/new_request.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@READS
def request_page(request: HttpRequest, request_id: str) -> HttpResponse:
    """One request from end to end: what was asked, what was done, what can be done now."""
    return _page(request, request_or_404(request_id))


def _page(request: HttpRequest, found: RecordsRequest, **more: object) -> HttpResponse:
    may_act = people.may(signed_in_person(request), Permission.PROCESS_REQUEST, now=timezone.now()).allowed
    context = page_context(found, may_act=may_act, **more)
    return render(request, "disclosure/request.html", context, status=422 if more else 200)


@require_POST
@ACTS
def acknowledge(request: HttpRequest, request_id: str) -> HttpResponse:
    """Acknowledge the request."""
    found = request_or_404(request_id)
    operations.acknowledge_request(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    sent = "A letter is on its way." if found.requester_email else "Whoever has the follow code sees it in the portal."
    messages.success(request, f"The request is acknowledged. {sent}")
    return redirect("request", request_id)


@require_POST
@ACTS
def ask(request: HttpRequest, request_id: str) -> HttpResponse:
    """Ask the requester to make the request clearer."""
    found, form = request_or_404(request_id), QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, question_form=form)
    operations.ask_requester(
        request_id=request_id, **form.cleaned_data, actor=signed_in_person(request), now=timezone.now()
    )
    messages.success(request, "The question is on its way; the portal shows it to whoever has the follow code.")
    return redirect("request", request_id)


@require_POST
@ACTS
def heard(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take the requester's answer into the request."""
    found, form = request_or_404(request_id), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, answer_form=form)
    operations.hear_requester(
        request_id=request_id, **form.cleaned_data, actor=signed_in_person(request).public_id, now=timezone.now()
    )
    messages.success(request, "The answer is part of the request now.")
    return redirect("request", request_id)


def _query(data: dict[str, Any]) -> SearchQuery:
    from_, to = span_of_days(data["from_on"], data["to_on"])
    return SearchQuery(
        text=data["text"],
        channels=(data["channel"],) if data["channel"] else (),
        authors=(data["author"],) if data["author"] else (),
        from_=from_,
        to=to,
    )


@require_POST
@ACTS
def search(request: HttpRequest, request_id: str) -> HttpResponse:
    """Search the whole archive for the request; the search is kept, what it finds is held."""
    found, form = request_or_404(request_id), search_form(request.POST)
    if not form.is_valid():
        return _page(request, found, search_form=form)
    try:
        made = operations.run_search(
            request_id=request_id, query=_query(form.cleaned_data), actor=signed_in_person(request), now=timezone.now()
        )
    except InvalidInput as problem:
        form.add_error("text", str(problem))
        return _page(request, found, search_form=form)
    if made.found:
        items = "1 item" if made.found == 1 else f"{made.found} items"
        records = "1 record" if made.added == 1 else f"{made.added} records"
        messages.success(request, f"Found {items}, all of them now on hold; {records} added to the review.")
    else:
        messages.info(request, "Nothing was found. The search is kept: that there is nothing is an answer too.")
    return redirect("request", request_id)


@require_POST
@ACTS
def fee(request: HttpRequest, request_id: str) -> HttpResponse:
    """Work out the fee."""
    found, form = request_or_404(request_id), FeeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, fee_form=form)
    try:
        made = operations.estimate_fee(
            request_id=request_id,
            costs=rules.FeeCosts(**{f"{name}_cents": form.cleaned_data[name] for name in FeeForm.COSTS}),
            ask_prepayment=form.cleaned_data["ask_prepayment"],
            actor=signed_in_person(request),
            now=timezone.now(),
        )
    except InvalidInput as problem:
        form.add_error("ask_prepayment", str(problem))
        return _page(request, found, fee_form=form)
    messages.success(request, f"The fee is recorded: ${(made.fee_cents or 0) / 100:.2f}.")
    return redirect("request", request_id)


@require_POST
@ACTS
def prepaid(request: HttpRequest, request_id: str) -> HttpResponse:
    """Note the prepayment."""
    request_or_404(request_id)
    operations.record_prepayment(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The prepayment is recorded.")
    return redirect("request", request_id)


@require_POST
@ACTS
def start_review(request: HttpRequest, request_id: str) -> HttpResponse:
    """Close the search and begin the review."""
    request_or_404(request_id)
    operations.start_review(request_id=request_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The review has begun.")
    return redirect("request-review", request_id)


@require_POST
@ACTS
def withdraw(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take note that the requester took the request back."""
    request_or_404(request_id)
    operations.withdraw_request(request_id=request_id, actor=signed_in_person(request).public_id, now=timezone.now())
    messages.success(request, "The request is withdrawn.")
    return redirect("request", request_id)
