"""Browsers on computers of the body: proposed where they stand, confirmed by IT, withdrawn."""

import secrets
from datetime import datetime

from django.db import transaction

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events
from rostrum.areas.people.models import Computer, User
from rostrum.areas.people.operations.acting import may
from rostrum.areas.people.queries.computers import digest_of_mark
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.rules import computers as rules
from rostrum.kernel.decisions import InvalidInput

MOST_LABEL = 100


@transaction.atomic
def propose_computer(*, label: str, browser: str, actor: User, now: datetime) -> tuple[Computer, str]:
    """Say that the browser in use stands on a computer of the body; returns it with the mark that the browser keeps.

    The mark is random and kept here as a digest only. Raises `InvalidInput` where the label is empty or too long.
    """
    words = " ".join(label.split())
    if not words or len(words) > MOST_LABEL:
        raise InvalidInput("label", f"give the computer's inventory number or name, at most {MOST_LABEL} characters")
    mark = secrets.token_urlsafe(32)
    made = Computer.objects.create(
        label=words, browser=browser[:60], mark_digest=digest_of_mark(mark), proposed_by=actor, proposed_at=now
    )
    ledger.record(events.ComputerProposed(computer=made.public_id, label=words), actor=actor.public_id, now=now)
    return made, mark


@transaction.atomic
def confirm_computer(*, computer_id: str, actor: User, now: datetime) -> Computer:
    """Confirm that it is the body's. Raises `Refused`: not IT, one's own proposal, confirmed or withdrawn before."""
    found = _locked(computer_id)
    rules.decide_computer(
        rules.ConfirmingFacts(
            may_confirm=may(actor, Permission.CONFIRM_COMPUTER, now),
            actor=actor.public_id,
            proposer=found.proposed_by.public_id,
            is_confirmed=found.confirmed_at is not None,
            is_withdrawn=found.withdrawn_at is not None,
        )
    ).or_refuse()
    found.confirmed_by, found.confirmed_at = actor, now
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    event = events.ComputerConfirmed(computer=found.public_id, label=found.label)
    ledger.record(event, actor=actor.public_id, now=now)
    return found


@transaction.atomic
def withdraw_computer(*, computer_id: str, reason: str, actor: User, now: datetime) -> Computer:
    """Have it count no more: lost, handed on, or never the body's. Raises `Refused`."""
    found = _locked(computer_id)
    rules.decide_computer_end(
        rules.ComputerEndFacts(
            may_confirm=may(actor, Permission.CONFIRM_COMPUTER, now),
            actor=actor.public_id,
            proposer=found.proposed_by.public_id,
            is_withdrawn=found.withdrawn_at is not None,
            reason=reason,
        )
    ).or_refuse()
    found.withdrawn_by, found.withdrawn_at, found.withdrawn_reason = actor, now, reason.strip()
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    event = events.ComputerWithdrawn(computer=found.public_id, reason=reason.strip())
    ledger.record(event, actor=actor.public_id, now=now)
    return found


def _locked(computer_id: str) -> Computer:
    found = Computer.objects.select_for_update(of=("self",)).select_related("proposed_by")
    computer = found.filter(public_id=computer_id).first()
    if computer is None:
        raise InvalidInput("computer", f"there is no computer {computer_id}")
    return computer
