"""Pages of the life of a channel: the list, the request, one channel and the acts on it."""

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import operations, pack, queries, rules
from rostrum.areas.channels.forms import (
    DescribeForm,
    OpenForm,
    ReasonForm,
    RequestForm,
    StepForm,
    UseForm,
)
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries.kind import scope_of
from rostrum.areas.channels.queries.terms import ON_PLATFORM, platforms_held_up
from rostrum.areas.channels.queries.warnings import warnings_about
from rostrum.areas.channels.rules import KIND_TITLES, USE_TITLES, ChannelAct, ChannelKind, ChannelState, Use
from rostrum.areas.channels.rules.asking import decide_use, purpose_title
from rostrum.areas.channels.views.frame import PLACES, find, form_page, shown, who
from rostrum.areas.channels.views.panels import PANELS
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.rules import ROLE_TITLES, Permission, Role
from rostrum.kernel.decisions import InvalidInput, Refused

_PER_PAGE = 50
# What the list shows; a channel has thirty columns, some of them long texts.
EVENT_WORDS = {
    "channels.channel-found.v1": "Found without approval",
    "channels.channels-taken-in.v1": "Found in a list",
    "channels.list-find-settled.v1": "Taken from a list by a person",
    "channels.look-alike-explained.v1": "Why its handle is like another’s",
    "channels.channel-requested.v1": "Asked for",
    "channels.channel-step-taken.v1": "Approval step taken",
    "channels.terms-review-begun.v1": "Reader of the terms named",
    "channels.terms-answers-saved.v1": "Answers about the terms saved",
    "channels.terms-newest-taken.v1": "Review taken to the newest terms",
    "channels.terms-problem-marked.v1": "Problem in the terms marked",
    "channels.terms-problem-withdrawn.v1": "Problem in the terms taken back",
    "channels.terms-read.v1": "Terms and privacy policy read",
    "channels.terms-review-returned.v1": "Review of the terms given back",
    "channels.terms-review-signed.v1": "Review of the terms signed",
    "channels.terms-use-decided.v1": "Use in spite of the terms decided",
    "channels.terms-accepted.v1": "Terms accepted",
    "channels.terms-review-adopted.v1": "Review of the terms taken over",
    "channels.channel-suspended.v1": "Suspended: terms changed",
    "channels.channel-released.v1": "Released: terms decided",
    "channels.channel-use-looked-at.v1": "Its use was watched over",
    "channels.channel-approved.v1": "Approved",
    "channels.channel-declined.v1": "Declined",
    "channels.channel-opened.v1": "Opened on its platform",
    "channels.channel-described.v1": "Description changed",
    "channels.channel-use-decided.v1": "Decided whose use it is of",
    "channels.page-read.v1": "Page read by the product",
    "channels.page-attested.v1": "Page looked at",
    "channels.page-check-lapsed.v1": "Page not looked at in time",
    "channels.credential-deposited.v1": "Log-in taken into custody",
    "channels.change-reported.v1": "Log-in changed on the platform",
    "channels.change-denied.v1": "Log-in not changed after all",
    "channels.credential-tested.v1": "Log-in tested: it works",
    "channels.credential-failed.v1": "Log-in tested: the platform does not take it",
    "channels.one-time-code-shown.v1": "One-time code shown",
    "channels.disclosure-requested.v1": "Asked to see the log-in",
    "channels.disclosure-confirmed.v1": "Seeing the log-in confirmed",
    "channels.disclosure-declined.v1": "Seeing the log-in declined",
    "channels.disclosure-shown.v1": "Log-in seen",
    "channels.disclosure-expired.v1": "Log-in not seen in time",
    "channels.emergency-taken.v1": "Emergency right taken",
    "channels.emergency-ended.v1": "Emergency right ended early",
    "channels.emergency-reviewed.v1": "Emergency right reviewed",
    "channels.channel-went-live.v1": "Went live",
    "channels.channel-paused.v1": "Paused",
    "channels.channel-resumed.v1": "Resumed",
    "channels.channel-closed.v1": "Closed",
    "channels.right-requested.v1": "A right asked for",
    "channels.right-designated.v1": "Designated by the department",
    "channels.right-issued.v1": "A right issued",
    "channels.right-extended.v1": "Rights over the department reach it",
    "channels.right-declined.v1": "A right declined",
    "channels.right-withdrawn.v1": "A request for a right withdrawn",
    "channels.administrators-listed.v1": "Administrators compared with the roster",
    "channels.administrator-finding-answered.v1": "Disagreement about an administrator answered",
    "channels.applications-checked.v1": "Connected applications looked at",
    "channels.settings-checked.v1": "Settings gone through",
    "channels.part-recorded.v1": "Entry about a part made",
    "channels.question-asked.v1": "Question asked",
    "channels.question-answered.v1": "Question answered",
    "channels.connection-lost.v1": "Connection lost",
    "channels.connection-restored.v1": "Connection restored",
    "channels.application-proposed.v1": "An application proposed",
    "channels.application-approved.v1": "An application allowed",
    "channels.application-withdrawn.v1": "An application allowed no longer",
    "channels.cookie-use-stated.v1": "Use of cookies stated",
    "channels.cookie-use-decided.v1": "Use of cookies decided on",
    "channels.credentials-resealed.v1": "Log-ins sealed under another key",
    "channels.custody-key-made.v1": "A key for custody made",
    "channels.custody-key-dropped.v1": "A key for custody dropped",
    "channels.person-separated.v1": "Somebody who acted here left",
    "channels.separation-planned.v1": "A separation planned",
    "channels.separation-rescinded.v1": "A planned separation called off",
    "channels.separation-closed.v1": "A separation closed",
    "channels.platform-roles-removed.v1": "Roles on the platform removed",
    "channels.hand-over-given.v1": "Handed over",
    "channels.hand-over-confirmed.v1": "Hand-over confirmed",
    "channels.holder-named.v1": "A new holder named",
    "channels.log-in-surrendered.v1": "A log-in given up by who left",
    "channels.rotation-confirmed.v1": "New log-in confirmed after somebody left",
    "channels.transition-task-assigned.v1": "Asked to help with the transition",
    "channels.transition-task-answered.v1": "Help with the transition given",
    "channels.list-received.v1": "A list of channels given in",
    "channels.list-read.v1": "A list of channels read",
    "channels.list-refused.v1": "A list of channels could not be read",
    "channels.list-released.v1": "A held list released",
    "channels.list-set-aside.v1": "A list set aside",
    "channels.list-unit-named.v1": "A department of a list named",
    "channels.review-begun.v1": "A review of rights begun",
    "channels.rights-reviewed.v1": "Rights reviewed",
    "channels.review-lapsed.v1": "A review of rights not done in time",
    "channels.review-escalated.v1": "A review of rights escalated",
    "channels.unconfirmed-suspended.v1": "Rights nobody confirmed suspended",
    "channels.rules-accepted.v1": "Rules of the right accepted",
    "channels.stop-asked.v1": "Stopping a right asked for",
    "channels.stop-confirmed.v1": "Stopping a right confirmed",
    "channels.terms-address-set.v1": "Address of the terms set",
    "channels.terms-watch-named.v1": "Who watches the terms named",
    "channels.terms-looked-at.v1": "Terms looked at: unchanged",
    "channels.terms-not-reached.v1": "Terms could not be fetched",
    "channels.terms-stored.v1": "A version of the terms kept",
    "channels.terms-change-decided.v1": "A change of the terms decided on",
    "channels.terms-reading-confirmed.v1": "Reading of the terms confirmed",
}


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel with its state and health."""
    person, now = signed_in_person(request), timezone.now()
    found = queries.visible_channels_listed(person, now=now)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    held_up = platforms_held_up()
    context = {
        "page": page,
        "rows": [
            # What was only found or asked for has no review that could be open again.
            shown(channel, now)
            | {"terms_open": channel.platform in held_up and ChannelState(channel.state) in ON_PLATFORM}
            for channel in (queries.ListedChannel(*fields) for fields in page)
        ],
        "may_request": people.may(person, Permission.REQUEST_CHANNEL, now=now).allowed,
        "may_manage": people.may(person, Permission.MANAGE_CHANNEL, now=now).allowed,
        "may_see_rights": people.may(person, Permission.END_GRANT, reading=True, now=now).allowed,
        "may_see_custody": any(
            people.may(person, one, now=now).allowed for one in (Permission.MANAGE_CHANNEL, Permission.RUN_SERVICE)
        ),
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
        goals=pack.goals() if pack.goals_clause() else (),
        is_head=bool(pack.risk_clause() and (person.unit is None or queries.heads(person, person.unit, now=now))),
        initial={"unit": person.unit.slug if person.unit else None} | _found_before(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            channel = operations.request_channel(**form.operation_arguments(), actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, PLACES)
        else:
            messages.success(request, f"{channel.name} is asked for. {_who_is_next(channel)}")
            messages.info(request, _in_scope(channel))
            for warning in warnings_about(channel):
                cited = f" ({warning.clause})" if warning.clause else ""
                messages.warning(request, f"{warning.message}{cited}")
            return redirect("channel", channel.slug)
    context = {
        "form": form,
        "steps": pack.approval_steps(),
        "scopes": [scope_of(platform) for platform in PLATFORMS],
        "clauses": pack.bindings("channel.purpose"),
        "personal_clause": pack.clauses().get("channel.no-personal", ""),
        "ask_clause": pack.clauses().get("channel.ask-coordinator", ""),
        "case_clause": pack.binding_clause("channel.business-case"),
        "case_advice": pack.advising_clause("channel.business-case"),
    }
    return render(request, "channels/request.html", context, status=status_of(form))


def _in_scope(channel: Channel) -> str:
    """Whether what was asked for is social media as the policy defines it, and how its posts will be captured."""
    scope = scope_of(channel.platform_id)
    what = scope.platform.name
    if scope.within:
        told = f"{what}: social media as {', '.join(scope.within)} defines it."
    elif scope.outside:
        told = (
            f"{what}: outside what {', '.join(scope.outside)} calls social media. It is a channel of the body all the "
            "same, and goes through the same steps."
        )
    else:
        told = f"{what}: the policy in force does not define social media."
    return f"{told} Captured: {scope.captured}"


def _found_before(request: HttpRequest) -> dict[str, str]:
    """What is known of a channel that was found, when it is asked for afterwards."""
    slug = request.GET.get("found", "")
    was = queries.visible_channels(signed_in_person(request), now=timezone.now()).filter(slug=slug).first()
    if was is None or was.state != ChannelState.FOUND:
        return {}
    told = {name: getattr(was, name) for name in ("name", "handle", "url", "kind", "why_alike")}
    return told | {"platform": was.platform_id, "unit": was.unit.slug, "found": was.public_id}


def _who_is_next(channel: Channel) -> str:
    steps = pack.approval_steps()
    taken = channel.steps.count()
    return f"The next step is for: {steps[taken].title}." if taken < len(steps) else ""


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    """One channel: what it is, who answers for it, where it stands, what can be done, what happened."""
    person, found, now = find(request, slug)
    state = ChannelState(found.state)
    # The head says so with the form itself.
    step = queries.step_facts(found, actor=person, now=now, risk_acknowledged=True)
    live = queries.live_facts(found, act=_going_live(state), actor=person, now=now)
    manage = queries.may_manage(found, actor=person, now=now)
    may_set = queries.may_describe(found, actor=person, now=now)
    context = shown(found, now) | {
        "kind": KIND_TITLES[ChannelKind(found.kind)],
        "serves": [purpose_title(code) for code in found.serves],
        "use": USE_TITLES[Use(found.use)],
        "acts": {act.value: rules.CHANNEL_MACHINE.allows(state, act) for act in ChannelAct},
        "steps": [{"step": one, "role": _role_title(one.role)} for one in found.steps.select_related("person")],
        "step_form": StepForm(),
        "use_form": UseForm(),
        "use_decision": decide_use(
            queries.use_facts(found, use=Use.OFFICIAL, reason="to be given", actor=person, now=now)
        ),
        "is_mixed": found.use == Use.MIXED,
        "warnings": warnings_about(found) if state is not ChannelState.CLOSED else (),
        "reason_form": ReasonForm(auto_id="id_pause_%s"),
        "close_form": ReasonForm(auto_id="id_close_%s"),
        "scope": scope_of(found.platform_id),
        "next_step": step.next_step,
        "step_decision": rules.decide_step(step),
        "decline_decision": rules.decide_step(replace(step, act=ChannelAct.DECLINE, words=None)),
        "open_decision": may_set,
        "live_decision": rules.decide_going_live(live),
        "manage_decision": manage,
        "describe_decision": may_set,
        "history": [
            {"words": EVENT_WORDS.get(entry.kind, entry.kind), "entry": entry, "who": who(entry.actor)}
            for entry in queries.history(found)
        ],
    }
    for panel in PANELS:
        context |= panel(found, person, now)
    return render(request, "channels/channel.html", context)


def _going_live(state: ChannelState) -> ChannelAct:
    return ChannelAct.RESUME if state is ChannelState.PAUSED else ChannelAct.GO_LIVE


def _role_title(role: str) -> str:
    return ROLE_TITLES[Role(role)] if role in list(Role) else role


@require_POST
@opens_for(Permission.APPROVE_CHANNEL)
def approve_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the next step of the approval."""
    person, found, now = find(request, slug)
    changed = operations.approve_channel(
        channel_id=found.public_id,
        note=request.POST.get("note", ""),
        risk_acknowledged="risk_acknowledged" in request.POST,
        actor=person,
        now=now,
    )
    done = changed.state == ChannelState.APPROVED
    messages.success(request, "Approved." if done else f"Your step is recorded. {_who_is_next(changed)}")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def decide_channel_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide whose use the channel is of."""
    person, found, now = find(request, slug)
    changed = operations.decide_use(
        channel_id=found.public_id,
        use=request.POST.get("use", ""),
        reason=request.POST.get("use_reason", ""),
        actor=person,
        now=now,
    )
    is_official = changed.use == Use.OFFICIAL
    messages.success(request, "It is an official channel." if is_official else "It is only personal, and no channel.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.APPROVE_CHANNEL)
def decline_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Decline the request, with the reason."""
    person, found, now = find(request, slug)
    operations.decline_channel(channel_id=found.public_id, reason=request.POST.get("note", ""), actor=person, now=now)
    messages.success(request, "Declined. Who asked for it sees the reason here.")
    return redirect("channel", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REQUEST_CHANNEL)
