"""Closed by default: a view that does not declare whom it opens for answers 403 to everybody.

Also finds out who is signed in, and sends who is not to the sign-in page, which brings them back.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from rostrum.areas.people import queries
from rostrum.areas.people.access import Access, access_of
from rostrum.areas.people.models import User
from rostrum.areas.people.sign_in import person_of_session
from rostrum.kernel.decisions import Decision, Reason
from rostrum.kernel.readings import one_reading
from rostrum.web.errors import wants_json

logger = logging.getLogger(__name__)


class Nobody:
    """Stands in `request.user` for somebody who has not signed in."""

    is_authenticated = False
    is_active = False
    pk = None
    public_id = ""


def _return_path(request: HttpRequest) -> str:
    """Where to go after signing in: this page, or for a form the page it was on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referrer = urlsplit(request.META.get("HTTP_REFERER", ""))
    same = referrer.netloc == request.get_host()
    path = referrer.path + (f"?{referrer.query}" if referrer.query else "")
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if same and safe else reverse("today")


class ClosedByDefaultMiddleware:
    """Checks every view's declaration (areas/people/access.py) before it runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find who is signed in, then answer. What signed-in people see is never stored by browsers or proxies."""
        had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        person = person_of_session(request, now=timezone.now()) if had_session else None
        request.user = person or Nobody()  # type: ignore[assignment]
        # A session cookie without a live session behind it: it ended, and the sign-in page should say so.
        request.session_ended = (  # type: ignore[attr-defined]
            had_session and person is None and SESSION_KEY not in request.session
        )
        # A request that changes nothing asks only once who holds what, and which policy is in force.
        with one_reading() if request.method in ("GET", "HEAD") else nullcontext():
            response = self.get_response(request)
        if person is not None and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let the view run, or answer in its place."""
        del args, kwargs
        access = access_of(view)
        if access is None:
            logger.error(
                "view without a declaration of access: %s", request.resolver_match and request.resolver_match.route
            )
            return _refuse(request, Decision((Reason("undeclared", "This page is closed to everybody."),)))
        if access.anyone:
            return None
        person = request.user
        if not isinstance(person, User):
            return _ask_to_sign_in(request)
        return _check(request, person, access)


def _check(request: HttpRequest, person: User, access: Access) -> HttpResponse | None:
    if not access.permissions:
        return None
    now = timezone.now()
    refusal = None
    for permission in access.permissions:
        decision = queries.may(person, permission, reading=access.reading, now=now)
        if decision.allowed:
            return None
        refusal = refusal or decision
    return _refuse(request, refusal or Decision())


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    ended = bool(getattr(request, "session_ended", False))
    query = {"next": _return_path(request)} | ({"ended": "1"} if ended else {})
    location = f"{reverse('sign-in')}?{urlencode(query)}"
    if wants_json(request):
        return JsonResponse({"error": "sign-in", "message": "Sign in first.", "location": location}, status=401)
    if request.headers.get("HX-Request"):
        # A fragment cannot hold the sign-in page; the whole page goes there.
        return HttpResponse(status=401, headers={"HX-Redirect": location})
    return HttpResponseRedirect(location)


def _refuse(request: HttpRequest, decision: Decision) -> HttpResponse:
    if wants_json(request):
        reasons = [{"code": reason.code, "message": reason.message} for reason in decision.against]
        return JsonResponse({"error": "closed", "reasons": reasons}, status=403)
    return render(request, "403.html", {"reasons": decision.against}, status=403)
