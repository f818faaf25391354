"""Pages of people who leave: entered, carried out, what is still reachable and by whom, closed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import pack
from rostrum.areas.channels.forms.separation import HolderForm, RolesForm, SeparateForm, TaskForm
from rostrum.areas.channels.models import ReachedChannel, Separation
from rostrum.areas.channels.operations import handing_over
from rostrum.areas.channels.operations import separation as operations
from rostrum.areas.channels.queries import separation as queries
from rostrum.areas.channels.rules import separation as rules
from rostrum.areas.channels.rules.separation import STATE_TITLES, SeparationState
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import is_done, say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused

STATE_KINDS = {
    SeparationState.PLANNED: "info",
    SeparationState.OPEN: "wait",
    SeparationState.CLOSED: "ok",
    SeparationState.RESCINDED: "quiet",
}


# Which field of these forms a reason is about.
_PLACES: dict[str, str | None] = {
    "no-note": "note",
    "no-reason": "note",
    "too-long-ago": "at",
    "no-holder": "holder",
    "holder-may-not": "holder",
    "due-passed": "due_at",
}


def in_words(separation: Separation) -> dict[str, Any]:
    """A separation with its state in words."""
    state = SeparationState(separation.state)
    return {"separation": separation, "state": STATE_TITLES[state], "state_kind": STATE_KINDS[state]}


@require_safe
@opens_for(Permission.SEE_SEPARATIONS, reading=True)
def separations(request: HttpRequest) -> HttpResponse:
    """Who leaves and has left, and what of the channels is still within their reach."""
    person, now = signed_in_person(request), timezone.now()
    seen = queries.visible_separations(person, now=now)
    under_way = list(seen.filter(state__in=("planned", "open")).order_by("at", "pk"))
    context = {
        "under_way": [in_words(one) for one in under_way],
        "reachable": [
            {"separation": one, "reached": reached}
            for one in under_way
            if one.state == SeparationState.OPEN
            for reached in queries.progress(one, now=now)
            if reached.left
        ],
        "over": [in_words(one) for one in seen.filter(state__in=("closed", "rescinded"))[:30]],
        "may_start": people.may(person, Permission.MANAGE_PEOPLE, now=now).allowed,
    }
    return render(request, "channels/separations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_PEOPLE)
def start_separation(request: HttpRequest, person_id: str) -> HttpResponse:
    """Enter that a person leaves: now, at a time to come, or a time that has passed."""
    actor, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(User.objects.select_related("unit"), public_id=person_id)
    form = SeparateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            separation = operations.separate_person(
                person=found,
                **form.cleaned_data,
                origin=f"{request.scheme}://{request.get_host()}",
                actor=actor,
                now=now,
            )
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, _PLACES)
        else:
            planned = separation.state == SeparationState.PLANNED
            messages.success(request, f"{found.name}: {'planned' if planned else 'access has ended'}.")
            return redirect("separation", separation.public_id)
    may = queries.may_start(actor=actor, now=now)
    facts = queries.start_facts(found, at=now, may=may, actor=actor.public_id, now=now)
    context = {
        "found": found,
        "form": form,
        "decision": rules.decide_start(facts),
        "reached": [
            {"channel": channel, "ways": [queries.WAYS[way] for way in ways]}
            for channel, ways in queries.reached_by(found, now=now).items()
        ],
        "last": queries.last_of(found),
    }
    return render(request, "channels/start_separation.html", context, status=status_of(form))


def _find(request: HttpRequest, separation_id: str) -> tuple[User, Separation, datetime]:
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(queries.visible_separations(person, now=now), public_id=separation_id), now


@require_safe
@opens_for(Permission.SEE_SEPARATIONS, reading=True)
def separation(request: HttpRequest, separation_id: str) -> HttpResponse:
    """One separation: what is still reachable and by whom, what is asked and answered, and the acts."""
    person, found, now = _find(request, separation_id)
    return _page(request, found, person, now)


def _page(
    request: HttpRequest,
    found: Separation,
    person: User,
    now: datetime,
    failed: tuple[str, forms.Form] | None = None,
) -> HttpResponse:
    rows = queries.progress(found, now=now)
    where, form = failed or ("", None)
    context = in_words(found) | {
        "found": found,
        "rows": [_acts(one, person, now, form if where == one.row.public_id else None) for one in rows],
        "is_open": found.state == SeparationState.OPEN,
        "is_planned": found.state == SeparationState.PLANNED,
        "open_count": sum(bool(one.left) for one in rows),
        "due_at": queries.rotation_deadline(found.at).due_at,
        "due_by": queries.rotation_counting(),
        "due_clause": pack.clauses().get("custody.rotation-after-separation", ""),
        "tasks": queries.tasks_of(found),
        "attempts": queries.attempts_since(found),
        "may_ask": queries.may_ask(found, actor=person, now=now),
        "task_form": form if where == "task" else TaskForm(),
        "failed_form": form,
        "close_decision": rules.decide_closing(queries.close_facts(found, actor=person, now=now)),
        "rescind_decision": rules.decide_rescinding(queries.rescind_facts(found, actor=person, now=now)),
    }
    return render(request, "channels/separation.html", context, status=status_of(form) if form else 200)


def _acts(reached: queries.Reached, person: User, now: datetime, form: forms.Form | None) -> dict[str, Any]:
    """One channel with what this person may do about it."""
    row = reached.row
    return {
        "reached": reached,
        "row": row,
        "may_tend": queries.may_tend(row, actor=person, now=now),
        "rotation_decision": rules.decide_rotation(queries.rotation_facts(row, actor=person, now=now)),
        "roles_decision": rules.decide_roles_removed(
            queries.roles_facts(row, note="asked below", actor=person, now=now)
        ),
        "confirm_decision": rules.decide_hand_over_confirmation(queries.hand_over_facts(row, actor=person, now=now)),
        "roles_form": form if isinstance(form, RolesForm) else RolesForm(auto_id=f"id_{row.public_id}_%s"),
        "holder_form": form if isinstance(form, HolderForm) else HolderForm(auto_id=f"id_{row.public_id}_%s"),
    }


def _reached(request: HttpRequest, reached_id: str) -> tuple[User, ReachedChannel, datetime]:
    """The person, the channel of a separation that they may see, and now. Raises Http404."""
    person, now = signed_in_person(request), timezone.now()
    row = get_object_or_404(
        ReachedChannel.objects.select_related("separation__person__unit", "channel__unit"), public_id=reached_id
    )
    if not queries.visible_separations(person, now=now).filter(pk=row.separation_id).exists():
        raise Http404
    return person, row, now


def _act(
    request: HttpRequest, reached_id: str, form: forms.Form | None, act: Callable[..., object], done: str
) -> HttpResponse:
    """Do an act about one channel and show the separation again."""
    person, row, now = _reached(request, reached_id)
    if form is not None and not form.is_valid():
        return _page(request, row.separation, person, now, (row.public_id, form))
    if form is None:
        act(reached_id=row.public_id, actor=person, now=now)
    elif not is_done(form, lambda: act(reached_id=row.public_id, **form.cleaned_data, actor=person, now=now), _PLACES):
        return _page(request, row.separation, person, now, (row.public_id, form))
    messages.success(request, done)
    return redirect("separation", row.separation.public_id)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def confirm_rotation(request: HttpRequest, reached_id: str) -> HttpResponse:
    """Confirm, as a second person, that the log-in was changed and works."""
    return _act(request, reached_id, None, handing_over.confirm_rotation, "The changed log-in is confirmed.")


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def confirm_roles_removed(request: HttpRequest, reached_id: str) -> HttpResponse:
    """Confirm that the person holds no role on the platform any more."""
    form = RolesForm(request.POST, auto_id=f"id_{reached_id}_%s")
    return _act(request, reached_id, form, handing_over.confirm_roles_removed, "Confirmed.")


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def confirm_hand_over(request: HttpRequest, reached_id: str) -> HttpResponse:
    """Confirm that the hand-over says all that is needed."""
    return _act(request, reached_id, None, handing_over.confirm_hand_over, "The hand-over is confirmed.")


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def name_holder(request: HttpRequest, reached_id: str) -> HttpResponse:
    """Name who holds the channel from now on."""
    form = HolderForm(request.POST, auto_id=f"id_{reached_id}_%s")
    return _act(request, reached_id, form, handing_over.name_holder, "The new holder is named.")


@require_POST
@opens_for(Permission.SEE_SEPARATIONS)
def assign_task(request: HttpRequest, separation_id: str) -> HttpResponse:
    """Ask something of the person who leaves."""
    person, found, now = _find(request, separation_id)
    form = TaskForm(request.POST)
    if form.is_valid():
        try:
            operations.assign_task(separation_id=found.public_id, **form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, _PLACES)
        else:
            messages.success(request, "Asked.")
            return redirect("separation", found.public_id)
    return _page(request, found, person, now, ("task", form))


@require_POST
@opens_for(Permission.MANAGE_PEOPLE)
def rescind_separation(request: HttpRequest, separation_id: str) -> HttpResponse:
    """Take a planned separation back."""
    person, found, now = _find(request, separation_id)
    operations.rescind_separation(separation_id=found.public_id, actor=person, now=now)
    messages.success(request, f"{found.person.name} stays; nothing has ended.")
    return redirect("separation", found.public_id)


@require_POST
@opens_for(Permission.MANAGE_PEOPLE)
def close_separation(request: HttpRequest, separation_id: str) -> HttpResponse:
    """Close a separation in which nothing is open any more."""
    person, found, now = _find(request, separation_id)
    operations.close_separation(separation_id=found.public_id, actor=person, now=now)
    messages.success(request, "The separation is closed: every channel has a new named holder.")
    return redirect("separation", found.public_id)
