"""May a hold end? Facts in, decision out."""

from dataclasses import dataclass
from datetime import date

from rostrum.kernel.decisions import Decision, Reason

_ALLOWED = Decision()


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What the decision to end a hold needs."""

    released: bool
    asked_by: str  # public id of the person who asked, or empty
    actor: str
    may: Decision = _ALLOWED
    matter_is_open: bool = False
    not_before_on: date | None = None
    today: date | None = None  # the civil day where the body is


def _binding(facts: ReleaseFacts) -> list[Reason]:
    against = list(facts.may.against)
    if facts.released:
        against.append(Reason("hold-ended", "This hold has already ended."))
    if facts.matter_is_open:
        against.append(Reason("matter-open", "What this hold is for is not closed yet."))
    if facts.not_before_on and facts.today and facts.today < facts.not_before_on:
        against.append(
            Reason(
                "too-early",
                f"This hold cannot end before {facts.not_before_on}: a denial can still be reviewed (s. 19.35(5)).",
            )
        )
    return against


def decide_ask_release(facts: ReleaseFacts) -> Decision:
    """Whether the actor may ask that the hold end."""
    against = _binding(facts)
    if facts.asked_by:
        against.append(Reason("release-asked", "Its end has already been asked for; a second person decides."))
    return Decision(tuple(against))


def decide_release(facts: ReleaseFacts) -> Decision:
    """Whether the actor may end the hold: only after another person asked (design §11.14)."""
    against = _binding(facts)
    if not facts.asked_by:
        against.append(Reason("release-not-asked", "Somebody must first ask, with a reason, that this hold end."))
    elif facts.asked_by == facts.actor:
        against.append(
            Reason(
                "second-person", "Ending a hold takes two people: another person than the one who asked must decide."
            )
        )
    return Decision(tuple(against))
