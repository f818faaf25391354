"""Pages of reviews of activity, and of sessions in which user content is read."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.assurance import operations
from rostrum.areas.assurance.forms import ConcludeForm, JudgeForm, ReadingForm, ReviewForm
from rostrum.areas.assurance.models import ContentReading, SampledItem
from rostrum.areas.assurance.queries import reviews as found_in
from rostrum.areas.assurance.rules import Found, decide_completion
from rostrum.areas.channels.models import Channel
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.rules import ROLE_TITLES, Permission, Role
from rostrum.kernel.decisions import InvalidInput, Refused

FOUND_WORDS = {Found.IN_ORDER: ("In order", "ok"), Found.FINDING: ("A finding", "stop"), "": ("Not looked at", "wait")}


def _say_why(form: Any, problem: Refused | InvalidInput) -> None:
    if isinstance(problem, InvalidInput):
        form.add_error(problem.where if problem.where in form.fields else None, problem.why)
        return
    for reason in problem.reasons:
        place = getattr(form, "PLACES", {}).get(reason.code)
        form.add_error(place, reason.message + (f" ({reason.clause})" if reason.clause else ""))


def _names(channel_ids: list[str]) -> list[str]:
    return list(Channel.objects.filter(public_id__in=channel_ids).order_by("name").values_list("name", flat=True))


@require_safe
@opens_for(Permission.REVIEW_ACTIVITY)
def reviews(request: HttpRequest) -> HttpResponse:
    """Every review this person may read, and the way to open one."""
    person, now = signed_in_person(request), timezone.now()
    rows = [
        {
            "review": one,
            "role": ROLE_TITLES[Role(one.role)] if one.role else "",
            "channels": _names(one.channels),
            "findings": one.sample.filter(found=Found.FINDING).count(),
            "left": one.sample.filter(found="").count(),
        }
        for one in found_in.reviews(person, now=now)[:100]
    ]
    context = {
        "rows": rows,
        "clause": found_in.clause_of(found_in.REVIEW),
        "may_open": found_in.reviewable_channels(person, now=now).exists(),
    }
    return render(request, "assurance/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REVIEW_ACTIVITY)
def open_review(request: HttpRequest) -> HttpResponse:
    """Open a review; the product draws its sample."""
    person, now = signed_in_person(request), timezone.now()
    today = legal_day(now)
    follows = request.GET.get("follows", "")
    before = found_in.reviews(person, now=now).filter(public_id=follows, completed_at__isnull=False).first()
    initial: dict[str, Any] = {"from_on": today - timedelta(days=30), "to_on": today}
    if before is not None:
        initial |= {"channels": before.channels, "from_on": legal_day(before.to_at), "wanted": before.wanted}
        initial["every_days"] = before.every_days
    form = ReviewForm(request.POST or None, channels=found_in.reviewable_channels(person, now=now), initial=initial)
    if request.method == "POST" and form.is_valid():
        from_at, to_at = archive.span_of_days(form.cleaned_data["from_on"], form.cleaned_data["to_on"])
        if from_at is None or to_at is None:
            raise InvalidInput("from_on", "give both days")
        try:
            made = operations.open_review(
                channel_ids=form.cleaned_data["channels"],
                from_at=from_at,
                to_at=to_at,
                wanted=form.cleaned_data["wanted"],
                every_days=form.cleaned_data["every_days"],
                follows_id=before.public_id if before else "",
                actor=person,
                now=now,
            )
        except (Refused, InvalidInput) as problem:
            _say_why(form, problem)
        else:
            messages.success(request, f"The sample is drawn: {made.sample.count()} of {made.population}.")
            return redirect("review", made.public_id)
    context = {"form": form, "before": before}
    return render(request, "assurance/open_review.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REVIEW_ACTIVITY)
def review(request: HttpRequest, review_id: str) -> HttpResponse:
    """One review: its sample, what was found, what it comes to."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(found_in.reviews(person, now=now), public_id=review_id)
    sample = list(found.sample.all())
    texts = found_in.texts_of(sample)
    is_own = found.reviewer_id == person.pk
    form = ConcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.complete_review(
                review_id=found.public_id, conclusion=form.cleaned_data["conclusion"], actor=person, now=now
            )
        except Refused as problem:
            _say_why(form, problem)
        else:
            messages.success(request, "The review is completed.")
            return redirect("review", found.public_id)
    rows = [
        {"item": one, "version": texts.get(one.item), "state": FOUND_WORDS[one.found], "form": _judge_form(one)}
        for one in sample
    ]
    facts = found_in.completion_facts(found, conclusion="a conclusion", actor=person)
    context = {
        "review": found,
        "role": ROLE_TITLES[Role(found.role)] if found.role else "",
        "channels": _names(found.channels),
        "rows": rows,
        "is_own": is_own,
        "form": form,
        "decision": decide_completion(facts),
        "done": sum(1 for one in sample if one.found),
        "clause": facts.clause,
        "last_on": legal_day(found.to_at - timedelta(seconds=1)),
        "next": getattr(found, "followed_by", None),
    }
    return render(request, "assurance/review.html", context, status=422 if form.errors else 200)


