"""Pages of human resources: who has certified, who is late, what came back on paper."""

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.governance import operations
from rostrum.areas.governance.forms.acknowledgements import PaperForm
from rostrum.areas.governance.operations.acknowledgements import paper_facts
from rostrum.areas.governance.queries import acknowledgements
from rostrum.areas.governance.rules.acknowledgements import Returned
from rostrum.areas.governance.views.frame import given_file
from rostrum.areas.governance.views.mine import shown
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.spreadsheets import harmless

_PER_PAGE = 50
STANDINGS = (("overdue", "Overdue"), ("open", "Open"), ("certified", "Certified"), ("ended", "No longer asked"))
RETURNED_WORDS = {Returned.HERE: "Signed here", Returned.PAPER: "On paper", "": ""}
_HEAD = ("name", "e-mail", "department", "policy", "version", "delivered", "due", "state", "signed", "returned")


@require_safe
@opens_for(Permission.CHASE_ACKNOWLEDGEMENTS, reading=True)
def certifications(request: HttpRequest) -> HttpResponse:
    """Who was given which policy, and how it stands; the overdue first."""
    person, now = signed_in_person(request), timezone.now()
    words, standing = request.GET.get("q", "").strip(), request.GET.get("state", "")
    visible = acknowledgements.visible_certifications(person, now=now)
    found = acknowledgements.search(visible, words=words, standing=standing, now=now)
    page = Paginator(found.order_by("due_at", "pk"), _PER_PAGE).get_page(request.GET.get("page"))
    counts = {code: acknowledgements.search(visible, standing=code, now=now).count() for code, _ in STANDINGS}
    context = {
        "page": page,
        "rows": [shown(one, now) | {"returned": RETURNED_WORDS[one.returned]} for one in page],
        "words": words,
        "standing": standing,
        "standings": [(code, title, counts[code]) for code, title in STANDINGS],
        "may_chase": people.may(person, Permission.CHASE_ACKNOWLEDGEMENTS, now=now),
        "forms": acknowledgements.forms(),
        "without_text": [form for form in acknowledgements.forms() if acknowledgements.text_of(form) is None],
    }
    return render(request, "governance/certifications.html", context)


@require_safe
@opens_for(Permission.CHASE_ACKNOWLEDGEMENTS, reading=True)
def certifications_table(request: HttpRequest) -> HttpResponse:
    """The same list as a table file."""
    person, now = signed_in_person(request), timezone.now()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="certifications.csv"'
    table = csv.writer(answer)
    table.writerow(_HEAD)
    visible = acknowledgements.visible_certifications(person, now=now)
    found = acknowledgements.search(
        visible, words=request.GET.get("q", "").strip(), standing=request.GET.get("state", ""), now=now
    )
    for one in found.order_by("due_at", "pk").iterator(chunk_size=500):
        row = shown(one, now)
        cells = (
            one.person.name,
            one.person.email,
            one.person.unit.name if one.person.unit else "",
            one.text.document.title,
            one.text.label,
            one.delivered_at.isoformat(timespec="seconds"),
            row["due_on"].isoformat(),
            row["state"],
            one.signed_on.isoformat() if one.signed_on else "",
            RETURNED_WORDS[one.returned],
        )
        table.writerow([harmless(cell) for cell in cells])
    return answer


@require_POST
@opens_for(Permission.CHASE_ACKNOWLEDGEMENTS)
def chase(request: HttpRequest) -> HttpResponse:
    """Remind the chosen persons by mail."""
    count = operations.chase_certifications(
        certification_ids=request.POST.getlist("certification"),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, f"{count} {'person is' if count == 1 else 'persons are'} reminded by mail.")
    return redirect("certifications")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.CHASE_ACKNOWLEDGEMENTS)
def paper_return(request: HttpRequest, certification_id: str) -> HttpResponse:
    """Record a certification that came in on paper."""
    person, now = signed_in_person(request), timezone.now()
    visible = acknowledgements.visible_certifications(person, now=now)
    found = get_object_or_404(visible, public_id=certification_id)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        initial={"received_on": acknowledgements.legal_day(now), "printed_name": found.person.name},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.record_paper_return(
                certification_id=found.public_id,
                printed_name=form.cleaned_data["printed_name"],
                signed_on=form.cleaned_data["signed_on"],
                received_on=form.cleaned_data["received_on"],
                scan=given_file(request, "scan"),
                actor=person,
                now=now,
            )
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem, _PLACES)
        else:
            messages.success(request, f"The paper of {found.person.name} is recorded.")
            return redirect("certification", found.public_id)
    facts = paper_facts(found, actor=person, now=now)
    context = shown(found, now) | {
        "paper_form": form,
        "may_record": facts.may_record,
        "is_own": facts.is_recorders_own,
        "is_open": found.is_open,
    }
    return render(request, "governance/paper.html", context, status=status_of(form))


_PLACES = {
    "other-name": "printed_name",
    "no-date": "signed_on",
    "signed-later": "signed_on",
    "signed-before": "signed_on",
    "no-receipt": "received_on",
    "in-future": "received_on",
    "no-scan": "scan",
}
