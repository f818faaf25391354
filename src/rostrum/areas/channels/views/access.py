"""Pages about who and what may act on a channel: administrators, applications, settings; the list of allowed ones."""

from contextlib import closing
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import pack
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.forms.access import (
    AdministratorsForm,
    AnswerForm,
    ApplicationForm,
    ConnectedForm,
    SettingsForm,
)
from rostrum.areas.channels.guides import VERSION, guide_for
from rostrum.areas.channels.models import AdministratorFinding, AllowedApplication, Channel
from rostrum.areas.channels.operations import access as operations
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries import access as queries
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.rules.roster import DISAGREEMENT_TITLES, Disagreement
from rostrum.areas.channels.views.frame import find, form_page
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import RIGHT_TITLES, Permission, Right
from rostrum.connectors.interface import ConnectorError, TellsAccess
from rostrum.kernel.decisions import InvalidInput, Refused


def panel(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """What stands out about who and what may act on the channel, for its own page."""
    del person, now
    return {
        "administrator_findings": queries.administrator_findings(channel).count(),
        "application_findings": queries.application_findings(channel).count(),
        "administrators_at": getattr(queries.last_administrator_list(channel), "at", None),
        "applications_at": getattr(queries.last_application_check(channel), "at", None),
        "settings_at": getattr(queries.last_settings_check(channel), "at", None),
    }


# Administrators


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_CHANNEL, Permission.CHECK_PAGE, reading=True)
def administrators(request: HttpRequest, slug: str) -> HttpResponse:
    """The platform's administrators beside the roster of holders, and what does not agree; take in a new list."""
    person, found, now = find(request, slug)
    form = AdministratorsForm(request.POST or None, request.FILES or None)
    last = queries.last_administrator_list(found)
    persons = (
        {one.public_id: one for one in User.objects.filter(public_id__in=[r["person"] for r in last.rows])}
        if last
        else {}
    )
    return form_page(
        request,
        "channels/administrators.html",
        form,
        lambda: operations.hand_in_administrators(
            channel_id=found.public_id, data=form.data_bytes(), actor=person, now=now
        ),
        done="The list was compared with the roster.",
        channel=found,
        decision=queries.may_reconcile(found, actor=person, now=now),
        more={
            "last": last,
            "rows": [row | {"known": persons.get(row["person"])} for row in last.rows] if last else [],
            "findings": [
                {"finding": one, "title": DISAGREEMENT_TITLES[Disagreement(one.kind)]}
                for one in queries.administrator_findings(found)
            ],
            "holders": [
                {"grant": one, "title": RIGHT_TITLES[Right(one.right)]}
                for one in people.grants_on(found.public_id, now=now)
            ],
            "most": pack.most_administrators(),
            "can_be_read": pages.can_be_read(found),
        },
        go_to="channel-administrators",
    )


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def read_access(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the connector read who and what may act on the channel now."""
    person, found, _ = find(request, slug)
    queries.may_reconcile(found, actor=person, now=timezone.now()).or_refuse()
    with closing(channels.connector_for(found)) as connector:
        if not isinstance(connector, TellsAccess):
            raise InvalidInput("platform", f"{found.platform.name} does not tell; hand the list in")
        try:
            told = connector.access()
        except ConnectorError as problem:
            messages.error(request, f"The platform did not tell: {problem.message}")
            return redirect("channel-administrators", slug)
    operations.record_access(channel_id=found.public_id, access=told, actor=person.public_id, now=timezone.now())
    messages.success(request, "Read, and compared with the roster and the list of allowed applications.")
    return redirect("channel-administrators", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_CHANNEL, reading=True)
def administrator_finding(request: HttpRequest, finding_id: str) -> HttpResponse:
    """One disagreement: answer it with a reason, or say who it is."""
    person, now = signed_in_person(request), timezone.now()
    visible = channels.visible_channels(person, now=now)
    found = get_object_or_404(
        AdministratorFinding.objects.select_related("channel__unit", "channel__platform", "person", "answered_by"),
        channel__in=visible,
        public_id=finding_id,
    )
    is_unknown = found.kind == Disagreement.UNKNOWN
    form = AnswerForm(request.POST or None, persons=people.persons_present(now=now) if is_unknown else ())
    return form_page(
        request,
        "channels/administrator_finding.html",
        form,
        lambda: operations.answer_administrator_finding(
            finding_id=found.public_id,
            reason=form.cleaned_data["reason"],
            is_person=form.person(),
            actor=person,
            now=now,
        ),
        done="Answered. It stands until a list no longer shows it.",
        channel=found.channel,
        decision=queries.may_reconcile(found.channel, actor=person, now=now),
        more={"finding": found, "title": DISAGREEMENT_TITLES[Disagreement(found.kind)]},
        go_to="channel-administrators",
    )


# Applications


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CHANNELS, reading=True)
def applications(request: HttpRequest) -> HttpResponse:
    """The list of applications that may be connected to channels; put one forward."""
    person, now = signed_in_person(request), timezone.now()
    form = ApplicationForm(request.POST or None)
    may_keep = queries.may_keep_apps(person, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            operations.propose_application(**form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, "Put forward. It is allowed once the coordinator and IT have both approved it.")
            return redirect("applications")
    rows = [
        {
            "one": one,
            "platform": PLATFORMS[one.platform].name if one.platform in PLATFORMS else "Any platform",
            "may_approve": bool(queries.approval_facts(one, actor=person, now=now).offices) and not one.is_allowed,
        }
        for one in queries.applications()
    ]
    context = {
        "form": form,
        "rows": rows,
        "decision": may_keep,
        "clause": pack.clauses().get("channel.apps-allow-list", ""),
    }
    return render(request, "channels/applications.html", context, status=status_of(form))


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def approve_application(request: HttpRequest, application_id: str) -> HttpResponse:
    """Approve an application for one's office."""
    person = signed_in_person(request)
    made = operations.approve_application(application_id=application_id, actor=person, now=timezone.now())
    words = "It may be connected now." if made.is_allowed else "Approved; the other office still has to."
    messages.success(request, words)
    return redirect("applications")


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def withdraw_application(request: HttpRequest, application_id: str) -> HttpResponse:
    """Take an application off the list."""
    person = signed_in_person(request)
    operations.withdraw_application(
        application_id=application_id, reason=request.POST.get("reason", ""), actor=person, now=timezone.now()
    )
    messages.success(request, "Withdrawn. Where it is still connected, the next look finds it.")
    return redirect("applications")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.CHECK_PAGE, reading=True)
