"""Pages about a channel's page: how each element stands, a person's look, a reading by the product, the pictures."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import operations, pack, page_reading, queries
from rostrum.areas.channels.forms import PageCheckForm
from rostrum.areas.channels.models import Channel, PageCheck
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.rules import CHANNEL_MACHINE, ChannelAct, ChannelState, Place
from rostrum.areas.channels.rules.page import How
from rostrum.areas.channels.views.frame import find
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors.blobs import NoSuchBlob
from rostrum.connectors.interface import ConnectorError
from rostrum.kernel.decisions import Decision, InvalidInput, Refused

_SHOWN = 20
HOW_TITLES = {How.READ: "read by the product", How.ATTESTED: "seen by a person"}


def panel(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """How the elements of the channel's page stand, for the channel's own page."""
    standing = queries.page_standing(channel, now=now)
    return {
        "standing": standing,
        "page_in_order": all(one.place is Place.IN_PLACE for one in standing),
        "page_checked": pages.was_page_checked(channel),
        "page_allowed": CHANNEL_MACHINE.allows(ChannelState(channel.state), ChannelAct.CHECK_PAGE),
        "page_lapsed": channel.page_due_at is not None and channel.page_due_at < now,
        "page_decision": pages.may_check_page(channel, actor=person, now=now),
        "advice": pages.advice_unheeded(channel, now=now),
    }


# What the person who looked can put right on the same page, and beside which field it is said.
_CORRECTED_HERE = {"no-picture": "picture", "no-place": None, "nothing-said": None}


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.CHECK_PAGE, reading=True)
def channel_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the page must show and how it stands; record a look at it."""
    person, found, now = find(request, slug)
    standing = queries.page_standing(found, now=now)
    form = PageCheckForm(request.POST or None, request.FILES or None, standing=standing)
    if request.method == "POST":
        _allowed(found, person, now).or_refuse()
    if request.method == "POST" and form.is_valid():
        try:
            operations.check_page(channel_id=found.public_id, **form.operation_arguments(), actor=person, now=now)
        except InvalidInput as problem:
            form.add_error(problem.where if problem.where in form.fields else None, problem.why)
        except Refused as refusal:
            say_on_form(form, refusal, _CORRECTED_HERE)
        else:
            found.refresh_from_db()
            words = "Every element is in place." if _is_in_order(found, now) else "Your look is recorded."
            messages.success(request, words)
            return redirect("channel-page", slug)
    rows = [
        {"one": one, "answer": answer, "where": where, "how": HOW_TITLES[one.sight.how] if one.sight else ""}
        for one, (_, answer, where) in zip(standing, form.answers(), strict=True)
    ]
    reading = pages.last_reading(found)
    context = {
        "channel": found,
        "form": form,
        "rows": rows,
        "reading": reading,
        "can_be_read": pages.can_be_read(found),
        "page_decision": _allowed(found, person, now),
        "checks": [{"check": one, "how": HOW_TITLES[How(one.how)]} for one in pages.page_checks(found)[:_SHOWN]],
        "days": pack.page_check_days(),
        "hours": pack.page_read_hours(),
        "advice": pages.advice_unheeded(found, now=now),
    }
    return render(request, "channels/page.html", context, status=status_of(form))


def _allowed(channel: Channel, person: User, now: datetime) -> Decision:
    facts = pages.page_check_facts(channel, seen={}, missing=(), has_picture=True, actor=person, now=now)
    return Decision(facts.allows).also(facts.may_check)


def _is_in_order(channel: Channel, now: datetime) -> bool:
    return all(one.place == "in_place" or one.element.is_advice for one in queries.page_standing(channel, now=now))


@require_POST
@opens_for(Permission.CHECK_PAGE)
def read_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the product read the profile now."""
    person, found, now = find(request, slug)
    _allowed(found, person, now).or_refuse()
    try:
        check = page_reading.read_page(found, clock=timezone.now, actor=person.public_id)
    except ConnectorError as problem:
        messages.error(request, f"The profile could not be read: {problem.message}")
    else:
        count = check.sights.filter(in_place=True).count()
        words = "no element of the policy stands" if count == 0 else f"{count} elements of the policy stand"
        messages.success(request, f"The profile was read; {words} in it.")
    return redirect("channel-page", slug)


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def page_picture(request: HttpRequest, slug: str, check_id: str) -> HttpResponse:
    """Show the picture that was kept with a look."""
    _, found, _ = find(request, slug)
    check = PageCheck.objects.filter(channel=found, public_id=check_id).exclude(picture="").first()
    if check is None:
        raise Http404
    try:
        content = pages.blobs().read(check.picture)
    except NoSuchBlob as gone:
        raise Http404 from gone
    # Only what was checked to be a PNG or JPEG is kept, and it is never shown as anything else.
    return HttpResponse(
        content,
        content_type=check.picture_mime,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
