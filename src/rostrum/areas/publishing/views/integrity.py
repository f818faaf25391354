"""What stands on a channel in the body's name that nobody here did, and a person's word on each."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel, PageCheck
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.publishing import operations, pack
from rostrum.areas.publishing.forms import AlertForm
from rostrum.areas.publishing.models import IntegrityAlert, IntegrityWatch
from rostrum.areas.publishing.queries import integrity as reads
from rostrum.areas.publishing.rules.integrity import ALERT_TITLES, VERDICT_TITLES, AlertKind, Verdict

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One alert as the page shows it: what was there before, what is there now, and where to look."""

    alert: IntegrityAlert
    title: str
    before: str
    now: str
    link: str
    form: AlertForm
    verdict: str


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def channel_integrity(request: HttpRequest, slug: str) -> HttpResponse:
    """The alerts on one channel: the open ones with their forms, and the answered ones."""
    person, now = signed_in_person(request), timezone.now()
    channel = get_object_or_404(channels.visible_channels(person, now=now), slug=slug)
    return _page(request, channel, person, now)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL)
def answer(request: HttpRequest, alert_id: str) -> HttpResponse:
    """Say what an alert was."""
    person, now = signed_in_person(request), timezone.now()
    seen = IntegrityAlert.objects.filter(channel__in=channels.visible_channels(person, now=now))
    alert = get_object_or_404(seen.select_related("channel__unit"), public_id=alert_id)
    form = AlertForm(request.POST, prefix=alert.public_id)
    if not form.is_valid():
        return _page(request, alert.channel, person, now, form)
    operations.answer_alert(alert_id=alert_id, **form.cleaned_data, actor=person, now=now)
    messages.success(request, "Your answer is recorded.")
    return redirect("channel-integrity", alert.channel.slug)


def _page(
    request: HttpRequest, channel: Channel, person: User, now: datetime, refused: AlertForm | None = None
) -> HttpResponse:
    waiting = reads.open_alerts(channel)
    answered = IntegrityAlert.objects.filter(channel=channel).exclude(verdict="").select_related("answered_by")
    context = {
        "channel": channel,
        "watch": IntegrityWatch.objects.filter(channel=channel).first(),
        "clause_id": pack.clause("channel.integrity-watch"),
        "waiting": [_shown(alert, refused) for alert in waiting[:_SHOWN]],
        "waiting_count": waiting.count(),
        "answered": [_shown(alert, None) for alert in answered[:_SHOWN]],
        "decision": channels.may_manage(channel, actor=person, now=now),
    }
    return render(request, "publishing/integrity.html", context, status=422 if refused else 200)


def _shown(alert: IntegrityAlert, refused: AlertForm | None) -> Shown:
    kind = AlertKind(alert.kind)
    before = after = link = ""
    if kind is AlertKind.CHANGED_PROFILE:
        check = PageCheck.objects.select_related("channel").get(public_id=alert.subject)
        earlier = reads.profile_before(check)
        before, after = earlier.profile_text if earlier else "", check.profile_text
        link = reverse("channel-page", args=[check.channel.slug])
    else:
        item = Item.objects.get(public_id=alert.subject)
        texts = [version.text for version in archive.versions_of(item)]
        after = texts[-1] if texts else ""
        before = texts[0] if kind is AlertKind.CHANGED_POST and texts else ""
        link = reverse("archive-item", args=[item.public_id])
    is_refused = refused is not None and refused.prefix == alert.public_id
    return Shown(
        alert=alert,
        title=ALERT_TITLES[kind],
        before=before,
        now=after,
        link=link,
        form=refused if is_refused and refused is not None else AlertForm(prefix=alert.public_id),
        verdict=VERDICT_TITLES[Verdict(alert.verdict)] if alert.verdict else "",
    )
