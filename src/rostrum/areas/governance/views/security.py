"""Pages of the security registers: blocked sites, assumed identities; and questions to one's supervisor."""

import csv

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.governance import operations
from rostrum.areas.governance.forms.policies import ReasonForm
from rostrum.areas.governance.forms.security import (
    BlockForm,
    ExceptionForm,
    PersonaForm,
    QuestionAnswerForm,
    QuestionForm,
    SignExceptionForm,
)
from rostrum.areas.governance.models import BlockedSite, SupervisorQuestion
from rostrum.areas.governance.operations.questions import may_answer
from rostrum.areas.governance.operations.security import persona_facts, sign_facts
from rostrum.areas.governance.queries import security as found_in
from rostrum.areas.governance.rules.security import STATE_TITLES, ExceptionState, decide_persona
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, opens_for_signed_in, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.rules import Permission, Role
from rostrum.kernel.decisions import InvalidInput, Refused

STATE_WORDS = {
    ExceptionState.ASKED: (STATE_TITLES[ExceptionState.ASKED], "wait"),
    ExceptionState.SIGNED: (STATE_TITLES[ExceptionState.SIGNED], "ok"),
    ExceptionState.REFUSED: (STATE_TITLES[ExceptionState.REFUSED], "stop"),
    ExceptionState.ENDED: (STATE_TITLES[ExceptionState.ENDED], "quiet"),
}
_PERSONA_READERS = (Permission.REQUEST_PERSONA, Permission.SIGN_PERSONA)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.KEEP_BLOCKED_SITES, reading=True)
def blocked_sites(request: HttpRequest) -> HttpResponse:
    """Which sites are blocked, why, and by whom; and, for who keeps the list, one more."""
    person, now = signed_in_person(request), timezone.now()
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.block_site(**form.cleaned_data, actor=person, now=now)
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem, lambda code: "site" if code == "blocked" else None)
        else:
            messages.success(request, f"{made.site} is on the list. Hand the list to the network team.")
            return redirect("blocked-sites")
    context = {
        "form": form,
        "sites": found_in.blocked_sites(),
        "ended": found_in.blocked_sites(ended=True)[:50],
        "may_keep": people.may(person, Permission.KEEP_BLOCKED_SITES, now=now),
        "reason_form": ReasonForm(),
        "clause": found_in.clause_of(found_in.BLOCKED),
    }
    return render(request, "governance/blocked_sites.html", context, status=status_of(form))


@require_safe
@opens_for(Permission.KEEP_BLOCKED_SITES, reading=True)
def blocked_sites_table(request: HttpRequest) -> HttpResponse:
    """The list for the network team, as a table file."""
    del request
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="blocked-sites.csv"'
    table = csv.writer(answer)
    table.writerow(("site", "reason", "decided by", "decided at"))
    for one in found_in.blocked_sites():
        reason = f"'{one.reason}" if one.reason.startswith(("=", "+", "-", "@", "\t", "\r")) else one.reason
        table.writerow((one.site, reason, one.decided_by.email, one.decided_at.isoformat(timespec="seconds")))
    return answer


@require_POST
@opens_for(Permission.KEEP_BLOCKED_SITES)
def unblock_site(request: HttpRequest, block_id: str) -> HttpResponse:
    """Block a site no more."""
    found = get_object_or_404(BlockedSite, public_id=block_id)
    operations.unblock_site(
        block_id=found.public_id,
        reason=request.POST.get("reason", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, f"{found.site} is no longer on the list.")
    return redirect("blocked-sites")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(*_PERSONA_READERS, reading=True)
def personas(request: HttpRequest) -> HttpResponse:
    """The exceptions from the ban on assumed identities, and, for who may ask, one more."""
    person, now = signed_in_person(request), timezone.now()
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.ask_persona_exception(**form.cleaned_data, actor=person, now=now)
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, "Asked for. The agency head decides.")
            return redirect("persona", made.public_id)
    context = {
        "form": form,
        "rows": [{"exception": one, "state": STATE_WORDS[ExceptionState(one.state)]} for one in found_in.exceptions()],
        "may_ask": people.may(person, Permission.REQUEST_PERSONA, now=now),
        "ban_clause": found_in.ban_clause(),
        "clause": found_in.clause_of(found_in.EXCEPTION),
    }
    return render(request, "governance/personas.html", context, status=status_of(form))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(*_PERSONA_READERS, reading=True)
