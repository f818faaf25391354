"""Pages of the people area: signing in and out, one's own page, the persons with their roles and rights."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.people import operations, queries, rules
from rostrum.areas.people.access import (
    opens_for,
    opens_for_anyone,
    opens_for_signed_in,
    person_or_none,
    signed_in_person,
)
from rostrum.areas.people.forms import (
    ChangePasswordForm,
    NewPasswordForm,
    PasswordLinkForm,
    PersonForm,
    RoleForm,
    SignInForm,
)
from rostrum.areas.people.models import ChannelGrant, RoleGrant, User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.areas.people.sign_in import try_sign_in
from rostrum.kernel.decisions import InvalidInput

_PER_PAGE = 50
# The same words whether the person exists, the password is wrong, or there were too many tries.
_NOT_SIGNED_IN = (
    "The e-mail address and password do not match, or there were too many tries. "
    "Check both. After five tries, wait fifteen minutes."
)


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("today")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, and go where one was going."""
    if request.method != "POST" and person_or_none(request) is not None:
        return redirect(_safe_next(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email, password = form.cleaned_data["email"], form.cleaned_data["password"]
            if try_sign_in(request, email=email, password=password, now=timezone.now()) is not None:
                return redirect(_safe_next(request))
            form.add_error(None, _NOT_SIGNED_IN)
    context = {"form": form, "next": _safe_next(request), "has_ended": "ended" in request.GET}
    return render(request, "people/sign_in.html", context, status=status)


@require_POST
@opens_for_anyone
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is destroyed."""
    request.session.flush()
    messages.success(request, "You are signed out.")
    return redirect("sign-in")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def ask_password_link(request: HttpRequest) -> HttpResponse:
    """Ask for a mail with a link to set a password; the answer tells nothing about who is here."""
    form = PasswordLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.send_password_link(
            email=form.cleaned_data["email"],
            origin=f"{request.scheme}://{request.get_host()}",
            actor="public",
            now=timezone.now(),
        )
        messages.success(request, "If this address belongs to somebody here, a link is on its way to it.")
        return redirect("sign-in")
    return render(request, "people/ask_password_link.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_anyone
def set_password(request: HttpRequest, person_id: str, token: str) -> HttpResponse:
    """Set a password by a mailed link; the link is the proof of who asks."""
    found = User.objects.filter(public_id=person_id, is_active=True).first()
    if found is None or not default_token_generator.check_token(found, token):
        return render(request, "people/link_spent.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            password = form.cleaned_data["password"]
            operations.set_password(person=found, password=password, actor=found, now=timezone.now())
        except InvalidInput as problem:
            form.add_error("password", problem.why)
        else:
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign-in")
    return render(request, "people/set_password.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@opens_for_signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Who one is here: roles, rights, and what they open."""
    return render(request, "people/me.html", {"grants": _grants_of(signed_in_person(request))})


@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; other sessions end, this one stays."""
    person = signed_in_person(request)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not person.check_password(form.cleaned_data["current"]):
            form.add_error("current", "This is not your password now.")
        else:
            try:
                password = form.cleaned_data["password"]
                changed = operations.set_password(person=person, password=password, actor=person, now=timezone.now())
            except InvalidInput as problem:
                form.add_error("password", problem.why)
            else:
                update_session_auth_hash(request, changed)
                messages.success(request, "Your password is changed. Other sessions of yours have ended.")
                return redirect("me")
    return render(request, "people/change_password.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@opens_for(Permission.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name, with the roles they hold now."""
    now = timezone.now()
    words = request.GET.get("q", "").strip()
    found = User.objects.select_related("unit")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(unit__name__icontains=words))
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    roles = queries.granted_roles([one.pk for one in page], now=now)
    rows = [(one, [rules.ROLE_TITLES[role] for role in roles.get(one.pk, ())]) for one in page]
    may_manage = queries.may(signed_in_person(request), Permission.MANAGE_PEOPLE, now=now).allowed
    return render(request, "people/people.html", {"rows": rows, "page": page, "words": words, "may_manage": may_manage})


def _grants_of(person: User) -> dict[str, object]:
    """The person's roles and rights, those in force and those that ended or are to come."""
    now = timezone.now()

    def row(grant: RoleGrant | ChannelGrant, title: str) -> dict[str, object]:
        in_force = rules.is_in_force(grant.starts_at, grant.ends_at, now)
        has_ended = grant.ends_at is not None and grant.ends_at <= now
        state = ("In force", "ok") if in_force else ("Ended", "quiet") if has_ended else ("To come", "info")
        return {"grant": grant, "title": title, "state": state, "has_ended": has_ended}

    roles = RoleGrant.objects.filter(person=person).select_related("unit", "given_by").order_by("-starts_at", "-pk")
    rights = ChannelGrant.objects.filter(person=person).select_related("given_by").order_by("-starts_at", "-pk")
    return {
        "roles": [row(grant, rules.ROLE_TITLES[Role(grant.role)]) for grant in roles],
        "rights": [row(grant, rules.RIGHT_TITLES[Right(grant.right)]) for grant in rights],
        "basic": [rules.ROLE_TITLES[held.role] for held in queries.basic_roles(person, now)],
    }


def _person_page(request: HttpRequest, found: User, form: RoleForm, status: int = 200) -> HttpResponse:
    actor, now = signed_in_person(request), timezone.now()
    context = {
        "found": found,
        "grants": _grants_of(found),
        "form": form,
        "is_present": queries.is_present(found, now=now),
        "may_manage": queries.may(actor, Permission.MANAGE_PEOPLE, now=now),
        "may_end_rights": operations.decide_right_end(person=found, actor=actor, now=now),
        "may_give": operations.decide_role(person=found, actor=actor, now=now),
        "may_deactivate": operations.decide_deactivation(person=found, actor=actor, now=now),
    }
    return render(request, "people/person.html", context, status=status)


def _found(person_id: str) -> User:
    return get_object_or_404(User.objects.select_related("unit"), public_id=person_id)


@require_safe
@opens_for(Permission.SEE_PEOPLE)
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """One person with roles and rights, and the forms that change them."""
    return _person_page(request, _found(person_id), RoleForm())


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_PEOPLE)
def add_person(request: HttpRequest) -> HttpResponse:
    """Add a person and mail them a link to set their password."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.invite_person(
                **form.cleaned_data,
                origin=f"{request.scheme}://{request.get_host()}",
                actor=signed_in_person(request),
                now=timezone.now(),
            )
        except InvalidInput as problem:
            form.add_error(problem.where if problem.where in form.fields else None, problem.why)
        else:
            messages.success(request, f"{added.name} is here now; a link to set a password is on its way.")
            return redirect("person", added.public_id)
    return render(request, "people/add_person.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@opens_for(Permission.MANAGE_PEOPLE)
def give_role(request: HttpRequest, person_id: str) -> HttpResponse:
    """Give the person a role."""
    found, form = _found(person_id), RoleForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, form, status=422)
    role = Role(form.cleaned_data["role"])
    try:
        operations.give_role(
            person=found,
            role=role,
            unit=form.cleaned_data["unit"],
            ends_at=form.ends_at(),
            actor=signed_in_person(request),
            now=timezone.now(),
        )
    except InvalidInput as problem:
        form.add_error("last_day", problem.why)
        return _person_page(request, found, form, status=422)
    messages.success(request, f"{found.name} holds the role “{rules.ROLE_TITLES[role]}”.")
    return redirect("person", found.public_id)


@require_POST
@opens_for(Permission.MANAGE_PEOPLE)
def end_role(request: HttpRequest, grant_id: str) -> HttpResponse:
    """End a role now."""
    try:
        grant = operations.end_role(grant_id=grant_id, actor=signed_in_person(request), now=timezone.now())
    except RoleGrant.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, f"The role “{rules.ROLE_TITLES[Role(grant.role)]}” has ended.")
    return redirect("person", grant.person.public_id)


@require_POST
@opens_for(Permission.END_GRANT)
def end_channel_right(request: HttpRequest, grant_id: str) -> HttpResponse:
    """End a right on a channel now."""
    try:
        grant = operations.end_channel_right(grant_id=grant_id, actor=signed_in_person(request), now=timezone.now())
    except ChannelGrant.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, f"The right “{rules.RIGHT_TITLES[Right(grant.right)]}” has ended.")
    return redirect("person", grant.person.public_id)


@require_POST
@opens_for(Permission.MANAGE_PEOPLE)
def deactivate(request: HttpRequest, person_id: str) -> HttpResponse:
    """End the person's sign-in, roles and rights now."""
    found = operations.deactivate_person(person=_found(person_id), actor=signed_in_person(request), now=timezone.now())
    messages.success(request, f"{found.name} can no longer sign in; all roles and rights have ended.")
    return redirect("person", found.public_id)
