"""Pages of whoever keeps the trainings: which are given, who is late, what was completed elsewhere, bulletins."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.governance import operations, queries
from rostrum.areas.governance.forms.training import (
    ASSIGNED_WORDS,
    BulletinForm,
    RecordForm,
    TrainingForm,
    topics_as_text,
)
from rostrum.areas.governance.queries import training
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.governance.views.frame import download, given_file
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import is_done, say_on_form, status_of
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused

_PER_PAGE = 50
_READERS = (Permission.KEEP_TRAINING, Permission.CHASE_ACKNOWLEDGEMENTS)


@require_safe
@opens_for(*_READERS, reading=True)
def trainings(request: HttpRequest) -> HttpResponse:
    """The trainings, who owes them, who completed them."""
    person, now = signed_in_person(request), timezone.now()
    given = queries.trainings()
    titles = {one.key: one.title for one in given}
    owed = (
        training.visible_assignments(person, now=now).filter(completed_at=None, ended_at=None).order_by("due_at", "pk")
    )
    page = Paginator(owed, _PER_PAGE).get_page(request.GET.get("page"))
    completions = training.visible_completions(person, now=now)[:_PER_PAGE]
    context = {
        "trainings": [
            {"training": one, "assigned": [ASSIGNED_WORDS.get(who, who) for who in one.assigned]} for one in given
        ],
        "page": page,
        "owed": [
            {
                "assignment": one,
                "title": titles.get(one.training, one.training),
                "due_on": legal_day(one.due_at - timedelta(seconds=1)),
                "is_late": one.due_at < now,
            }
            for one in page
        ],
        "completions": completions,
        "bulletins": [{"bulletin": one, "read": one.readings.count()} for one in training.bulletins()[:10]],
        "may_keep": people.may(person, Permission.KEEP_TRAINING, now=now).allowed,
    }
    return render(request, "governance/trainings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.KEEP_TRAINING)
def enter_training(request: HttpRequest, key: str = "") -> HttpResponse:
    """Give a training of one's own, or word one anew."""
    person, now = signed_in_person(request), timezone.now()
    existing = next((one for one in queries.trainings() if one.key == key), None) if key else None
    if key and existing is None:
        raise Http404
    initial = (
        {
            "title": existing.title,
            "key": existing.key,
            "topics": topics_as_text(existing.topics),
            "link": existing.link,
            "assigned": list(existing.assigned),
            "due_days": existing.due_days,
            "renewal_days": existing.renewal_days,
            "before_grant": existing.is_before_grant,
        }
        if existing
        else {}
    )
    form = TrainingForm(request.POST or None, initial=initial)
    if existing is not None:
        form.fields["key"].disabled = True
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "key", "link", "assigned", "due_days")}
        try:
            operations.enter_training(
                **values,
                renewal_days=form.cleaned_data["renewal_days"],
                before_grant=form.cleaned_data["before_grant"],
                topics=form.parsed_topics(),
                actor=person,
                now=now,
            )
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, f"“{form.cleaned_data['title']}” is given in this wording from now on.")
            return redirect("trainings")
    context = {"form": form, "existing": existing}
    return render(request, "governance/enter_training.html", context, status=status_of(form))


@require_POST
@opens_for(Permission.KEEP_TRAINING)
def retire_training(request: HttpRequest, key: str) -> HttpResponse:
    """Give the body's own version no more."""
    operations.retire_training(
        key=key, reason=request.POST.get("reason", ""), actor=signed_in_person(request), now=timezone.now()
    )
    messages.success(request, "It is given no more in the body's own wording.")
    return redirect("trainings")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.KEEP_TRAINING)
def record_training(request: HttpRequest, key: str) -> HttpResponse:
    """Record that somebody completed a training elsewhere."""
    person, now = signed_in_person(request), timezone.now()
    try:
        given = training.training_called(key)
    except InvalidInput:
        raise Http404 from None
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        topics=given.topics,
        persons=people.persons_present(now=now).exclude(pk=person.pk),
        initial={"completed_on": legal_day(now), "confirmed": [topic.id for topic in given.topics]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.complete_training(
                person=form.cleaned_data["person"],
                key=key,
                confirmed=form.cleaned_data["confirmed"],
                completed_on=form.cleaned_data["completed_on"],
                evidence=form.cleaned_data["evidence"],
                file=given_file(request, "file"),
                actor=person,
                now=now,
            )
        except (Refused, InvalidInput) as problem:
            say_on_form(form, problem, _PLACES)
        else:
            messages.success(request, f"Recorded: {form.cleaned_data['person'].name} completed “{given.title}”.")
            return redirect("trainings")
    context = {"form": form, "training": given}
    return render(request, "governance/record_training.html", context, status=status_of(form))


_PLACES = {
    "topic-missing": "confirmed",
    "no-date": "completed_on",
    "in-future": "completed_on",
    "no-evidence": "evidence",
}


@require_safe
@opens_for(*_READERS, reading=True)
def training_file(request: HttpRequest, completion_id: str) -> HttpResponse:
    """What shows that somebody completed a training."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(training.visible_completions(person, now=now), public_id=completion_id)
    return download(found.file, f"training-{found.public_id}", found.file_type or "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.KEEP_TRAINING)
def issue_bulletin(request: HttpRequest) -> HttpResponse:
    """Send news about a threat to everybody who holds a right on a channel."""
    person, now = signed_in_person(request), timezone.now()
    form = BulletinForm(request.POST or None)
    holders = training.holders(now=now).count()
    if (
        request.method == "POST"
        and form.is_valid()
        and is_done(form, lambda: operations.issue_bulletin(**form.cleaned_data, actor=person, now=now))
    ):
        messages.success(request, f"Sent to {holders} {'person' if holders == 1 else 'persons'}.")
        return redirect("trainings")
    context = {"form": form, "holders": holders}
    return render(request, "governance/issue_bulletin.html", context, status=status_of(form))
