"""A platform's list of administrators against the body's roster of holders: what does not agree. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rostrum.areas.channels.rules.admin_lists import Administrator, folded
from rostrum.kernel.decisions import Decision, Reason


class Disagreement(StrEnum):
    """What does not agree."""

    UNKNOWN = "unknown"
    DEPARTED = "departed"
    NO_RIGHT = "no-right"
    TOO_MANY = "too-many"
    TOO_FEW = "too-few"


DISAGREEMENT_TITLES = {
    Disagreement.UNKNOWN: "Nobody we know",
    Disagreement.DEPARTED: "Has left",
    Disagreement.NO_RIGHT: "Holds no right on it",
    Disagreement.TOO_MANY: "Too many administrators",
    Disagreement.TOO_FEW: "Too few verified holders",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the body, as far as a list of administrators is concerned."""

    person: str
    name: str
    is_present: bool
    has_right: bool
    holds_credential: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """One administrator of the list, with the person it is, where that is known."""

    row: Administrator
    known: Known | None


@dataclass(frozen=True, slots=True)
class Found:
    """One disagreement; `key` is by what it is recognised in the next list."""

    kind: Disagreement
    key: str
    words: str
    person: str = ""


def match(
    row: Administrator,
    *,
    by_login: Mapping[str, Known],
    by_email: Mapping[str, Known],
    by_name: Mapping[str, tuple[Known, ...]],
) -> Known | None:
    """The person that an administrator is: by a log-in name told before, by e-mail, by a name only one person has."""
    for login in (row.login, row.email, row.name):
        if login and (known := by_login.get(folded(login))):
            return known
    if row.email and (known := by_email.get(row.email.casefold())):
        return known
    named = by_name.get(folded(row.name), ()) if row.name else ()
    return named[0] if len(named) == 1 else None


# Two persons who can each get in by themselves: one may be ill, locked out, or gone.
MIN_VERIFIED = 2


def reconcile(matched: tuple[Matched, ...], *, most: int) -> tuple[Found, ...]:
    """Every disagreement between the platform's list and the roster of holders."""
    found: list[Found] = []
    for one in matched:
        known, row = one.known, one.row
        if known is None:
            found.append(Found(Disagreement.UNKNOWN, row.key, f"{row.shown} is nobody the body knows."))
        elif not known.is_present:
            words = f"{row.shown} is {known.name}, who has left."
            found.append(Found(Disagreement.DEPARTED, row.key, words, known.person))
        elif not known.has_right:
            words = f"{row.shown} is {known.name}, who holds no right on this channel."
            found.append(Found(Disagreement.NO_RIGHT, row.key, words, known.person))
    if most and len(matched) > most:
        found.append(Found(Disagreement.TOO_MANY, "", f"{len(matched)} administrators; at most {most} are wanted."))
    verified = {
        one.known.person for one in matched if one.known and one.known.is_present and one.known.holds_credential
    }
    if len(verified) < MIN_VERIFIED:
        count = {0: "No verified holder", 1: "One verified holder only"}[len(verified)]
        found.append(
            Found(
                Disagreement.TOO_FEW,
                "",
                f"{count}: at least {MIN_VERIFIED} persons who hold the log-in must be administrators on the platform.",
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """A disagreement about to be answered with a reason, or by saying which person an administrator is."""

    may_answer: Decision
    is_open: bool
    is_answered: bool
    kind: Disagreement
    reason: str
    names_a_person: bool
    is_about_self: bool


def decide_answer(facts: AnswerFacts) -> Decision:
    """Decide whether the disagreement may be answered so."""
    against = list(facts.may_answer.against)
    if not facts.is_open:
        against.append(Reason("resolved", "The last list does not show this any more; nothing is left to answer."))
    elif facts.is_answered:
        against.append(Reason("answered", "This was answered already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why it is so, or what was done; the reason is kept."))
    if facts.names_a_person and facts.kind is not Disagreement.UNKNOWN:
        against.append(Reason("not-unknown", "Who this administrator is, is known."))
    if facts.is_about_self:
        against.append(Reason("own-finding", "Nobody answers for their own access; another person must."))
    return Decision(tuple(against))
