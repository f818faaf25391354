"""Locking the request an act is about, so that two acts on it follow one another."""

from rostrum.areas.disclosure import rules
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.disclosure.states import REQUEST_MACHINE, RequestAct, RequestState
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission


def locked_request(request_id: str) -> RecordsRequest:
    """The request, locked until the act ends. Raises `RecordsRequest.DoesNotExist`."""
    return RecordsRequest.objects.select_for_update().get(public_id=request_id)


def move(request: RecordsRequest, act: RequestAct) -> None:
    """Put the request into the state that follows; raises `Refused` where the table has no such way."""
    state = RequestState(request.state)
    rules.decide_act(state, act).or_refuse()
    request.state = REQUEST_MACHINE.next_state(state, act)


def must_process_requests(actor: User, *, now: object) -> None:
    """Raise `Refused` unless the actor may answer records requests."""
    people.may(actor, Permission.PROCESS_REQUEST, now=now).or_refuse()  # type: ignore[arg-type]
