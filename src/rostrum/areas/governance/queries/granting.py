"""What must come before a right on a channel: asked by whoever gives one, and shown to whoever is to get one."""

from datetime import datetime

from rostrum.areas.governance.queries import acknowledgements, packs, training
from rostrum.areas.governance.rules.granting import Asked, GrantingFacts, decide_granting
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import Decision
from rostrum.kernel.findings import Strength

# Lowered to these by the body's choice, a clause no longer refuses.
_ONLY_SAID = (Strength.WARN, Strength.INFORM, Strength.RECORD)


def granting_facts(person: User, *, now: datetime) -> GrantingFacts:
    """Everything the policy in force asks of this person before a right on a channel, done or not."""
    if packs.activation() is None:
        return GrantingFacts(person.public_id, person.name)
    asked = []
    for form in acknowledgements.forms():
        if form.before_grant and _refuses(form.before_grant) and acknowledgements.covers(form, person):
            is_missing = acknowledgements.text_of(form) is None
            is_done = not is_missing and acknowledgements.is_certified(person, form)
            asked.append(Asked("certification", form.title, form.before_grant, is_done, is_missing))
    for one in training.trainings():
        if one.is_before_grant and (not one.before_grant or _refuses(one.before_grant)):
            is_done = training.is_completed(person, one.key, now=now)
            asked.append(Asked("training", one.title, one.before_grant, is_done))
    return GrantingFacts(person.public_id, person.name, tuple(asked))


def may_be_granted(person: User, *, now: datetime) -> Decision:
    """Whether the person has certified and completed what must come before any right on a channel.

    Who gives rights (`channels`) joins this to its own decision: ``decision.also(governance.may_be_granted(…))``.
    """
    return decide_granting(granting_facts(person, now=now))


def _refuses(clause: str) -> bool:
    bounds = [bound for bound in packs.policy().bounds if bound.clause.id == clause]
    return not bounds or any(bound.strength not in _ONLY_SAID for bound in bounds)
