"""Acts on roles. Rights on channels are given and ended where channels are known."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from rostrum.areas.people import operations, rules
from rostrum.areas.people.access import (
    opens_for,
    signed_in_person,
)
from rostrum.areas.people.forms import (
    RoleForm,
)
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import RoleGrant
from rostrum.areas.people.rules import Permission, Role
from rostrum.areas.people.views.persons import find, person_page
from rostrum.kernel.decisions import InvalidInput, Refused


@require_POST
@opens_for(Permission.MANAGE_PEOPLE)
def give_role(request: HttpRequest, person_id: str) -> HttpResponse:
    """Give the person a role."""
    found, form = find(person_id), RoleForm(request.POST)
    if not form.is_valid():
        return person_page(request, found, form, status=422)
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
    except (InvalidInput, Refused) as problem:
        say_on_form(form, problem, lambda where: "last_day" if where in ("ends_at", "starts_at") else None)
        return person_page(request, found, form, status=status_of(form))
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
