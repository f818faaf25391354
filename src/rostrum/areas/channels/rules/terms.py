"""Reviews of a platform's terms: who may read, sign, decide and accept, and when a review is complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.areas.channels.rules.grounds import grounded, names_its_ground
from rostrum.areas.channels.rules.life import Clauses
from rostrum.areas.channels.terms.questions import CHOICES, PERSONS, QUESTIONS, Question
from rostrum.areas.channels.terms.texts import stands_in
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition


class ReviewState(StrEnum):
    """Where a review of a platform's terms and privacy stands."""

    OPEN = "open"
    READ = "read"
    SIGNED = "signed"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    REFUSED = "refused"
    DROPPED = "dropped"


class ReviewAct(StrEnum):
    """What can be done with a review."""

    COMPLETE = "complete"
    RETURN = "return"
    SIGN = "sign"
    ACCEPT = "accept"
    REOPEN = "reopen"
    SETTLE = "settle"
    REFUSE = "refuse"
    DROP = "drop"


class Use(StrEnum):
    """What is decided about a platform whose terms are a problem, or have changed."""

    USE = "use"
    CONDITIONAL = "conditional"
    DO_NOT_USE = "do_not_use"


USE_TITLES: Mapping[Use, str] = {
    Use.USE: "Use it",
    Use.CONDITIONAL: "Use it on conditions",
    Use.DO_NOT_USE: "Do not use it",
}
REVIEW_TITLES: Mapping[ReviewState, str] = {
    ReviewState.OPEN: "Being read",
    ReviewState.READ: "Read, second signature owed",
    ReviewState.SIGNED: "Signed by two, acceptance owed",
    ReviewState.ACCEPTED: "Terms accepted",
    ReviewState.REOPENED: "Terms changed, review open",
    ReviewState.REFUSED: "Not to be used",
    ReviewState.DROPPED: "Dropped",
}

_S, _A = ReviewState, ReviewAct
_UNFINISHED = (_S.OPEN, _S.READ, _S.SIGNED)

REVIEW_MACHINE: Machine[ReviewState] = Machine(
    "review of the terms",
    (
        Transition(_S.OPEN, _A.COMPLETE, _S.READ, "every question answered on the newest text, by the named reader"),
        Transition(_S.READ, _A.RETURN, _S.OPEN, "a note"),
        Transition(_S.READ, _A.SIGN, _S.SIGNED, "another person than the reader"),
        Transition(_S.READ, _A.REOPEN, _S.OPEN, "a newer text"),
        Transition(_S.SIGNED, _A.REOPEN, _S.OPEN, "a newer text"),
        Transition(_S.SIGNED, _A.ACCEPT, _S.ACCEPTED, "the accepting authority; a problem decided for use"),
        Transition(_S.ACCEPTED, _A.REOPEN, _S.REOPENED, "a newer text"),
        Transition(_S.REOPENED, _A.SETTLE, _S.ACCEPTED, "the named decider"),
        Transition(_S.REOPENED, _A.REFUSE, _S.REFUSED, "the named decider"),
        Transition(_S.REFUSED, _A.SETTLE, _S.ACCEPTED, "the named decider, anew"),
        Transition(_S.REFUSED, _A.REOPEN, _S.REOPENED, "a newer text"),
        *(Transition(state, _A.DROP, _S.DROPPED, "another review in its place") for state in _UNFINISHED),
    ),
    initial=_S.OPEN,
    final=(_S.DROPPED,),
    titles=REVIEW_TITLES,
    buttons={
        _A.COMPLETE: "I have read them",
        _A.RETURN: "Give it back",
        _A.SIGN: "Sign it",
        _A.ACCEPT: "Agree for the body",
        _A.REOPEN: "",
        _A.SETTLE: "Record the decision",
        _A.REFUSE: "Record the decision",
        _A.DROP: "Name another reader",
    },
)


