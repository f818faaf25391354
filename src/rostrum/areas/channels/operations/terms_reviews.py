"""The review of a platform's terms for a channel: begun, answered, read, signed, decided, accepted, or taken over."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from rostrum.areas.channels import pack
from rostrum.areas.channels.events import terms as events
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsAnswer, TermsDecision, TermsProblem, TermsReview
from rostrum.areas.channels.operations.rows import locked, move
from rostrum.areas.channels.operations.terms_duties import owe_use_look
from rostrum.areas.channels.operations.terms_texts import name_watch
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules import ChannelAct, ChannelState
from rostrum.areas.channels.rules import terms as rules
from rostrum.areas.channels.rules.terms import REVIEW_MACHINE, Answer, ReviewAct, ReviewState, Use
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import BY_ID, CHOICES, PERSONS, PROPERTIES, DocumentKind
from rostrum.areas.channels.terms.texts import stands_in
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

CONFLICT_DUTY = "channels.terms-conflict"
_ANSWERED = tuple(question for question in BY_ID if question not in PERSONS)


@transaction.atomic
def begin_terms_review(*, channel_id: str, reader: User, actor: User, now: datetime) -> TermsReview:
    """Name who reads the newest terms and privacy policy of the channel's platform.

    A review that nobody has read yet is dropped for it. Raises `Refused`: no right, the reader may not, no texts kept.
    """
    channel = locked(channel_id)
    rules.decide_beginning(queries.begin_facts(channel, reader=reader, actor=actor, now=now)).or_refuse()
    replaces = _drop_unread(channel)
    review = _new_review(channel, reader=reader, actor=actor, now=now)
    ledger.record(
        events.TermsReviewBegun(
            review=review.public_id,
            channel=channel.public_id,
            reader=reader.public_id,
            terms=review.terms.public_id,
            privacy=review.privacy.public_id,
            replaces=replaces,
        ),
        actor=actor.public_id,
        now=now,
    )
    return review


def _drop_unread(channel: Channel) -> str:
    before = channel.terms_reviews.select_for_update().filter(state=ReviewState.OPEN).first()
    if before is None:
        return ""
    _move(before, ReviewAct.DROP)
    return before.public_id


def _new_review(channel: Channel, *, reader: User, actor: User, now: datetime) -> TermsReview:
    terms = queries.newest_terms(channel.platform_id, DocumentKind.TERMS)
    privacy = queries.newest_terms(channel.platform_id, DocumentKind.PRIVACY)
    watch = queries.terms_watch(channel.platform_id)
    if terms is None or privacy is None:
        raise InvalidInput("platform", "its texts are not kept yet")
    return TermsReview.objects.create(
        channel=channel,
        state=REVIEW_MACHINE.initial,
        terms=terms,
        privacy=privacy,
        reader=reader,
        begun_by=actor,
        begun_at=now,
        watcher=watch.watcher if watch else None,
        decider=watch.decider if watch else None,
    )


@transaction.atomic
def save_terms_answers(
    *,
    review_id: str,
    answers: Mapping[str, Answer],
    actor: User,
    now: datetime,
    authority: User | None = None,
    watcher: User | None = None,
    decider: User | None = None,
    risks: str = "",
    every_days: int = 0,
) -> TermsReview:
    """Write down what the reader found so far; blanks are allowed until the reading is completed.

    Raises `Refused` for anybody but the reader, `InvalidInput` for an unknown question or choice.
    """
    review = _locked_review(review_id)
    rules.decide_answering(
        ReviewState(review.state), actor.public_id, review.reader.public_id, pack.clauses()
    ).or_refuse()
    for question, answer in answers.items():
        if question not in _ANSWERED:
            raise InvalidInput(question, "this is not one of the review's questions")
        if answer.choice and answer.choice not in CHOICES[BY_ID[question].asks]:
            raise InvalidInput(question, f"{answer.choice!r} is not one of its answers")
    kept = {one.question: one for one in review.answers.all()}
    for question, answer in answers.items():
        row = kept.get(question) or TermsAnswer(review=review, question=question)
        row.choice, row.note = answer.choice, answer.note.strip()
        row.quote, row.place = answer.quote.strip(), answer.place.strip()[:200]
        row.save()
        kept[question] = row
    review.authority, review.watcher, review.decider = authority, watcher, decider
    review.risks, review.every_days = risks.strip(), every_days
    review.save(update_fields=["authority", "watcher", "decider", "risks", "every_days"])
    ledger.record(
        events.TermsAnswersSaved(
            review=review.public_id,
            channel=review.channel.public_id,
            answered=sum(1 for row in kept.values() if row.choice),
        ),
        actor=actor.public_id,
        now=now,
    )
    return review


@transaction.atomic
def take_newest_terms(*, review_id: str, actor: User, now: datetime) -> TermsReview:
    """Go on with the newest texts; the answers stay, and quotes that do not stand in them are found on completion.

    Raises `Refused` for anybody but the reader, `InvalidInput` when they are the newest already.
    """
    review = _locked_review(review_id)
    rules.decide_answering(
        ReviewState(review.state), actor.public_id, review.reader.public_id, pack.clauses()
    ).or_refuse()
    if queries.is_newest(review):
        raise InvalidInput("review", "it is about the newest texts already")
    terms = queries.newest_terms(review.channel.platform_id, DocumentKind.TERMS)
    privacy = queries.newest_terms(review.channel.platform_id, DocumentKind.PRIVACY)
    review.terms, review.privacy = terms or review.terms, privacy or review.privacy
    review.save(update_fields=["terms", "privacy"])
    ledger.record(
        events.TermsNewestTaken(
            review=review.public_id,
            channel=review.channel.public_id,
            terms=review.terms.public_id,
            privacy=review.privacy.public_id,
        ),
        actor=actor.public_id,
        now=now,
    )
    return review


@transaction.atomic
def mark_terms_problem(
    *,
    review_id: str,
    quote: str,
    why: str,
    is_deal_breaker: bool,
    actor: User,
    now: datetime,
    place: str = "",
    conflicts_with: str = "",
) -> TermsProblem:
    """Mark a term as a problem; one that goes against a clause of the policy is put to the information officer at once.

    Raises `Refused` for anybody but the reader, `InvalidInput`: words that do not stand in the terms, no reason, or a
    clause of no pack in force.
    """
    review = _locked_review(review_id)
    rules.decide_answering(
        ReviewState(review.state), actor.public_id, review.reader.public_id, pack.clauses()
    ).or_refuse()
    if not stands_in(quote, queries.texts_of(review).get(DocumentKind.TERMS, "")):
        raise InvalidInput("quote", "these words do not stand in the terms that are read")
    if not why.strip():
        raise InvalidInput("why", "say why it is a problem")
    clause = conflicts_with.strip()
    if clause and governance.policy().clause(clause) is None:
        raise InvalidInput("conflicts_with", f"{clause} is a clause of no policy in force")
    problem = TermsProblem.objects.create(
        review=review,
        quote=quote.strip(),
        place=place.strip()[:200],
        why=why.strip(),
        is_deal_breaker=is_deal_breaker,
        conflicts_with=clause,
        marked_at=now,
    )
    ledger.record(
        events.TermsProblemMarked(
            review=review.public_id,
            channel=review.channel.public_id,
            problem=problem.public_id,
            is_deal_breaker=is_deal_breaker,
            conflicts_with=clause,
        ),
        actor=actor.public_id,
        now=now,
    )
    if clause:
        duties.open_duty(
            kind=CONFLICT_DUTY,
            title=f"A term of {review.channel.platform} goes against {clause}: see that it is decided",
            owner_role=Role.PUBLIC_AFFAIRS,
            due_at=choices.due(now, choices.days("conflict", 5)),
            subject=problem.public_id,
            clause=pack.clauses().get("terms.conflict-duty", ""),
            clock=choices.period(choices.days("conflict", 5)),
            actor=actor.public_id,
            now=now,
        )
    return problem


@transaction.atomic
def withdraw_terms_problem(*, problem_id: str, actor: User, now: datetime) -> TermsProblem:
    """Take a marked term back before the reading is complete; it stays in the record. Raises `Refused`."""
    found = TermsProblem.objects.filter(public_id=problem_id, withdrawn_at=None).select_related("review").first()
    if found is None:
        raise InvalidInput("problem", f"there is no problem {problem_id}")
    review = _locked_review(found.review.public_id)
    rules.decide_answering(
        ReviewState(review.state), actor.public_id, review.reader.public_id, pack.clauses()
    ).or_refuse()
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    entry = ledger.record(
        events.TermsProblemWithdrawn(
            review=review.public_id, channel=review.channel.public_id, problem=found.public_id
        ),
        actor=actor.public_id,
        now=now,
    )
    _close_conflicts([found.public_id], evidence=entry.public_id, actor=actor, now=now)
    return found


def _close_conflicts(problems: list[str], *, evidence: str, actor: User, now: datetime) -> None:
    for problem in problems:
        for duty in duty_queries.open_duties(kind=CONFLICT_DUTY, subject=problem):
            duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor.public_id, now=now)


@transaction.atomic
def complete_terms_reading(*, review_id: str, newest_confirmed: bool, actor: User, now: datetime) -> TermsReview:
    """Complete the reading: the reader's signature under the answers. Raises `Refused` with all that is missing."""
    review = _locked_review(review_id)
    rules.decide_reading(queries.reading_facts(review, newest_confirmed=newest_confirmed, actor=actor)).or_refuse()
    _move(review, ReviewAct.COMPLETE, read_at=now, returned_note="")
    ledger.record(
        events.TermsRead(
            review=review.public_id,
            channel=review.channel.public_id,
            terms_sha256=review.terms.sha256,
            privacy_sha256=review.privacy.sha256,
            problems=list(queries.problems_of(review).values_list("public_id", flat=True)),
            needs_decision=queries.is_decision_needed(review),
        ),
        actor=actor.public_id,
        now=now,
    )
    return review


