"""Pages of the rights that are held: of a department, one's own; ended, stopped at once, denied."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels.forms.grants import DenyForm, WhyForm
from rostrum.areas.channels.models import StopRequest
from rostrum.areas.channels.operations import grants as operations
from rostrum.areas.channels.queries import grants as queries
from rostrum.areas.channels.queries import separation as separations
from rostrum.areas.channels.rules import grants as rules
from rostrum.areas.channels.views.grants import in_words
from rostrum.areas.people import operations as people_operations
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, opens_for_signed_in, signed_in_person
from rostrum.areas.people.forms.refused import is_done, status_of
from rostrum.areas.people.models import ChannelGrant, Denial, Unit, User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Refused


@require_safe
@opens_for(Permission.END_GRANT, Permission.ISSUE_GRANT, reading=True)
def unit_rights(request: HttpRequest, unit_slug: str) -> HttpResponse:
    """Who may do what on the channels of one department, since when, last used when, resting on what."""
    person, now = signed_in_person(request), timezone.now()
    unit = get_object_or_404(Unit, slug=unit_slug)
    if not queries.may_see_unit(person, unit, now=now):
        raise Http404
    context = {
        "unit": unit,
        "rows": queries.held_rows(queries.rights_in_unit(unit, now=now), now=now),
        "may_end": people.may(person, Permission.END_GRANT, unit=unit, now=now),
        "summary": queries.unit_summary(unit, now=now),
    }
    return render(request, "channels/unit_rights.html", context)


@require_safe
@opens_for_signed_in
def my_rights(request: HttpRequest) -> HttpResponse:
    """One's own rights on channels, what was asked for, and what is to be accepted or confirmed."""
    person, now = signed_in_person(request), timezone.now()
    leaving = separations.own_separation(person)
    context = {
        "rows": queries.held_rows(queries.rights_of(person, now=now), now=now),
        "requests": [in_words(one) for one in queries.visible_requests(person, now=now).filter(person=person)[:20]],
        "accepting": [in_words(one) for one in queries.to_accept(person)],
        "stops": StopRequest.objects.filter(person=person, confirmed_at=None),
        "is_denied": people.is_denied(person),
        "leaving": leaving,
        "hand_overs": separations.reached_channels(leaving) if leaving else (),
        "questions": separations.tasks_of(leaving).filter(answered_at=None) if leaving else (),
        "may_ask": people.may(person, Permission.REQUEST_RIGHT, now=now).allowed,
    }
    return render(request, "channels/my_rights.html", context)


@require_POST
@opens_for(Permission.END_GRANT)
def end_right(request: HttpRequest, grant_id: str) -> HttpResponse:
    """End one right now, and lead back to the page it was ended on: the channel's, the person's, the department's."""
    try:
        grant = operations.end_right(grant_id=grant_id, actor=signed_in_person(request), now=timezone.now())
    except ChannelGrant.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, f"Ended for {grant.person.name}.")
    channel = queries.channels_of([grant]).get(grant.channel)
    back = request.POST.get("back", "")
    if channel is None or back == "person":
        return redirect("person", grant.person.public_id)
    return redirect("channel", channel.slug) if back == "channel" else redirect("unit-rights", channel.unit.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.END_GRANT)
def stop_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Tell a person, for the body, to stop acting on channels: all rights end at once."""
    actor, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(User.objects.select_related("unit"), public_id=person_id)
    form = WhyForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(
            form,
            lambda: operations.stop_access(person=found, **form.cleaned_data, actor=actor, now=now),
            {"no-reason": "reason"},
        )
    ):
        messages.success(request, f"{found.name} can no longer act on any channel, and is asked to confirm it.")
        return redirect("person", found.public_id)
    facts = queries.stopping_facts(found, reason="asked below", actor=actor, now=now)
    context = {
        "found": found,
        "form": form,
        "decision": rules.decide_stopping(facts),
        "rows": queries.held_rows(queries.rights_of(found, now=now), now=now),
        "stops": StopRequest.objects.filter(person=found).select_related("asked_by"),
    }
    return render(request, "channels/stop_person.html", context, status=status_of(form))


@require_POST
@opens_for_signed_in
def confirm_stop(request: HttpRequest, stop_id: str) -> HttpResponse:
    """Confirm having stopped."""
    try:
        operations.confirm_stop(stop_id=stop_id, actor=signed_in_person(request), now=timezone.now())
    except StopRequest.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, "Your confirmation is kept.")
    return redirect("my-rights")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DENY_POSTING, reading=True)
def denied(request: HttpRequest) -> HttpResponse:
    """Who may not post: the denied list, and the form that puts somebody on it."""
    person, now = signed_in_person(request), timezone.now()
    may_deny = people.may(person, Permission.DENY_POSTING, now=now)
    form = DenyForm(request.POST or None)
    if request.method == "POST":
        may_deny.or_refuse()
        if form.is_valid():
            values: dict[str, Any] = form.cleaned_data
            if is_done(
                form,
                lambda: people_operations.deny_posting(**values, actor=person, now=now),
                {"no-reason": "reason", "denied-already": "person"},
            ):
                messages.success(request, f"{values['person'].name} stands on the denied list.")
                return redirect("denied")
    denials = Denial.objects.select_related("person__unit", "denied_by", "lifted_by")
    context = {
        "form": form,
        "may_deny": may_deny,
        "standing": denials.filter(lifted_at=None),
        "lifted": denials.filter(lifted_at__isnull=False)[:50],
        "why_form": WhyForm(),
    }
    return render(request, "channels/denied.html", context, status=status_of(form))


@require_POST
@opens_for(Permission.DENY_POSTING)
def lift_denial(request: HttpRequest, denial_id: str) -> HttpResponse:
    """Take a person off the denied list."""
    form = WhyForm(request.POST)
    if not form.is_valid():
        raise Refused.because("no-reason", "Say why it is lifted.")
    try:
        denial = people_operations.lift_denial(
            denial_id=denial_id, **form.cleaned_data, actor=signed_in_person(request), now=timezone.now()
        )
    except Denial.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, f"Lifted: the rights of {denial.person.name} are in force again.")
    return redirect("denied")
