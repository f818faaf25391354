"""Pages on which a log-in is asked for, confirmed by another, and seen once."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import pack, queries
from rostrum.areas.channels.forms.custody import DiscloseForm, NoteForm
from rostrum.areas.channels.models import LogInDisclosure
from rostrum.areas.channels.operations.log_in_disclosure import (
    confirm_disclosure,
    decline_disclosure,
    request_disclosure,
    show_disclosure,
)
from rostrum.areas.channels.queries import log_in_disclosure as reads
from rostrum.areas.channels.rules import log_in_disclosure as rules
from rostrum.areas.channels.rules.log_in_disclosure import (
    DISCLOSURE_MACHINE,
    DISCLOSURE_TITLES,
    DisclosureAct,
    DisclosureState,
)
from rostrum.areas.channels.views.frame import find
from rostrum.areas.people.access import opens_for, signed_in_person, takes_secrets
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused

_KINDS = {
    DisclosureState.REQUESTED: "wait",
    DisclosureState.CONFIRMED: "info",
    DisclosureState.DECLINED: "quiet",
    DisclosureState.SHOWN: "ok",
    DisclosureState.EXPIRED: "quiet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DISCLOSE_CREDENTIAL)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to see the channel's log-in."""
    person, found, now = find(request, slug)
    shown = reads.shown_parts(found)
    labels = {field.name: field.label for field in queries.secret_fields(found.platform_id)}
    form = DiscloseForm(request.POST or None, parts=[(name, labels.get(name, name)) for name in shown])
    if request.method == "POST" and form.is_valid():
        try:
            made = request_disclosure(channel_id=found.public_id, **form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, {"no-reason": "reason", "no-part": "parts"})
        else:
            messages.success(request, "Asked. A second person is told by mail and confirms, or declines.")
            return redirect("custody-disclosure", made.public_id)
    context = {
        "form": form,
        "channel": found,
        "credential": queries.credential_in_force(found),
        "seconds": reads.who_may_confirm(person, now=now),
        "hours": pack.disclosure_request_hours(),
        "minutes": pack.disclosure_minutes(),
        "rotate_hours": pack.rotate_after_disclosure_hours(),
        # The button asks for what the form cannot give.
        "decision": rules.decide_asking(
            reads.ask_facts(found, parts=shown[:1], reason="a reason", actor=person, now=now)
        ),
    }
    return render(request, "channels/disclose.html", context, status=status_of(form))


@takes_secrets
@require_safe
@opens_for(Permission.DISCLOSE_CREDENTIAL)
def disclosure(request: HttpRequest, disclosure_id: str) -> HttpResponse:
    """One request to see a log-in: who asks, what for, and who may say yes."""
    person, found, now = _find(request, disclosure_id)
    state = DisclosureState(found.state)
    is_over = now >= found.expires_at and state in (DisclosureState.REQUESTED, DisclosureState.CONFIRMED)
    shown_as = DisclosureState.EXPIRED if is_over else state
    facts = reads.disclosure_facts(found, actor=person, now=now, note="a reason")
    labels = {field.name: field.label for field in queries.secret_fields(found.channel.platform_id)}
    context = {
        "disclosure": found,
        "channel": found.channel,
        "state": DISCLOSURE_TITLES[shown_as],
        "state_kind": _KINDS[shown_as],
        "acts": {act.value: not is_over and DISCLOSURE_MACHINE.allows(state, act) for act in DisclosureAct},
        "parts": [labels.get(name, name) for name in found.parts],
        "is_mine": found.requested_by == person,
        "confirm_decision": rules.decide_confirmation(facts),
        "decline_decision": rules.decide_declining(facts),
        "show_decision": rules.decide_showing(facts),
        "note_form": NoteForm(),
        "minutes": pack.disclosure_minutes(),
        "rotate_hours": pack.rotate_after_disclosure_hours(),
    }
    return render(request, "channels/disclosure.html", context)


@require_POST
@opens_for(Permission.DISCLOSE_CREDENTIAL)
def confirm(request: HttpRequest, disclosure_id: str) -> HttpResponse:
    """Let the other person see it."""
    person, found, now = _find(request, disclosure_id)
    confirm_disclosure(disclosure_id=found.public_id, actor=person, now=now)
    messages.success(request, f"Confirmed. {found.requested_by.name} may see it once.")
    return redirect("custody-disclosure", disclosure_id)


@require_POST
@opens_for(Permission.DISCLOSE_CREDENTIAL)
def decline(request: HttpRequest, disclosure_id: str) -> HttpResponse:
    """Say no, or take one's own request back."""
    person, found, now = _find(request, disclosure_id)
    decline_disclosure(disclosure_id=found.public_id, note=request.POST.get("note", ""), actor=person, now=now)
    messages.success(request, "Declined. Nothing is shown.")
    return redirect("custody-disclosure", disclosure_id)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DISCLOSE_CREDENTIAL)
def show(request: HttpRequest, disclosure_id: str) -> HttpResponse:
    """The log-in, this once. Coming back by a link, there is nothing here any more."""
    person, found, now = _find(request, disclosure_id)
    if request.method != "POST":
        return redirect("custody-disclosure", disclosure_id)
    secret = show_disclosure(disclosure_id=found.public_id, actor=person, now=now)
    labels = {field.name: field.label for field in queries.secret_fields(found.channel.platform_id)}
    context = {
        "channel": found.channel,
        "rows": [{"label": labels.get(name, name), "value": value} for name, value in secret.items()],
        "rotate_hours": pack.rotate_after_disclosure_hours(),
        "deposit_url": reverse("channel-deposit", args=[found.channel.slug]),
    }
    return render(request, "channels/shown.html", context)


def _find(request: HttpRequest, disclosure_id: str) -> tuple[User, LogInDisclosure, datetime]:
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(reads.visible_disclosures(person, now=now), public_id=disclosure_id), now
