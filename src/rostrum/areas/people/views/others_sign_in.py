"""Somebody else's sign-in: ending their sessions, and resetting factors they lost, which takes two."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rostrum.areas.people import operations
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms import ResetForm
from rostrum.areas.people.models import FactorReset, User
from rostrum.areas.people.operations.factors import decide_ask, decide_confirm
from rostrum.areas.people.operations.sessions import decide_end
from rostrum.areas.people.queries import sign_in as queries
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.rules.factors import FACTOR_TITLES, FactorKind
from rostrum.areas.people.views.persons import find
from rostrum.kernel.decisions import InvalidInput


@require_safe
@opens_for(Permission.END_SESSIONS, Permission.RESET_FACTORS)
def person_sign_in(request: HttpRequest, person_id: str) -> HttpResponse:
    """How somebody signs in, in counts only: where they do so is their own business."""
    return _page(request, find(person_id), ResetForm())


def _page(request: HttpRequest, found: User, form: ResetForm, status: int = 200) -> HttpResponse:
    actor, now = signed_in_person(request), timezone.now()
    kinds = [FactorKind(kind) for kind in queries.factors_of(found).values_list("kind", flat=True)]
    reset = queries.open_reset(found, now=now)
    context = {
        "found": found,
        "form": form,
        "factors": [(title, kinds.count(kind)) for kind, title in FACTOR_TITLES.items() if kind in kinds],
        "codes_left": queries.recovery_codes_left(found),
        "session_count": len(queries.sessions_of(found, now=now)),
        "is_required": queries.needs_factor(found, now=now),
        "may_end": decide_end(person=found, actor=actor, now=now),
        "may_ask": decide_ask(person=found, actor=actor, now=now),
        "reset": reset,
        "may_confirm": decide_confirm(reset=reset, actor=actor, now=now) if reset else None,
    }
    return render(request, "people/person_sign_in.html", context, status=status)


@require_POST
@opens_for(Permission.END_SESSIONS)
def end_person_sessions(request: HttpRequest, person_id: str) -> HttpResponse:
    """End all sessions of a person now."""
    found = find(person_id)
    count = operations.end_sessions(person=found, actor=signed_in_person(request), now=timezone.now())
    ended = f"{count} session{'' if count == 1 else 's'} of {found.name} ended."
    messages.success(request, ended if count else f"{found.name} was signed in nowhere.")
    return redirect("person-sign-in", found.public_id)


@require_POST
@opens_for(Permission.RESET_FACTORS)
def ask_reset(request: HttpRequest, person_id: str) -> HttpResponse:
    """Ask that a person's lost factors be reset."""
    found, form = find(person_id), ResetForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        operations.ask_reset(
            person=found, reason=form.cleaned_data["reason"], actor=signed_in_person(request), now=timezone.now()
        )
    except InvalidInput as problem:
        form.add_error("reason", problem.why)
        return _page(request, found, form, status=422)
    messages.success(request, f"A second person now decides about the reset. {found.name} is told by mail.")
    return redirect("person-sign-in", found.public_id)


@require_POST
@opens_for(Permission.RESET_FACTORS)
def confirm_reset(request: HttpRequest, reset_id: str) -> HttpResponse:
    """Confirm, as the second person, that lost factors are reset."""
    try:
        reset = operations.confirm_reset(reset_id=reset_id, actor=signed_in_person(request), now=timezone.now())
    except FactorReset.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, f"{reset.person.name} sets up a new second factor at the next sign-in, and is told.")
    return redirect("person-sign-in", reset.person.public_id)


@require_POST
@opens_for(Permission.RESET_FACTORS)
def drop_reset(request: HttpRequest, reset_id: str) -> HttpResponse:
    """Drop a reset that was asked for."""
    try:
        reset = operations.drop_reset(reset_id=reset_id, actor=signed_in_person(request), now=timezone.now())
    except FactorReset.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, "The reset is dropped; nothing was changed.")
    return redirect("person-sign-in", reset.person.public_id)
