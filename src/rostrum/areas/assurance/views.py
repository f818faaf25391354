"""Pages of assurance: every clause with the control that carries it, and the policy in force."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostrum.areas.assurance import queries
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.policy.explain import explain


@require_safe
@opens_for(Permission.SEE_ASSURANCE, reading=True)
def assurance(request: HttpRequest) -> HttpResponse:
    """Every clause of the five policies: live, recorded duty, or not yet."""
    found = queries.standings()
    status = request.GET.get("status", "")
    capability = request.GET.get("capability", "")
    activation = governance.activation()
    return render(
        request,
        "assurance/assurance.html",
        {
            "packs": queries.by_pack(found, status=status, capability=capability),
            "totals": queries.totals(found),
            "count": len(found),
            "status": status,
            "capability": capability,
            "capabilities": sorted({standing.clause.capability for standing in found}),
            "active": set(activation.versions) if activation else set(),
        },
    )


@require_safe
@opens_for(Permission.SEE_POLICY, reading=True)
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force: packs and versions, the body's own choices, tensions and risks."""
    try:
        composed = governance.policy()
    except Refused:
        composed = None
    return render(
        request,
        "assurance/policy.html",
        {
            "policy": composed,
            "activation": governance.activation(),
            "settings": composed.settings() if composed else (),
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
    return render(
        request,
        "assurance/clause.html",
        {"explanation": explanation, "standing": queries.standing_of(clause_id)},
    )
