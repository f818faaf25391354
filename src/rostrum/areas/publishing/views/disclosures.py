"""Disclosure authorizations: who may disclose which protected information until when, given and taken back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.publishing import pack
from rostrum.areas.publishing.forms import AuthorizationForm
from rostrum.areas.publishing.models import DisclosureAuthorization
from rostrum.areas.publishing.operations import authorize_disclosure, withdraw_authorization
from rostrum.areas.publishing.queries import disclosures as queries
from rostrum.areas.publishing.rules import disclosures as rules


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.AUTHORIZE_DISCLOSURE, Permission.DRAFT, Permission.CLEAR_BLOCK, reading=True)
def authorizations(request: HttpRequest) -> HttpResponse:
    """The authorizations one may see, and the form that gives one."""
    person, now = signed_in_person(request), timezone.now()
    units = queries.authorizing_units(person, now=now)
    kinds = pack.kinds_of_protected()
    form = AuthorizationForm(request.POST or None, units=units, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        made = authorize_disclosure(**form.operation_arguments(), actor=person, now=now)
        messages.success(request, f"{made.person.name} may disclose it until then, and nothing beyond it.")
        return redirect("disclosure-authorizations")
    context = {
        "form": form,
        "rows": [_row(one, dict(kinds), person, now) for one in queries.visible_authorizations(person, now=now)[:100]],
        "clause": pack.ban().clause,
        "may_authorize": bool(units),
    }
    return render(request, "publishing/disclosures.html", context, status=422 if form.errors else 200)


def _row(one: DisclosureAuthorization, kinds: dict[str, str], person: User, now: datetime) -> dict[str, Any]:
    facts = queries.facts_of(one)
    state, kind = ("In force", "ok") if facts.is_in_force(now) else ("Over", "quiet")
    if one.withdrawn_at is not None:
        state, kind = "Withdrawn", "stop"
    elif now < one.starts_at:
        state, kind = "To come", "info"
    return {
        "one": one,
        "covers": [(clause, kinds.get(clause, clause)) for clause in one.covers],
        "state": state,
        "kind": kind,
        "decision": rules.decide_withdrawing(
            queries.withdrawing_facts(one, reason="asked below", actor=person, now=now)
        ),
    }


@require_POST
@opens_for(Permission.AUTHORIZE_DISCLOSURE)
def withdraw(request: HttpRequest, authorization_id: str) -> HttpResponse:
    """Take leave to disclose back."""
    person, now = signed_in_person(request), timezone.now()
    if not queries.visible_authorizations(person, now=now).filter(public_id=authorization_id).exists():
        raise Http404
    withdraw_authorization(
        authorization_id=authorization_id, reason=request.POST.get("reason", ""), actor=person, now=now
    )
    messages.success(request, "Withdrawn. What rests on it is not published any more.")
    return redirect("disclosure-authorizations")
