"""When a training counts as completed, and whom it is assigned to. Facts in, decision out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rostrum.kernel.decisions import Decision, Reason

GRANT_HOLDERS, ANYONE = "grant-holders", "anyone"


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """A training that somebody says was completed, by the person or by who keeps the trainings."""

    topics: tuple[str, ...]
    confirmed: tuple[str, ...]
    completed_on: date | None
    today: date
    evidence: str
    is_own: bool
    may_record: Decision
    clause: str = ""


def decide_completion(facts: CompletionFacts) -> Decision:
    """Whether this is a completion: every topic, a day that has come, and what shows it."""
    against = list(facts.may_record.against)
    if any(topic not in facts.confirmed for topic in facts.topics):
        against.append(Reason("topic-missing", "Every topic has to be gone through and confirmed.", facts.clause))
    if facts.completed_on is None:
        against.append(Reason("no-date", "Say on which day it was completed."))
    elif facts.completed_on > facts.today:
        against.append(Reason("in-future", "It cannot have been completed on a day that is still to come."))
    elif facts.is_own and facts.completed_on != facts.today:
        against.append(Reason("other-date", "What you go through here is completed today."))
    if not facts.evidence.strip():
        against.append(Reason("no-evidence", "Name what shows it: a list of those present, a certificate, a file."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the assignment of a training depends on."""

    employment_class: str
    roles: frozenset[str]
    holds_right: bool


def is_assigned(assigned: Iterable[str], person: PersonFacts) -> bool:
    """Whether a training assigned to these is the person's."""
    return any(
        one == ANYONE
        or (one == GRANT_HOLDERS and person.holds_right)
        or one == person.employment_class
        or one in person.roles
        for one in assigned
    )


def is_valid(renew_by: datetime | None, now: datetime) -> bool:
    """Whether a completion still counts: not yet due again."""
    return renew_by is None or now <= renew_by
