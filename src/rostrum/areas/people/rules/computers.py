"""Which browser stands on a computer of the body: said by one person, confirmed by IT, withdrawn by either. Pure."""

from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class ConfirmingFacts:
    """A computer about to be confirmed as the body's."""

    may_confirm: Decision
    actor: str
    proposer: str
    is_confirmed: bool
    is_withdrawn: bool


def decide_computer(facts: ConfirmingFacts) -> Decision:
    """Decide whether the computer may be confirmed: by IT, never by who proposed it."""
    against = list(facts.may_confirm.against)
    if facts.actor == facts.proposer:
        against.append(Reason("own-computer", "Nobody confirms the computer they proposed; another person must."))
    if facts.is_confirmed:
        against.append(Reason("confirmed", "This computer is confirmed already."))
    if facts.is_withdrawn:
        against.append(Reason("withdrawn", "This computer was withdrawn; propose it again from its own browser."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ComputerEndFacts:
    """A computer about to be withdrawn: by IT, or by who proposed it."""

    may_confirm: Decision
    actor: str
    proposer: str
    is_withdrawn: bool
    reason: str


def decide_computer_end(facts: ComputerEndFacts) -> Decision:
    """Decide whether the computer may be withdrawn, which needs a reason."""
    against = [] if facts.actor == facts.proposer else list(facts.may_confirm.against)
    if facts.is_withdrawn:
        against.append(Reason("withdrawn", "This computer is withdrawn already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why it counts no more."))
    return Decision(tuple(against))