def _review_reasons(state: ReviewState, act: ReviewAct) -> tuple[Reason, ...]:
    try:
        REVIEW_MACHINE.next_state(state, act)
    except Refused as refusal:
        return refusal.reasons
    return ()


@dataclass(frozen=True, slots=True)
class BeginFacts:
    """A review about to be begun. `missing` are the documents of the platform that nobody has stored yet, in words."""

    may_begin: Decision
    may_read: Decision
    has_ended: bool
    missing: tuple[str, ...]
    under_way: str
    clauses: Clauses


@names_its_ground
def decide_beginning(facts: BeginFacts) -> Decision:
    """Decide whether a reader may be named for the terms of a channel's platform."""
    against = list(facts.may_begin.against)
    if not facts.may_begin.against and facts.may_read.against:
        against.append(
            Reason("reader-may-not", "This person's roles do not cover reviewing terms for this department.")
        )
    if facts.has_ended:
        against.append(Reason("channel-ended", "The channel was declined or closed."))
    if facts.under_way:
        against.append(Reason("review-under-way", f"A review of this channel is under way: {facts.under_way}."))
    against += [
        Reason(
            "no-text",
            f"The platform's {what} are not kept here yet; store them first.",
            facts.clauses.get("terms.versions"),
        )
        for what in facts.missing
    ]
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader found: one of the question's choices, a note, and the platform's own words with where they stand.

    For a question that names a person, `choice` is that person's public id.
    """

    choice: str = ""
    note: str = ""
    quote: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A term that is a problem: the platform's own words, why, and the clause of the policy it goes against ("")."""

    quote: str
    why: str
    is_deal_breaker: bool
    conflicts_with: str


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """A reading about to be completed. `texts` holds the text of each document by its kind.

    `risks` and `every_days` belong to the answers on benefits and on monitoring; `newest_confirmed` is the reader's
    word that what was read is the newest text there is.
    """

    state: ReviewState
    actor: str
    reader: str
    is_newest: bool
    newest_confirmed: bool
    answers: Mapping[str, Answer]
    risks: str
    every_days: int
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    question_clauses: Clauses
    clauses: Clauses


def needs_decision(answers: Mapping[str, Answer], problems: tuple[Problem, ...]) -> bool:
    """Whether somebody has to decide on the use: a deal breaker, a conflict, or a reader who advises against."""
    advises_against = any(
        answers.get(one, Answer()).choice == "no" for one in ("fit-for-purpose", "benefits-and-risks")
    )
    return advises_against or any(one.is_deal_breaker or one.conflicts_with for one in problems)


def unanswered(facts: ReadingFacts) -> tuple[Reason, ...]:
    """What is still missing before the reading is complete, question by question, each with the clause that asks it."""
    against: list[Reason] = []
    for question in QUESTIONS:
        clause = facts.question_clauses.get(question.id) or None
        answer = facts.answers.get(question.id, Answer())
        against += [Reason(code, message, clause) for code, message in _missing(question, answer, facts)]
    return tuple(against)


def _missing(question: Question, answer: Answer, facts: ReadingFacts) -> list[tuple[str, str]]:
    asked = f"“{question.words}”"
    if question.id in PERSONS:
        return [] if answer.choice else [("unanswered", f"{asked} Name a person.")]
    if answer.choice not in CHOICES[question.asks]:
        return [("unanswered", f"{asked} is not answered.")]
    found: list[tuple[str, str]] = []
    if answer.choice in question.note_when and not answer.note.strip():
        found.append(("no-note", f"{asked} Say more: {question.note[0].lower()}{question.note[1:]}."))
    if answer.choice in question.quote_when and not answer.quote.strip():
        found.append(("no-quote", f"{asked} Quote the platform's own words."))
    elif answer.quote.strip() and not stands_in(answer.quote, facts.texts.get(question.document, "")):
        found.append(("not-in-text", f"{asked} The words quoted do not stand in the text that is read."))
    if question.id == "benefits-and-risks" and not facts.risks.strip():
        found.append(("no-note", f"{asked} Say more: what the body risks by it."))
    if question.id == "monitoring" and answer.choice == "yes" and facts.every_days < 1:
        found.append(("no-interval", f"{asked} Say every how many days."))
    if question.id == "problem-terms":
        if answer.choice == "yes" and not facts.problems:
            found.append(("no-problem-listed", f"{asked} List each of them."))
        if answer.choice == "no" and facts.problems:
            found.append(("problem-listed", f"{asked} One is listed below, so the answer cannot be no."))
    return found


