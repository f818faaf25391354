"""One's own sign-in: factors and sessions; and showing once more who one is before they are changed."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.people import limits, operations
from rostrum.areas.people import sign_in as steps
from rostrum.areas.people.access import opens_for_signed_in, signed_in_person, takes_secrets
from rostrum.areas.people.forms import CodeForm, PasskeyAnswerForm, ProveForm
from rostrum.areas.people.limits import Tries
from rostrum.areas.people.models import Factor, FactorReset, SignedIn
from rostrum.areas.people.operations.factors import decide_change
from rostrum.areas.people.queries import sign_in as queries
from rostrum.areas.people.rules.factors import FACTOR_TITLES, FactorKind
from rostrum.areas.people.sign_in import address_of, session_of
from rostrum.areas.people.views.browser import asked_passkey, safe_next, site_of

_HOW_TITLES = {"password": "Password", "passkey": "Passkey"}


@never_cache
@require_safe
@opens_for_signed_in
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one is signed in now."""
    person, row, now = signed_in_person(request), session_of(request), timezone.now()
    proven_at = row.proven_at if row else None
    factors = queries.factors_of(person)
    names = {f"directory:{one.id}": one.name for one in settings.SIGN_IN.directories}
    context = {
        "factors": [(one, FACTOR_TITLES[FactorKind(one.kind)]) for one in factors],
        "codes_left": queries.recovery_codes_left(person),
        "sessions": [
            (one, (_HOW_TITLES | names).get(one.how, "Single sign-on"), row is not None and one.pk == row.pk)
            for one in queries.sessions_of(person, now=now)
        ],
        "may_add": decide_change(person=person, proven_at=proven_at, actor=person, now=now),
        "may_remove": decide_change(person=person, proven_at=proven_at, removal=True, actor=person, now=now),
        "is_required": queries.needs_factor(person, now=now),
        "is_demo": settings.DEMO_SIGN_IN,
        "site": site_of(request),
        "has_password": person.has_usable_password(),
        "identities": [names.get(f"directory:{one.directory}", one.directory) for one in queries.identities_of(person)],
        "reset": queries.open_reset(person, now=now),
    }
    return render(request, "people/my_sign_in.html", context)


@takes_secrets
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def prove(request: HttpRequest) -> HttpResponse:
    """Show once more who one is: by the password, a code, or a passkey."""
    person, now = signed_in_person(request), timezone.now()
    password_form = ProveForm(request.POST if "password" in request.POST else None)
    code_form = CodeForm(request.POST if "code" in request.POST else None)
    code_form.fields["code"].widget.attrs.pop("autofocus", None)
    code_form.fields["code"].help_text = "The six digits your app shows now."
    error = ""
    if request.method == "POST":
        who, address = person.public_id, address_of(request)
        is_over, is_right = limits.is_over(Tries.PROOF, who=who, address=address, now=now), False
        if not is_over and password_form.is_valid():
            is_right = person.check_password(password_form.cleaned_data["password"])
        elif not is_over and code_form.is_valid():
            is_right = steps.check_app_code(person, code_form.cleaned_data["code"], now=now)
        elif not is_over and request.POST.get("answer"):
            state, site = asked_passkey(request, "prove", now), site_of(request)
            is_right = bool(
                state and site and steps.check_passkey(person, request.POST["answer"], state, site, now=now)
            )
        if is_right:
            limits.forgive(Tries.PROOF, who=who, address=address)
            steps.prove_again(request, now=now)
            return redirect(safe_next(request))
        error = "That was not right, or there were too many tries. After five, wait fifteen minutes."
    kinds = set(queries.factors_of(person).values_list("kind", flat=True))
    context = {
        "password_form": password_form if person.has_usable_password() else None,
        "code_form": code_form if FactorKind.APP in kinds else None,
        "passkey_form": PasskeyAnswerForm(auto_id=False) if FactorKind.PASSKEY in kinds and site_of(request) else None,
        "directories": [
            one
            for one in settings.SIGN_IN.directories
            if queries.identities_of(person).filter(directory=one.id).exists()
        ],
        "next": safe_next(request),
        "error": error,
    }
    return render(request, "people/prove.html", context, status=422 if error else 200)


@require_POST
@opens_for_signed_in
def remove_factor(request: HttpRequest, factor_id: str) -> HttpResponse:
    """Remove one of one's own factors."""
    person, row = signed_in_person(request), session_of(request)
    if not Factor.objects.filter(public_id=factor_id, person=person).exists():
        raise Http404
    removed = operations.remove_factor(
        factor_id=factor_id, proven_at=row.proven_at if row else None, actor=person, now=timezone.now()
    )
    messages.success(request, f"“{removed.name}” is removed.")
    return redirect("my-sign-in")


@require_POST
@opens_for_signed_in
def end_my_session(request: HttpRequest, session_id: str) -> HttpResponse:
    """End one of one's own sessions."""
    person = signed_in_person(request)
    if not SignedIn.objects.filter(public_id=session_id, person=person).exists():
        raise Http404
    ended = operations.end_session(session_id=session_id, actor=person, now=timezone.now())
    messages.success(request, f"The session in {ended.device} has ended.")
    return redirect("my-sign-in")


@require_POST
@opens_for_signed_in
def end_my_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    person, row = signed_in_person(request), session_of(request)
    count = operations.end_other_sessions(
        person=person, keep=row.public_id if row else "", actor=person, now=timezone.now()
    )
    ended = f"{count} other session{'' if count == 1 else 's'} ended."
    messages.success(request, ended if count else "There were no other sessions.")
    return redirect("my-sign-in")


@require_POST
@opens_for_signed_in
def refuse_my_reset(request: HttpRequest, reset_id: str) -> HttpResponse:
    """Refuse a reset of one's own factors that somebody else asked for."""
    person = signed_in_person(request)
    if not FactorReset.objects.filter(public_id=reset_id, person=person).exists():
        raise Http404
    operations.drop_reset(reset_id=reset_id, actor=person, now=timezone.now())
    messages.success(request, "The reset is refused. Tell your IT department that somebody asked for it.")
    return redirect("my-sign-in")
