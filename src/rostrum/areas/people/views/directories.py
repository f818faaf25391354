"""Single sign-on: to the directory and back, out of it again, and its word that somebody has signed out."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from rostrum.areas.people import limits, operations
from rostrum.areas.people import sign_in as steps
from rostrum.areas.people.access import opens_for_anyone
from rostrum.areas.people.limits import Tries
from rostrum.areas.people.operations import ByDirectory
from rostrum.areas.people.rules.directories import Directory
from rostrum.areas.people.session_store import SessionStore
from rostrum.areas.people.sign_in import address_of
from rostrum.areas.people.views.browser import origin_of, safe_next
from rostrum.areas.people.views.sign_in import after
from rostrum.connectors.identity import Assertion, NotAccepted, OpenIdSettings, SamlSettings, Unreachable
from rostrum.kernel.decisions import Refused

log = structlog.get_logger("rostrum.sign-in")
_BEGUN = "directory_sign_in"
_LASTS_SECONDS = 600
_LARGEST_ANSWER = 256 * 1024
_TICKET_SECONDS = 120
_NOT_ACCEPTED = "The sign-in there was not completed, or its answer could not be believed. Try again."
_TOO_MANY = "There were too many tries from here. Wait fifteen minutes."


class _NotSetUp(Exception):
    """There is no such directory, or it speaks the other protocol."""


def _directory(directory_id: str) -> Directory:
    found: Directory | None = settings.SIGN_IN.directory(directory_id)
    if found is None:
        raise _NotSetUp
    return found


def _openid(directory: Directory) -> Any:
    if not isinstance(directory.protocol, OpenIdSettings):
        raise _NotSetUp
    from rostrum.connectors.identity.oidc import OpenId

    return OpenId(directory.protocol)


def _saml(request: HttpRequest, directory: Directory) -> Any:
    if not isinstance(directory.protocol, SamlSettings):
        raise _NotSetUp
    from rostrum.connectors.identity.saml import Saml

    def address(route: str) -> str:
        return origin_of(request) + reverse(route, args=[directory.id])

    return Saml(directory.protocol, metadata_url=address("directory-metadata"), answer_url=address("directory-posted"))


View = Callable[[HttpRequest, str], HttpResponse]


def _or_back(view: View) -> View:
    """Lead back to the sign-in page where the directory named is not set up."""

    @wraps(view)
    def answer(request: HttpRequest, directory_id: str) -> HttpResponse:
        try:
            return view(request, directory_id)
        except _NotSetUp:
            return _back(request, "This way to sign in is not set up here.")

    return answer


def _callback_url(request: HttpRequest, directory: Directory) -> str:
    return origin_of(request) + reverse("directory-callback", args=[directory.id])


@never_cache
@require_safe
@opens_for_anyone
@_or_back
def directory_begin(request: HttpRequest, directory_id: str) -> HttpResponse:
    """Send the browser to the directory; with `again`, to prove afresh who they are."""
    directory, wanted = _directory(directory_id), safe_next(request)
    again = "again" in request.GET
    if limits.is_over(Tries.DIRECTORY, who="begin", address=address_of(request), now=timezone.now()):
        return _back(request, _TOO_MANY)
    try:
        if isinstance(directory.protocol, OpenIdSettings):
            begun = _openid(directory).begin(_callback_url(request, directory), again=again)
        else:
            begun = _saml(request, directory).begin(again=again)
    except (NotAccepted, Unreachable) as problem:
        return _failed(request, directory, problem)
    request.session[_BEGUN] = {
        "directory": directory.id,
        "begun": asdict(begun),
        "next": wanted,
        "at": int(timezone.now().timestamp()),
    }
    return HttpResponseRedirect(begun.url)


def _take_begun(request: HttpRequest, directory: Directory) -> dict[str, Any] | None:
    """What this browser was sent away with: taken once, so that no answer counts twice."""
    kept = request.session.pop(_BEGUN, None)
    if not isinstance(kept, dict) or kept["directory"] != directory.id:
        return None
    return kept if timezone.now().timestamp() - kept["at"] <= _LASTS_SECONDS else None


@never_cache
@require_safe
@opens_for_anyone
@_or_back
def directory_callback(request: HttpRequest, directory_id: str) -> HttpResponse:
    """The browser comes back from an OpenID Connect directory."""
    from rostrum.connectors.identity.oidc import Begun

    directory = _directory(directory_id)
    openid, kept, now = _openid(directory), _take_begun(request, directory), timezone.now()
    if limits.is_over(Tries.DIRECTORY, who="callback", address=address_of(request), now=now):
        return _back(request, _TOO_MANY)
    if kept is None:
        return _failed(request, directory, NotAccepted("not-begun-here"))
    try:
        assertion = openid.finish(
            request.GET.dict(), Begun(**kept["begun"]), _callback_url(request, directory), now=now
        )
    except (NotAccepted, Unreachable) as problem:
        return _failed(request, directory, problem)
    return _come_in(request, directory, assertion, kept["next"])


@csrf_exempt
@never_cache
@require_POST
@opens_for_anyone
@_or_back
def directory_posted(request: HttpRequest, directory_id: str) -> HttpResponse:
    """A SAML answer is posted here from the directory's page.

    Browsers send no cookie of ours with it, so nothing is decided yet: it is kept under a ticket, and the browser comes
    back to us with its cookie, by which it is known whether the question was asked there.
    """
    directory = _directory(directory_id)
    _saml(request, directory)
    answer = request.POST.get("SAMLResponse", "")
    if limits.is_over(Tries.DIRECTORY, who="posted", address=address_of(request), now=timezone.now()):
        return _back(request, _TOO_MANY)
    if not answer or len(answer) > _LARGEST_ANSWER:
        return _failed(request, directory, NotAccepted("answer"))
    ticket = SessionStore()
    ticket.create()
    ticket.set_expiry(_TICKET_SECONDS)
    ticket["saml_answer"] = answer
    ticket.save()
    finish = reverse("directory-finish", args=[directory.id])
    return HttpResponseRedirect(f"{finish}?ticket={ticket.session_key}")


@never_cache
@require_safe
@opens_for_anyone
@_or_back
def directory_finish(request: HttpRequest, directory_id: str) -> HttpResponse:
    """The browser comes back with the ticket of a posted answer, and with what it was sent away with."""
    directory = _directory(directory_id)
    saml, kept = _saml(request, directory), _take_begun(request, directory)
    ticket = SessionStore(request.GET.get("ticket", ""))
    answer = ticket.get("saml_answer", "")
    ticket.delete()
    if kept is None or not answer:
        return _failed(request, directory, NotAccepted("not-begun-here"))
    try:
        assertion = saml.finish(answer, kept["begun"]["request_id"])
    except NotAccepted as problem:
        return _failed(request, directory, problem)
    return _come_in(request, directory, assertion, kept["next"])


def _come_in(request: HttpRequest, directory: Directory, assertion: Assertion, wanted: str) -> HttpResponse:
    now = timezone.now()
    try:
        arrived = operations.arrive(directory=directory, assertion=assertion, actor=ByDirectory(directory.id), now=now)
    except Refused as refused:
        log.info("directory-sign-in-refused", directory=directory.id, code=refused.reasons[0].code)
        return _back(request, refused.reasons[0].message)
    # Whoever was signed in here before is not any more; one browser, one person.
    steps.end_session(request, now=now)
    wanted = safe_next(request, wanted)
    step = steps.take_first_step(
        request,
        arrived.person,
        how=f"directory:{directory.id}",
        given=arrived.has_second_factor,
        next_page=wanted,
        directory_session=assertion.session,
        now=now,
    )
    return redirect(after(step, wanted))


def _failed(request: HttpRequest, directory: Directory, problem: NotAccepted | Unreachable) -> HttpResponse:
    if isinstance(problem, Unreachable):
        log.warning("directory-unreachable", directory=directory.id, trouble=str(problem))
        return _back(
            request, f"{directory.name} cannot be reached just now. Try again soon, or sign in with your password."
        )
    log.info("directory-sign-in-not-accepted", directory=directory.id, code=problem.code)
    return _back(request, _NOT_ACCEPTED)


def _back(request: HttpRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("sign-in")


@never_cache
@require_safe
@opens_for_anyone
@_or_back
def directory_out(request: HttpRequest, directory_id: str) -> HttpResponse:
    """Go on to sign out of the directory too, where it has a page for it."""
    directory = _directory(directory_id)
    try:
        address = _openid(directory).sign_out_url(origin_of(request) + reverse("sign-in"))
    except (NotAccepted, Unreachable) as problem:
        return _failed(request, directory, problem)
    return HttpResponseRedirect(address) if address else redirect("sign-in")


@csrf_exempt
@never_cache
@require_POST
@opens_for_anyone
@_or_back
def directory_signed_out(request: HttpRequest, directory_id: str) -> HttpResponse:
    """The directory itself says that somebody has signed out there (OpenID Connect Back-Channel Logout)."""
    directory, now = _directory(directory_id), timezone.now()
    openid = _openid(directory)
    if limits.is_over(Tries.DIRECTORY, who="signed-out", address=address_of(request), now=now):
        return JsonResponse({"error": "too-many"}, status=429)
    try:
        subject, session = openid.read_sign_out(request.POST.get("logout_token", ""), now=now)
    except (NotAccepted, Unreachable) as problem:
        log.info("directory-sign-out-not-accepted", directory=directory.id, trouble=str(problem))
        return JsonResponse({"error": "invalid_request"}, status=400)
    operations.end_by_directory(
        directory=directory,
        issuer=openid.settings.issuer,
        subject=subject,
        session=session,
        actor=ByDirectory(directory.id),
        now=now,
    )
    return HttpResponse(status=200)


@never_cache
@require_safe
@opens_for_anyone
@_or_back
def directory_metadata(request: HttpRequest, directory_id: str) -> HttpResponse:
    """How this product is known to a SAML directory (XML)."""
    return HttpResponse(
        _saml(request, _directory(directory_id)).describe(), content_type="application/samlmetadata+xml"
    )
