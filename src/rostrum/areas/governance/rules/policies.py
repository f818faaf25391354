"""Who may enter the text of a policy, and who puts it in force. Facts in, decision out."""

from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class InForceFacts:
    """A text that is to be put in force. A pack's own document, which people certify, takes two persons."""

    entered_by: str
    actor: str
    is_own: bool
    is_in_force: bool
    is_newest: bool
    may_put: Decision


def decide_in_force(facts: InForceFacts) -> Decision:
    """Whether this person may put this text in force."""
    against = list(facts.may_put.against)
    if facts.is_own and facts.entered_by == facts.actor:
        against.append(Reason("own-text", "Who entered the text does not put it in force; a second person must."))
    if facts.is_in_force:
        against.append(Reason("in-force", "This text is in force already."))
    elif not facts.is_newest:
        against.append(Reason("not-newest", "A newer text was entered since: put that one in force."))
    return Decision(tuple(against))
