"""Pages of signing in and out, and of the password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.areas.people import limits, operations
from rostrum.areas.people import sign_in as steps
from rostrum.areas.people.access import (
    opens_for_anyone,
    opens_for_signed_in,
    person_or_none,
    signed_in_person,
    takes_secrets,
)
from rostrum.areas.people.forms import (
    ChangePasswordForm,
    CodeForm,
    NewPasswordForm,
    PasskeyAnswerForm,
    PasswordLinkForm,
    SignInForm,
)
from rostrum.areas.people.limits import Tries
from rostrum.areas.people.models import Factor, User
from rostrum.areas.people.passkeys import begin_registration, begin_sign_in
from rostrum.areas.people.queries import sign_in as queries
from rostrum.areas.people.rules.factors import FactorKind, Step
from rostrum.areas.people.sign_in import address_of, session_of
from rostrum.areas.people.views.browser import ask_passkey, asked_passkey, origin_of, safe_next, site_of
from rostrum.kernel.decisions import InvalidInput

# The same words whether the person exists, the password is wrong, or there were too many tries.
_NOT_SIGNED_IN = (
    "The e-mail address and password do not match, or there were too many tries. "
    "Check both. After five tries, wait fifteen minutes."
)
_WRONG_CODE = (
    "This code is not taken. Use the one the app shows now; each works once. After five tries, wait fifteen minutes."
)
_NO_PASSKEY = "The passkey was not taken. Try again, or sign in another way."


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, and go where one was going."""
    if request.method != "POST" and person_or_none(request) is not None:
        return redirect(safe_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, password, now = form.cleaned_data["email"], form.cleaned_data["password"], timezone.now()
        person = steps.try_password(request, email=email, password=password, now=now)
        if person is not None:
            wanted = safe_next(request)
            step = steps.take_first_step(request, person, how="password", given=False, next_page=wanted, now=now)
            return redirect(after(step, wanted))
        form.add_error(None, _NOT_SIGNED_IN)
    return _sign_in_page(request, form)


def _sign_in_page(request: HttpRequest, form: SignInForm) -> HttpResponse:
    signed_out_of = settings.SIGN_IN.directory(request.GET.get("out", ""))
    context = {
        "form": form,
        "passkey_form": PasskeyAnswerForm(auto_id=False),
        "next": safe_next(request),
        "has_ended": "ended" in request.GET,
        "directories": settings.SIGN_IN.directories,
        "signed_out_of": signed_out_of,
        "site": site_of(request),
        "is_demo": settings.DEMO_SIGN_IN,
    }
    return render(request, "people/sign_in.html", context, status=422 if request.method == "POST" else 200)


def after(step: Step, wanted: str) -> str:
    """Where a first step that was right leads."""
    return {Step.IN: wanted, Step.FACTOR: reverse("second-factor"), Step.ENROL: reverse("enrol")}[step]


@require_POST
@opens_for_anyone
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is destroyed."""
    row = session_of(request)
    steps.end_session(request, now=timezone.now())
    messages.success(request, "You are signed out.")
    directory = row.how.removeprefix("directory:") if row is not None and row.how.startswith("directory:") else ""
    return redirect(f"{reverse('sign-in')}?out={directory}" if directory else "sign-in")


# the second step


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step: a code, a recovery code, or a passkey."""
    now = timezone.now()
    waiting = steps.pending(request, now=now)
    if waiting is None or waiting.step is not Step.FACTOR:
        return redirect("sign-in")
    form = CodeForm(request.POST if "code" in request.POST else None)
    error = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer:
            state, site = asked_passkey(request, "second", now), site_of(request)
            if (
                state
                and site
                and steps.try_second_passkey(request, waiting, answer=answer, state=state, site=site, now=now)
            ):
                return redirect(safe_next(request, waiting.next_page))
            error = _NO_PASSKEY
        elif form.is_valid():
            if steps.try_code(request, waiting, code=form.cleaned_data["code"], now=now):
                return redirect(safe_next(request, waiting.next_page))
            form.add_error("code", _WRONG_CODE)
    kinds = set(queries.factors_of(waiting.person).values_list("kind", flat=True))
    context = {
        "form": form,
        "passkey_form": PasskeyAnswerForm(auto_id=False),
        "has_app": FactorKind.APP in kinds,
        "has_passkey": FactorKind.PASSKEY in kinds and site_of(request) is not None,
        "error": error,
    }
    return render(request, "people/second_factor.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_POST
@opens_for_anyone
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: it is two factors in one."""
    now = timezone.now()
    state, site = asked_passkey(request, "sign-in", now), site_of(request)
    wanted = safe_next(request)
    person = None
    if state and site:
        answer = request.POST.get("answer", "")
        person = steps.try_passkey(request, answer=answer, state=state, site=site, now=now)
    if person is None:
        form = SignInForm(None)
        messages.error(request, _NO_PASSKEY)
        return _sign_in_page(request, form)
    steps.take_first_step(request, person, how="passkey", given=True, next_page=wanted, now=now)
    return redirect(wanted)


@never_cache
@require_POST
@opens_for_anyone
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser asks a passkey for (JSON): to sign in, as the second step, once more, or to make a new one."""
    now, site, purpose = timezone.now(), site_of(request), request.POST.get("purpose", "")
    if site is None:
        return JsonResponse({"error": "no-site", "message": "Passkeys need a site with a name."}, status=409)
    waiting, person = steps.pending(request, now=now), person_or_none(request)
    if purpose == "sign-in":
        options, state = begin_sign_in(site)
    elif purpose == "second" and waiting is not None and waiting.step is Step.FACTOR:
        options, state = begin_sign_in(site, _passkeys(waiting.person, site.id))
    elif purpose == "prove" and person is not None:
        options, state = begin_sign_in(site, _passkeys(person, site.id))
    elif purpose == "add" and (adding := person or (waiting.person if waiting else None)) is not None:
        options, state = begin_registration(adding, site, _passkeys(adding, site.id))
    else:
        return JsonResponse({"error": "sign-in", "message": "Begin again at the sign-in page."}, status=409)
    ask_passkey(request, purpose, state, now)
    return JsonResponse(options)


def _passkeys(person: User, site_id: str) -> list[Factor]:
    return list(queries.factors_of(person).filter(kind=FactorKind.PASSKEY.value, site=site_id))


# the password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def ask_password_link(request: HttpRequest) -> HttpResponse:
    """Ask for a mail with a link to set a password; the answer tells nothing about who is here."""
    form = PasswordLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, now = form.cleaned_data["email"], timezone.now()
        who = email.strip().lower()
        # One too many is answered as all others are: nobody learns anything, and nobody's mailbox is filled.
        if not limits.is_over(Tries.LINK, who=who, address=address_of(request), now=now):
            operations.send_password_link(email=email, origin=origin_of(request), actor="public", now=now)
        messages.success(request, "If this address belongs to somebody here, a link is on its way to it.")
        return redirect("sign-in")
    return render(request, "people/ask_password_link.html", {"form": form}, status=422 if form.errors else 200)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def set_password(request: HttpRequest, person_id: str, token: str) -> HttpResponse:
    """Set a password by a mailed link; the link is the proof of who asks."""
    now = timezone.now()
    is_over = request.method == "POST" and limits.is_over(
        Tries.NEW_PASSWORD, who=person_id, address=address_of(request), now=now
    )
    found = User.objects.filter(public_id=person_id, is_active=True).first()
    if found is None or is_over or not default_token_generator.check_token(found, token):
        return render(request, "people/link_spent.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            password = form.cleaned_data["password"]
            operations.set_password(person=found, password=password, actor=found, now=now)
        except InvalidInput as problem:
            form.add_error("password", problem.why)
        else:
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign-in")
    return render(request, "people/set_password.html", {"form": form}, status=422 if form.errors else 200)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; other sessions end, this one stays."""
    person, row, now = signed_in_person(request), session_of(request), timezone.now()
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who, address = person.public_id, address_of(request)
        is_over = limits.is_over(Tries.PROOF, who=who, address=address, now=now)
        if is_over or not person.check_password(form.cleaned_data["current"]):
            form.add_error("current", "This is not your password now, or there were too many tries.")
        else:
            limits.forgive(Tries.PROOF, who=who, address=address)
            try:
                changed = operations.set_password(
                    person=person,
                    password=form.cleaned_data["password"],
                    keep=row.public_id if row else "",
                    actor=person,
                    now=now,
                )
            except InvalidInput as problem:
                form.add_error("password", problem.why)
            else:
                steps.renew_session(request, changed)
                messages.success(request, "Your password is changed. Other sessions of yours have ended.")
                return redirect("my-sign-in")
    return render(request, "people/change_password.html", {"form": form}, status=422 if form.errors else 200)
