"""Pages of the emergency right: taken on one page, from which the post is written at once; reviewed on another."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import pack
from rostrum.areas.channels.forms.custody import EmergencyForm, ReviewForm
from rostrum.areas.channels.models import EmergencyRight
from rostrum.areas.channels.operations.emergency import end_emergency, review_emergency, take_emergency_right
from rostrum.areas.channels.queries import emergency as reads
from rostrum.areas.channels.rules import emergency as rules
from rostrum.areas.channels.rules.emergency import VERDICT_TITLES, Verdict
from rostrum.areas.channels.views.frame import find
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import is_done, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.BREAK_GLASS)
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the emergency right, and go straight to writing."""
    person, found, now = find(request, slug)
    form = EmergencyForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(
            form,
            lambda: take_emergency_right(
                channel_id=found.public_id, reason=form.cleaned_data["reason"], actor=person, now=now
            ),
            {"no-reason": "reason"},
        )
    ):
        messages.success(
            request, f"You may speak on {found.name} for {pack.emergency_hours()} hours. Write, and publish."
        )
        return redirect(writing_address(found.public_id))
    context = {
        "form": form,
        "channel": found,
        "running": reads.running(found, person, now=now),
        "writing": writing_address(found.public_id),
        "told": reads.whom_to_tell(found, person, now=now),
        "hours": pack.emergency_hours(),
        "review_hours": pack.emergency_review_hours(),
        "decision": rules.decide_emergency(reads.emergency_facts(found, reason="a reason", actor=person, now=now)),
    }
    return render(request, "channels/emergency.html", context, status=status_of(form))


def writing_address(channel: str) -> str:
    """Where a post for this channel (public id) is written. Publishing stands above this room: named by its route."""
    try:
        return f"{reverse('draft-new')}?channel={channel}"
    except NoReverseMatch:
        return reverse("channels")


@require_safe
@opens_for(Permission.MANAGE_CHANNEL, Permission.BREAK_GLASS)
def emergency(request: HttpRequest, emergency_id: str) -> HttpResponse:
    """One emergency right: why it was taken, what was done under it, what the review found."""
    person, found, now = _find(request, emergency_id)
    context = {
        "emergency": found,
        "channel": found.channel,
        "is_running": found.starts_at <= now < reads.ended_at(found),
        "ended_at": reads.ended_at(found),
        "is_mine": found.person == person,
        "posts": _posts(found),
        "verdict": VERDICT_TITLES[Verdict(found.verdict)] if found.verdict else "",
        "review_form": ReviewForm(),
        "review_decision": rules.decide_review(
            reads.review_facts(found, findings="what was found", actor=person, now=now)
        ),
        "end_decision": rules.decide_ending(
            may_end=reads.may_review(found.channel, actor=person, now=now),
            actor=person.public_id,
            person=found.person.public_id,
            ends_at=reads.ended_at(found),
            now=now,
        ),
    }
    return render(request, "channels/emergency_right.html", context)


def _posts(found: EmergencyRight) -> list[dict[str, str]]:
    """What was published under it, from the ledger: the room of posts stands above this one."""
    entries = Entry.objects.filter(
        kind="publishing.post-published.v1", body_text__contains=f'"emergency":"{found.public_id}"'
    )
    return [
        {"draft": str(entry.body["draft"]), "url": str(entry.body["url"]), "at": str(entry.body["published_at"])}
        for entry in entries
    ]


@require_POST
@opens_for(Permission.MANAGE_CHANNEL, Permission.BREAK_GLASS)
def end(request: HttpRequest, emergency_id: str) -> HttpResponse:
    """End it before its time."""
    person, found, now = _find(request, emergency_id)
    end_emergency(emergency_id=found.public_id, actor=person, now=now)
    messages.success(request, "The emergency right has ended.")
    return redirect("custody-emergency", emergency_id)


@require_POST
@opens_for(Permission.MANAGE_CHANNEL, Permission.BREAK_GLASS)
def review(request: HttpRequest, emergency_id: str) -> HttpResponse:
    """Say what was found."""
    person, found, now = _find(request, emergency_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(next(iter(form.errors)), "choose an answer, and say what you found")
    review_emergency(emergency_id=found.public_id, **form.cleaned_data, actor=person, now=now)
    messages.success(request, "Reviewed. The duty is closed.")
    return redirect("custody-emergency", emergency_id)


def _find(request: HttpRequest, emergency_id: str) -> tuple[User, EmergencyRight, datetime]:
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(reads.visible_emergencies(person, now=now), public_id=emergency_id), now