def open_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that the channel exists on its platform."""
    person, found, now = find(request, slug)
    form = OpenForm(
        request.POST or None,
        fields=queries.connection_fields(found.platform_id),
        persons=people.persons_present(now=now),
        initial={"registered_name": found.name},
    )
    email_rule, email_clause = pack.email_rule()
    return form_page(
        request,
        "channels/open.html",
        form,
        lambda: operations.open_channel(
            channel_id=found.public_id, **form.operation_arguments(), actor=person, now=now
        ),
        done="Opened. Deposit its log-in next.",
        channel=found,
        decision=rules.ready_to_open(
            queries.opening_facts(found, registered_email="", why_other_email="", actor=person, now=now)
        ),
        more={
            "domains": pack.official_domains(),
            "email_rule": email_rule,
            "email_clause": email_clause,
            "name_clause": pack.clauses().get("channel.registered-name", ""),
            "hours": pack.deposit_hours(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REQUEST_CHANNEL)
def describe_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Set what the page must show, and how the channel is captured."""
    person, found, now = find(request, slug)
    form = DescribeForm(request.POST or None, initial={name: getattr(found, name) for name in operations.DESCRIBED})
    return form_page(
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
@opens_for(Permission.MANAGE_CHANNEL)
def go_live(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the channel speak, for the first time or again after a pause."""
    person, found, now = find(request, slug)
    is_paused = found.state == ChannelState.PAUSED
    act = operations.resume_channel if is_paused else operations.go_live
    act(channel_id=found.public_id, actor=person, now=now)
    messages.success(request, f"{found.name} is live.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def pause_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop publishing on the channel for now."""
    person, found, now = find(request, slug)
    operations.pause_channel(channel_id=found.public_id, reason=request.POST.get("reason", ""), actor=person, now=now)
    messages.success(request, f"{found.name} is paused. Capture goes on.")
    return redirect("channel", slug)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def close_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """End the channel; its records are kept."""
    person, found, now = find(request, slug)
    operations.close_channel(channel_id=found.public_id, reason=request.POST.get("reason", ""), actor=person, now=now)
    messages.success(request, f"{found.name} is closed. Its records are kept.")
    return redirect(reverse("channel", args=[slug]))
