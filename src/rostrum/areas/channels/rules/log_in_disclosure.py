"""When a log-in may be shown to a person: with a reason, confirmed by another, once, within its time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.areas.channels.rules.life import Clauses
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition


class DisclosureState(StrEnum):
    """Where the showing of a log-in stands."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SHOWN = "shown"
    EXPIRED = "expired"


class DisclosureAct(StrEnum):
    """What can be done with it."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    SHOW = "show"
    EXPIRE = "expire"


DISCLOSURE_TITLES = {
    DisclosureState.REQUESTED: "Asked for; a second person must confirm",
    DisclosureState.CONFIRMED: "Confirmed; not yet seen",
    DisclosureState.DECLINED: "Declined",
    DisclosureState.SHOWN: "Seen once",
    DisclosureState.EXPIRED: "Ended unseen",
}
_S, _A = DisclosureState, DisclosureAct

DISCLOSURE_MACHINE: Machine[DisclosureState] = Machine(
    "request to see a log-in",
    (
        Transition(_S.REQUESTED, _A.CONFIRM, _S.CONFIRMED, "another person with the permission"),
        Transition(_S.REQUESTED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.REQUESTED, _A.EXPIRE, _S.EXPIRED, "its time has passed"),
        Transition(_S.CONFIRMED, _A.SHOW, _S.SHOWN, "the person who asked, within the time"),
        Transition(_S.CONFIRMED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.CONFIRMED, _A.EXPIRE, _S.EXPIRED, "its time has passed"),
    ),
    initial=_S.REQUESTED,
    final=(_S.DECLINED, _S.SHOWN, _S.EXPIRED),
    titles=DISCLOSURE_TITLES,
    buttons={_A.CONFIRM: "Confirm", _A.DECLINE: "Decline", _A.SHOW: "Show it, this once", _A.EXPIRE: ""},
)


@dataclass(frozen=True, slots=True)
class AskFacts:
    """A log-in that somebody wants to see. `parts` are those asked for, `shown_parts` those that may ever be shown."""

    may_ask: Decision
    has_credential: bool
    parts: tuple[str, ...]
    shown_parts: tuple[str, ...]
    is_open: bool
    reason: str


def decide_asking(facts: AskFacts) -> Decision:
    """Decide whether a log-in may be asked for; seeds of one-time codes are never shown, their codes are."""
    against = list(facts.may_ask.against)
    if not facts.has_credential:
        against.append(Reason("no-credential", "Its log-in is not in custody yet."))
    if not facts.parts:
        against.append(Reason("no-part", "Choose what you need to see."))
    against += [
        Reason("never-shown", "A seed is never shown; the one-time code that it gives is.")
        for part in facts.parts
        if part not in facts.shown_parts
    ][:1]
    if facts.is_open:
        against.append(Reason("asked-already", "You have asked for this log-in already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say what you need the log-in for; the reason stays on record."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """A request to see a log-in that is about to be confirmed, declined or answered. `is_current`: still in force."""

    state: DisclosureState
    may: Decision
    actor: str
    requester: str
    expires_at: datetime
    now: datetime
    is_current: bool = True
    note: str = ""
    clauses: Clauses | None = None

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.now >= self.expires_at


def decide_confirmation(facts: DisclosureFacts) -> Decision:
    """Decide whether the actor may confirm: another person than the one who asked, within the time."""
    against = _reasons(facts, DisclosureAct.CONFIRM)
    if facts.actor == facts.requester:
        against.append(Reason("own-request", "Who asked to see a log-in cannot confirm it; a second person must."))
    return Decision(tuple(against))


def decide_declining(facts: DisclosureFacts) -> Decision:
    """Decide whether the actor may say no, or take their own request back; both need a reason."""
    against = _reasons(facts, DisclosureAct.DECLINE)
    if not facts.note.strip():
        against.append(Reason("no-reason", "Say why not."))
    return Decision(tuple(against))


def decide_showing(facts: DisclosureFacts) -> Decision:
    """Decide whether the log-in may be shown now: to the person who asked, once, while it is still the one in force."""
    against = _reasons(facts, DisclosureAct.SHOW)
    if facts.actor != facts.requester:
        against.append(Reason("not-yours", "Only the person who asked sees it."))
    if not facts.is_current:
        against.append(Reason("replaced", "The log-in was changed meanwhile: ask for the one in custody now."))
    return Decision(tuple(against))


def _reasons(facts: DisclosureFacts, act: DisclosureAct) -> list[Reason]:
    against = list(facts.may.against)
    try:
        DISCLOSURE_MACHINE.next_state(facts.state, act)
    except Refused as refusal:
        against += refusal.reasons
    else:
        if facts.is_over:
            against.append(Reason("time-passed", "Its time has passed: ask anew."))
    return against
