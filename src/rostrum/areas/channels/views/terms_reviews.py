"""Pages of the reviews: naming a reader, the long form, signatures, the decision, the acceptance, taking over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rostrum.areas.channels import pack
from rostrum.areas.channels.forms.terms import (
    AdoptForm,
    NoteForm,
    ProblemForm,
    ReaderForm,
    UseForm,
    read_answers,
    read_persons,
    shown_sections,
)
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsDecision, TermsProblem, TermsReview
from rostrum.areas.channels.operations import terms_reviews
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules import terms as rules
from rostrum.areas.channels.rules.terms import REVIEW_TITLES, USE_TITLES, ReviewAct, ReviewState, Use
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import REVIEWED
from rostrum.areas.channels.views.frame import find
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import is_done, say_on_form, status_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import InvalidInput, Refused

REVIEW_KINDS = {
    ReviewState.OPEN: "wait",
    ReviewState.READ: "wait",
    ReviewState.SIGNED: "wait",
    ReviewState.ACCEPTED: "ok",
    ReviewState.REOPENED: "stop",
    ReviewState.REFUSED: "stop",
    ReviewState.DROPPED: "quiet",
}


def panel(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """Where the review of the platform's terms stands for this channel, and what can be done about it."""
    review = queries.review_of(channel)
    state = ReviewState(review.state) if review else None
    readers = queries.possible_readers(channel, now=now)
    begin = queries.begin_facts(channel, reader=person, actor=person, now=now)
    decision = queries.decision_on(review) if review else None
    return {
        "terms_review": review,
        "terms_state": REVIEW_TITLES[state] if state else "",
        "terms_kind": REVIEW_KINDS[state] if state else "quiet",
        "terms_open": queries.terms_open(channel.platform_id),
        "terms_changes": queries.standing_changes(channel.platform_id),
        "terms_conditions": decision.conditions if decision else "",
        "terms_missing": begin.missing,
        "terms_may_review": begin.may_begin,
        # Naming another reader is offered until somebody has read.
        "terms_may_begin": not begin.has_ended and not begin.under_way and (state in (None, ReviewState.OPEN)),
        "terms_again": state is ReviewState.ACCEPTED and channel.state != ChannelState.CLOSED,
        "reader_form": ReaderForm(persons=readers, initial={"reader": person.public_id}),
        "adopt_form": AdoptForm(),
        "adoptable": queries.adoptable_reviews(channel) if state in (None, ReviewState.OPEN) else [],
        "has_ended": begin.has_ended,
        **_use_look(channel),
    }


def _use_look(channel: Channel) -> dict[str, Any]:
    from rostrum.areas.channels.forms.terms import UseLookForm
    from rostrum.areas.channels.operations.terms_duties import USE_DUTY
    from rostrum.areas.duties import queries as duties

    review = queries.review_in_force(channel)
    asks = review is not None and queries.answers_of(review)["monitoring"].choice == "yes"
    return {
        "watches_use": asks and channel.live_at is not None and channel.closed_at is None,
        "use_every_days": review.every_days if review else 0,
        "use_looks": list(channel.use_looks.select_related("looked_by")[:3]) if asks else [],
        "use_duty": duties.open_duties(kind=USE_DUTY, subject=channel.public_id).first() if asks else None,
        "use_look_form": UseLookForm(),
    }


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Name who reads the terms for a channel."""
    person, channel, now = find(request, slug)
    form = ReaderForm(request.POST, persons=queries.possible_readers(channel, now=now))
    if not form.is_valid():
        raise InvalidInput("reader", "choose who reads the terms")
    review = terms_reviews.begin_terms_review(
        channel_id=channel.public_id, reader=form.cleaned_data["reader"], actor=person, now=now
    )
    messages.success(request, f"{review.reader.name} reads the terms.")
    return redirect("terms-review", review.public_id)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an earlier review of the same texts over."""
    person, channel, now = find(request, slug)
    review = terms_reviews.adopt_terms_review(
        channel_id=channel.public_id,
        review_id=request.POST.get("review", ""),
        fit=request.POST.get("fit", ""),
        actor=person,
        now=now,
    )
    messages.success(request, "Taken over. The second signature and the acceptance are still owed.")
    return redirect("terms-review", review.public_id)


def _found(request: HttpRequest, review_id: str) -> tuple[User, TermsReview, datetime]:
    person, now = signed_in_person(request), timezone.now()
    return person, get_object_or_404(queries.reviews(), public_id=review_id), now


