"""The persons with their roles and rights, and one's own page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.areas.people import operations, queries, rules
from rostrum.areas.people.access import (
    opens_for,
    opens_for_signed_in,
    signed_in_person,
)
from rostrum.areas.people.forms import (
    PersonForm,
    RoleForm,
)
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import ChannelGrant, RoleGrant, User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.kernel.decisions import InvalidInput, Refused

_PER_PAGE = 50


@require_safe
@opens_for_signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Who one is here: roles, rights, and what they open."""
    return render(request, "people/me.html", {"grants": grants_of(signed_in_person(request))})


@require_safe
@opens_for(Permission.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name, with the roles they hold now."""
    now = timezone.now()
    words = request.GET.get("q", "").strip()
    found = User.objects.order_by("name", "pk")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(unit__name__icontains=words))
    listed = found.values("pk", "public_id", "name", "title", "is_active", "unit__name")
    page = Paginator(listed, _PER_PAGE).get_page(request.GET.get("page"))
    roles = queries.granted_roles([one["pk"] for one in page], now=now)
    rows = [(one, [rules.ROLE_TITLES[role] for role in roles.get(one["pk"], ())]) for one in page]
    actor = signed_in_person(request)
    context = {
        "rows": rows,
        "page": page,
        "words": words,
        "may_manage": queries.may(actor, Permission.MANAGE_PEOPLE, now=now).allowed,
        "may_see_separations": queries.may(actor, Permission.SEE_SEPARATIONS, reading=True, now=now).allowed,
    }
    return render(request, "people/people.html", context)


def grants_of(person: User) -> dict[str, object]:
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


def person_page(request: HttpRequest, found: User, form: RoleForm, status: int = 200) -> HttpResponse:
    """Show one person with roles and rights, and the form as it stands."""
    actor, now = signed_in_person(request), timezone.now()
    context = {
        "found": found,
        "grants": grants_of(found),
        "form": form,
        "is_present": queries.is_present(found, now=now),
        "may_manage": queries.may(actor, Permission.MANAGE_PEOPLE, now=now),
        "may_end_rights": operations.decide_right_end(person=found, actor=actor, now=now),
        "may_give": operations.decide_role(person=found, actor=actor, now=now),
        "may_see_sign_in": queries.may(actor, Permission.END_SESSIONS, now=now).allowed,
    }
    return render(request, "people/person.html", context, status=status)


def find(person_id: str) -> User:
    """The person with this public id. Raises Http404."""
    return get_object_or_404(User.objects.select_related("unit"), public_id=person_id)


@require_safe
@opens_for(Permission.SEE_PEOPLE)
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """One person with roles and rights, and the forms that change them."""
    return person_page(request, find(person_id), RoleForm())


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.MANAGE_PEOPLE)
def add_person(request: HttpRequest) -> HttpResponse:
    """Add a person and mail them a link to set their password."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.invite_person(
                **form.operation_arguments(),
                origin=f"{request.scheme}://{request.get_host()}",
                actor=signed_in_person(request),
                now=timezone.now(),
            )
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, f"{added.name} is here now; a link to set a password is on its way.")
            return redirect("person", added.public_id)
    return render(request, "people/add_person.html", {"form": form}, status=status_of(form))
