"""When a certification may be signed, returned on paper, or is no longer owed. Facts in, decision out."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason
from rostrum.workflow.machine import Machine, Transition


class CertificationState(StrEnum):
    """Where a certification stands."""

    DELIVERED = "delivered"
    OPENED = "opened"
    READ = "read"
    CERTIFIED = "certified"
    ENDED = "ended"


class CertificationAct(StrEnum):
    """What can be done with one."""

    OPEN = "open"
    FINISH_READING = "finish_reading"
    CERTIFY = "certify"
    RECORD_PAPER = "record_paper"
    END = "end"


class Returned(StrEnum):
    """How it came back."""

    HERE = "here"
    PAPER = "paper"


class Proof(StrEnum):
    """What showed that the person meant to sign."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind of proof
    TYPED_WORDS = "typed-words"
    INK = "ink"


class EndedBecause(StrEnum):
    """Why a certification is no longer owed."""

    NEW_VERSION = "new-version"
    LEFT = "left"
    NOT_COVERED = "not-covered"


# What a person without a password here (who signs in elsewhere) types instead.
INTENT_WORDS = "I certify"

_STATE, _ACT = CertificationState, CertificationAct
STATE_TITLES = {
    _STATE.DELIVERED: "To read and certify",
    _STATE.OPENED: "Opened",
    _STATE.READ: "Read, to certify",
    _STATE.CERTIFIED: "Certified",
    _STATE.ENDED: "No longer asked",
}
CERTIFICATION_MACHINE: Machine[CertificationState] = Machine(
    "certification",
    (
        Transition(_STATE.DELIVERED, _ACT.OPEN, _STATE.OPENED, "by the person it belongs to"),
        Transition(_STATE.DELIVERED, _ACT.RECORD_PAPER, _STATE.CERTIFIED, "by human resources, with a picture of it"),
        Transition(_STATE.DELIVERED, _ACT.END, _STATE.ENDED, "a new version, or the person left or is not covered"),
        Transition(_STATE.OPENED, _ACT.FINISH_READING, _STATE.READ, "the whole text of this version"),
        Transition(_STATE.OPENED, _ACT.RECORD_PAPER, _STATE.CERTIFIED, "by human resources, with a picture of it"),
        Transition(_STATE.OPENED, _ACT.END, _STATE.ENDED, "a new version, or the person left or is not covered"),
        Transition(_STATE.READ, _ACT.CERTIFY, _STATE.CERTIFIED, "every statement, name, date, proof of intent"),
        Transition(_STATE.READ, _ACT.RECORD_PAPER, _STATE.CERTIFIED, "by human resources, with a picture of it"),
        Transition(_STATE.READ, _ACT.END, _STATE.ENDED, "a new version, or the person left or is not covered"),
    ),
    initial=_STATE.DELIVERED,
    final=(_STATE.CERTIFIED, _STATE.ENDED),
    titles=STATE_TITLES,
    buttons={
        _ACT.OPEN: "Open it",
        _ACT.FINISH_READING: "I have read it to its end",
        _ACT.CERTIFY: "Sign and return",
        _ACT.RECORD_PAPER: "Record it",
        _ACT.END: "",
    },
)


def plain_name(name: str) -> str:
    """A name as it is compared: letters only as they are read, without case, dots, and doubled blanks."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("\u2019", "'").replace(".", " ")
    return " ".join(folded.split())


def is_named(typed: str, name: str) -> bool:
    """Whether the name typed is the person's own."""
    return bool(typed.strip()) and plain_name(typed) == plain_name(name)


@dataclass(frozen=True, slots=True)
class CertifyFacts:
    """A person at the certification of a form. The clauses are those the form rests on; "" where a body adds it."""

    state: CertificationState
    is_own: bool
    is_current: bool
    asked: tuple[str, ...]
    ticked: tuple[str, ...]
    typed_name: str
    name: str
    signed_on: date | None
    today: date
    has_proof: bool
    read_first_clause: str = ""
    signature_clause: str = ""