@names_its_ground
def decide_reading(facts: ReadingFacts) -> Decision:
    """Decide whether the reader may complete the reading: the newest text, read by them, every question answered."""
    against = list(_review_reasons(facts.state, ReviewAct.COMPLETE))
    against += _not_the_reader(facts.actor, facts.reader)
    current = facts.clauses.get("terms.current-version-read")
    if not facts.is_newest:
        against.append(
            Reason(
                "newer-text",
                "There is a newer text than the one this review is about. Take it and look again.",
                current,
            )
        )
    elif not facts.newest_confirmed:
        against.append(Reason("not-confirmed", "Confirm that you read the newest text.", current))
    against += unanswered(facts)
    decider = facts.answers.get("decider", Answer()).choice
    if decider and decider == facts.reader and needs_decision(facts.answers, facts.problems):
        against.append(
            Reason(
                "decider-is-reader",
                "What you found has to be decided by another person than the reader: name another decider.",
                facts.clauses.get("terms.conflict-decision"),
            )
        )
    return Decision(tuple(against))


def _not_the_reader(actor: str, reader: str) -> tuple[Reason, ...]:
    return () if actor == reader else (Reason("not-the-reader", "This is for the reader that was named."),)


def decide_answering(state: ReviewState, actor: str, reader: str, clauses: Clauses) -> Decision:
    """Decide whether answers may still be written: by the reader, until the reading is complete."""
    against = [] if state is ReviewState.OPEN else [Reason("reading-complete", "The reading is complete or dropped.")]
    return grounded(Decision((*against, *_not_the_reader(actor, reader))), clauses)


@dataclass(frozen=True, slots=True)
class SignFacts:
    """A review about to be signed by its second person, or returned by them. `may_sign` are the roles, in words."""

    state: ReviewState
    act: ReviewAct
    actor: str
    reader: str
    has_role: bool
    may_sign: str
    clauses: Clauses
    note: str = ""


