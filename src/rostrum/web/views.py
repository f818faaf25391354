"""Pages that belong to no area: Today, and the health check for machines."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rostrum.areas.people.access import opens_for_anyone, opens_for_signed_in, signed_in_person
from rostrum.web.today import cards_for


@require_safe
@opens_for_signed_in
def today_page(request: HttpRequest) -> HttpResponse:
    """What needs this person now, from every area."""
    now = timezone.now()
    cards = cards_for(signed_in_person(request), now=now)
    today = now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date()
    quiet = [card for card in cards if not card.items]
    return render(request, "today.html", {"cards": cards, "quiet": quiet, "today": today})


@require_safe
@opens_for_anyone
def health(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; tells nothing else to anybody."""
    del request
    return JsonResponse({"status": "up"})