def decide_reading(facts: CertifyFacts) -> Decision:
    """Whether the certification may be offered: it is one's own, of the version in force, and the whole text was read.

    The page asks this before it shows the form; `decide_certifying` asks it again.
    """
    against: list[Reason] = []
    if not facts.is_own:
        against.append(Reason("not-own", "Everybody certifies for themselves."))
    if facts.state is CertificationState.CERTIFIED:
        against.append(Reason("certified", "This is certified already."))
    elif facts.state is CertificationState.ENDED or not facts.is_current:
        against.append(Reason("not-current", "This version is no longer in force: certify the one that is."))
    elif facts.state is not CertificationState.READ:
        against.append(
            Reason(
                "not-read",
                "Open the whole text of this version and read it to its end first.",
                facts.read_first_clause or None,
            )
        )
    return Decision(tuple(against))


def decide_certifying(facts: CertifyFacts) -> Decision:
    """Whether this is a certification: every statement, the person's own name, today's date, and proof of intent."""
    against = list(decide_reading(facts).against)
    clause = facts.signature_clause or None
    missing = [one for one in facts.asked if one not in facts.ticked]
    if missing:
        against.append(Reason("statement-missing", "Certify each statement; one or more are not ticked."))
    if not facts.typed_name.strip():
        against.append(Reason("no-name", "Type your name, as it stands here.", clause))
    elif not is_named(facts.typed_name, facts.name):
        against.append(Reason("other-name", f"The name typed is not yours: you are {facts.name} here.", clause))
    if facts.signed_on is None:
        against.append(Reason("no-date", "Give today's date.", clause))
    elif facts.signed_on != facts.today:
        against.append(Reason("other-date", "A certification bears the date of the day it is signed: today's.", clause))
    if not facts.has_proof:
        against.append(Reason("no-signature", "Sign it: what you typed does not show that it is you.", clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A certification that came back on paper, as human resources records it."""

    state: CertificationState
    is_current: bool
    is_recorders_own: bool
    may_record: Decision
    has_scan: bool
    printed_name: str
    name: str
    signed_on: date | None
    received_on: date | None
    delivered_on: date
    today: date
    return_clause: str = ""
    signature_clause: str = ""


def decide_paper(facts: PaperFacts) -> Decision:
    """Whether a paper return may be recorded: somebody else's, signed, dated, named, and with its picture."""
    against = list(facts.may_record.against)
    signature, returned = facts.signature_clause or None, facts.return_clause or None
    if facts.is_recorders_own:
        against.append(Reason("own-return", "Nobody records their own paper; another person in human resources must."))
    if facts.state is CertificationState.CERTIFIED:
        against.append(Reason("certified", "This is certified already."))
    elif not facts.is_current:
        against.append(Reason("not-current", "This version is no longer in force: a paper about it answers nothing."))
    if not is_named(facts.printed_name, facts.name):
        against.append(
            Reason("other-name", f"The printed name is not that of {facts.name}. Return the paper.", signature)
        )
    if facts.signed_on is None:
        against.append(Reason("no-date", "Give the date beside the signature.", signature))
    if facts.received_on is None:
        against.append(Reason("no-receipt", "Say on which day the paper came in.", returned))
    if facts.signed_on is not None and facts.received_on is not None and facts.signed_on > facts.received_on:
        against.append(Reason("signed-later", "It cannot have come in before it was signed.", returned))
    if facts.received_on is not None and facts.received_on > facts.today:
        against.append(Reason("in-future", "It cannot have come in on a day that is still to come.", returned))
    if facts.signed_on is not None and facts.signed_on < facts.delivered_on:
        against.append(
            Reason("signed-before", "It was signed before this version was delivered: it is about another.", signature)
        )
    if not facts.has_scan:
        against.append(Reason("no-scan", "Add a picture or PDF of the signed paper.", returned))
    return Decision(tuple(against))
