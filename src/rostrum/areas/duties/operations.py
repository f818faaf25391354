"""Opening and closing duties. A duty is closed by evidence, never by time."""

from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from rostrum.areas.duties import events, rules
from rostrum.areas.duties.kinds import kind_of
from rostrum.areas.duties.models import CHANGE_FIELDS, Duty, HandOver
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.kernel.decisions import InvalidInput, Refused

LONGEST_REASON = 500
_LEFT = "The person left."


class Owner(Protocol):
    """The person who has to do it (people stand above duties, so only this much is known of them here)."""

    pk: Any
    public_id: str


@transaction.atomic
def open_duty(
    *,
    kind: str,
    title: str,
    owner_role: str,
    due_at: datetime | None,
    subject: str,
    actor: str,
    now: datetime,
    clause: str = "",
    clock: str = "",
    owner: Owner | None = None,
    unit: str = "",
    other_on: date | None = None,
) -> Duty:
    """Open the duty of `owner_role` about `subject` (a public id), owed until `due_at` (None: no instant).

    `unit` is the public id of the department whose business it is: those who hold the role over that department or the
    whole body are asked. `other_on` is the date of the other reading, where the counting is unsettled (`Deadline`).

    There is one open duty per kind and subject: when it is open already, that one is returned and nothing is recorded,
    so that a job may notice the same cause as often as it looks. Raises `InvalidInput` without kind, title, role or
    subject.
    """
    for name, value in (("kind", kind), ("title", title), ("owner_role", owner_role), ("subject", subject)):
        if not value.strip():
            raise InvalidInput(name, "A duty needs a kind, a title, the role that owes it and its subject.")
    still_open = Duty.objects.filter(kind=kind, subject=subject, closed_at=None)
    if (existing := still_open.first()) is not None:
        return existing
    try:
        with transaction.atomic():
            duty = Duty.objects.create(
                kind=kind,
                title=title,
                owner_role=owner_role,
                owner_id=None if owner is None else owner.pk,
                opened_at=now,
                due_at=due_at,
                clock=clock,
                clause=clause,
                other_on=other_on,
                subject=subject,
                unit=unit,
            )
    except IntegrityError:
        # Somebody opened it between the look and the insert.
        return still_open.get()
    ledger.record(
        events.DutyOpened(
            duty=duty.public_id,
            duty_kind=kind,
            subject=subject,
            owner_role=owner_role,
            owner="" if owner is None else owner.public_id,
            due_at="" if due_at is None else instant_text(due_at),
            clock=clock,
            clause=clause,
            unit=unit,
        ),
        actor=actor,
        now=now,
    )
    return duty


@transaction.atomic
def close_duty(
    *,
    evidence: str,
    actor: str,
    now: datetime,
    duty_id: str | None = None,
    kind: str | None = None,
    subject: str | None = None,
) -> Duty:
    """Close the open duty named by its public id, or by kind and subject, with what shows that it was done.

    `evidence` is a public id, an entry or a reference, at most 500 characters. Raises `Refused` when no such duty is
    open, `InvalidInput` without evidence.
    """
    if not evidence.strip() or len(evidence) > 500:
        raise InvalidInput("evidence", "Name what shows that the duty was done, in at most 500 characters.")
    chosen = Duty.objects.select_for_update().filter(closed_at=None)
    if duty_id is not None:
        duty = chosen.filter(public_id=duty_id).first()
    elif kind is not None and subject is not None:
        duty = chosen.filter(kind=kind, subject=subject).first()
    else:
        raise InvalidInput("duty", "Name the duty by its id, or by its kind and its subject.")
    if duty is None:
        raise Refused.because("no-open-duty", "There is no such open duty: it was closed already or never opened.")

    duty.closed_at = now
    duty.closed_by = actor
    duty.evidence = evidence
    duty.note_change(now)
    duty.save(update_fields=["closed_at", "closed_by", "evidence", *CHANGE_FIELDS])
    ledger.record(
        events.DutyClosed(
            duty=duty.public_id,
            duty_kind=duty.kind,
            subject=duty.subject,
            evidence=evidence,
            was_late=rules.is_overdue(due_at=duty.due_at, closed_at=now, now=now),
        ),
        actor=actor,
        now=now,
    )
    return duty


@transaction.atomic
def hand_over_duty(*, duty_id: str, to: Owner | None, reason: str, actor: str, now: datetime) -> Duty:
    """Give an open duty to a person, or (None) back to the role that owes it.

    Who may is decided above (`agenda`). Raises `Refused` when it is not open or changes nothing, `InvalidInput`
    without a reason of at most 500 characters.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidInput("reason", f"Say why it is handed over, in at most {LONGEST_REASON} characters.")
    duty = Duty.objects.select_for_update().filter(public_id=duty_id, closed_at=None).first()
    if duty is None:
        raise Refused.because("no-open-duty", "There is no such open duty: it was closed already or never opened.")
    if duty.owner_id == (None if to is None else to.pk):
        raise Refused.because("same-owner", "It is theirs already.")
    return _hand_over(duty, to, reason.strip(), actor=actor, now=now, by_departure=False)


@transaction.atomic
def release_duties_of(*, person: Owner, actor: str, now: datetime) -> int:
    """Give the open duties of somebody who left back to the roles that owe them; return how many there were.

    What only that person could do (`DutyKind.is_personal`) is closed: the departure is what shows that it is over.
    """
    found = list(Duty.objects.select_for_update().filter(owner_id=person.pk, closed_at=None).order_by("pk"))
    for duty in found:
        if kind_of(duty.kind).is_personal:
            close_duty(duty_id=duty.public_id, evidence=person.public_id, actor=actor, now=now)
        else:
            _hand_over(duty, None, _LEFT, actor=actor, now=now, by_departure=True)
    return len(found)


def _hand_over(duty: Duty, to: Owner | None, reason: str, *, actor: str, now: datetime, by_departure: bool) -> Duty:
    before: Any = duty.owner
    HandOver.objects.create(
        duty=duty, from_person=before, to_person_id=None if to is None else to.pk, by=actor, reason=reason, at=now
    )
    duty.owner_id = None if to is None else to.pk
    duty.note_change(now)
    duty.save(update_fields=["owner", *CHANGE_FIELDS])
    ledger.record(
        events.DutyHandedOver(
            duty=duty.public_id,
            from_person="" if before is None else before.public_id,
            to_person="" if to is None else to.public_id,
            reason=reason,
            by_departure=by_departure,
        ),
        actor=actor,
        now=now,
    )
    return duty
