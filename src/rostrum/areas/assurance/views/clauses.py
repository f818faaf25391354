"""Pages of assurance: every clause with the control that carries it, and the policy in force."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from rostrum.areas.assurance import queries
from rostrum.areas.governance import clocks
from rostrum.areas.governance import queries as governance
from rostrum.areas.governance.queries.ways import policy_ways
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import access_of, opens_for, signed_in_person
from rostrum.areas.people.rules import Permission
from rostrum.kernel.clocks import counting_words
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.spreadsheets import harmless
from rostrum.policy.compose import ShownSetting
from rostrum.policy.coverage import ClauseStanding
from rostrum.policy.explain import explain


def _opening_links(request: HttpRequest, found: Iterable[ClauseStanding]) -> set[str]:
    """The evidence's links that open for whoever reads: an address that answers "not for you" is no evidence."""
    now = timezone.now()
    person = signed_in_person(request)
    links = {control.evidence.link for one in found for control in one.controls if control.evidence} - {""}
    opening = set()
    for link in links:
        try:
            access = access_of(resolve(link.partition("?")[0].partition("#")[0]).func)
        except Resolver404:
            continue
        if access is None:
            continue
        asked = [people.may(person, one, reading=access.reading, now=now).allowed for one in access.permissions]
        if access.anyone or not asked or any(asked):
            opening.add(link)
    return opening


@require_safe
@opens_for(Permission.SEE_ASSURANCE, reading=True)
def assurance(request: HttpRequest) -> HttpResponse:
    """Every clause of the five policies: live, recorded duty, or not yet."""
    found = queries.standings()
    status = request.GET.get("status", "")
    capability = request.GET.get("capability", "")
    activation = governance.activation()
    active = set(activation.versions) if activation else set()
    adopted = set(activation.packs) if activation else set()
    packs = queries.by_pack(found, status=status, capability=capability)
    return render(
        request,
        "assurance/assurance.html",
        {
            "links": _opening_links(request, found),
            # What the body adopted comes first, then what came with it; the others keep their order.
            "packs": sorted(packs, key=lambda one: (one.pack.id not in adopted, one.pack.id not in active)),
            "totals": queries.totals(found),
            "count": len(found),
            "status": status,
            "capability": capability,
            "capabilities": [
                (one, one.replace("_", " ").capitalize())
                for one in sorted({standing.clause.capability for standing in found})
            ],
            "may_review": people.may(signed_in_person(request), Permission.REVIEW_ACTIVITY, now=timezone.now()).allowed,
            "active": active,
        },
    )


@require_safe
@opens_for(Permission.SEE_ASSURANCE, reading=True)
def inventory(request: HttpRequest) -> HttpResponse:
    """Every channel as a row of the body's information-system inventory, as a table file."""
    del request
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="channels.csv"'
    table = csv.writer(answer)
    table.writerow(queries.INVENTORY_HEAD)
    for row in queries.inventory(timezone.now()):
        table.writerow([harmless(cell) for cell in row])
    return answer


@require_safe
@opens_for(Permission.SEE_POLICY, reading=True)
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force: packs and versions, the body's own choices, tensions and risks."""
    try:
        composed = governance.policy()
    except Refused:
        composed = None
    settings = composed.settings() if composed else ()
    return render(
        request,
        "assurance/policy.html",
        {
            "policy": composed,
            "activation": governance.activation(),
            "may_see_assurance": people.may(
                signed_in_person(request), Permission.SEE_ASSURANCE, reading=True, now=timezone.now()
            ).allowed,
            "ways": policy_ways(signed_in_person(request), now=timezone.now()),
            "unlisted": governance.unlisted_kinds(),
            "unsaid": governance.unsaid(),
            "own_policy_missing": queries.own_policy_missing(),
            "coverage": governance.coverage_by_class(),
            "related": governance.related_policies(),
            "raised": governance.raised_advice(),
            "decided": [_shown(one) for one in settings if one.is_chosen],
            "as_shipped": [_shown(one) for one in settings if not one.is_chosen],
        },
    )


@require_safe
@opens_for(Permission.SEE_POLICY, reading=True)
def clause(request: HttpRequest, clause_id: str) -> HttpResponse:
    """One clause explained: what it asks, what carries it, how that is proven, what it shows now."""
    try:
        explanation = explain(clause_id)
    except InvalidInput:
        raise Http404 from None
    standing = queries.standing_of(clause_id)
    return render(
        request,
        "assurance/clause.html",
        {
            "explanation": explanation,
            "standing": standing,
            "links": _opening_links(request, [standing] if standing else []),
            "actors": [one.replace("_", " ") for one in explanation.clause.actors],
            "deadline": _deadline(explanation.clause.deadline),
        },
    )


def _deadline(clock: str) -> str:
    """A clause's deadline as people read it, not as packs write it."""
    known = clocks.known(clock) if clock and governance.activation() is not None else None
    if known is None:
        return clock
    return counting_words(known)


def _shown(one: ShownSetting) -> dict[str, Any]:
    return {"shown": one, "value": queries.shown_value(one.value)}