@transaction.atomic
def return_terms_review(*, review_id: str, note: str, actor: User, now: datetime) -> TermsReview:
    """Give the review back to its reader, with what to look at again. Raises `Refused` as `sign_terms_review` does."""
    review = _locked_review(review_id)
    rules.decide_sign_off(queries.sign_facts(review, ReviewAct.RETURN, actor=actor, now=now, note=note)).or_refuse()
    _move(review, ReviewAct.RETURN, read_at=None, returned_note=note.strip())
    ledger.record(
        events.TermsReviewReturned(review=review.public_id, channel=review.channel.public_id),
        actor=actor.public_id,
        now=now,
    )
    return review


@transaction.atomic
def sign_terms_review(*, review_id: str, actor: User, now: datetime) -> TermsReview:
    """Sign the review as the second person. Raises `Refused`: the reader again, or none of the roles that sign."""
    review = _locked_review(review_id)
    rules.decide_sign_off(queries.sign_facts(review, ReviewAct.SIGN, actor=actor, now=now)).or_refuse()
    _move(review, ReviewAct.SIGN, signed_by=actor, signed_at=now)
    ledger.record(
        events.TermsReviewSigned(
            review=review.public_id, channel=review.channel.public_id, reader=review.reader.public_id
        ),
        actor=actor.public_id,
        now=now,
    )
    return review


