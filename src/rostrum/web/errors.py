"""Errors as pages: what a rule refuses, what cannot be read, and our own mistakes, each saying what to do next.

A page for people, JSON for clients that ask for it. Decided by the exception's type, never by its text.
"""

import logging
import sqlite3
import sys
from collections.abc import Callable

from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from rostrum.areas.people.access import opens_for_anyone
from rostrum.kernel.decisions import InvalidInput, Reason, Refused

logger = logging.getLogger(__name__)
CANNOT_BE_KEPT = (
    "something in it is longer than can be kept, is no number that can be, or holds a character that no text has"
)
_TO_PROGRAMS = {
    "bad-request": "The request cannot be understood.",
    "closed": "This is not open to you.",
    "not-found": "There is nothing at this address.",
    "not-allowed": "This method is not answered here.",
    "csrf": "Forms are not taken here.",
}
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")


def wants_json(request: HttpRequest) -> bool:
    """Whether the client asks for JSON rather than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def refused(request: HttpRequest, reasons: tuple[Reason, ...]) -> HttpResponse:
    """409: every reason why not, on a page or as JSON."""
    logger.info("refused: %s", ", ".join(reason.code for reason in reasons))
    if wants_json(request):
        listed = [{"code": reason.code, "message": reason.message, "clause": reason.clause} for reason in reasons]
        return JsonResponse({"error": "refused", "reasons": listed}, status=409)
    return render(request, "errors/refused.html", {"reasons": reasons, "back": _page_before(request)}, status=409)


class RefusalMiddleware:
    """Turns `Refused` into 409, and `InvalidInput` and what the database cannot keep into 422, with every reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; the work is in `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Answer for the kinds of exception that are not faults."""
        if isinstance(problem, DataError):
            # The database's own word against what no form looked at; only PostgreSQL says it.
            logger.warning("the database cannot keep what was sent", exc_info=problem)
            problem = InvalidInput("what was sent", CANNOT_BE_KEPT)
        if isinstance(problem, Refused):
            return refused(request, problem.reasons)
        if isinstance(problem, InvalidInput):
            if wants_json(request):
                body = {"error": "invalid", "where": problem.where, "why": problem.why}
                return JsonResponse(body, status=422)
            context = {"where": problem.where, "why": problem.why, "back": _page_before(request)}
            return render(request, "errors/invalid.html", context, status=422)
        return None


class FormsAndPagesMiddleware:
    """405, as a page that says what to do: for a method no page takes, and for a form's address that is opened.

    It stands after who is signed in is known, and before the check of a form's secret, which would answer 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the view's place, or put a page where the view's answer has none."""
        if request.method not in _METHODS:
            return _not_allowed(request, ", ".join(_METHODS))
        answer = self.get_response(request)
        is_bare = answer.status_code == 405 and not answer.streaming and not answer.content
        return _not_allowed(request, answer["Allow"]) if is_bare else answer


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    answer = _answer(request, "405.html", 405, "not-allowed")
    answer["Allow"] = allowed
    return answer


def _page_before(request: HttpRequest) -> str:
    """The page the form was on, if it was one of ours."""
    referrer = request.META.get("HTTP_REFERER", "")
    origin = f"{request.scheme}://{request.get_host()}"
    return referrer.removeprefix(origin) if referrer.startswith(f"{origin}/") else ""


def _answer(request: HttpRequest, template: str, status: int, error: str) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        # Programs ask there, whatever they say that they take: told as the interface tells every error.
        answer = JsonResponse({"error": {"code": error, "message": _TO_PROGRAMS[error]}}, status=status)
        answer["Access-Control-Allow-Origin"] = "*"
        return answer
    if wants_json(request):
        return JsonResponse({"error": error}, status=status)
    return render(request, template, status=status)


@opens_for_anyone
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be understood."""
    del exception
    return _answer(request, "400.html", 400, "bad-request")


@opens_for_anyone
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this is not for the person asking."""
    del exception
    return _answer(request, "403.html", 403, "closed")


@opens_for_anyone
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing that the person asking may see."""
    del exception
    return _answer(request, "404.html", 404, "not-found")


@opens_for_anyone
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake. The page asks nothing of the database or the session, which may be what failed.

    503 where SQLite's one writer was held too long, say by a large import: nothing is wrong, and it is soon over.
    """
    if _is_busy(sys.exc_info()[1]):
        if wants_json(request):
            answer: HttpResponse = JsonResponse({"error": "busy"}, status=503)
        else:
            answer = HttpResponse(render_to_string("503.html"), status=503)
        answer["Retry-After"] = "30"
        return answer
    if wants_json(request):
        return JsonResponse({"error": "fault"}, status=500)
    return HttpResponse(render_to_string("500.html"), status=500)


def _is_busy(problem: BaseException | None) -> bool:
    cause = problem.__cause__ if isinstance(problem, OperationalError) else None
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY


@opens_for_anyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form came without the secret this site gave out."""
    logger.warning("form refused by the cross-site check: %s", reason)
    return _answer(request, "errors/csrf.html", 403, "csrf")
