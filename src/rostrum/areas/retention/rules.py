"""May a hold end? Facts in, decision out."""

from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What the decision to end a hold needs."""

    released: bool
    asked_by: str  # public id of the person who asked, or empty
    actor: str


def decide_ask_release(facts: ReleaseFacts) -> Decision:
    """Whether the actor may ask that the hold end."""
    against: list[Reason] = []
    if facts.released:
        against.append(Reason("hold-ended", "This hold has already ended."))
    if facts.asked_by:
        against.append(Reason("release-asked", "Its end has already been asked for; a second person decides."))
    return Decision(tuple(against))


def decide_release(facts: ReleaseFacts) -> Decision:
    """Whether the actor may end the hold: only after another person asked (design §11.14)."""
    against: list[Reason] = []
    if facts.released:
        against.append(Reason("hold-ended", "This hold has already ended."))
    if not facts.asked_by:
        against.append(Reason("release-not-asked", "Somebody must first ask, with a reason, that this hold end."))
    elif facts.asked_by == facts.actor:
        against.append(
            Reason(
                "second-person", "Ending a hold takes two people: another person than the one who asked must decide."
            )
        )
    return Decision(tuple(against))