def _persons(now: datetime, review: TermsReview) -> dict[str, list[User]]:
    deciders = queries.possible_deciders(now=now)
    return {
        "authority": queries.possible_authorities(now=now),
        "reader": [review.reader],
        "watcher": deciders,
        "decider": deciders,
    }


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def review(request: HttpRequest, review_id: str) -> HttpResponse:
    """One review: the questions and their answers, the problems, the signatures, the decision."""
    person, found, now = _found(request, review_id)
    return _page(request, found, person, now)


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Answers that were refused: as they were typed, with a form that says why."""

    answers: dict[str, rules.Answer]
    risks: str
    every_days: int
    form: Form


def _page(
    request: HttpRequest,
    found: TermsReview,
    person: User,
    now: datetime,
    *,
    problem_form: ProblemForm | None = None,
    note_form: NoteForm | None = None,
    use_form: UseForm | None = None,
    unsaved: Unsaved | None = None,
) -> HttpResponse:
    state = ReviewState(found.state)
    platform = found.channel.platform_id
    answers = queries.answers_of(found)
    if unsaved is not None:
        # Shown as they were typed, beside what stands against keeping them; nothing of it is saved.
        answers = answers | unsaved.answers
        found.risks, found.every_days = unsaved.risks, unsaved.every_days
    may_answer = rules.decide_answering(state, person.public_id, found.reader.public_id, pack.clauses_if_any()).allowed
    reading = queries.reading_facts(found, newest_confirmed=True, actor=person)
    decision = queries.decision_on(found)
    # The reasons against are those of the state and of the person; what the form asks is asked by the form.
    use = queries.use_facts(found, Use.USE, "-", "-", actor=person)
    context = {
        "review": found,
        "channel": found.channel,
        "state": REVIEW_TITLES[state],
        "state_kind": REVIEW_KINDS[state],
        "sections": shown_sections(
            found, answers, _shown_persons(found, answers, now, may_answer), choices.question_clauses()
        ),
        "may_answer": may_answer,
        "is_open": state is ReviewState.OPEN,
        "is_newest": queries.is_newest(found),
        "stale": [one for one in REVIEWED if queries.is_stale(platform, one, now=now)],
        "watch_days": choices.watch_days(),
        "problems": list(queries.problems_of(found)),
        "problem_form": problem_form or ProblemForm(auto_id="id_problem_%s"),
        "complete_decision": rules.decide_reading(reading),
        "missing": len(rules.unanswered(reading)),
        "newest_clause": pack.clauses().get("terms.current-version-read", ""),
        "sign_decision": rules.decide_sign_off(queries.sign_facts(found, ReviewAct.SIGN, actor=person, now=now)),
        "return_decision": rules.decide_sign_off(
            queries.sign_facts(found, ReviewAct.RETURN, actor=person, now=now, note="-")
        ),
        "unsaved": unsaved,
        "note_form": note_form or NoteForm(),
        "accept_decision": rules.decide_acceptance(queries.accept_facts(found, actor=person, now=now)),
        "needs_decision": state in (ReviewState.READ, ReviewState.SIGNED, ReviewState.ACCEPTED)
        and queries.is_decision_needed(found),
        "decisions": [_decision(one) for one in found.decisions.select_related("decided_by")],
        "decided": _decision(decision) if decision else None,
        "use_decision": rules.decide_use(use),
        "use_form": use_form or UseForm(),
        "may_accept": choices.titles(choices.accepting_roles()),
        "may_sign": choices.titles(choices.signing_roles()),
    }
    status = max(
        (status_of(one) for one in (problem_form, note_form, use_form, unsaved and unsaved.form) if one), default=200
    )
    return render(request, "channels/terms/review.html", context, status=status)


def _shown_persons(
    found: TermsReview, answers: dict[str, rules.Answer], now: datetime, may_answer: bool
) -> dict[str, list[User]]:
    if may_answer:
        return _persons(now, found)
    named = User.objects.filter(
        public_id__in=[answers[one].choice for one in ("authority", "reader", "watcher", "decider")]
    )
    persons = list(named)
    return dict.fromkeys(("authority", "reader", "watcher", "decider"), persons)


def _decision(decision: TermsDecision) -> dict[str, Any]:
    return {"decision": decision, "use": USE_TITLES[Use(decision.use)]}


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def save(request: HttpRequest, review_id: str) -> HttpResponse:
    """Keep the answers as they are now."""
    person, found, now = _found(request, review_id)
    persons = {
        one.public_id: one for one in (*queries.possible_deciders(now=now), *queries.possible_authorities(now=now))
    }
    every = request.POST.get("monitoring-days", "").strip()
    days = int(every) if every.isdecimal() and len(every) < 5 else 0
    typed, risks = read_answers(request.POST), request.POST.get("risks", "")
    form = Form(request.POST)
    if is_done(
        form,
        lambda: terms_reviews.save_terms_answers(
            review_id=found.public_id,
            answers=typed,
            **read_persons(request.POST, persons),
            risks=risks,
            every_days=days,
            actor=person,
            now=now,
        ),
    ):
        messages.success(request, "Saved. It is a draft until you complete the reading.")
        return redirect("terms-review", found.public_id)
    named = {one: rules.Answer(request.POST.get(f"{one}-choice", "")) for one in ("authority", "watcher", "decider")}
    return _page(request, found, person, now, unsaved=Unsaved(typed | named, risks, days, form))


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def take_newest(request: HttpRequest, review_id: str) -> HttpResponse:
    """Go on with the newest texts."""
    return _act(
        request,
        review_id,
        lambda found, person, now: terms_reviews.take_newest_terms(review_id=found, actor=person, now=now),
        "The review is about the newest texts. Look at your answers again.",
    )


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def mark_problem(request: HttpRequest, review_id: str) -> HttpResponse:
    """Mark a term as a problem."""
    person, found, now = _found(request, review_id)
    form = ProblemForm(request.POST, auto_id="id_problem_%s")
    if form.is_valid():
        try:
            terms_reviews.mark_terms_problem(review_id=found.public_id, **form.cleaned_data, actor=person, now=now)
        except (InvalidInput, Refused) as problem:
            say_on_form(form, problem)
        else:
            messages.success(request, "It is on the list.")
            return redirect("terms-review", found.public_id)
    return _page(request, found, person, now, problem_form=form)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def withdraw_problem(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Take a marked term back."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(TermsProblem.objects.select_related("review"), public_id=problem_id)
    terms_reviews.withdraw_terms_problem(problem_id=found.public_id, actor=person, now=now)
    messages.success(request, "Taken back. It stays in the record.")
    return redirect("terms-review", found.review.public_id)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def complete(request: HttpRequest, review_id: str) -> HttpResponse:
    """Complete the reading."""
    confirmed = "newest" in request.POST
    return _act(
        request,
        review_id,
        lambda found, person, now: terms_reviews.complete_terms_reading(
            review_id=found, newest_confirmed=confirmed, actor=person, now=now
        ),
        "The reading is complete, with your name under it.",
    )


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def give_back(request: HttpRequest, review_id: str) -> HttpResponse:
    """Give the review back to its reader."""
    person, found, now = _found(request, review_id)
    form = NoteForm(request.POST)
    if form.is_valid() and is_done(
        form,
        lambda: terms_reviews.return_terms_review(
            review_id=found.public_id, note=form.cleaned_data["note"], actor=person, now=now
        ),
        {"no-note": "note"},
    ):
        messages.success(request, "The reader has it again.")
        return redirect("terms-review", found.public_id)
    return _page(request, found, person, now, note_form=form)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def sign(request: HttpRequest, review_id: str) -> HttpResponse:
    """Sign the review as the second person."""
    return _act(
        request,
        review_id,
        lambda found, person, now: terms_reviews.sign_terms_review(review_id=found, actor=person, now=now),
        "Signed.",
    )


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def decide(request: HttpRequest, review_id: str) -> HttpResponse:
    """Decide on the use in spite of what the reader found."""
    person, found, now = _found(request, review_id)
    form = UseForm(request.POST)
    if form.is_valid() and is_done(
        form,
        lambda: terms_reviews.decide_terms_use(review_id=found.public_id, **form.cleaned_data, actor=person, now=now),
        {"no-reasons": "reasons", "no-conditions": "conditions"},
    ):
        messages.success(request, "The decision is recorded.")
        return redirect("terms-review", found.public_id)
    return _page(request, found, person, now, use_form=form)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def accept(request: HttpRequest, review_id: str) -> HttpResponse:
    """Agree to the terms for the body."""
    return _act(
        request,
        review_id,
        lambda found, person, now: terms_reviews.accept_terms(review_id=found, actor=person, now=now),
        "The terms are accepted for the body.",
    )


def _act(request: HttpRequest, review_id: str, act: Callable[[str, User, datetime], object], done: str) -> HttpResponse:
    person, found, now = _found(request, review_id)
    act(found.public_id, person, now)
    messages.success(request, done)
    return redirect("terms-review", found.public_id)