def connected(request: HttpRequest, slug: str) -> HttpResponse:
    """What is connected to one channel; record a look."""
    person, found, now = find(request, slug)
    form = ConnectedForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        "channels/connected.html",
        form,
        lambda: operations.check_applications(
            channel_id=found.public_id, names=form.cleaned_data["names"].splitlines(), actor=person, now=now
        ),
        done="The look is recorded.",
        channel=found,
        decision=queries.may_check_apps(found, actor=person, now=now),
        more={
            "last": queries.last_application_check(found),
            "findings": queries.application_findings(found),
            "allowed": [
                one
                for one in AllowedApplication.objects.filter(platform__in=("", found.platform_id), withdrawn_at=None)
                if one.is_allowed
            ],
            "clause": pack.clauses().get("channel.apps-allow-list", ""),
        },
        go_to="channel-connected",
    )


# Settings


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.CHECK_PAGE, reading=True)
def channel_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The guide to the channel's settings on its platform, as a checklist."""
    person, found, now = find(request, slug)
    guide = guide_for(found.platform_id)
    form = SettingsForm(request.POST or None, items=guide.settings)
    last = queries.last_settings_check(found)
    return form_page(
        request,
        "channels/settings.html",
        form,
        lambda: operations.check_settings(
            channel_id=found.public_id, answers=form.answers(), note=form.cleaned_data["note"], actor=person, now=now
        ),
        done="The checklist is kept.",
        channel=found,
        decision=queries.may_check_apps(found, actor=person, now=now),
        more={
            "last": last,
            "open": [one.words for one in guide.settings if last and last.answers.get(one.code) == "not-set"],
            "version": VERSION,
            "days": pack.settings_check_days(),
            "clause": pack.clauses().get("channel.privacy-settings", ""),
        },
        go_to="channel-settings",
    )


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def guides(request: HttpRequest) -> HttpResponse:
    """The guides to privacy settings, platform by platform, for everybody who uses one."""
    shown = [
        {"platform": PLATFORMS[slug].name, "slug": slug, "guide": guide_for(slug)}
        for slug in ("facebook", "instagram", "x", "youtube", "linkedin", "bluesky", "mastodon")
    ]
    context = {"guides": shown, "clause": pack.clauses().get("channel.privacy-settings", ""), "version": VERSION}
    return render(request, "channels/guides.html", context)
