"""What may be taken into custody, and which word of a change is taken."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rostrum.areas.channels.rules.grounds import grounded, names_its_ground
from rostrum.areas.channels.rules.life import ChannelAct, ChannelState, Clauses, _state_reasons, skipped_step
from rostrum.areas.channels.rules.secrets import MIN_PASSWORD_CHARACTERS
from rostrum.kernel.decisions import Decision, Reason

__all__ = [
    "MIN_PASSWORD_CHARACTERS",
    "ChangeFacts",
    "DepositFacts",
    "decide_change_report",
    "decide_deposit",
    "decide_no_change",
    "ready_to_deposit",
]

# A clock on the wall and one in a server may differ by this much before a time counts as one to come.
_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DepositFacts:
    """A log-in about to go into custody.

    `missing` names required fields left empty, `weak` fields that are easy to guess, each with why; `used_before`
    means any value. `unkept` names fields left empty whose value in custody cannot be kept, because it cannot be read.
    `resembles_work` says what it shares with somebody's work log-in, in words, "" for nothing. `changed_at` is stated
    by the depositor; `changed_before` is when the log-in it replaces was changed, None for a first deposit.
    """

    state: ChannelState
    may_deposit: Decision
    missing: tuple[str, ...]
    weak: tuple[tuple[str, str], ...]
    used_before: bool
    now: datetime
    changed_at: datetime | None = None
    changed_before: datetime | None = None
    nothing_new: bool = False
    unkept: tuple[str, ...] = ()
    resembles_work: str = ""
    why_shared: str = ""
    clauses: Clauses = field(default_factory=dict)


def ready_to_deposit(state: ChannelState, may_deposit: Decision, clauses: Clauses) -> Decision:
    """Whether a log-in is to be taken now, whatever it is: the channel exists, and this person may."""
    skipped = Decision(skipped_step(state, ChannelAct.DEPOSIT, clauses.get("custody.deposit-duty")))
    return grounded(skipped.also(may_deposit), clauses)


@names_its_ground
def decide_deposit(facts: DepositFacts) -> Decision:
    """Decide whether the log-in may be taken into custody: complete, hard to guess, never used, rightly dated."""
    clauses = facts.clauses
    owed = clauses.get("custody.deposit-duty")
    against = list(ready_to_deposit(facts.state, facts.may_deposit, clauses).against)
    against += [Reason("empty-secret", f"“{name}” is empty.", owed) for name in facts.missing]
    against += [Reason("weak-secret", f"“{name}” {why}.") for name, why in facts.weak]
    if facts.used_before:
        against.append(
            Reason(
                "reused-secret",
                "This secret is or was in use for a channel. Every channel needs one of its own, new at each change.",
                clauses.get("custody.unique-credential"),
            )
        )
    if facts.nothing_new:
        against.append(Reason("nothing-new", "Nothing was changed: give at least one new value."))
    against += [
        Reason(
            "cannot-be-kept",
            f"“{name}” cannot be kept, because what is in custody cannot be read now. Put the key back first, or give "
            "it anew, or say that it is no longer used.",
        )
        for name in facts.unkept
    ]
    if facts.resembles_work and not facts.why_shared.strip():
        against.append(
            Reason(
                "work-log-in",
                f"{facts.resembles_work} Use one that is only this channel's, or say why that cannot be.",
                clauses.get("custody.separate-id"),
            )
        )
    against += _dating(facts.changed_at, facts.changed_before, facts.now, clauses.get("custody.change-recorded"))
    return Decision(tuple(against))


def _dating(
    changed_at: datetime | None, changed_before: datetime | None, now: datetime, clause: str | None
) -> list[Reason]:
    if changed_at is None:
        if changed_before is None:
            return []
        return [Reason("no-change-time", "Say when it was changed on the platform.", clause)]
    if changed_at > now + _CLOCK_TOLERANCE:
        return [Reason("change-to-come", "It cannot have been changed at a time to come.", clause)]
    # Forms state whole minutes: a second change within the same minute is not before the first.
    if changed_before is not None and changed_at < changed_before.replace(second=0, microsecond=0):
        return [
            Reason("change-too-early", "The log-in in custody is newer than that: it was changed after this.", clause)
        ]
    return []


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """Word that a log-in was changed on its platform. `is_open` means that such word is open already."""

    state: ChannelState
    may_report: Decision
    has_credential: bool
    is_open: bool
    changed_at: datetime
    changed_before: datetime | None
    now: datetime
    clauses: Clauses


@names_its_ground
def decide_change_report(facts: ChangeFacts) -> Decision:
    """Decide whether a change may be reported that is not in custody yet."""
    clause = facts.clauses.get("custody.change-recorded")
    against = list(_state_reasons(facts.state, ChannelAct.DEPOSIT, clause))
    against += facts.may_report.against
    if not facts.has_credential:
        against.append(Reason("no-credential", "There is no log-in in custody that could have been changed."))
    if facts.is_open:
        against.append(Reason("reported-already", "A change is reported already: deposit the changed log-in."))
    against += _dating(facts.changed_at, facts.changed_before, facts.now, clause)
    return Decision(tuple(against))


def decide_no_change(*, may_report: Decision, is_open: bool, reason: str, clauses: Clauses) -> Decision:
    """Decide whether it may be said that nothing was changed after all, which needs a reason."""
    against = list(may_report.against)
    if not is_open:
        against.append(Reason("no-open-change", "No change is reported that is not in custody."))
    if not reason.strip():
        against.append(Reason("no-reason", "Say how you know that nothing was changed."))
    return grounded(Decision(tuple(against)), clauses)
