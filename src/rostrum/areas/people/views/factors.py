"""Pages on which a second factor is set up: by somebody signed in, or by somebody who may not come in without one."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.people import operations, totp
from rostrum.areas.people import sign_in as steps
from rostrum.areas.people.access import (
    opens_for_anyone,
    opens_for_signed_in,
    person_or_none,
    signed_in_person,
    takes_secrets,
)
from rostrum.areas.people.forms import AppForm, PasskeyForm
from rostrum.areas.people.models import User
from rostrum.areas.people.operations.factors import Added, decide_change
from rostrum.areas.people.passkeys import PasskeyNotAccepted, finish_registration
from rostrum.areas.people.rules.factors import Step
from rostrum.areas.people.sign_in import Pending, session_of
from rostrum.areas.people.views.browser import (
    asked_passkey,
    forget_sealed,
    keep_sealed,
    kept_sealed,
    name_of_body,
    safe_next,
    site_of,
)
from rostrum.kernel.decisions import InvalidInput

_SEED, _CODES = "seed", "codes"


@dataclass(frozen=True, slots=True)
class _Adding:
    """Who sets a factor up, and when they last showed who they are; `waiting` before they are signed in."""

    person: User
    proven_at: datetime | None
    waiting: Pending | None


def _adding(request: HttpRequest, now: datetime) -> _Adding | HttpResponseRedirect:
    """Who is setting a factor up; or where to go first: to sign in, or to show once more who one is."""
    person = person_or_none(request)
    if person is not None:
        row = session_of(request)
        found = _Adding(person, row.proven_at if row else None, None)
        if not decide_change(person=person, proven_at=found.proven_at, actor=person, now=now).allowed:
            return HttpResponseRedirect(f"{reverse('prove')}?next={request.path}")
        return found
    waiting = steps.pending(request, now=now)
    if waiting is None or waiting.step is not Step.ENROL:
        return HttpResponseRedirect(reverse("sign-in"))
    return _Adding(waiting.person, waiting.began_at, waiting)


@never_cache
@require_safe
@opens_for_anyone
def enrol(request: HttpRequest) -> HttpResponse:
    """Say that a second factor is needed to come in, and which there are."""
    waiting = steps.pending(request, now=timezone.now())
    if waiting is None or waiting.step is not Step.ENROL:
        return redirect("sign-in")
    return render(request, "people/enrol.html", {"site": site_of(request)})


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def add_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: its key as a picture and typed, then a code that shows it works."""
    now = timezone.now()
    adding = _adding(request, now)
    if isinstance(adding, HttpResponseRedirect):
        return adding
    kept = kept_sealed(request, _SEED, adding.person)
    seed = bytes.fromhex(kept) if kept else totp.new_seed()
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and kept:
        try:
            added = operations.add_app(
                person=adding.person,
                seed=seed,
                code=form.cleaned_data["code"],
                name=form.cleaned_data["name"],
                proven_at=adding.proven_at,
                actor=adding.person,
                now=now,
            )
        except InvalidInput as problem:
            form.add_error("code", problem.why)
        else:
            forget_sealed(request, _SEED)
            return _go_on(request, adding, added, now)
    if not kept:
        keep_sealed(request, _SEED, seed.hex(), adding.person)
    context = {"form": form, "typed_key": totp.typed_key(seed), "is_enrolling": adding.waiting is not None}
    return render(request, "people/add_app.html", context, status=422 if form.errors else 200)


@takes_secrets
@require_safe
@opens_for_anyone
def app_qr(request: HttpRequest) -> HttpResponse:
    """The key of the app that is being set up, as a picture; only in the browser that sets it up."""
    adding = _adding(request, timezone.now())
    kept = None if isinstance(adding, HttpResponseRedirect) else kept_sealed(request, _SEED, adding.person)
    if isinstance(adding, HttpResponseRedirect) or not kept:
        return HttpResponse(status=410)
    address = totp.address_for_app(bytes.fromhex(kept), person=adding.person.email, body=name_of_body())
    return HttpResponse(totp.qr_code(address), content_type="image/svg+xml")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Set up a passkey: the browser makes it, so this page needs scripts."""
    now = timezone.now()
    adding = _adding(request, now)
    if isinstance(adding, HttpResponseRedirect):
        return adding
    site = site_of(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state = asked_passkey(request, "add", now)
        try:
            if not state or not site:
                raise PasskeyNotAccepted("state")
            added = operations.add_passkey(
                person=adding.person,
                passkey=finish_registration(form.cleaned_data["answer"], state, site),
                name=form.cleaned_data["name"],
                proven_at=adding.proven_at,
                actor=adding.person,
                now=now,
            )
        except PasskeyNotAccepted:
            form.add_error(None, "The passkey was not made. Try again; your browser asks you to confirm it.")
        except InvalidInput as problem:
            form.add_error(None, problem.why)
        else:
            return _go_on(request, adding, added, now)
    context = {"form": form, "site": site, "is_enrolling": adding.waiting is not None}
    return render(request, "people/add_passkey.html", context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, adding: _Adding, added: Added, now: datetime) -> HttpResponse:
    """After a factor was set up: in, if that was what was missing; then the codes, if there are new ones."""
    wanted = reverse("my-sign-in")
    if adding.waiting is not None:
        wanted = safe_next(request, adding.waiting.next_page)
        steps.finish_enrolment(request, adding.waiting, now=now)
    messages.success(request, f"“{added.factor.name}” is set up.")
    if added.codes:
        show_codes_next(request, adding.person, added.codes, wanted)
        return redirect("recovery-codes")
    return redirect(wanted)


def show_codes_next(request: HttpRequest, person: User, codes: tuple[str, ...], wanted: str) -> None:
    """Keep new codes for the page that shows them, until the person says they are kept; then on to `wanted`."""
    keep_sealed(request, _CODES, {"codes": codes, "next": wanted}, person)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that were just made; sending the form says they are kept, and they are never shown again."""
    person = signed_in_person(request)
    kept = kept_sealed(request, _CODES, person)
    if request.method == "POST":
        forget_sealed(request, _CODES)
        return redirect(safe_next(request, kept["next"]) if kept else "my-sign-in")
    return render(request, "people/recovery_codes.html", {"codes": kept["codes"] if kept else []})


@takes_secrets
@require_POST
@opens_for_signed_in
def make_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes in place of the former ones."""
    person, row = signed_in_person(request), session_of(request)
    codes = operations.make_recovery_codes(
        person=person, proven_at=row.proven_at if row else None, actor=person, now=timezone.now()
    )
    show_codes_next(request, person, codes, reverse("my-sign-in"))
    return redirect("recovery-codes")