@transaction.atomic
def decide_terms_use(
    *, review_id: str, use: str, reasons: str, actor: User, now: datetime, conditions: str = ""
) -> TermsDecision:
    """Decide whether the platform is used in spite of what the reader found; closes its duties. Raises `Refused`."""
    review = _locked_review(review_id)
    if use not in list(Use):
        raise InvalidInput("use", f"one of {', '.join(Use)}")
    wanted = Use(use)
    rules.decide_use(queries.use_facts(review, wanted, reasons, conditions, actor=actor)).or_refuse()
    decision = TermsDecision.objects.create(
        review=review,
        use=wanted,
        reasons=reasons.strip(),
        conditions=conditions.strip(),
        decided_by=actor,
        decided_at=now,
    )
    entry = ledger.record(
        events.TermsUseDecided(
            decision=decision.public_id,
            review=review.public_id,
            channel=review.channel.public_id,
            use=wanted,
            reasons=reasons.strip(),
        ),
        actor=actor.public_id,
        now=now,
    )
    problems = list(queries.problems_of(review).values_list("public_id", flat=True))
    _close_conflicts(problems, evidence=entry.public_id, actor=actor, now=now)
    return decision


@transaction.atomic
def accept_terms(*, review_id: str, actor: User, now: datetime) -> TermsReview:
    """Agree to the terms for the body. The channel's request is reviewed with it and goes to its approval.

    The answers name who watches and decides from now on, and whose property users' posts are. Raises `Refused`.
    """
    review = _locked_review(review_id)
    rules.decide_acceptance(queries.accept_facts(review, actor=actor, now=now)).or_refuse()
    channel = locked(review.channel.public_id)
    _move(review, ReviewAct.ACCEPT, accepted_by=actor, accepted_at=now)
    moves = channel.state == ChannelState.REQUESTED
    property_answer = queries.answers_of(review)["user-posts"]
    channel.terms_on_user_posts = f"{PROPERTIES[property_answer.choice]}. {property_answer.note}"
    channel.save(update_fields=["terms_on_user_posts"])
    if moves:
        move(channel, ChannelAct.REVIEW)
    ledger.record(
        events.TermsAccepted(
            review=review.public_id,
            channel=channel.public_id,
            terms_sha256=review.terms.sha256,
            privacy_sha256=review.privacy.sha256,
            user_posts=property_answer.choice,
            review_step=moves,
        ),
        actor=actor.public_id,
        now=now,
    )
    owe_use_look(channel, actor=actor.public_id, now=now)
    if review.watcher is not None and review.decider is not None:
        name_watch(channel.platform_id, watcher=review.watcher, decider=review.decider, actor=actor, now=now)
    review.channel = channel
    return review


