"""Telling persons what is due, once per stage, in one mail each; and putting what nobody does before the next in line.

The rows are written in the transaction that queues the mail: a mail may go out twice after a crash, never for nothing,
and what was told is not told again.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from rostrum.areas.agenda import events
from rostrum.areas.agenda.models import Escalation, Notice
from rostrum.areas.agenda.rules import Stage, kind_of_stage
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.kernel.ids import new_id

MAIL_JOB = "agenda.send-digest"


@transaction.atomic
def escalate_duty(
    *, duty_id: str, level: int, role: str, persons: Collection[int], actor: str, now: datetime
) -> Escalation | None:
    """Record that an overdue duty goes to the holders of a role; None when it is closed or had gone there already."""
    duty = Duty.objects.select_for_update().get(public_id=duty_id)
    if not duty.is_open or Escalation.objects.filter(duty=duty, level=level).exists():
        return None
    made = Escalation.objects.create(duty=duty, level=level, role=role, at=now)
    named = User.objects.filter(pk__in=list(persons)).order_by("pk").values_list("public_id", flat=True)
    ledger.record(
        events.DutyEscalated(duty=duty.public_id, duty_kind=duty.kind, level=level, role=role, persons=list(named)),
        actor=actor,
        now=now,
    )
    return made


@transaction.atomic
def remind_person(*, person: User, told: Sequence[tuple[int, str]], actor: str, now: datetime) -> str:
    """Queue one mail that tells the person of these duties (their keys, each with its stage); return its batch.

    What the person was told before, or what is closed by now, is left out; with nothing left nothing is sent and ""
    is returned. Somebody who has left is told nothing.
    """
    if not people.is_present(person, now=now):
        return ""
    # Locked, so that two workers cannot tell the same person twice.
    User.objects.select_for_update().get(pk=person.pk)
    before = set(Notice.objects.filter(person=person).values_list("duty", "stage"))
    still_open = set(
        Duty.objects.filter(pk__in=[duty for duty, _ in told], closed_at=None).values_list("pk", flat=True)
    )
    fresh = [(duty, stage) for duty, stage in told if duty in still_open and (duty, stage) not in before]
    if not fresh:
        return ""
    batch = new_id("bat")
    Notice.objects.bulk_create(
        [Notice(duty_id=duty, person=person, stage=stage, batch=batch, at=now) for duty, stage in fresh],
        batch_size=1000,
    )
    count = Counter(kind_of_stage(stage) for _, stage in fresh)
    ledger.record(
        events.PersonReminded(
            person=person.public_id,
            batch=batch,
            soon=count[Stage.SOON],
            due=count[Stage.DUE],
            overdue=count[Stage.AGAIN],
            escalated=count[Stage.ESCALATED],
        ),
        actor=actor,
        now=now,
    )
    jobs.enqueue(MAIL_JOB, {"batch": batch}, now=now)
    return batch
