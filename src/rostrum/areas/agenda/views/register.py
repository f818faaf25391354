"""The register of duties, what is overdue and whose, one duty and the acts on it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rostrum.areas.agenda import operations, queries, rules
from rostrum.areas.agenda.forms import FilterForm, HandOverForm, StatementForm
from rostrum.areas.agenda.queries import Filters, Row
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.access import opens_for_signed_in, signed_in_person
from rostrum.areas.people.models import User

_PER_PAGE = 50
# What a row shows: of its person, for example, the name and the department only.
_LISTED = (
    *("public_id", "title", "kind", "owner_role", "unit", "due_at", "clock", "clause", "other_on", "closed_at"),
    *("evidence", "owner__name", "owner__unit__name"),
)
_LONGEST_OVERDUE = 10
_GROUPINGS = (("person", "By person"), ("role", "By role"), ("department", "By department"))


def _listed(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows as their table shows them: flat, because a template looks up a dictionary's keys much faster."""
    return [
        {
            "id": row.duty.public_id,
            "title": row.duty.title,
            "whose": row.whose,
            "department": row.department,
            "is_overdue": row.is_overdue,
            "closed_at": row.duty.closed_at,
            "was_late": row.was_late,
            "due_on": row.due_on,
            "due_at": row.duty.due_at,
            "other_on": row.duty.other_on,
            "counting": row.counting or "No clock",
            "clause": row.duty.clause,
            "closed_by": row.kind.done_when if row.duty.is_open else row.duty.evidence,
        }
        for row in rows
    ]


@require_safe
@opens_for_signed_in
def duties(request: HttpRequest) -> HttpResponse:
    """Every duty this person may see, by filters."""
    person, now = signed_in_person(request), timezone.now()
    form = FilterForm(request.GET or None)
    # What cannot be chosen filters nothing; a person is named by a link only.
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    filters = Filters(
        **{name: given.get(name, "") for name in ("whose", "kind", "role", "unit")},
        state=given.get("state") or "open",
        person=request.GET.get("person", "")[:40],
    )
    found = queries.chosen(person, filters, now=now).only(*_LISTED)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": filters != Filters(),
        "of": User.objects.filter(public_id=filters.person).first() if filters.person else None,
        "page": page,
        "rows": _listed(queries.rows(list(page), now=now, with_pages=False)),
    }
    return render(request, "agenda/duties.html", context)


@require_safe
@opens_for_signed_in
def overdue(request: HttpRequest) -> HttpResponse:
    """What is overdue, whose, and since when."""
    person, now = signed_in_person(request), timezone.now()
    by = request.GET.get("by", "")
    by = by if by in dict(_GROUPINGS) else "person"
    groups = queries.overdue_by(person, by, now=now)
    oldest = list(queries.chosen(person, Filters(state="overdue"), now=now)[:_LONGEST_OVERDUE])
    context = {
        "by": by,
        "groupings": [{"url": f"?by={code}", "text": text, "is_here": code == by} for code, text in _GROUPINGS],
        "groups": [
            {"group": one, "url": f"{reverse('duties')}?{urlencode({'state': 'overdue', **one.filters})}"}
            for one in groups
        ],
        "count": sum(one.count for one in groups),
        "rows": _listed(queries.rows(oldest, now=now, with_pages=False)),
        "now": now,
    }
    return render(request, "agenda/overdue.html", context)


def _find(request: HttpRequest, duty_id: str) -> tuple[User, Duty, datetime]:
    """The person at the desk, the duty they may see, and now. Raises Http404."""
    person, now = signed_in_person(request), timezone.now()
    found = queries.visible_duties(person, now=now).filter(public_id=duty_id).first()
    if found is None:
        raise Http404
    return person, found, now


def _page(request: HttpRequest, person: User, found: Duty, now: datetime, **forms: Any) -> HttpResponse:
    facts = queries.may_hand_over(found, actor=person, now=now)
    recipients = queries.recipients(found, now=now)
    context = {
        "duty": found,
        "row": queries.rows([found], now=now)[0],
        "history": queries.history(found),
        "hand_over_decision": rules.decide_hand_over(facts),
        "statement_decision": rules.decide_statement(queries.statement_facts(found, actor=person, now=now)),
        "hand_over_form": HandOverForm(duty=found, recipients=recipients) if found.is_open else None,
        "statement_form": StatementForm(),
    } | forms
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "agenda/duty.html", context, status=status)


@require_safe
@opens_for_signed_in
def duty(request: HttpRequest, duty_id: str) -> HttpResponse:
    """One duty: what, whose, until when by which clock, where it is done, and what happened."""
    person, found, now = _find(request, duty_id)
    return _page(request, person, found, now)


@require_POST
@opens_for_signed_in
def hand_over(request: HttpRequest, duty_id: str) -> HttpResponse:
    """Give the duty to another person, or back to its role."""
    person, found, now = _find(request, duty_id)
    form = HandOverForm(request.POST, duty=found, recipients=queries.recipients(found, now=now))
    if not form.is_valid():
        return _page(request, person, found, now, hand_over_form=form)
    to: User | None = form.cleaned_data["to"]
    operations.hand_over(duty_id=duty_id, to=to, reason=form.cleaned_data["reason"], actor=person, now=now)
    messages.success(request, f"{to.name} owes this now." if to else "It is open to everybody in its role now.")
    # Who handed over what was theirs may not see it any more.
    still_seen = queries.visible_duties(person, now=now).filter(public_id=duty_id).exists()
    return redirect("duty", duty_id) if still_seen else redirect("duties")


@require_POST
@opens_for_signed_in
def close_duty(request: HttpRequest, duty_id: str) -> HttpResponse:
    """Close a duty that nothing else closes by saying what was done."""
    person, found, now = _find(request, duty_id)
    form = StatementForm(request.POST)
    if not form.is_valid():
        return _page(request, person, found, now, statement_form=form)
    operations.close_by_statement(duty_id=duty_id, statement=form.cleaned_data["statement"], actor=person, now=now)
    messages.success(request, "The duty is closed.")
    return redirect("duty", duty_id)
