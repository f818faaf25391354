"""A duty goes to another person, or is closed by saying what was done."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.agenda import queries, rules
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import Refused


def _locked(duty_id: str, actor: User, now: datetime) -> Duty:
    """The duty, locked, if the actor may see it at all. Raises `Refused`."""
    Duty.objects.select_for_update().filter(public_id=duty_id).first()
    found = queries.visible_duties(actor, now=now).filter(public_id=duty_id).first()
    if found is None:
        raise Refused.because("no-such-duty", "There is no such duty, or it is not for you to see.")
    return found


@transaction.atomic
def hand_over(*, duty_id: str, to: User | None, reason: str, actor: User, now: datetime) -> Duty:
    """Give an open duty to another person, or (None) back to its role. Raises `Refused`, `InvalidInput`."""
    duty = _locked(duty_id, actor, now)
    rules.decide_hand_over(queries.hand_over_facts(duty, to, actor=actor, now=now)).or_refuse()
    return duties.hand_over_duty(duty_id=duty_id, to=to, reason=reason, actor=actor.public_id, now=now)


@transaction.atomic
def close_by_statement(*, duty_id: str, statement: str, actor: User, now: datetime) -> Duty:
    """Close a duty that nothing else closes by saying what was done. Raises `Refused`, `InvalidInput`."""
    duty = _locked(duty_id, actor, now)
    rules.decide_statement(queries.statement_facts(duty, actor=actor, now=now)).or_refuse()
    return duties.close_duty(duty_id=duty_id, evidence=statement.strip(), actor=actor.public_id, now=now)
