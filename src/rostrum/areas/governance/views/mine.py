"""What is asked of the person who is signed in: policies to certify, trainings, bulletins, policies to read."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.governance import operations, queries
from rostrum.areas.governance.forms.acknowledgements import SignForm
from rostrum.areas.governance.forms.training import TopicsForm
from rostrum.areas.governance.models import Bulletin, Certification, SupervisorQuestion
from rostrum.areas.governance.operations.training import completion_facts
from rostrum.areas.governance.queries import acknowledgements, directives, training
from rostrum.areas.governance.rules.acknowledgements import STATE_TITLES, CertificationState, decide_reading
from rostrum.areas.governance.views.frame import download
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for_signed_in, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission, Role
from rostrum.kernel.decisions import InvalidInput, Refused

STATE_WORDS = {
    CertificationState.DELIVERED: (STATE_TITLES[CertificationState.DELIVERED], "wait"),
    CertificationState.OPENED: (STATE_TITLES[CertificationState.OPENED], "wait"),
    CertificationState.READ: (STATE_TITLES[CertificationState.READ], "wait"),
    CertificationState.CERTIFIED: (STATE_TITLES[CertificationState.CERTIFIED], "ok"),
    CertificationState.ENDED: (STATE_TITLES[CertificationState.ENDED], "quiet"),
}
_TRIES, _WINDOW = 5, timedelta(minutes=15)
_TRIED = "certify_tries"


def shown(found: Certification, now: datetime) -> dict[str, Any]:
    """A certification with its state in words, as lists and pages show it."""
    words, kind = STATE_WORDS[CertificationState(found.state)]
    is_late = acknowledgements.is_late(found, now=now)
    if found.is_open and is_late:
        words, kind = "Overdue", "stop"
    elif found.state == CertificationState.CERTIFIED and is_late:
        words = "Certified late"
    form = acknowledgements.form_words(found)
    return {
        "certification": found,
        "form": form,
        "title": form.title if form else found.text.document.title,
        "state": words,
        "kind": kind,
        "due_on": acknowledgements.legal_day(found.due_at - timedelta(seconds=1)),
        "is_late": is_late,
    }


@require_safe
@opens_for_signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that is asked of this person, what is owed first."""
    person, now = signed_in_person(request), timezone.now()
    certifications = [shown(one, now) for one in acknowledgements.of_person(person)]
    owed = {one.training: one for one in training.open_assignments(person)}
    titles = {pack.id: pack.title for pack in queries.policy().packs} if queries.activation() is not None else {}
    context = {
        "owed": [one for one in certifications if one["certification"].is_open],
        "done": [one for one in certifications if one["certification"].state == CertificationState.CERTIFIED],
        "asked": queries.granting_facts(person, now=now).asked,
        "trainings": [_training_row(person, one, owed.get(one.key), now) for one in queries.trainings()],
        "bulletins": queries.unread_bulletins(person, now=now),
        "questions": SupervisorQuestion.objects.filter(person=person)[:5],
        "directives": directives.deliveries_of(person, now=now)[:5] if _heads(person, now) else [],
        "to_read": queries.policies_to_read(person) if people.rights_of(person, now) else [],
        "related": queries.related_policies(),
        "coverage": [
            {"title": titles[one.pack], "is_covered": one.is_covered, "clauses": one.clauses}
            for one in queries.coverage_of(person, now=now)
        ],
    }
    return render(request, "governance/mine.html", context)


def _heads(person: User, now: datetime) -> bool:
    return any(held.role is Role.DEPARTMENT_HEAD for held in people.roles_of(person, now))


def _training_row(person: User, one: training.GivenTraining, owed: Any, now: datetime) -> dict[str, Any]:
    last = training.latest_completion(person, one.key)
    is_valid = training.is_completed(person, one.key, now=now)
    if owed is not None and owed.due_at < now:
        state = ("Overdue", "stop")
    elif is_valid:
        state = ("Completed", "ok")
    elif owed is not None:
        state = ("To complete", "wait")
    elif last is not None:
        state = ("Ran out", "wait")
    else:
        state = ("Open to you", "quiet")
    due_on = acknowledgements.legal_day(owed.due_at - timedelta(seconds=1)) if owed else None
    renew_on = (
        acknowledgements.legal_day(last.renew_by - timedelta(seconds=1))
        if last and last.renew_by and is_valid
        else None
    )
    return {"training": one, "owed": owed, "due_on": due_on, "last": last, "renew_on": renew_on, "state": state}


