"""What records requests put on the Today page of a custodian."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from rostrum.areas.disclosure import queries
from rostrum.areas.disclosure.models import RecordsRequest, Redaction
from rostrum.areas.disclosure.states import RequestState
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem

_SHOWN = 8
_OVER = (RequestState.CLOSED, RequestState.WITHDRAWN)
_ANSWERED = (RequestState.DETERMINED, RequestState.PRODUCED)


def cards(person: User, now: datetime) -> list[TodayCard]:
    """Open requests by the day they are due, and other people's redactions that wait for a second look."""
    if not people.may(person, Permission.PROCESS_REQUEST, now=now).allowed:
        return []
    today = now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date()
    found = list(queries.requests().exclude(state__in=_OVER).order_by("respond_by_on", "number"))
    late = {one.pk for one in found if one.respond_by_on < today and one.state not in _ANSWERED}
    items = tuple(
        TodayItem(
            f"Request {one.number}: {one.wants[:80]}{'…' if len(one.wants) > 80 else ''}",
            url=reverse("request", args=[one.public_id]),
            note=_standing(one)
            + ("" if one.state in _ANSWERED else f"; respond by {one.respond_by_on:%b} {one.respond_by_on.day}"),
            is_overdue=one.pk in late,
        )
        for one in found[:_SHOWN]
    )
    return [
        TodayCard(
            "Records requests",
            items,
            len(found),
            url=reverse("requests"),
            is_urgent=bool(late),
            empty="No request is open.",
        ),
        *_second_looks(person),
    ]


def _standing(request: RecordsRequest) -> str:
    words = request.state.replace("_", " ").capitalize()
    undecided = getattr(request, "undecided_count", 0)
    return f"{words}, {undecided} of {getattr(request, 'record_count', 0)} records undecided" if undecided else words


def _second_looks(person: User) -> list[TodayCard]:
    waiting = (
        Redaction.objects.filter(
            seconded_at__isnull=True, dropped_at__isnull=True, record__request__state=RequestState.REVIEWING
        )
        .exclude(proposed_by=person)
        .select_related("record__request", "proposed_by")
        .order_by("proposed_at")
    )
    total = waiting.count()
    if not total:
        return []
    items = tuple(
        TodayItem(
            f"Request {one.record.request.number}: {one.reason[:80]}",
            url=reverse("request-record", args=[one.record.request.public_id, one.record.public_id]),
            note=f"Proposed by {one.proposed_by.name}",
        )
        for one in waiting[:_SHOWN]
    )
    return [TodayCard("Redactions for your second look", items, total)]
