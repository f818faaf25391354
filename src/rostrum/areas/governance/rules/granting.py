"""What stands between a person and a right on a channel: certifications and trainings. Facts in, decision out."""

from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that must be done before a right is given: what it is called, by which clause, and whether it is."""

    code: str
    title: str
    clause: str
    is_done: bool
    # Set where it cannot be done yet: the body has not entered the text.
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class GrantingFacts:
    """A person who is to be given a right on a channel, and everything asked beforehand."""

    person: str
    name: str
    asked: tuple[Asked, ...] = ()


def decide_granting(facts: GrantingFacts) -> Decision:
    """Whether nothing that must come before a right is still open."""
    against = []
    for one in facts.asked:
        if one.is_missing:
            message = f"The body has not entered the text of “{one.title}” yet, so nobody can certify it."
            against.append(Reason(f"{one.code}-missing", message, one.clause or None))
        elif not one.is_done:
            verb = "completed" if one.code == "training" else "certified"
            against.append(Reason(one.code, f"{facts.name} has not {verb} “{one.title}” yet.", one.clause or None))
    return Decision(tuple(against))
