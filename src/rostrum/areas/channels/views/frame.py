"""What the pages of channels share: the channel found, its state in words, and the page of one form."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from rostrum.areas.channels import queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import STATE_TITLES, ChannelState
from rostrum.areas.people.access import signed_in_person
from rostrum.areas.people.forms.refused import is_done, status_of
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import Decision

STATE_KINDS = {
    ChannelState.FOUND: "stop",
    ChannelState.REQUESTED: "wait",
    ChannelState.REVIEWED: "wait",
    ChannelState.APPROVED: "info",
    ChannelState.DECLINED: "quiet",
    ChannelState.OPENED: "wait",
    ChannelState.DEPOSITED: "info",
    ChannelState.CHECKED: "info",
    ChannelState.LIVE: "ok",
    ChannelState.PAUSED: "wait",
    ChannelState.SUSPENDED: "stop",
    ChannelState.CLOSED: "quiet",
}
HEALTH_WORDS = {
    "": ("", "quiet"),
    "good": ("Connected", "ok"),
    "late": ("Capture is late", "wait"),
    "never": ("Not yet connected", "wait"),
    "lost_token": ("Log-in no longer accepted", "stop"),
    "rate_limited": ("Slowed by the platform", "wait"),
    "platform_error": ("Platform in trouble", "stop"),
}


def shown(channel: Channel | queries.ListedChannel, now: datetime) -> dict[str, Any]:
    """The channel with its state and its health in words, as lists and its page show them."""
    state = ChannelState(channel.state)
    words, kind = HEALTH_WORDS.get(queries.health(channel, now=now), ("In trouble", "stop"))
    return {
        "channel": channel,
        "state": STATE_TITLES[state],
        "state_kind": STATE_KINDS[state],
        "health": words,
        "health_kind": kind,
    }


def find(request: HttpRequest, slug: str) -> tuple[User, Channel, datetime]:
    """The person at the desk, the channel they may see by this slug, and now. Raises Http404."""
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(queries.visible_channels(person, now=now), slug=slug), now


def who(actor: str) -> str:
    """Who acted, by name."""
    person = User.objects.filter(public_id=actor).first()
    return person.name if person else actor.capitalize()


# Which field of a channel's forms a reason is about.
PLACES: dict[str, str | None] = {
    "no-change-time": "changed_at",
    "change-to-come": "changed_at",
    "change-too-early": "changed_at",
    "work-log-in": "why_shared",
    "no-reason": "reason",
    "no-email": "registered_email",
    "not-official-email": "registered_email",
    "not-authorized": "registered_email",
    "name-not-registered": "registered_name",
    "no-purpose": "purpose",
    "no-mission-goal": "mission_goal",
    "goal-not-listed": "mission_goal",
    "no-goals-listed": "mission_goal",
    "no-listed-purpose": "serves",
    "no-business-case": "business_case",
    "risk-not-acknowledged": "risk_acknowledged",
    "looks-alike": "why_alike",
    "no-name": "name",
}


def form_page(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    act: Callable[[], object],
    *,
    done: str,
    channel: Channel,
    decision: Decision,
    more: dict[str, Any] | None = None,
    go_to: str = "channel",
) -> HttpResponse:
    """Show a form of one channel, or do its act and go back to the channel (or to its page `go_to`)."""
    if request.method == "POST":
        # Where the act's turn has not come, the page offers no form on which that could be said.
        decision.or_refuse()
    if request.method == "POST" and form.is_valid() and is_done(form, act, PLACES):
        messages.success(request, done)
        return redirect(go_to, channel.slug)
    context = {"form": form, "channel": channel, "decision": decision} | (more or {})
    return render(request, template, context, status=status_of(form))
