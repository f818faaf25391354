"""Pages of the channels area: the list, the request, one channel and the acts on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import custody, operations, pack, queries, rules
from rostrum.areas.channels.forms import (
    DepositForm,
    DescribeForm,
    GoLiveForm,
    OpenForm,
    ReasonForm,
    RequestForm,
    RightForm,
    StepForm,
)
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import KIND_TITLES, STATE_TITLES, ChannelAct, ChannelKind, ChannelState
from rostrum.areas.people import operations as people_operations
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import RIGHT_TITLES, ROLE_TITLES, Permission, Right, Role
from rostrum.kernel.decisions import Decision, InvalidInput

_PER_PAGE = 50
STATE_KINDS = {
    ChannelState.REQUESTED: "wait",
    ChannelState.APPROVED: "info",
    ChannelState.DECLINED: "quiet",
    ChannelState.OPENED: "wait",
    ChannelState.DEPOSITED: "info",
    ChannelState.LIVE: "ok",
    ChannelState.PAUSED: "wait",
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
EVENT_WORDS = {
    "channels.channel-requested.v1": "Asked for",
    "channels.channel-step-taken.v1": "Approval step taken",
    "channels.channel-approved.v1": "Approved",
    "channels.channel-declined.v1": "Declined",
    "channels.channel-opened.v1": "Opened on its platform",
    "channels.channel-described.v1": "Description changed",
    "channels.credential-deposited.v1": "Log-in taken into custody",
    "channels.channel-went-live.v1": "Went live",
    "channels.channel-paused.v1": "Paused",
    "channels.channel-resumed.v1": "Resumed",
    "channels.channel-closed.v1": "Closed",
    "channels.connection-lost.v1": "Connection lost",
    "channels.connection-restored.v1": "Connection restored",
}


def _shown(channel: Channel, now: datetime) -> dict[str, Any]:
    state = ChannelState(channel.state)
    words, kind = HEALTH_WORDS.get(queries.health(channel, now=now), ("In trouble", "stop"))
    return {
        "channel": channel,
        "state": STATE_TITLES[state],
        "state_kind": STATE_KINDS[state],
        "health": words,
        "health_kind": kind,
    }


def _found(request: HttpRequest, slug: str) -> tuple[User, Channel, datetime]:
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(queries.visible_channels(person, now=now), slug=slug), now


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel with its state and health."""
    person, now = signed_in_person(request), timezone.now()
    page = Paginator(queries.visible_channels(person, now=now), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_shown(channel, now) for channel in page],
        "may_request": people.may(person, Permission.REQUEST_CHANNEL, now=now).allowed,
    }
    return render(request, "channels/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REQUEST_CHANNEL)
def request_channel(request: HttpRequest) -> HttpResponse:
    """Ask for a channel."""
    person, now = signed_in_person(request), timezone.now()
    form = RequestForm(
        request.POST or None,
        purposes=[code for code, _ in pack.purposes()],
        initial={"unit": person.unit.slug if person.unit else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            channel = operations.request_channel(**form.operation_arguments(), actor=person, now=now)
        except InvalidInput as problem:
            form.add_error(problem.where if problem.where in form.fields else None, problem.why)
        else:
            messages.success(request, f"{channel.name} is asked for. {_who_is_next(channel)}")
            return redirect("channel", channel.slug)
    context = {"form": form, "steps": pack.approval_steps(), "clauses": pack.bindings("channel.purpose")}
    return render(request, "channels/request.html", context, status=422 if form.errors else 200)


def _who_is_next(channel: Channel) -> str:
    steps = pack.approval_steps()
    taken = channel.steps.count()
    return f"The next step is for: {steps[taken].title}." if taken < len(steps) else ""


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    """One channel: what it is, who answers for it, where it stands, what can be done, what happened."""
    person, found, now = _found(request, slug)
    state = ChannelState(found.state)
    step = queries.step_facts(found, actor=person, now=now)
    live = queries.live_facts(found, act=_going_live(state), page_seen=True, actor=person, now=now)
    manage = queries.may_manage(found, actor=person, now=now)
    may_set = queries.may_describe(found, actor=person, now=now)
    context = _shown(found, now) | {
        "kind": KIND_TITLES[ChannelKind(found.kind)],
        "acts": {act.value: rules.CHANNEL_MACHINE.allows(state, act) for act in ChannelAct},
        "credential": queries.credential_in_force(found),
        "elements": live.elements,
        "steps": [{"step": one, "role": _role_title(one.role)} for one in found.steps.select_related("person")],
        "step_form": StepForm(),
        "live_form": GoLiveForm(),
        "reason_form": ReasonForm(auto_id="id_pause_%s"),
        "close_form": ReasonForm(auto_id="id_close_%s"),
        "definitions": pack.definitions_of(found.platform_id),
        "holders": [
            {"grant": one, "title": RIGHT_TITLES[Right(one.right)]}
            for one in people.grants_on(found.public_id, now=now)
        ],
        "right_form": RightForm(persons=people.persons_present(now=now)),
        "right_decision": people.may(person, Permission.ISSUE_GRANT, unit=found.unit, now=now),
        "end_right_decision": people.may(person, Permission.END_GRANT, unit=found.unit, now=now),
        "next_step": step.next_step,
        "step_decision": rules.decide_step(step),
        "open_decision": may_set,
        "deposit_decision": queries.may_deposit(found, actor=person, now=now),
        "live_decision": rules.decide_going_live(live),
        "manage_decision": manage,
        "describe_decision": may_set,
        "history": [
            {"words": EVENT_WORDS.get(entry.kind, entry.kind), "entry": entry, "who": _who(entry.actor)}
            for entry in queries.history(found)
        ],
    }
    return render(request, "channels/channel.html", context)


def _going_live(state: ChannelState) -> ChannelAct:
    return ChannelAct.RESUME if state is ChannelState.PAUSED else ChannelAct.GO_LIVE


def _who(actor: str) -> str:
    person = User.objects.filter(public_id=actor).first()
    return person.name if person else actor.capitalize()


def _role_title(role: str) -> str:
    return ROLE_TITLES[Role(role)] if role in list(Role) else role


@require_POST
@opens_for(Permission.APPROVE_CHANNEL)
def approve_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the next step of the approval."""
    person, found, now = _found(request, slug)
    changed = operations.approve_channel(
        channel_id=found.public_id, note=request.POST.get("note", ""), actor=person, now=now
    )
    done = changed.state == ChannelState.APPROVED
    messages.success(request, "Approved." if done else f"Your step is recorded. {_who_is_next(changed)}")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.APPROVE_CHANNEL)
def decline_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Decline the request, with the reason."""
    person, found, now = _found(request, slug)
    operations.decline_channel(channel_id=found.public_id, reason=request.POST.get("note", ""), actor=person, now=now)
    messages.success(request, "Declined. Who asked for it sees the reason here.")
    return redirect("channel", slug)


def _form_page(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    act: Callable[[], object],
    *,
    done: str,
    channel: Channel,
    decision: Decision,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form of one channel, or do its act and go back to the channel."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except InvalidInput as problem:
            form.add_error(problem.where if problem.where in form.fields else None, problem.why)
        else:
            messages.success(request, done)
            return redirect("channel", channel.slug)
    context = {"form": form, "channel": channel, "decision": decision} | (more or {})
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REQUEST_CHANNEL)
def open_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that the channel exists on its platform."""
    person, found, now = _found(request, slug)
    form = OpenForm(request.POST or None, fields=queries.connection_fields(found.platform_id))
    return _form_page(
        request,
        "channels/open.html",
        form,
        lambda: operations.open_channel(
            channel_id=found.public_id, **form.operation_arguments(), actor=person, now=now
        ),
        done="Opened. Deposit its log-in next.",
        channel=found,
        decision=queries.may_describe(found, actor=person, now=now),
        more={
            "domains": pack.official_domains(),
            "email_rule": pack.email_rule(),
            "email_clause": pack.clauses().get("channel.official-email", ""),
            "hours": pack.deposit_hours(),
        },
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.DEPOSIT_CREDENTIAL)
def deposit_credential(request: HttpRequest, slug: str) -> HttpResponse:
    """Deposit the channel's log-in; what is typed here is sealed and never shown again."""
    person, found, now = _found(request, slug)
    form = DepositForm(
        request.POST or None,
        fields=queries.secret_fields(found.platform_id),
        secret_names=custody.SECRET_NAMES,
    )
    return _form_page(
        request,
        "channels/deposit.html",
        form,
        lambda: operations.deposit_credential(
            channel_id=found.public_id, secret=form.cleaned_data, actor=person, now=now
        ),
        done="The log-in is in custody.",
        channel=found,
        decision=queries.may_deposit(found, actor=person, now=now),
        more={"credential": queries.credential_in_force(found)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REQUEST_CHANNEL)
def describe_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Set what the page must show, and how the channel is captured."""
    person, found, now = _found(request, slug)
    form = DescribeForm(request.POST or None, initial={name: getattr(found, name) for name in operations.DESCRIBED})
    return _form_page(
        request,
        "channels/describe.html",
        form,
        lambda: operations.describe_channel(channel_id=found.public_id, **form.cleaned_data, actor=person, now=now),
        done="Saved.",
        channel=found,
        decision=queries.may_describe(found, actor=person, now=now),
        more={"elements": queries.page_elements(found)},
    )


@require_POST
@opens_for(Permission.ISSUE_GRANT)
def give_right(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a person a right on the channel, from now on."""
    person, found, now = _found(request, slug)
    form = RightForm(request.POST, persons=people.persons_present(now=now))
    if not form.is_valid():
        raise InvalidInput(next(iter(form.errors)), "choose a person and what they may do on the channel")
    holder, right = form.holder(), Right(form.cleaned_data["right"])
    people_operations.give_channel_right(
        person=holder, channel=found.public_id, right=right, unit=found.unit, actor=person, now=now
    )
    messages.success(request, f"{holder.name} holds the right “{RIGHT_TITLES[right]}”.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def go_live(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the channel speak, for the first time or again after a pause."""
    person, found, now = _found(request, slug)
    is_paused = found.state == ChannelState.PAUSED
    act = operations.resume_channel if is_paused else operations.go_live
    act(channel_id=found.public_id, page_seen="page_seen" in request.POST, actor=person, now=now)
    messages.success(request, f"{found.name} is live.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def pause_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop publishing on the channel for now."""
    person, found, now = _found(request, slug)
    operations.pause_channel(channel_id=found.public_id, reason=request.POST.get("reason", ""), actor=person, now=now)
    messages.success(request, f"{found.name} is paused. Capture goes on.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def close_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """End the channel; its records are kept."""
    person, found, now = _found(request, slug)
    operations.close_channel(channel_id=found.public_id, reason=request.POST.get("reason", ""), actor=person, now=now)
    messages.success(request, f"{found.name} is closed. Its records are kept.")
    return redirect(reverse("channel", args=[slug]))
