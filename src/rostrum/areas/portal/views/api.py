"""The registry for programs, version 1: shapes here only ever gain fields (docs/reference/registry-api.md)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.areas.people.access import opens_for_anyone
from rostrum.areas.portal import limits, queries
from rostrum.areas.portal.answers import LONGEST_QUESTION, Answer, Listed
from rostrum.areas.portal.openapi import document
from rostrum.areas.portal.views.public import cached, problem, shared

_MOST_PER_PAGE = 200
_PER_PAGE = 100
View = Callable[..., HttpResponse]


def _answers_programs(limit: limits.Limit) -> Callable[[View], View]:
    """GET and HEAD, from any site, so many a minute; anything else is told what is possible."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                return _told_what_is_possible(HttpResponse(status=204))
            if request.method not in ("GET", "HEAD"):
                return _told_what_is_possible(problem(405, "method", "Only GET, HEAD and OPTIONS are answered."))
            wait = limits.asks_too_often(limit, request.META.get("REMOTE_ADDR", ""), now=timezone.now())
            if wait:
                refusal = problem(429, "too-many", f"At most {limit.tries} a minute. Ask again in {wait} seconds.")
                refusal["Retry-After"] = str(wait)
                return refusal
            return view(request, *args, **kwargs)

        return opens_for_anyone(answer)

    return wrap


def _told_what_is_possible(answer: HttpResponse) -> HttpResponse:
    answer["Allow"] = answer["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    answer["Access-Control-Max-Age"] = "86400"
    return shared(answer)


def _channel(request: HttpRequest, one: Channel) -> dict[str, Any]:
    page = request.build_absolute_uri(reverse("portal-channel", args=[one.slug]))
    return {
        "id": one.public_id,
        "name": one.name,
        "platform": one.platform_id,
        "platform_name": one.platform.name,
        "handle": one.handle,
        "url": queries.public_page(one),
        "department": one.unit.name,
        "is_official": one.state in OFFICIAL_STATES,
        "state": one.state,
        "official_since": one.live_at.isoformat() if one.live_at else None,
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "purpose": one.stated_purpose,
        "contact": one.official_contact,
        "policy": one.policy_link or request.build_absolute_uri(reverse("portal-policy")),
        "verify": page,
        "badge": request.build_absolute_uri(reverse("portal-badge", args=[one.slug])),
    }


def _number(request: HttpRequest, name: str, default: int, most: int) -> int | None:
    text = request.GET.get(name, str(default))
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most else None


@_answers_programs(limits.LISTINGS)
def channels(request: HttpRequest) -> HttpResponse:
    """The registry, page by page."""
    number, size = _number(request, "page", 1, 1_000_000), _number(request, "per_page", _PER_PAGE, _MOST_PER_PAGE)
    if number is None or size is None:
        return problem(400, "page", f"page counts from 1, per_page goes from 1 to {_MOST_PER_PAGE}.")
    state = request.GET.get("state", "")
    if state not in ("", "official", "live", "paused", "closed"):
        return problem(400, "state", "state is official, live, paused or closed.")
    matching = queries.searched(
        queries.registered_channels(),
        words=request.GET.get("q", "")[:200],
        platform=request.GET.get("platform", ""),
        unit=request.GET.get("department", ""),
        state=state,
    )
    pages = Paginator(matching, size)
    if number > pages.num_pages:
        return problem(404, "page", f"There are {pages.num_pages} pages.")
    page = pages.get_page(number)
    body = {
        "count": pages.count,
        "page": number,
        "pages": pages.num_pages,
        "next": _page(request, number + 1) if page.has_next() else None,
        "previous": _page(request, number - 1) if page.has_previous() else None,
        "channels": [_channel(request, one) for one in page],
    }
    return cached(request, JsonResponse(body))


def _page(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


@_answers_programs(limits.LISTINGS)
def channel(request: HttpRequest, channel_id: str) -> HttpResponse:
    """One channel of the registry."""
    found = queries.registered_channels().filter(public_id=channel_id).first()
    if found is None:
        return problem(404, "no-channel", "No channel of the registry has this id.")
    return cached(request, JsonResponse(_channel(request, found)))


@_answers_programs(limits.QUESTIONS)
def verify(request: HttpRequest) -> HttpResponse:
    """Is this one official? `q` is an address, a handle, or text that holds some."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        return problem(400, "q", "q is missing: an address, a handle, or text that holds some.")
    if len(asked) > LONGEST_QUESTION:
        return problem(400, "q", f"q has more than {LONGEST_QUESTION} characters.")
    body = {"question": asked, "answers": [_answer(request, one) for one in queries.is_it_ours(asked)]}
    return cached(request, JsonResponse(body))


def _answer(request: HttpRequest, one: Answer) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "verdict": one.verdict,
        "channels": [_named(request, channel) for channel in one.channels],
        "notes": [{"code": note.code, "text": note.text} for note in one.notes],
    }


def _named(request: HttpRequest, one: Listed) -> dict[str, Any]:
    is_public = one.standing != "under_review"
    return {
        "id": one.public_id if is_public else None,
        "name": one.name,
        "platform": one.platform,
        "handle": one.handle,
        "url": one.url,
        "department": one.unit,
        "standing": one.standing,
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "verify": request.build_absolute_uri(reverse("portal-channel", args=[one.slug])) if is_public else None,
    }


@_answers_programs(limits.LISTINGS)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of this interface."""
    return cached(request, JsonResponse(document(request.build_absolute_uri("/").rstrip("/"))))
