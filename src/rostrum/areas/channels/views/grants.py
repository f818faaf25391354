"""Pages of the requests for rights on channels: ask, designate, accept, issue, decline, withdraw."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import granting
from rostrum.areas.channels.forms.grants import AcceptForm, AskForm, DesignateForm, WhyForm
from rostrum.areas.channels.models import RightRequest
from rostrum.areas.channels.operations import grants as operations
from rostrum.areas.channels.queries import grants as queries
from rostrum.areas.channels.queries import visible_channels
from rostrum.areas.channels.rules import grants as rules
from rostrum.areas.channels.rules.grants import GRANTABLE_STATES, REQUEST_TITLES, RequestAct, RequestState
from rostrum.areas.governance.queries.granting import granting_facts
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, opens_for_signed_in, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import RIGHT_TITLES, ROLE_TITLES, Permission, Right, Role
from rostrum.kernel.decisions import InvalidInput, Refused

STATE_KINDS = {
    RequestState.REQUESTED: "wait",
    RequestState.DESIGNATED: "info",
    RequestState.ISSUED: "ok",
    RequestState.DECLINED: "stop",
    RequestState.WITHDRAWN: "quiet",
}


# Which field of these forms a reason is about.
_PLACES: dict[str, str | None] = {
    "channel": "where",
    "no-reason": "reason",
    "no-topics": "topics",
    "no-position-description": "position_description",
    "no-contract": "contract_reference",
    "over-cap": "cap_reason",
    "no-cap-reason": "cap_reason",
    "not-present": "person",
    "denied": "person",
    "not-accepted": "statements",
}


def in_words(request: RightRequest) -> dict[str, Any]:
    """A request as lists and its page show it."""
    state = RequestState(request.state)
    return {
        "request": request,
        "title": RIGHT_TITLES[Right(request.right)],
        "where": request.channel.name if request.channel else f"All channels of {request.unit.name}",
        "state": REQUEST_TITLES[state],
        "state_kind": STATE_KINDS[state],
    }


@require_safe
@opens_for(Permission.REQUEST_RIGHT, Permission.ISSUE_GRANT, Permission.END_GRANT, reading=True)
def rights(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, what was asked for, and the departments with their rights."""
    person, now = signed_in_person(request), timezone.now()
    seen = queries.visible_requests(person, now=now)
    context = {
        "waiting": [in_words(one) for one in queries.waiting_for(person, now=now)],
        "accepting": [in_words(one) for one in queries.to_accept(person)],
        "asked": [in_words(one) for one in seen.filter(state__in=("requested", "designated"))],
        "decided": [in_words(one) for one in seen.exclude(state__in=("requested", "designated"))[:20]],
        "units": queries.unit_summaries(person, now=now),
        "may_deny": people.may(person, Permission.DENY_POSTING, reading=True, now=now).allowed,
        "may_review": people.may(person, Permission.END_GRANT, reading=True, now=now).allowed,
        "may_ask": people.may(person, Permission.REQUEST_RIGHT, now=now).allowed,
    }
    return render(request, "channels/rights.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REQUEST_RIGHT)
def ask_right(request: HttpRequest) -> HttpResponse:
    """Ask for a right: one's own, or, as head of the department or above, somebody's."""
    person, now = signed_in_person(request), timezone.now()
    scope = people.reach(person, Permission.REQUEST_RIGHT, now=now)
    channels = visible_channels(person, now=now).filter(state__in=GRANTABLE_STATES)
    units = Unit.objects.filter(pk__in=channels.order_by().values("unit"))
    if not (scope.everything or scope.units):
        initial = {"person": person.email}
    else:
        initial = {"person": request.GET.get("person", "")}
    form = AskForm(
        request.POST or None,
        channels=channels,
        units=units,
        initial=initial | {"where": request.GET.get("where", ""), "right": request.GET.get("right", "")},
    )
    if request.method == "POST" and form.is_valid():
        arguments = form.operation_arguments()
        arguments["right"] = Right(arguments["right"])
        try:
            asked = operations.request_right(**arguments, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, _PLACES)
        else:
            messages.success(request, "Asked for. The department decides next.")
            return redirect("right-request", asked.public_id)
    context = {"form": form, "route": granting.route(), "steps": _steps()}
    return render(request, "channels/ask_right.html", context, status=status_of(form))


def _steps() -> dict[str, str]:
    route = granting.route()
    return {"reviewers": queries.title_of(route.reviewers), "approvers": queries.title_of(route.approvers)}


def _find(request: HttpRequest, request_id: str) -> tuple[User, RightRequest, datetime]:
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(queries.visible_requests(person, now=now), public_id=request_id), now


@require_safe
@opens_for_signed_in
def right_request(request: HttpRequest, request_id: str) -> HttpResponse:
    """One request: what is asked, who agreed and issued, what stands in the way, and the acts."""
    person, found, now = _find(request, request_id)
    return _page(request, found, person, now)


def _page(
    request: HttpRequest,
    found: RightRequest,
    person: User,
    now: datetime,
    forms: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    wanted = queries.wanted_by(found)
    state = RequestState(found.state)
    designation = queries.designation_facts(wanted, state=state, cap_reason=found.cap_reason, actor=person, now=now)
    shown = designation
    if designation.is_over_cap and not found.cap_reason:
        # The form asks for it: the reason is not against the act, as long as one is given.
        shown = queries.designation_facts(wanted, state=state, cap_reason="asked below", actor=person, now=now)
    issue = queries.issue_facts(found, actor=person, now=now)
    decline = queries.declining_facts(found, RequestAct.DECLINE, reason="asked below", actor=person, now=now)
    withdraw = queries.declining_facts(found, RequestAct.WITHDRAW, reason="", actor=person, now=now)
    given = {
        "designate_form": DesignateForm(
            initial={
                "position_description": found.position_description,
                "contract_reference": found.contract_reference,
                "topics": "\n".join(found.topics),
            }
        ),
        "accept_form": AcceptForm(),
        "why_form": WhyForm(),
    } | (forms or {})
    context = (
        in_words(found)
        | given
        | {
            "found": found,
            "is_open": state in (RequestState.REQUESTED, RequestState.DESIGNATED),
            "is_mine": found.person_id == person.pk,
            "is_agent": queries.is_agent(found.person),
            "designated_as": _title(found.designated_as),
            "issued_as": _title(found.issued_as),
            "designation": designation,
            "designate_decision": rules.decide_designation(shown),
            "issue_decision": rules.decide_issue(issue),
            "decline_decision": rules.decide_declining(decline),
            "withdraw_decision": rules.decide_declining(withdraw),
            "statements": granting.statements(),
            "acceptances": found.acceptances.all(),
            "before": granting_facts(found.person, now=now).asked,
            "steps": _steps(),
            "clauses": {"designate": designation.needed_clause, "issue": issue.needed_clause},
            "grants": queries.given_by(found),
        }
    )
    status = max((status_of(form) for form in (forms or {}).values()), default=200)
    return render(request, "channels/right_request.html", context, status=status)


def _title(role: str) -> str:
    return ROLE_TITLES[Role(role)] if role in list(Role) else role


def _act(
    request: HttpRequest, request_id: str, form: forms.Form, act: Callable[..., object], *, name: str, done: str
) -> HttpResponse:
    """Do an act of a form on one request and show the request again; where it cannot be used, with its errors."""
    person, found, now = _find(request, request_id)
    if form.is_valid():
        try:
            act(request_id=found.public_id, **form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, _PLACES)
        else:
            messages.success(request, done)
            return redirect("right-request", found.public_id)
    return _page(request, found, person, now, {name: form})


@require_POST
@opens_for(Permission.ISSUE_GRANT)
def designate(request: HttpRequest, request_id: str) -> HttpResponse:
    """Agree for the department."""
    return _act(
        request,
        request_id,
        DesignateForm(request.POST),
        operations.designate,
        name="designate_form",
        done="Designated. The right is issued next.",
    )


@require_POST
@opens_for_signed_in
def accept_rules(request: HttpRequest, request_id: str) -> HttpResponse:
    """Sign the acceptance of the rules."""
    return _act(
        request,
        request_id,
        AcceptForm(request.POST),
        operations.accept_rules,
        name="accept_form",
        done="Your acceptance is kept with the versions of the rules.",
    )


@require_POST
@opens_for(Permission.ISSUE_GRANT)
def issue_right(request: HttpRequest, request_id: str) -> HttpResponse:
    """Issue the right."""
    person, found, now = _find(request, request_id)
    operations.issue_right(request_id=found.public_id, actor=person, now=now)
    messages.success(request, f"Issued: {found.person.name}, {RIGHT_TITLES[Right(found.right)].lower()}.")
    return redirect("right-request", found.public_id)


@require_POST
@opens_for(Permission.ISSUE_GRANT)
def decline_right(request: HttpRequest, request_id: str) -> HttpResponse:
    """Decline the request."""
    return _act(
        request,
        request_id,
        WhyForm(request.POST),
        operations.decline_right,
        name="why_form",
        done="Declined. Who asked sees the reason.",
    )


@require_POST
@opens_for_signed_in
def withdraw_request(request: HttpRequest, request_id: str) -> HttpResponse:
    """Withdraw one's own request."""
    person, found, now = _find(request, request_id)
    operations.withdraw_request(request_id=found.public_id, actor=person, now=now)
    messages.success(request, "Withdrawn.")
    return redirect("right-request", found.public_id)
