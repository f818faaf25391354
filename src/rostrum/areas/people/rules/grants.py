"""Giving roles and rights, and when they are in force. Pure."""

from dataclasses import dataclass
from datetime import datetime

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What giving or ending a role or right needs to know."""

    actor: str
    person: str
    person_present: bool
    already_held: bool
    may_give: Decision
    is_denied: bool = False


def decide_grant(facts: GrantFacts) -> Decision:
    """Decide whether the actor may give this role or right to the person."""
    against = list(facts.may_give.against)
    if facts.actor == facts.person:
        against.append(Reason("own-grant", "Nobody gives a role or a right to themselves; another person must."))
    if not facts.person_present:
        against.append(Reason("person-left", "This person no longer works here."))
    if facts.already_held:
        against.append(Reason("already-held", "This person already holds this for that time."))
    if facts.is_denied:
        against.append(Reason("denied", "This person stands on the denied list; lift the denial first."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class DenialFacts:
    """A person about to be put on the denied list, or taken off it."""

    actor: str
    person: str
    is_denied: bool
    reason: str
    may_deny: Decision


def decide_denial(facts: DenialFacts) -> Decision:
    """Decide whether the person may be put on the denied list, which needs a reason."""
    against = list(facts.may_deny.against)
    if facts.actor == facts.person:
        against.append(Reason("own-denial", "Nobody denies posting to themselves; another person must."))
    if facts.is_denied:
        against.append(Reason("denied", "This person stands on the denied list already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say which finding it rests on; the reason stays with the denial."))
    return Decision(tuple(against))


def decide_lifting(facts: DenialFacts) -> Decision:
    """Decide whether a denial may be lifted, which needs a reason and another person."""
    against = list(facts.may_deny.against)
    if facts.actor == facts.person:
        against.append(Reason("own-denial", "Nobody lifts their own denial; another person must."))
    if not facts.is_denied:
        against.append(Reason("lifted", "This denial is lifted already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why it is lifted."))
    return Decision(tuple(against))


def is_in_force(starts_at: datetime, ends_at: datetime | None, now: datetime) -> bool:
    """Whether a grant that starts (inclusive) and ends (exclusive) at these instants is in force."""
    return starts_at <= now and (ends_at is None or now < ends_at)
