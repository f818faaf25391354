"""Pages of the directives on retention and storage: the register, one directive, a new one."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.governance import operations
from rostrum.areas.governance.forms.directives import (
    CONTENT_WORDS,
    EVERYWHERE,
    AnswerForm,
    DirectiveForm,
    HowForm,
    method_titles,
)
from rostrum.areas.governance.models import Directive, DirectiveDelivery, DirectiveSuggestion
from rostrum.areas.governance.operations.directives import FAILED, issue_facts
from rostrum.areas.governance.queries import directives as found_in
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors import registry
from rostrum.kernel.decisions import Decision, InvalidInput, Refused


def shown(one: Directive) -> dict[str, Any]:
    """A directive in words."""
    spec = registry.PLATFORMS.get(one.platform)
    deliveries = list(one.deliveries.all())
    reached = sum(1 for delivery in deliveries if delivery.reached_at is not None)
    return {
        "directive": one,
        "platform": spec.name if spec else one.platform.capitalize() or EVERYWHERE,
        "content": [CONTENT_WORDS.get(kind, kind) for kind in one.content_kinds],
        "method": method_titles().get(one.method, one.method),
        "reached": reached,
        "of": len(deliveries),
    }


@require_safe
@opens_for(Permission.SEE_POLICY, reading=True)
def directives(request: HttpRequest) -> HttpResponse:
    """Every directive, what is in force, when the next is due, what suggests one."""
    person, now = signed_in_person(request), timezone.now()
    in_force = {one.pk for one in found_in.in_force()}
    due = found_in.next_due()
    suggestions = [{"suggestion": one, "words": _suggestion_words(one)} for one in found_in.suggestions()]
    context = {
        "rows": [shown(one) | {"is_in_force": one.pk in in_force} for one in found_in.directives()],
        "due": due,
        "due_on": legal_day(due.due_at - timedelta(seconds=1)) if due else None,
        "is_late": due is not None and due.due_at < now,
        "captured": [
            {"platform": spec.name, "choice": found_in.capture_choice(code)}
            for code, spec in sorted(registry.PLATFORMS.items(), key=lambda each: each[1].name)
        ],
        "may_issue": people.may(person, Permission.ISSUE_DIRECTIVE, now=now),
        "suggestions": suggestions,
        "answer_form": AnswerForm(),
    }
    return render(request, "governance/directives.html", context)


def _suggestion_words(one: DirectiveSuggestion) -> str:
    if one.why == FAILED:
        return f"A connector failed: gap {one.subject}"
    spec = registry.PLATFORMS.get(one.subject)
    return f"A platform is new here: {spec.name if spec else one.subject.capitalize()}"


@require_safe
@opens_for(Permission.SEE_POLICY, reading=True)
def directive(request: HttpRequest, directive_id: str) -> HttpResponse:
    """One directive, and whom it reached."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(found_in.directives(), public_id=directive_id)
    names = {one.public_id: one.name for one in User.objects.filter(public_id__in=_persons(found))}
    context = shown(found) | {
        "is_in_force": found in found_in.in_force(),
        "deliveries": [
            {"delivery": one, "persons": [names.get(person_id, person_id) for person_id in one.persons]}
            for one in found.deliveries.all()
        ],
        "may_issue": people.may(person, Permission.ISSUE_DIRECTIVE, now=now).allowed,
        "how_form": HowForm(),
    }
    return render(request, "governance/directive.html", context)


def _persons(found: Directive) -> list[str]:
    return [person for one in found.deliveries.all() for person in one.persons]


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.ISSUE_DIRECTIVE)
def issue_directive(request: HttpRequest) -> HttpResponse:
    """Issue a directive to every department."""
    person, now = signed_in_person(request), timezone.now()
    form = DirectiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.issue_directive(**form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem, form.PLACES)
        else:
            messages.success(request, f"Directive {made.number} is issued. Capture follows it from now on.")
            return redirect("directive", made.public_id)
    facts = issue_facts(actor=person, now=now)
    context = {"form": form, "may_issue": Decision(facts.may_issue.against), "units": facts.units}
    return render(request, "governance/issue_directive.html", context, status=status_of(form))


@require_POST
@opens_for(Permission.ISSUE_DIRECTIVE)
def record_delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Record that a directive was handed to a department."""
    found = get_object_or_404(DirectiveDelivery, public_id=delivery_id)
    delivery = operations.record_directive_delivery(
        delivery_id=found.public_id,
        how=request.POST.get("how", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, f"Recorded: it reached {delivery.unit.name}.")
    return redirect("directive", delivery.directive.public_id)


@require_POST
@opens_for(Permission.ISSUE_DIRECTIVE)
def answer_suggestion(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Answer what suggested a directive."""
    found = get_object_or_404(DirectiveSuggestion, pk=suggestion_id)
    operations.answer_suggestion(
        suggestion_id=found.pk,
        answer=request.POST.get("answer", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "Answered.")
    return redirect("directives")
