"""The public's pages: official channels, rules and figures, records requests, verification."""

import re
from functools import lru_cache

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels import queries as channels
from rostrum.areas.disclosure import operations as disclosure
from rostrum.areas.disclosure.models import Production, RecordsRequest
from rostrum.areas.disclosure.views import production_response
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.moderation import queries as moderation
from rostrum.areas.people.access import opens_for_anyone
from rostrum.areas.portal import queries
from rostrum.areas.portal.forms import FollowForm, LookUpForm, RequestForm

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
def channel_directory(request: HttpRequest) -> HttpResponse:
    """Every official channel, and the question whether an address is one."""
    form = LookUpForm(request.GET) if "address" in request.GET else LookUpForm()
    matches = None
    if form.is_bound and form.is_valid():
        matches = queries.channels_at(form.cleaned_data["address"])
    return render(
        request,
        "portal/channels.html",
        {
            "channels": channels.official_channels(),
            "form": form,
            "matches": matches,
            "asked": form.cleaned_data["address"] if matches is not None else "",
        },
    )


@require_safe
@opens_for_anyone
def channel_directory_json(request: HttpRequest) -> JsonResponse:
    """The directory for machines; with ``?address=`` whether that one is official."""
    found = (
        queries.channels_at(request.GET["address"])
        if request.GET.get("address")
        else list(channels.official_channels())
    )
    listed = [
        {
            "id": one.public_id,
            "platform": one.platform_id,
            "name": one.name,
            "handle": one.handle,
            "url": one.url,
            "unit": one.unit.name,
            "state": one.state,
        }
        for one in found
    ]
    answer: dict[str, object] = {"channels": listed}
    if request.GET.get("address"):
        answer |= {"address": request.GET["address"], "is_official": bool(found)}
    return JsonResponse(answer)


@require_safe
@opens_for_anyone
def comment_rules(request: HttpRequest) -> HttpResponse:
    """The rules for comments, the figures of moderation, and how well the channels are captured."""
    return render(
        request,
        "portal/rules.html",
        {"grounds": queries.grounds(), "figures": moderation.figures(), "health": queries.capture_health()},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def file_request(request: HttpRequest) -> HttpResponse:
    """The form of a records request."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = disclosure.receive_request(via="form", **form.cleaned_data, actor="public", now=timezone.now())
        # Shown once, on the page that follows; only its hash is kept.
        request.session["follow_code"] = made.follow_code
        return redirect("portal-followed", made.follow_code)
    return render(request, "portal/request.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def follow(request: HttpRequest) -> HttpResponse:
    """Type the code of a request one has made."""
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if queries.followed_request(form.cleaned_data["code"]) is not None:
            return redirect("portal-followed", form.cleaned_data["code"].strip())
        form.add_error("code", "There is no request with this code. It has four groups of four characters.")
    return render(request, "portal/follow.html", {"form": form}, status=422 if form.errors else 200)


def _followed(code: str) -> RecordsRequest:
    found = queries.followed_request(code)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@opens_for_anyone
def followed(request: HttpRequest, code: str) -> HttpResponse:
    """How a request stands, for whoever has its code."""
    found = _followed(code)
    return render(
        request,
        "portal/followed.html",
        {
            "found": found,
            "code": code,
            "is_new": request.session.pop("follow_code", None) == code,
            "determination": getattr(found, "determination", None),
            "productions": found.productions.filter(state=Production.State.READY),
        },
    )


@require_POST
@opens_for_anyone
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The requester makes the request clearer."""
    found = _followed(code)
    disclosure.hear_requester(
        request_id=found.public_id, answer=request.POST.get("answer", ""), actor="public", now=timezone.now()
    )
    messages.success(request, "Thank you. Your answer is part of the request now.")
    return redirect("portal-followed", code)


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
