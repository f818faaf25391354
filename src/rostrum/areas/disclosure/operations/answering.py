"""The answer: fee, determination, closing, withdrawal."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.disclosure import events, law, letters, rules, withholding
from rostrum.areas.disclosure.models import Determination, RecordsRequest
from rostrum.areas.disclosure.operations.locking import locked_request, move, must_process_requests
from rostrum.areas.disclosure.queries import record_facts, records_under_review
from rostrum.areas.disclosure.states import RequestAct, RequestState
from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.retention import operations as retention
from rostrum.areas.retention.models import HoldKind
from rostrum.kernel.decisions import InvalidInput


@transaction.atomic
def estimate_fee(
    *, request_id: str, costs: rules.FeeCosts, ask_prepayment: bool, actor: User, now: datetime
) -> RecordsRequest:
    """Work out the fee under the law's rules; ask for prepayment only where the law allows it."""
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    fee = rules.fee_for(costs, law.fee_rule())
    if ask_prepayment and not fee.prepayment_allowed:
        raise InvalidInput(
            "prepayment", "the law allows asking for prepayment only above its threshold (s. 19.35(3)(f))"
        )
    move(request, RequestAct.ESTIMATE_FEE)
    if ask_prepayment:
        move(request, RequestAct.ASK_PREPAYMENT)
    request.fee_cents = fee.total_cents
    request.fee_basis = {name: getattr(costs, name) for name in rules.FeeCosts.__dataclass_fields__}
    request.save(update_fields=["state", "fee_cents", "fee_basis"])
    ledger.record(
        events.FeeEstimated(request=request.public_id, fee_cents=fee.total_cents, prepayment=ask_prepayment),
        actor=actor.public_id,
        now=now,
    )
    return request


@transaction.atomic
def record_prepayment(*, request_id: str, actor: User, now: datetime) -> RecordsRequest:
    """Note that the prepayment came in."""
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    if request.state != RequestState.AWAITING_PREPAYMENT or request.prepaid_at is not None:
        raise InvalidInput("prepayment", "no prepayment is being waited for")
    request.prepaid_at = now
    request.save(update_fields=["prepaid_at"])
    ledger.record(events.PrepaymentRecorded(request=request.public_id), actor=actor.public_id, now=now)
    return request


@transaction.atomic
def issue_determination(*, request_id: str, actor: User, now: datetime) -> Determination:
    """Issue the determination that the decisions amount to, with its letter. Raises `Refused` with every reason.

    Where something is denied, the earliest day on which the records might be disposed of is fixed here (s. 19.35(5)).
    """
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    records = records_under_review(request, with_payloads=True)
    facts = tuple(record_facts(record) for record in records)
    shown = withholding.still_shown(withholding.chosen_from(records))
    still_shown = tuple((one.shown_in, one.withheld_from) for one in shown)
    rules.decide_determination(RequestState(request.state), facts, still_shown).or_refuse()
    outcome = rules.outcome_of(facts)
    letter = letters.determination(request, outcome, records, now)
    move(request, RequestAct.DETERMINE)
    request.save(update_fields=["state"])
    determination = Determination.objects.create(
        request=request,
        outcome=outcome,
        letter=letter.text,
        letter_digest=sha256(letter.text.encode()).hexdigest(),
        hold_until_on=law.deadline(law.DESTROY_BAR, now).act_from_on if outcome in ("partial", "denied") else None,
        issued_by=actor,
        issued_at=now,
    )
    ledger.record(
        events.RequestDetermined(
            request=request.public_id,
            determination=determination.public_id,
            outcome=outcome,
            letter_digest=determination.letter_digest,
            released=sum(1 for one in facts if one.choice == rules.RELEASE),
            redacted=sum(1 for one in facts if one.choice == rules.REDACT),
            withheld=sum(1 for one in facts if one.choice == rules.WITHHOLD),
        ),
        actor=actor.public_id,
        now=now,
    )
    duties.close_duty(
        kind="request.respond",
        subject=request.public_id,
        evidence=determination.public_id,
        actor=actor.public_id,
        now=now,
    )
    letters.send(request, "determination", now=now)
    return determination


@transaction.atomic
def close_request(*, request_id: str, actor: User, now: datetime) -> RecordsRequest:
    """Close the request. Its hold stays until two people end it, after a denial not before the law's day."""
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    determination = Determination.objects.filter(request=request).first()
    rules.decide_close(RequestState(request.state), determination.outcome if determination else "").or_refuse()
    move(request, RequestAct.CLOSE)
    request.closed_at = now
    request.save(update_fields=["state", "closed_at"])
    ledger.record(events.RequestClosed(request=request.public_id), actor=actor.public_id, now=now)
    retention.settle_matter(
        kind=HoldKind.REQUEST,
        matter=request.public_id,
        not_before_on=determination.hold_until_on if determination else None,
        actor=actor.public_id,
        now=now,
    )
    return request


@transaction.atomic
def withdraw_request(*, request_id: str, actor: str, now: datetime) -> RecordsRequest:
    """Take note that the requester took the request back. `actor` is "public" or a person's public id."""
    request = locked_request(request_id)
    move(request, RequestAct.WITHDRAW)
    request.save(update_fields=["state"])
    ledger.record(events.RequestWithdrawn(request=request.public_id), actor=actor, now=now)
    duties.close_duty(
        kind="request.respond", subject=request.public_id, evidence=request.public_id, actor=actor, now=now
    )
    retention.settle_matter(kind=HoldKind.REQUEST, matter=request.public_id, not_before_on=None, actor=actor, now=now)
    return request
