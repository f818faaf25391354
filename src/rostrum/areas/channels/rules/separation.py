"""A person leaves: when it may be said, what is owed on each channel, and when it is over. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rostrum.areas.channels.rules.life import Clauses
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition

# A leaving that is reported late is dated when it was; access ends when it is reported.
LONGEST_BACK = timedelta(days=60)


class SeparationState(StrEnum):
    """Where a separation stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    RESCINDED = "rescinded"


class SeparationAct(StrEnum):
    """What can be done with it."""

    CARRY_OUT = "carry-out"
    RESCIND = "rescind"
    CLOSE = "close"


STATE_TITLES = {
    SeparationState.PLANNED: "Planned",
    SeparationState.OPEN: "Access ended, hand-over under way",
    SeparationState.CLOSED: "Closed",
    SeparationState.RESCINDED: "Rescinded",
}

_S, _A = SeparationState, SeparationAct

SEPARATION_MACHINE: Machine[SeparationState] = Machine(
    "separation",
    (
        Transition(_S.PLANNED, _A.CARRY_OUT, _S.OPEN, "its instant has come: sign-in, roles and rights end"),
        Transition(_S.PLANNED, _A.RESCIND, _S.RESCINDED, "before its instant"),
        Transition(_S.OPEN, _A.CLOSE, _S.CLOSED, "every channel handed over, with a new named holder"),
    ),
    initial=_S.PLANNED,
    final=(_S.CLOSED, _S.RESCINDED),
    titles=STATE_TITLES,
    buttons={_A.CARRY_OUT: "", _A.RESCIND: "Rescind: the person stays", _A.CLOSE: "Close the separation"},
)


class BackupCodes(StrEnum):
    """What became of a channel's backup codes; the codes themselves are never written here."""

    IN_CUSTODY = "in_custody"
    NONE = "none"
    MADE_ANEW = "made_anew"


BACKUP_TITLES: Mapping[BackupCodes, str] = {
    BackupCodes.IN_CUSTODY: "They are in custody",
    BackupCodes.NONE: "There are none",
    BackupCodes.MADE_ANEW: "They were made anew with the changed log-in",
}


def _state_reasons(state: SeparationState, act: SeparationAct) -> tuple[Reason, ...]:
    try:
        SEPARATION_MACHINE.next_state(state, act)
    except Refused as refusal:
        return refusal.reasons
    return ()


@dataclass(frozen=True, slots=True)
class StartFacts:
    """A separation about to be entered. `under_way` is about one that is planned or open for the person already."""

    actor: str
    person: str
    may_start: Decision
    has_left: bool
    under_way: SeparationState | None
    at: datetime
    now: datetime
    clauses: Clauses