@names_its_ground
def decide_sign_off(facts: SignFacts) -> Decision:
    """Decide whether the second person may sign the review, or give it back with a note."""
    against = list(_review_reasons(facts.state, facts.act))
    clause = facts.clauses.get("terms.two-sign-offs")
    if facts.actor == facts.reader:
        against.append(Reason("own-reading", "Who read the terms is not the second person too.", clause))
    if not facts.has_role:
        against.append(Reason("not-your-signature", f"The second signature is for: {facts.may_sign}.", clause))
    if facts.act is ReviewAct.RETURN and not facts.note.strip():
        against.append(Reason("no-note", "Say what the reader should look at again."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class UseFacts:
    """A decision about to be taken on the use of a platform whose terms are a problem."""

    state: ReviewState
    actor: str
    reader: str
    decider: str
    is_needed: bool
    use: Use
    reasons: str
    conditions: str
    clauses: Clauses


@names_its_ground
def decide_use(facts: UseFacts) -> Decision:
    """Decide whether the named person may decide on the use now, with reasons."""
    clause = facts.clauses.get("terms.conflict-decision")
    against: list[Reason] = []
    if facts.state not in (ReviewState.READ, ReviewState.SIGNED):
        against.append(Reason("not-read", "It is decided between the reading and the acceptance.", clause))
    elif not facts.is_needed:
        against.append(Reason("nothing-to-decide", "The reader found nothing that has to be decided."))
    against += _named_decider(facts.actor, facts.decider, clause)
    if facts.actor == facts.reader:
        against.append(Reason("own-reading", "Who read the terms does not decide on them.", clause))
    against += _said(facts.use, facts.reasons, facts.conditions, clause)
    return Decision(tuple(against))


def _named_decider(actor: str, decider: str, clause: str | None) -> tuple[Reason, ...]:
    if not decider:
        return (Reason("no-decider", "Nobody is named who decides about these terms; name somebody first.", clause),)
    if actor != decider:
        return (Reason("not-the-decider", "Only the person named for it decides about these terms.", clause),)
    return ()


def _said(use: Use, reasons: str, conditions: str, clause: str | None) -> tuple[Reason, ...]:
    against: list[Reason] = []
    if not reasons.strip():
        against.append(Reason("no-reasons", "Give the reasons; they stay with the decision.", clause))
    if use is Use.CONDITIONAL and not conditions.strip():
        against.append(Reason("no-conditions", "Name the conditions.", clause))
    return tuple(against)


@dataclass(frozen=True, slots=True)
class AcceptFacts:
    """Terms about to be agreed to. `may_accept` are the accepting roles, in words; `decided` is "" while undecided."""

    state: ReviewState
    has_role: bool
    may_accept: str
    reader: str
    read_at: datetime | None
    now: datetime
    is_newest: bool
    needs_decision: bool
    decided: str
    clauses: Clauses


@names_its_ground
def decide_acceptance(facts: AcceptFacts) -> Decision:
    """Decide whether the terms may be agreed to: by the authority, after the reading, both signatures, any decision."""
    against: list[Reason] = []
    if facts.read_at is None or facts.read_at > facts.now:
        against.append(
            Reason(
                "not-read",
                f"Nobody agrees to terms before they are read: {facts.reader} is named to read them.",
                facts.clauses.get("terms.reader-before-acceptance"),
            )
        )
    elif facts.state is ReviewState.READ:
        against.append(
            Reason("one-signature", "The second signature is missing.", facts.clauses.get("terms.two-sign-offs"))
        )
    else:
        against += _review_reasons(facts.state, ReviewAct.ACCEPT)
    if not facts.has_role:
        against.append(
            Reason(
                "not-the-authority",
                f"Only {facts.may_accept} may agree to terms for the body.",
                facts.clauses.get("terms.accepting-authority"),
            )
        )
    if not facts.is_newest:
        against.append(
            Reason(
                "newer-text",
                "There is a newer text than the one that was read.",
                facts.clauses.get("terms.current-version-read"),
            )
        )
    if facts.needs_decision and facts.decided not in (Use.USE, Use.CONDITIONAL):
        message = (
            "It was decided not to use this platform."
            if facts.decided
            else "The reader found a problem, and nobody has decided on it yet."
        )
        against.append(Reason("undecided", message, facts.clauses.get("terms.conflict-decision")))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class AdoptFacts:
    """A review of the same texts about to be taken over for another channel. `fit` says why it suits this one."""

    begin: Decision
    same_platform: bool
    is_accepted: bool
    is_newest: bool
    fit: str
    clauses: Clauses


@names_its_ground
def decide_adoption(facts: AdoptFacts) -> Decision:
    """Decide whether an earlier review of the same texts stands for this channel too, as its named person says."""
    against = list(facts.begin.against)
    if not facts.same_platform:
        against.append(
            Reason(
                "other-platform", "Each platform's terms are read for themselves.", facts.clauses.get("terms.versions")
            )
        )
    if not facts.is_accepted:
        against.append(
            Reason("not-accepted", "Only a review whose terms were accepted, and still are, can be taken over.")
        )
    if not facts.is_newest:
        against.append(
            Reason(
                "newer-text",
                "That review is not about the newest text.",
                facts.clauses.get("terms.current-version-read"),
            )
        )
    if not facts.fit.strip():
        against.append(
            Reason(
                "no-fit",
                "Say why the terms suit what this channel is for.",
                facts.clauses.get("terms.review-answer"),
            )
        )
    return Decision(tuple(against))
