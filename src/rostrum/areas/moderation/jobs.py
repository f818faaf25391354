"""What the worker does for moderation: asks the platform to hide or show, and records its answer.

Hiding and showing may be done twice (`connectors.interface`), so a repeated job is harmless. Where the platform surely
did nothing and may be asked again, the queue asks later; what it refused, or left unclear, goes to a person.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.moderation import operations, queries
from rostrum.areas.moderation.models import Removal
from rostrum.areas.moderation.states import Outcome
from rostrum.connectors.interface import Connector, ConnectorError, Receipt, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused

_SYSTEM = "system"
# Rate limits last minutes to an hour: with ever longer waits, twelve tries cover more than three hours.
_MOST_TRIES = 12
_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(hours=1)
_ASK_LATER = (Trouble.RATE_LIMITED, Trouble.PLATFORM_ERROR)


@dataclass(frozen=True, slots=True)
class _NotDone:
    """The platform did not do it, or nobody knows: what kind of trouble, in a code."""

    fault: str
    is_unclear: bool = False
    retry_after: timedelta | None = None
    may_ask_later: bool = False


def apply_removal(args: dict[str, Any], *, now: datetime) -> None:
    """Ask the platform to hide the comment of a decided removal (``{"removal": id}``)."""
    removal = queries.removal_by_id(args["removal"])
    if removal.outcome != Outcome.INTENDED:
        return
    answer = _ask(removal, lambda connector: connector.hide(removal.item.native_id))
    if isinstance(answer, Receipt):
        operations.confirm_removal(removal_id=removal.public_id, receipt=answer.raw, actor=_SYSTEM, now=timezone.now())
    elif not _asked_later("moderation.apply-removal", args, answer, now):
        operations.fail_removal(
            removal_id=removal.public_id,
            outcome=Outcome.UNCLEAR if answer.is_unclear else Outcome.FAILED,
            fault=answer.fault,
            actor=_SYSTEM,
            now=timezone.now(),
        )


def apply_restoration(args: dict[str, Any], *, now: datetime) -> None:
    """Ask the platform to show a restored comment again (``{"removal": id}``)."""
    removal = queries.removal_by_id(args["removal"])
    if removal.outcome != Outcome.RESTORING:
        return
    answer = _ask(removal, lambda connector: connector.unhide(removal.item.native_id))
    if isinstance(answer, Receipt):
        operations.confirm_restoration(
            removal_id=removal.public_id, receipt=answer.raw, actor=_SYSTEM, now=timezone.now()
        )
    elif not _asked_later("moderation.apply-restoration", args, answer, now):
        operations.fail_restoration(removal_id=removal.public_id, fault=answer.fault, actor=_SYSTEM, now=timezone.now())


def _ask(removal: Removal, call: Callable[[Connector], Receipt]) -> Receipt | _NotDone:
    channel = removal.item.channel
    try:
        connector = channel_queries.connector_for(channel)
    except Refused as refusal:  # nothing was sent: the log-in is not to be had
        return _NotDone(refusal.reasons[0].code)
    except InvalidInput as problem:
        return _NotDone(problem.where)
    with closing(connector):
        try:
            return call(connector)
        except ConnectorError as problem:
            if problem.kind is Trouble.LOST_TOKEN:
                channels.note_connection(
                    channel_id=channel.public_id, trouble=problem.kind.value, actor=_SYSTEM, now=timezone.now()
                )
            return _NotDone(
                problem.kind.value,
                is_unclear=problem.kind is Trouble.UNCLEAR_OUTCOME,
                retry_after=problem.retry_after,
                may_ask_later=problem.kind in _ASK_LATER,
            )


def _asked_later(kind: str, args: dict[str, Any], answer: _NotDone, now: datetime) -> bool:
    """Queue the same call for later, where the platform surely did nothing; False when it was asked often enough."""
    tries = int(args.get("tries", 1))
    if not answer.may_ask_later or tries >= _MOST_TRIES:
        return False
    wait = max(answer.retry_after or timedelta(), min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (tries - 1)))
    jobs.enqueue(
        kind,
        {"removal": args["removal"], "tries": tries + 1},
        now=now,
        run_after=now + wait,
        priority=10,
        unique_key=f"{kind}:{args['removal']}",
    )
    return True