def _judge_form(one: SampledItem) -> JudgeForm:
    return JudgeForm(initial={"found": one.found, "note": one.note}, auto_id=f"id_{one.position}_%s")


@require_POST
@opens_for(Permission.REVIEW_ACTIVITY)
def judge_sample(request: HttpRequest, review_id: str, position: int) -> HttpResponse:
    """Record what was found in one item of the sample."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(found_in.reviews(person, now=now), public_id=review_id)
    if not found.sample.filter(position=position).exists():
        raise Http404
    operations.judge_sample(
        review_id=found.public_id,
        position=position,
        found=request.POST.get("found", ""),
        note=request.POST.get("note", ""),
        actor=person,
        now=now,
    )
    messages.success(request, f"Item {position} is recorded.")
    return redirect("review", found.public_id)


@require_POST
@opens_for(Permission.REVIEW_ACTIVITY)
def end_interval(request: HttpRequest, review_id: str) -> HttpResponse:
    """Repeat the reviews no more."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(found_in.reviews(person, now=now), public_id=review_id)
    operations.end_review_interval(
        review_id=found.public_id, reason=request.POST.get("reason", ""), actor=person, now=now
    )
    messages.success(request, "No review follows this one.")
    return redirect("review", found.public_id)


@require_safe
@opens_for(Permission.REVIEW_ACTIVITY)
def readings(request: HttpRequest) -> HttpResponse:
    """Who read captured user content, when, and why."""
    person, now = signed_in_person(request), timezone.now()
    rows = [
        {"reading": one, "channels": _names(one.channels), "shown": one.shown.count(), "is_own": one.person == person}
        for one in found_in.readings(person, now=now)[:100]
    ]
    context = {"rows": rows, "clause": found_in.clause_of(found_in.USER_CONTENT)}
    return render(request, "assurance/readings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REVIEW_ACTIVITY)
def open_reading(request: HttpRequest) -> HttpResponse:
    """Say why one reads what users wrote, and begin."""
    person, now = signed_in_person(request), timezone.now()
    today = legal_day(now)
    form = ReadingForm(
        request.POST or None,
        channels=found_in.reviewable_channels(person, now=now),
        initial={"from_on": today - timedelta(days=7), "to_on": today},
    )
    if request.method == "POST" and form.is_valid():
        from_at, to_at = archive.span_of_days(form.cleaned_data["from_on"], form.cleaned_data["to_on"])
        if from_at is None or to_at is None:
            raise InvalidInput("from_on", "give both days")
        try:
            made = operations.open_reading(
                purpose=form.cleaned_data["purpose"],
                channel_ids=form.cleaned_data["channels"],
                from_at=from_at,
                to_at=to_at,
                actor=person,
                now=now,
            )
        except (Refused, InvalidInput) as problem:
            _say_why(form, problem)
        else:
            return redirect("reading", made.public_id)
    return render(request, "assurance/open_reading.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REVIEW_ACTIVITY)
def reading(request: HttpRequest, reading_id: str) -> HttpResponse:
    """One session, for who opened it: what it showed, each item logged before."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(ContentReading, public_id=reading_id, person=person)
    if request.method == "POST":
        if request.POST.get("act") == "end":
            operations.end_reading(reading_id=found.public_id, actor=person, now=now)
            messages.success(request, "The session is over.")
            return redirect("readings")
        count = operations.show_user_content(reading_id=found.public_id, actor=person, now=now)
        if not count:
            messages.info(request, "There is nothing more in this time.")
        return redirect("reading", found.public_id)
    shown = list(found.shown.all())
    texts = found_in.texts_of(shown)
    context = {
        "reading": found,
        "channels": _names(found.channels),
        "rows": [{"shown": one, "version": texts.get(one.item)} for one in reversed(shown)],
        "last_on": legal_day(found.to_at - timedelta(seconds=1)),
    }
    return render(request, "assurance/reading.html", context)