@transaction.atomic
def adopt_terms_review(*, channel_id: str, review_id: str, fit: str, actor: User, now: datetime) -> TermsReview:
    """Take an earlier review of the same texts over for another channel; the actor says why it suits this one.

    The actor signs for the reading; the second signature and the acceptance are still owed. Raises `Refused`.
    """
    channel = locked(channel_id)
    source = queries.reviews().filter(public_id=review_id).first()
    if source is None:
        raise InvalidInput("review", f"there is no review {review_id}")
    source = source.adopted_from or source
    rules.decide_adoption(queries.adopt_facts(channel, source, fit, actor=actor, now=now)).or_refuse()
    if actor.pk == source.decider_id and queries.is_decision_needed(source):
        Decision(
            (Reason("decider-is-reader", "Who decided about these terms does not vouch for them too."),)
        ).or_refuse()
    _drop_unread(channel)
    review = TermsReview.objects.create(
        channel=channel,
        state=ReviewState.READ,
        terms=source.terms,
        privacy=source.privacy,
        adopted_from=source,
        fit=fit.strip(),
        reader=actor,
        read_at=now,
        begun_by=actor,
        begun_at=now,
        every_days=source.every_days,
    )
    ledger.record(
        events.TermsReviewAdopted(
            review=review.public_id,
            channel=channel.public_id,
            adopted_from=source.public_id,
            terms_sha256=source.terms.sha256,
            privacy_sha256=source.privacy.sha256,
        ),
        actor=actor.public_id,
        now=now,
    )
    return review


def _locked_review(review_id: str) -> TermsReview:
    try:
        return (
            TermsReview.objects.select_for_update(of=("self",))
            .select_related("channel__platform", "channel__unit", "channel__requested_by", "terms", "privacy", "reader")
            .select_related("watcher", "decider", "authority", "adopted_from__decider")
            .get(public_id=review_id)
        )
    except TermsReview.DoesNotExist as fault:
        raise InvalidInput("review", f"there is no review {review_id}") from fault


def _move(review: TermsReview, act: ReviewAct, **values: object) -> None:
    review.state = REVIEW_MACHINE.next_state(ReviewState(review.state), act)
    for name, value in values.items():
        setattr(review, name, value)
    review.save(update_fields=["state", *values])
