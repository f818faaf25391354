"""One's calendar: made, revoked; and the calendars themselves, for whoever has the secret address."""

from collections.abc import Callable, Iterable
from hashlib import sha256

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.agenda import operations, queries
from rostrum.areas.agenda.calendar import Dated, as_events, as_tasks
from rostrum.areas.duties.kinds import kind_of
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.access import opens_for_anyone, opens_for_signed_in, signed_in_person, takes_secrets
from rostrum.connectors.process import forget_soon

_NAME = "Duties (Rostrum)"


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Whether one has a calendar; a new one is made here and its address shown, this once."""
    person, now = signed_in_person(request), timezone.now()
    addresses = None
    if request.method == "POST":
        _, secret = operations.make_calendar(actor=person, now=now)
        addresses = {
            "events": request.build_absolute_uri(reverse("calendar-events", args=[secret])),
            "tasks": request.build_absolute_uri(reverse("calendar-tasks", args=[secret])),
        }
    return render(request, "agenda/calendar.html", {"feed": queries.feed_of(person), "addresses": addresses})


@require_POST
@opens_for_signed_in
def revoke_calendar(request: HttpRequest) -> HttpResponse:
    """End one's calendar."""
    operations.revoke_calendar(actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The address of your calendar opens nothing any more.")
    return redirect("calendar")


@require_safe
@opens_for_anyone
def calendar_events(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar at this secret address, as events."""
    return _answer(request, secret, as_events)


@require_safe
@opens_for_anyone
def calendar_tasks(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar at this secret address, as to-dos."""
    return _answer(request, secret, as_tasks)


def _answer(request: HttpRequest, secret: str, write: Callable[..., bytes]) -> HttpResponse:
    now = timezone.now()
    # The address is the secret.
    forget_soon()
    feed = queries.feed_at(secret, now=now)
    if feed is None:
        # The same answer for what never was, what was revoked, and who left.
        raise Http404
    body = write(_dated(request, queries.calendar_duties(feed.person, now=now)), name=_NAME)
    operations.note_calendar_read(feed=feed, actor=feed.person.public_id, now=now)
    etag = f'"{sha256(body).hexdigest()}"'
    asked = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response = (
        HttpResponseNotModified()
        if etag in asked or "*" in asked
        else HttpResponse(body, content_type="text/calendar; charset=utf-8")
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    if response.status_code != HttpResponseNotModified.status_code:
        response["Content-Disposition"] = 'inline; filename="duties.ics"'
    return response


def _dated(request: HttpRequest, duties: Iterable[Duty]) -> list[Dated]:
    return [
        Dated(
            id=duty.public_id,
            title=kind_of(duty.kind).title,
            opened_at=duty.opened_at,
            changed_at=duty.changed_at or duty.opened_at,
            changes=duty.change_count,
            due_at=duty.due_at,
            due_on=queries.whole_day(duty.due_at),
            closed_at=duty.closed_at,
            url=request.build_absolute_uri(reverse("duty", args=[duty.public_id])),
        )
        for duty in duties
        if duty.due_at is not None
    ]
