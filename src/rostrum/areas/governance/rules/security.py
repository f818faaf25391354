"""When an assumed identity is allowed, and by whom. Facts in, decision out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rostrum.areas.governance.rules.acknowledgements import is_named
from rostrum.kernel.decisions import Decision, Reason
from rostrum.workflow.machine import Machine, Transition


class ExceptionState(StrEnum):
    """Where an exception stands."""

    ASKED = "asked"
    SIGNED = "signed"
    REFUSED = "refused"
    ENDED = "ended"


class ExceptionAct(StrEnum):
    """What can be done with it."""

    SIGN = "sign"
    REFUSE = "refuse"
    END = "end"


STATE_TITLES = {
    ExceptionState.ASKED: "Waits for the agency head",
    ExceptionState.SIGNED: "Signed",
    ExceptionState.REFUSED: "Refused",
    ExceptionState.ENDED: "Ended",
}

PERSONA_MACHINE: Machine[ExceptionState] = Machine(
    "exception",
    (
        Transition(ExceptionState.ASKED, ExceptionAct.SIGN, ExceptionState.SIGNED, "the agency head's signature"),
        Transition(ExceptionState.ASKED, ExceptionAct.REFUSE, ExceptionState.REFUSED, "a reason"),
        Transition(
            ExceptionState.SIGNED, ExceptionAct.END, ExceptionState.ENDED, "its last day has passed, or a reason"
        ),
    ),
    initial=ExceptionState.ASKED,
    final=(ExceptionState.REFUSED, ExceptionState.ENDED),
    titles=STATE_TITLES,
    buttons={ExceptionAct.SIGN: "Sign it", ExceptionAct.REFUSE: "Refuse it", ExceptionAct.END: "End it"},
)


@dataclass(frozen=True, slots=True)
class SignFacts:
    """An exception at the agency head's desk."""

    state: ExceptionState
    may_sign: Decision
    is_askers_own: bool
    reason: str
    typed_name: str
    name: str
    has_proof: bool
    ends_on: date
    today: date
    clause: str = ""


def decide_signing(facts: SignFacts) -> Decision:
    """Whether the exception may be signed: by the agency head, never by who asked, with reasons, name and proof."""
    against = list(facts.may_sign.against)
    clause = facts.clause or None
    if facts.state is not ExceptionState.ASKED:
        against.append(Reason("decided", "This was decided already.", clause))
    if facts.is_askers_own:
        against.append(Reason("own-exception", "Nobody signs what they asked for; another person must.", clause))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why this is a legitimate purpose of the State.", clause))
    if not is_named(facts.typed_name, facts.name):
        against.append(Reason("other-name", f"Sign with your own name: {facts.name}.", clause))
    if not facts.has_proof:
        against.append(Reason("no-signature", "What you typed does not show that it is you.", clause))
    if facts.ends_on < facts.today:
        against.append(Reason("past", "Its last day has passed.", clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class PersonaFacts:
    """A second persona that somebody wants to register."""

    may_register: Decision
    state: ExceptionState | None
    starts_on: date | None
    ends_on: date | None
    has_persona: bool
    today: date
    clause: str = ""
    ban_clause: str = ""


def decide_persona(facts: PersonaFacts) -> Decision:
    """Whether the persona may exist: only under a signed exception, in its time, once."""
    against = list(facts.may_register.against)
    ban, clause = facts.ban_clause or facts.clause or None, facts.clause or None
    if facts.state is None:
        against.append(Reason("no-exception", "An assumed identity needs a signed exception first.", ban))
    elif facts.state is not ExceptionState.SIGNED:
        against.append(Reason("not-signed", "The agency head has not signed this exception.", ban))
    elif facts.starts_on and facts.ends_on and not facts.starts_on <= facts.today <= facts.ends_on:
        against.append(Reason("not-now", "The exception does not hold today.", clause))
    if facts.has_persona:
        against.append(Reason("registered", "The persona of this exception is registered already.", clause))
    return Decision(tuple(against))