def decide_start(facts: StartFacts) -> Decision:
    """Decide whether the separation may be entered: of somebody else, once, dated in the last weeks or ahead."""
    against = list(facts.may_start.against)
    clause = facts.clauses.get("person.separation-ends-access")
    if facts.actor == facts.person:
        against.append(Reason("own-separation", "Nobody enters their own separation; another person must."))
    if facts.under_way is SeparationState.PLANNED:
        against.append(Reason("planned-already", "A separation of this person is planned already.", clause))
    elif facts.under_way is not None or facts.has_left:
        against.append(Reason("separated-already", "This person is separated already.", clause))
    if facts.at < facts.now - LONGEST_BACK:
        days = LONGEST_BACK.days
        against.append(Reason("too-long-ago", f"A separation is dated at most {days} days back; check the date."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class RescindFacts:
    """A planned separation about to be taken back."""

    state: SeparationState
    may_rescind: Decision
    at: datetime
    now: datetime


def decide_rescinding(facts: RescindFacts) -> Decision:
    """Decide whether a planned separation may be taken back: before its instant."""
    against = [*_state_reasons(facts.state, SeparationAct.RESCIND), *facts.may_rescind.against]
    if facts.state is SeparationState.PLANNED and facts.at <= facts.now:
        against.append(Reason("time-passed", "Its instant has come: access has ended. Add the person's rights anew."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ReachedFacts:
    """How far one channel of a separation is. `is_over` says that the channel itself is closed."""

    channel: str
    is_over: bool
    rotation_confirmed: bool
    roles_removed: bool
    hand_over_given: bool
    hand_over_confirmed: bool
    has_new_holder: bool


def left_to_do(facts: ReachedFacts, clauses: Clauses) -> tuple[Reason, ...]:
    """What is still open on one channel, each with the clause that asks for it."""
    against = []
    if not facts.rotation_confirmed:
        against.append(
            Reason(
                "not-rotated",
                f"{facts.channel}: its log-in is not changed, tested and confirmed by a second person yet.",
                clauses.get("custody.rotation-after-separation"),
            )
        )
    if not facts.roles_removed:
        against.append(
            Reason(
                "roles-not-removed",
                f"{facts.channel}: nobody has confirmed that the person's roles on the platform are removed.",
                clauses.get("person.separation-ends-access"),
            )
        )
    if not facts.hand_over_given or not facts.hand_over_confirmed:
        what = "confirmed" if facts.hand_over_given else "given"
        against.append(
            Reason(
                "no-hand-over",
                f"{facts.channel}: its hand-over is not {what} yet.",
                clauses.get("custody.hand-over-form"),
            )
        )
    if not facts.has_new_holder and not facts.is_over:
        against.append(
            Reason(
                "no-new-holder", f"{facts.channel}: it has no new named holder yet.", clauses.get("custody.continuity")
            )
        )
    return tuple(against)


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """A separation about to be closed."""

    state: SeparationState
    actor: str
    person: str
    may_close: Decision
    channels: tuple[ReachedFacts, ...]
    open_tasks: int
    clauses: Clauses


def decide_closing(facts: CloseFacts) -> Decision:
    """Decide whether a separation may be closed: nothing open on any channel, every question answered."""
    against = [*_state_reasons(facts.state, SeparationAct.CLOSE), *facts.may_close.against]
    for channel in facts.channels:
        against += left_to_do(channel, facts.clauses)
    if facts.open_tasks:
        count = "One question" if facts.open_tasks == 1 else f"{facts.open_tasks} questions"
        against.append(
            Reason(
                "open-tasks",
                f"{count} to the person {'is' if facts.open_tasks == 1 else 'are'} not answered yet.",
                facts.clauses.get("custody.transition-duty"),
            )
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class RotationFacts:
    """A changed log-in about to be confirmed by a second person."""

    state: SeparationState
    actor: str
    may_confirm: Decision
    deposited_by: str
    is_in_custody: bool
    unchanged: tuple[str, ...]
    is_tested: bool
    is_confirmed: bool
    clauses: Clauses


def decide_rotation(facts: RotationFacts) -> Decision:
    """Decide whether the change of a log-in may be confirmed: newly deposited in every part, tested, by another."""
    against = [*_only_after(facts.state), *facts.may_confirm.against]
    clause = facts.clauses.get("custody.rotation-after-separation")
    if not facts.is_in_custody:
        against.append(Reason("no-credential", "No log-in is in custody: deposit the changed one.", clause))
    elif facts.unchanged:
        parts = ", ".join(facts.unchanged)
        against.append(Reason("not-changed", f"Not changed since the separation: {parts}.", clause))
    elif not facts.is_tested:
        against.append(Reason("not-tested", "Nobody has signed in with the changed log-in yet.", clause))
    if facts.deposited_by == facts.actor:
        message = "You deposited the changed log-in; a second person confirms the change."
        against.append(Reason("own-change", message, clause))
    if facts.is_confirmed:
        against.append(Reason("confirmed", "The change is confirmed already."))
    return Decision(tuple(against))


def _only_after(state: SeparationState) -> tuple[Reason, ...]:
    if state is SeparationState.PLANNED:
        return (Reason("not-yet", "The person still works here: this is done after the separation."),)
    if state is not SeparationState.OPEN:
        return (Reason("not-open", "This separation is over."),)
    return ()


@dataclass(frozen=True, slots=True)
class RolesFacts:
    """A person's roles on the platform about to be confirmed as removed.

    `is_still_listed` means that the platform's last list of administrators, read or handed in, names the person.
    """

    state: SeparationState
    may_confirm: Decision
    note: str
    is_done: bool
    is_still_listed: bool = False
    clauses: Clauses | None = None


def decide_roles_removed(facts: RolesFacts) -> Decision:
    """Decide whether it may be confirmed that the person holds no role on the platform, saying what was seen there."""
    against = [*_only_after(facts.state), *facts.may_confirm.against]
    if not facts.note.strip():
        against.append(Reason("no-note", "Say what you saw on the platform: which role was removed, or that none was."))
    if facts.is_still_listed:
        message = "The platform's last list of administrators still names this person: have it removed, and look again."
        clause = (facts.clauses or {}).get("person.separation-ends-access")
        against.append(Reason("still-listed", message, clause))
    if facts.is_done:
        against.append(Reason("confirmed", "This is confirmed already."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """A hand-over about to be given or confirmed. `missing` names fields left empty."""

    state: SeparationState
    actor: str
    leaver: str
    may_give: Decision
    missing: tuple[str, ...]
    given_by: str
    is_confirmed: bool
    clauses: Clauses


def decide_hand_over(facts: HandOverFacts) -> Decision:
    """Decide whether the hand-over may be given: by who leaves, or for them; everything answered, if only by “none”."""
    against = []
    clause = facts.clauses.get("custody.hand-over-form")
    if facts.state not in (SeparationState.PLANNED, SeparationState.OPEN):
        against.append(Reason("not-open", "This separation is over."))
    if facts.actor != facts.leaver:
        against += facts.may_give.against
    against += [
        Reason("missing", f"“{name}” is empty; write “none” where there is none.", clause) for name in facts.missing
    ]
    if facts.is_confirmed:
        against.append(Reason("confirmed", "The hand-over is confirmed; it cannot be changed any more."))
    return Decision(tuple(against))


def decide_hand_over_confirmation(facts: HandOverFacts) -> Decision:
    """Decide whether the hand-over may be confirmed: given, by another than who gave it, and not by who leaves."""
    against = list(facts.may_give.against)
    clause = facts.clauses.get("custody.hand-over-form")
    if facts.state not in (SeparationState.PLANNED, SeparationState.OPEN):
        against.append(Reason("not-open", "This separation is over."))
    if not facts.given_by:
        against.append(Reason("not-given", "It is not given yet.", clause))
    if facts.actor in (facts.given_by, facts.leaver):
        against.append(Reason("own-hand-over", "Who gave it does not confirm it; a second person must.", clause))
    if facts.is_confirmed:
        against.append(Reason("confirmed", "It is confirmed already."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """A new holder about to be named for one channel."""

    state: SeparationState
    may_name: Decision
    leaver: str
    holder: str
    holder_is_present: bool
    holds_a_right: bool
    clauses: Clauses


def decide_new_holder(facts: HolderFacts) -> Decision:
    """Decide whether this person may be named as the channel's new holder: here, another, and by a right in force."""
    against = list(facts.may_name.against)
    clause = facts.clauses.get("custody.continuity")
    if facts.state not in (SeparationState.PLANNED, SeparationState.OPEN):
        against.append(Reason("not-open", "This separation is over."))
    if facts.holder == facts.leaver:
        against.append(Reason("is-the-leaver", "Name somebody who stays.", clause))
    elif not facts.holder_is_present:
        against.append(Reason("person-left", "This person no longer works here.", clause))
    elif not facts.holds_a_right:
        message = "This person holds no right on the channel: ask for one first, so that control really passes on."
        against.append(Reason("holds-no-right", message, clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """A question to the person who leaves, about to be answered."""

    may_answer: Decision
    state: SeparationState
    is_answered: bool
    answer: str


def decide_answer(facts: AnswerFacts) -> Decision:
    """Decide whether a question may be answered: once, with words, while the separation is under way."""
    against = list(facts.may_answer.against)
    if facts.state not in (SeparationState.PLANNED, SeparationState.OPEN):
        against.append(Reason("not-open", "This separation is over."))
    if facts.is_answered:
        against.append(Reason("answered", "This is answered already."))
    if not facts.answer.strip():
        against.append(Reason("no-answer", "Write the answer, if only that there is nothing."))
    return Decision(tuple(against))
