"""Second factors: who needs one, what is asked next, and who may change or reset them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rostrum.areas.people.rules.permissions import HeldRole, Role
from rostrum.kernel.decisions import Decision, Reason

# Changes of factors ask for a proof of who is there that is no older than this.
FRESH_PROOF: Final = timedelta(minutes=15)
# Between the first step of signing in and the second.
PENDING_LASTS: Final = timedelta(minutes=10)
# A reset that nobody confirms lapses: what was lost has been found by then, or is asked for anew.
RESET_LASTS: Final = timedelta(hours=72)
MOST_FACTORS: Final = 10
RECOVERY_CODES: Final = 10


class FactorKind(StrEnum):
    """What a second factor is."""

    APP = "app"
    PASSKEY = "passkey"


FACTOR_TITLES: Final = {FactorKind.APP: "Authenticator app", FactorKind.PASSKEY: "Passkey"}


class Step(StrEnum):
    """What comes after the first step of signing in."""

    IN = "in"
    FACTOR = "factor"
    ENROL = "enrol"


def needs_second_factor(roles: Iterable[HeldRole], required_for: frozenset[Role]) -> bool:
    """Whether somebody with these roles must have a second factor."""
    return any(held.role in required_for for held in roles)


def step_after(*, given: bool, has_factors: bool, is_required: bool) -> Step:
    """What comes next: `given` is whether the first step already was two factors (a passkey, a directory)."""
    if given:
        return Step.IN
    if has_factors:
        # Also of those who need none: who has set one up relies on its being asked for.
        return Step.FACTOR
    return Step.ENROL if is_required else Step.IN


@dataclass(frozen=True, slots=True)
class FactorChangeFacts:
    """What adding or removing one's own factor needs to know; `left` is how many there would be afterwards."""

    person_present: bool
    proven_at: datetime | None
    now: datetime
    left: int
    is_required: bool
    is_removal: bool = False


def decide_factor_change(facts: FactorChangeFacts) -> Decision:
    """Decide whether a person may add or remove a factor of their own now."""
    against = []
    if not facts.person_present:
        against.append(Reason("person-left", "This person cannot sign in any more."))
    if facts.proven_at is None or facts.now - facts.proven_at > FRESH_PROOF:
        against.append(Reason("proof-too-old", "Show once more that it is you; then change your sign-in."))
    if facts.left > MOST_FACTORS:
        against.append(Reason("too-many-factors", f"You have {MOST_FACTORS} already; remove one you no longer use."))
    if facts.is_removal and facts.is_required and facts.left < 1:
        against.append(
            Reason("last-factor", "Your role asks for a second factor. Add another one before removing this one.")
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ResetFacts:
    """What asking for, confirming or dropping a reset of lost factors needs to know."""

    actor: str
    person: str
    person_present: bool
    may_reset: Decision
    has_factors: bool = True
    open_asked_by: str = ""
    asked_at: datetime | None = None
    now: datetime | None = None


def decide_reset_ask(facts: ResetFacts) -> Decision:
    """Decide whether the actor may ask that somebody's lost factors be reset."""
    against = list(facts.may_reset.against)
    if facts.actor == facts.person:
        against.append(Reason("own-reset", "Nobody resets their own factors; ask two others who may."))
    if not facts.person_present:
        against.append(Reason("person-left", "This person cannot sign in any more."))
    if not facts.has_factors:
        against.append(Reason("no-factors", "This person has no second factor; there is nothing to reset."))
    if facts.open_asked_by:
        against.append(Reason("reset-open", "A reset is asked for already; a second person confirms or drops it."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class InstallerResetFacts:
    """A reset at the machine; `others` are the names of those who could do it by two, as persons do."""

    person_present: bool
    has_factors: bool
    others: tuple[str, ...]


def decide_installer_reset(facts: InstallerResetFacts) -> Decision:
    """Decide whether lost factors may be reset at the machine: only where no two others are left to do it."""
    against = []
    if not facts.person_present:
        against.append(Reason("person-left", "This person cannot sign in any more."))
    elif not facts.has_factors:
        against.append(Reason("no-factors", "This person has no second factor; there is nothing to reset."))
    if len(facts.others) > 1:
        names = " and ".join((", ".join(facts.others[:-1]), facts.others[-1]))
        against.append(
            Reason("needs-two", f"{names} can do it: one asks on the person's page in Rostrum, another confirms.")
        )
    return Decision(tuple(against))


def decide_reset_confirm(facts: ResetFacts) -> Decision:
    """Decide whether the actor may be the second person who confirms a reset."""
    against = list(facts.may_reset.against)
    if facts.actor == facts.person:
        against.append(Reason("own-reset", "Nobody resets their own factors; ask two others who may."))
    if facts.actor == facts.open_asked_by:
        against.append(Reason("same-person", "You asked for this reset; a second person must confirm it."))
    if not facts.open_asked_by:
        against.append(Reason("reset-settled", "This reset is settled already."))
    elif facts.asked_at is not None and facts.now is not None and facts.now - facts.asked_at > RESET_LASTS:
        against.append(Reason("reset-lapsed", "This reset was asked for more than three days ago; ask for it anew."))
    if not facts.person_present:
        against.append(Reason("person-left", "This person cannot sign in any more."))
    return Decision(tuple(against))
