"""A request comes in, is acknowledged, and is made clear."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Max

from rostrum.areas.disclosure import events, law, letters
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.disclosure.operations.locking import locked_request, move, must_process_requests
from rostrum.areas.disclosure.states import RequestAct, RequestState
from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

LONGEST_REQUEST = 10_000
LONGEST_NAME = 200
_LONGEST_ANSWER = 4_000


@dataclass(frozen=True, slots=True)
class Received:
    """A request just received, and the code with which its requester can follow it (shown once, kept only hashed)."""

    request: RecordsRequest
    follow_code: str


def follow_digest(code: str) -> str:
    """The form in which a follow code is kept: its SHA-256 in hex, however it was typed."""
    return hashlib.sha256(code.strip().replace("-", "").lower().encode()).hexdigest()


def written(field: str, text: str, longest: int, missing: str = "") -> str:
    """What somebody wrote, without white space around it. Raises `InvalidInput` naming the field.

    `missing` is said where nothing was written but something must be.
    """
    text = text.strip()
    if missing and not text:
        raise InvalidInput(field, missing)
    if len(text) > longest:
        raise InvalidInput(field, f"write at most {longest:,} characters; these are {len(text):,}")
    if "\0" in text:
        # No database takes it, and nobody can type it.
        raise InvalidInput(field, "there is a character in it that is not text")
    return text


@transaction.atomic
def receive_request(
    *,
    via: str,
    wants: str,
    requester_name: str = "",
    requester_email: str = "",
    actor: str,
    now: datetime,
) -> Received:
    """Take a request in and open the duty to respond. Name and address are optional (s. 19.35(1)(i), Wis. Stats.).

    `actor` is "public" for the portal's form, else the public id of the person who took it. Raises `InvalidInput`
    naming the field.
    """
    if via not in RecordsRequest.Via.values:
        raise InvalidInput("via", f"“{via}” is not one of {', '.join(RecordsRequest.Via.values)}")
    wants = written("wants", wants, LONGEST_REQUEST, "say which records you would like to see")
    requester_name = written("requester_name", requester_name, LONGEST_NAME)
    requester_email = requester_email.strip()
    if requester_email:
        try:
            validate_email(requester_email)
        except ValidationError as problem:
            raise InvalidInput(
                "requester_email", "this is not an e-mail address; it may also be left empty"
            ) from problem
    code = secrets.token_hex(8)
    respond_by = law.respond_by(now)
    request = _numbered(
        via=via,
        wants=wants,
        requester_name=requester_name,
        requester_email=requester_email,
        follow_digest=follow_digest(code),
        state=RequestState.RECEIVED,
        received_at=now,
        respond_by_on=respond_by.due_on,
    )
    ledger.record(
        events.RequestReceived(request=request.public_id, number=request.number, via=via), actor=actor, now=now
    )
    duties.open_duty(
        kind="request.respond",
        title=f"Respond to records request {request.number}",
        owner_role=Role.RECORDS_CUSTODIAN,
        due_at=respond_by.due_at,
        subject=request.public_id,
        clock=respond_by.clock,
        actor=actor,
        now=now,
    )
    return Received(request, "-".join(code[start : start + 4] for start in range(0, 16, 4)))


def _numbered(**fields: Any) -> RecordsRequest:
    """Create the request with the next number; another that came in at the same instant makes it try the one after."""
    for _ in range(20):
        highest = RecordsRequest.objects.aggregate(highest=Max("number"))["highest"] or 0
        try:
            with transaction.atomic():
                return RecordsRequest.objects.create(number=highest + 1, **fields)
        except IntegrityError:
            continue
    raise InvalidInput("request", "too many requests came in at this instant; send it again")


@transaction.atomic
def acknowledge_request(*, request_id: str, actor: User, now: datetime) -> RecordsRequest:
    """Tell the requester that the request is being worked on; by e-mail where an address was given."""
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    move(request, RequestAct.ACKNOWLEDGE)
    request.acknowledged_at = now
    request.save(update_fields=["state", "acknowledged_at"])
    ledger.record(
        events.RequestAcknowledged(request=request.public_id, respond_by_on=request.respond_by_on.isoformat()),
        actor=actor.public_id,
        now=now,
    )
    letters.send(request, "acknowledgement", now=now)
    return request


@transaction.atomic
def ask_requester(*, request_id: str, question: str, actor: User, now: datetime) -> RecordsRequest:
    """Ask the requester to make the request clearer. Raises `InvalidInput` when there is no question."""
    must_process_requests(actor, now=now)
    question = written("question", question, _LONGEST_ANSWER, "write what the requester should make clear")
    request = locked_request(request_id)
    move(request, RequestAct.ASK_REQUESTER)
    request.question = question
    request.save(update_fields=["state", "question"])
    ledger.record(events.RequesterAsked(request=request.public_id), actor=actor.public_id, now=now)
    letters.send(request, "question", now=now)
    return request


@transaction.atomic
def hear_requester(*, request_id: str, answer: str, actor: str, now: datetime) -> RecordsRequest:
    """Take the requester's answer into the request. `actor` is "public" or a person's public id."""
    answer = written("answer", answer, _LONGEST_ANSWER, "write what the requester answered")
    request = locked_request(request_id)
    move(request, RequestAct.HEAR_REQUESTER)
    request.wants = f"{request.wants}\n\n{answer}"
    request.question = ""
    request.save(update_fields=["state", "wants", "question"])
    ledger.record(events.RequesterHeard(request=request.public_id), actor=actor, now=now)
    return request