def _find(request: HttpRequest, certification_id: str) -> tuple[User, Certification, datetime]:
    """One's own certification, or one that this person may follow; Http404 for all others."""
    person, now = signed_in_person(request), timezone.now()
    visible = Certification.objects.filter(person=person) | acknowledgements.visible_certifications(person, now=now)
    chosen = visible.select_related("text__document", "person__unit", "received_by")
    return person, get_object_or_404(chosen.distinct(), public_id=certification_id), now


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def certification(request: HttpRequest, certification_id: str) -> HttpResponse:
    """Read a policy, certify it, and see what was signed. To others who may follow it: how it stands."""
    person, found, now = _find(request, certification_id)
    form_words = acknowledgements.form_words(found)
    is_own = found.person_id == person.pk
    form = SignForm(
        request.POST or None,
        statements=form_words.statements if form_words else (),
        has_password=person.has_usable_password(),
        initial={"signed_on": acknowledgements.legal_day(now)},
    )
    if request.method == "POST" and form.is_valid():
        if _too_many_tries(request, now):
            form.add_error(None, "There were too many tries. Wait fifteen minutes, then sign again.")
        else:
            try:
                operations.certify_policy(
                    certification_id=found.public_id,
                    statements=form.cleaned_data["statements"],
                    typed_name=form.cleaned_data["typed_name"],
                    signed_on=form.cleaned_data["signed_on"],
                    password=form.cleaned_data.get("password", ""),
                    words=form.cleaned_data.get("words", ""),
                    actor=person,
                    now=now,
                )
            except Refused as problem:
                say_on_form(form, problem, form.place_of)
            else:
                request.session.pop(_TRIED, None)
                messages.success(request, "Certified and returned. The signed page is ready in a moment.")
                return redirect("certification", found.public_id)
    context = shown(found, now) | {
        "is_own": is_own,
        "sign_form": form,
        "decision": decide_reading(queries.certify_facts(found, actor=person, now=now)),
        "may_record_paper": operations.acknowledgements.may_record_paper(person, now=now).allowed and not is_own,
    }
    return render(request, "governance/certification.html", context, status=status_of(form))


def _too_many_tries(request: HttpRequest, now: datetime) -> bool:
    """Count this try in the session: whoever holds a session must not guess the password with it."""
    begun, count = request.session.get(_TRIED, (now.timestamp(), 0))
    if now.timestamp() - begun > _WINDOW.total_seconds():
        begun, count = now.timestamp(), 0
    request.session[_TRIED] = (begun, count + 1)
    return bool(count >= _TRIES)


@require_POST
@opens_for_signed_in
def open_policy(request: HttpRequest, certification_id: str) -> HttpResponse:
    """Open the whole text."""
    person, found, now = _find(request, certification_id)
    operations.open_policy(certification_id=found.public_id, actor=person, now=now)
    return redirect("certification", found.public_id)


@require_POST
@opens_for_signed_in
def finish_reading(request: HttpRequest, certification_id: str) -> HttpResponse:
    """Say that one read the text to its end."""
    person, found, now = _find(request, certification_id)
    operations.finish_reading(
        certification_id=found.public_id, digest=request.POST.get("digest", ""), actor=person, now=now
    )
    messages.success(request, "Now certify it.")
    return redirect("certification", found.public_id)


@require_safe
@opens_for_signed_in
def certificate(request: HttpRequest, certification_id: str) -> HttpResponse:
    """The signed page as a PDF."""
    _, found, _ = _find(request, certification_id)
    return download(found.certificate, f"certification-{found.public_id}")


@require_safe
@opens_for_signed_in
def scan(request: HttpRequest, certification_id: str) -> HttpResponse:
    """The picture of a paper return."""
    _, found, _ = _find(request, certification_id)
    return download(found.scan, f"paper-{found.public_id}", found.scan_type or "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def training_page(request: HttpRequest, key: str) -> HttpResponse:
    """Go through a training, topic by topic."""
    person, now = signed_in_person(request), timezone.now()
    try:
        given = training.training_called(key)
    except InvalidInput:
        raise Http404 from None
    form = TopicsForm(request.POST or None, topics=given.topics)
    if request.method == "POST" and form.is_valid():
        try:
            operations.complete_training(
                person=person, key=key, confirmed=form.cleaned_data["confirmed"], actor=person, now=now
            )
        except Refused as problem:
            say_on_form(form, problem, lambda code: "confirmed" if code == "topic-missing" else None)
        else:
            messages.success(request, f"“{given.title}” is completed.")
            return redirect("mine")
    owed = training.open_assignments(person).filter(training=key).first()
    context = _training_row(person, given, owed, now) | {
        "form": form,
        "may": completion_facts(given, person=person, actor=person, now=now).may_record,
        "may_keep": people.may(person, Permission.KEEP_TRAINING, now=now).allowed,
    }
    return render(request, "governance/training_page.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for_signed_in
def bulletin(request: HttpRequest, bulletin_id: str) -> HttpResponse:
    """Read a bulletin, and confirm it."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(Bulletin.objects.select_related("issued_by"), public_id=bulletin_id)
    if request.method == "POST":
        operations.confirm_bulletin(bulletin_id=found.public_id, actor=person, now=now)
        messages.success(request, "Confirmed.")
        return redirect("mine")
    reading = found.readings.filter(person=person).first()
    return render(request, "governance/bulletin.html", {"bulletin": found, "reading": reading})
