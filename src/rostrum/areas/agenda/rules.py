"""Who may hand a duty over or say it done, when somebody is told of it, and to whom it goes when nobody acts. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason


class Stage(StrEnum):
    """What a person is told about a duty. `AGAIN` and `ESCALATED` come with a number: again-2, escalated-1."""

    SOON = "soon"
    DUE = "due"
    AGAIN = "again"
    ESCALATED = "escalated"


STAGE_WORDS = {
    Stage.SOON: "Reminded before it was due",
    Stage.DUE: "Told that it is due",
    Stage.AGAIN: "Told again that it is overdue",
    Stage.ESCALATED: "Told as the next in line",
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The body's choice of when to remind: before the instant, how often after it, and how soon to escalate."""

    before: timedelta
    again: timedelta
    escalate_after: timedelta
    # Roles in the order in which an overdue duty goes to them, one level after each `escalate_after`.
    chain: tuple[str, ...]


def stage_now(due_at: datetime, rhythm: Rhythm, now: datetime) -> str:
    """The stage its owners are told now, "" when it is too early.

    Only the latest: after a time without a worker nobody gets the mails of the days before. Overdue, the stage changes
    once per `again`, so that somebody is told again, and otherwise left alone.
    """
    if now < due_at - rhythm.before:
        return ""
    if now < due_at:
        return Stage.SOON
    times = (now - due_at) // rhythm.again
    return f"{Stage.AGAIN}-{times}" if times else Stage.DUE


def level_now(due_at: datetime, rhythm: Rhythm, now: datetime) -> int:
    """How far up the chain an overdue duty has gone by now; 0 when not yet."""
    if now < due_at:
        return 0
    return min(len(rhythm.chain), (now - due_at) // rhythm.escalate_after)


def kind_of_stage(stage: str) -> Stage:
    """The stage without its number."""
    return Stage(stage.partition("-")[0])


def next_in_line(
    role_holders: Sequence[tuple[str, frozenset[int]]], owners: Collection[int]
) -> list[tuple[str, frozenset[int]]]:
    """The levels of escalation: each role of the chain with those of its holders who do not owe the duty themselves.

    A role that nobody else holds is no level: the next role takes its place, so that no duty waits for an empty chair.
    """
    levels = []
    asked = set(owners)
    for role, holders in role_holders:
        others = holders - asked
        if others:
            levels.append((role, frozenset(others)))
            asked |= others
    return levels


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """What handing a duty over needs to know. `to` is "" for giving it back to its role."""

    is_open: bool
    is_personal: bool
    is_owner: bool
    holds_role: bool
    oversees: bool
    has_owner: bool
    to: str = ""
    to_present: bool = True
    to_fits: bool = True
    to_is_owner: bool = False


def decide_hand_over(facts: HandOverFacts) -> Decision:
    """Decide whether the actor may give this duty to that person, or back to its role."""
    against: list[Reason] = []
    if not facts.is_open:
        against.append(Reason("no-open-duty", "It is closed: nobody owes it any more."))
    if facts.is_personal:
        against.append(Reason("personal-duty", "Nobody else can do this: it stays with the person it asks."))
    if not (facts.is_owner or facts.oversees or (facts.holds_role and not facts.has_owner)):
        against.append(
            Reason("not-yours", "A duty is handed over by who owes it, their department's head, or the coordinator.")
        )
    if facts.to and not facts.to_present:
        against.append(Reason("person-left", "This person no longer works here."))
    elif facts.to and not facts.to_fits:
        against.append(
            Reason("not-theirs-to-do", "This person neither holds the role that owes it nor works in its department.")
        )
    if facts.to_is_owner or (not facts.to and not facts.has_owner):
        against.append(Reason("same-owner", "It is theirs already."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """What closing a duty by saying what was done needs to know."""

    is_open: bool
    closes_here: bool
    is_owner: bool
    holds_role: bool


def decide_statement(facts: StatementFacts) -> Decision:
    """Decide whether the actor may close this duty by a statement."""
    against: list[Reason] = []
    if not facts.is_open:
        against.append(Reason("no-open-duty", "It is closed already."))
    if not facts.closes_here:
        against.append(Reason("closed-elsewhere", "It closes by itself when the work is done on its own page."))
    if not (facts.is_owner or facts.holds_role):
        against.append(Reason("not-yours", "Only who owes it says what was done."))
    return Decision(tuple(against))