def persona(request: HttpRequest, exception_id: str) -> HttpResponse:
    """One exception: signed or refused by the agency head, registered by who asked, ended."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(found_in.exceptions(), public_id=exception_id)
    act = request.POST.get("act", "")
    sign_form = SignExceptionForm(
        request.POST if act in ("sign", "refuse") else None, has_password=person.has_usable_password()
    )
    persona_form = PersonaForm(request.POST if act == "register" else None, persons=people.persons_present(now=now))
    problem_form = sign_form if act in ("sign", "refuse") else persona_form
    if request.method == "POST":
        try:
            if _done(request, act, exception_id, sign_form, persona_form):
                return redirect("persona", found.public_id)
        except (Refused, InvalidInput) as problem:
            say_on_form(problem_form, problem, sign_form.place_of)
    facts = sign_facts(found, actor=person, now=now)
    words, kind = STATE_WORDS[ExceptionState(found.state)]
    context = {
        "exception": found,
        "state": words,
        "kind": kind,
        "sign_form": sign_form,
        "persona_form": persona_form,
        "is_asked": found.state == ExceptionState.ASKED,
        "is_signed": found.state == ExceptionState.SIGNED,
        "may_sign": facts.may_sign,
        "is_own": facts.is_askers_own,
        "persona": getattr(found, "persona", None),
        "register_decision": decide_persona(persona_facts(found, actor=person, now=now)),
        "end_form": ReasonForm(auto_id="id_end_%s"),
        "clause": facts.clause,
    }
    return render(request, "governance/persona.html", context, status=status_of(problem_form))


def _done(
    request: HttpRequest, act: str, exception_id: str, sign_form: SignExceptionForm, persona_form: PersonaForm
) -> bool:
    """Do what the form asks; False where the form says what to correct."""
    person, now = signed_in_person(request), timezone.now()
    if act == "refuse":
        operations.refuse_persona_exception(
            exception_id=exception_id, reason=request.POST.get("reason", ""), actor=person, now=now
        )
        messages.success(request, "Refused. Who asked sees the reasons here.")
        return True
    if act == "end":
        operations.end_persona_exception(
            exception_id=exception_id, because=request.POST.get("reason", ""), actor=person, now=now
        )
        messages.success(request, "Ended.")
        return True
    if act == "sign" and sign_form.is_valid():
        given = sign_form.cleaned_data
        operations.sign_persona_exception(
            exception_id=exception_id,
            reason=given["reason"],
            typed_name=given["typed_name"],
            password=given.get("password", ""),
            words=given.get("words", ""),
            actor=person,
            now=now,
        )
        messages.success(request, "Signed.")
        return True
    if act == "register" and persona_form.is_valid():
        operations.register_persona(exception_id=exception_id, **persona_form.cleaned_data, actor=person, now=now)
        messages.success(request, "The identity is registered.")
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def ask_supervisor(request: HttpRequest) -> HttpResponse:
    """Ask the head of one's department whether something is appropriate."""
    person, now = signed_in_person(request), timezone.now()
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.ask_supervisor(**form.cleaned_data, actor=person, now=now)
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, "Your question is with the head of your department.")
            return redirect("question", made.public_id)
    heads = people.persons_with(Role.DEPARTMENT_HEAD, unit=person.unit, now=now) if person.unit else []
    context = {"form": form, "heads": heads}
    return render(request, "governance/ask_supervisor.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def question(request: HttpRequest, question_id: str) -> HttpResponse:
    """One question with its answer: for who asked, and for whoever heads the department."""
    person, now = signed_in_person(request), timezone.now()
    headed = [held.unit for held in people.roles_of(person, now) if held.role is Role.DEPARTMENT_HEAD]
    visible = SupervisorQuestion.objects.all()
    if "" not in headed:  # else they head every department
        visible = visible.filter(Q(person=person) | Q(unit__public_id__in=headed))
    found = get_object_or_404(visible.select_related("person", "unit", "answered_by"), public_id=question_id)
    form = QuestionAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_supervisor(question_id=found.public_id, **form.cleaned_data, actor=person, now=now)
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, "Answered.")
            return redirect("question", found.public_id)
    context = {"question": found, "form": form, "may_answer": may_answer(found, actor=person, now=now)}
    return render(request, "governance/question.html", context, status=status_of(form))
