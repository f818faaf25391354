"""The public's pages besides the registry: the first page, rules and figures, records requests, verification."""

import re
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import queries as channels
from rostrum.areas.disclosure import operations as disclosure
from rostrum.areas.disclosure.models import Production, RecordsRequest
from rostrum.areas.disclosure.views import production_response
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.people.access import opens_for_anyone
from rostrum.areas.portal import limits, queries
from rostrum.areas.portal.forms import AnswerForm, FollowForm, LookUpForm, RequestForm

# Marks the request just made, so that its page can say so; the code itself is not kept in the session.
_JUST_MADE = "request_just_made"
_TILE = re.compile(r"(?:entries|\d{1,2})/(?:x\d{3}/)*\d{3}(?:\.p/\d{1,3})?")


@require_safe
@opens_for_anyone
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what is here for the public."""
    return render(
        request,
        "portal/home.html",
        {"channels": channels.official_channels()[:6], "form": LookUpForm(), "health": queries.capture_health()},
    )


@require_safe
@opens_for_anyone
def policy(request: HttpRequest) -> HttpResponse:
    """The social media policy in force, clause by clause, in our words."""
    return render(
        request,
        "portal/policy.html",
        {
            "packs": queries.published_policy(),
            "activation": governance.activation(),
            "version": queries.policy_version(),
        },
    )


@require_safe
@opens_for_anyone
def comment_rules(request: HttpRequest) -> HttpResponse:
    """The rules for comments, the figures of moderation, and how well the channels are captured."""
    return render(
        request,
        "portal/rules.html",
        {"grounds": queries.grounds(), "figures": queries.moderation_figures(), "health": queries.capture_health()},
    )


def _has_to_wait(request: HttpRequest, limit: limits.Limit, form: Form, what: str) -> bool:
    """Count this try; where it is one too many, say so on the form, until when, and which ways are open."""
    until = limits.wait_until(limit, request.META.get("REMOTE_ADDR", ""), now=timezone.now())
    if until is None:
        return False
    at = timezone.localtime(until, ZoneInfo(settings.LEGAL_TIME_ZONE))
    form.add_error(
        None,
        f"{what} Nothing was lost: send this again after {at:%-I:%M %p %Z}. By mail, by telephone or in person you can "
        "reach us at any time; no form is needed.",
    )
    return True


def _status(form: Form, waits: bool) -> int:
    return 429 if waits else 422 if form.errors else 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def file_request(request: HttpRequest) -> HttpResponse:
    """The form of a records request."""
    form = RequestForm(request.POST or None)
    waits = False
    if request.method == "POST" and form.is_valid():
        many = "From your network came several requests within the hour, and we take only so many by form."
        waits = _has_to_wait(request, limits.REQUESTS, form, many)
        if not waits:
            made = disclosure.receive_request(via="form", **form.cleaned_data, actor="public", now=timezone.now())
            request.session[_JUST_MADE] = made.request.public_id
            return redirect("portal-followed", made.follow_code)
    return render(request, "portal/request.html", {"form": form}, status=_status(form, waits))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def follow(request: HttpRequest) -> HttpResponse:
    """Type the code of a request one has made."""
    form = FollowForm(request.POST or None)
    waits = False
    if request.method == "POST" and form.is_valid():
        waits = _has_to_wait(request, limits.CODES, form, "From your network came many codes within minutes.")
        code = form.cleaned_data["code"].strip().lower()
        if not waits and queries.followed_request(code) is not None:
            return redirect("portal-followed", code)
        if not waits:
            form.add_error("code", "There is no request with this code. It has four groups of four characters.")
    return render(request, "portal/follow.html", {"form": form}, status=_status(form, waits))


def _followed(code: str) -> RecordsRequest:
    found = queries.followed_request(code)
    if found is None:
        raise Http404
    return found


def _show_followed(
    request: HttpRequest, found: RecordsRequest, code: str, form: AnswerForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "found": found,
        "code": code,
        "form": form,
        "is_new": request.method == "GET" and request.session.pop(_JUST_MADE, None) == found.public_id,
        "words": queries.STATE_WORDS[found.state],
        "fee": f"${found.fee_cents / 100:,.2f}" if found.fee_cents else "",
        "determination": getattr(found, "determination", None),
        "productions": found.productions.filter(state=Production.State.READY),
    }
    return render(request, "portal/followed.html", context, status=status)


@never_cache
@require_safe
@opens_for_anyone
def followed(request: HttpRequest, code: str) -> HttpResponse:
    """How a request stands, for whoever has its code."""
    return _show_followed(request, _followed(code), code, AnswerForm())


@never_cache
@require_POST
@opens_for_anyone
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The requester makes the request clearer."""
    found = _followed(code)
    form = AnswerForm(request.POST)
    waits = False
    if form.is_valid():
        waits = _has_to_wait(request, limits.ANSWERS, form, "From your network came many answers within the hour.")
    if form.errors:
        return _show_followed(request, found, code, form, _status(form, waits))
    disclosure.hear_requester(
        request_id=found.public_id, answer=form.cleaned_data["answer"], actor="public", now=timezone.now()
    )
    messages.success(request, "Thank you. Your answer is part of the request now.")
    return redirect("portal-followed", code)


@never_cache
@require_safe
@opens_for_anyone
def production(request: HttpRequest, code: str, production_id: str) -> HttpResponseBase:  # noqa: ARG001
    """Hand a production over to whoever has the request's code."""
    found = get_object_or_404(
        Production.objects.select_related("request"),
        request=_followed(code),
        public_id=production_id,
        state=Production.State.READY,
    )
    return production_response(found)


@require_safe
@opens_for_anyone
def verify(request: HttpRequest) -> HttpResponse:
    """How anyone can verify what they were given, with the key and the tool."""
    newest = ledger.latest_checkpoint()
    return render(
        request,
        "portal/verify.html",
        {"keys": ledger.verifier_keys().splitlines(), "checkpoint": newest.note if newest else ""},
    )


@require_safe
@opens_for_anyone
def public_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public keys of the ledger, as the verifier's key file."""
    answer = HttpResponse(ledger.verifier_keys(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rostrum-keys.txt"'
    return answer


@lru_cache(maxsize=1)
def _verifier() -> bytes:
    from rostrum.evidence.standalone import packed

    return packed()


@require_safe
@opens_for_anyone
def verifier(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The verifier as one file."""
    answer = HttpResponse(_verifier(), content_type="application/octet-stream")
    answer["Content-Disposition"] = 'attachment; filename="rostrum-verify.pyz"'
    return answer


@require_safe
@opens_for_anyone
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The newest checkpoint (C2SP tlog-checkpoint): for witnesses and anyone who wants to keep it."""
    newest = ledger.latest_checkpoint()
    if newest is None:
        raise Http404
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8")


@require_safe
@opens_for_anyone
def tile(request: HttpRequest, tile: str) -> HttpResponseBase:  # noqa: ARG001
    """A tile of the tree (C2SP tlog-tiles): salted commitments and hashes, which tell nobody anything."""
    folder = ledger.tiles_folder()
    path = folder / "tile" / tile if folder is not None and _TILE.fullmatch(tile) else None
    if path is None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="application/octet-stream")
