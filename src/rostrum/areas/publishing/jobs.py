"""What the worker does for publishing: call the platform between two acts, look, take down, compare.

`publish` is three steps: the intent is committed; the platform is called; its answer is committed. A worker stopped
after the first finds the intent again and declares the outcome unclear, because it cannot know (design §11.11).
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Publication
from rostrum.areas.publishing.operations.leavers import drafts_of_leaver
from rostrum.areas.publishing.operations.publication import Intent
from rostrum.areas.publishing.queries import integrity
from rostrum.areas.publishing.rules import Outcome
from rostrum.connectors.interface import Connector, ConnectorError, Receipt, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused

_SYSTEM = "system"


def publish(args: dict[str, Any], *, now: datetime) -> None:
    """Publish one publication (``{"publication": id}``) if it is due and was not tried before."""
    intent = operations.intend_publication(publication_id=args["publication"], actor=_SYSTEM, now=now)
    if intent is not None:
        _call(intent)


def _call(intent: Intent) -> None:
    try:
        connector = channel_queries.connector_for(intent.channel)
    except (Refused, InvalidInput) as refusal:
        # Nothing was sent: the log-in or the connection is not to be had.
        code = refusal.reasons[0].code if isinstance(refusal, Refused) else refusal.where
        _failed(intent, code, str(refusal), None)
        return
    try:
        receipt = connector.publish(intent.post, idempotency_key=intent.idempotency_key)
    except ConnectorError as error:
        _note_trouble(intent, error)
    except Exception as fault:
        # Whatever broke, it broke after the call began: the post may be there.
        operations.note_unclear(
            publication_id=intent.publication, detail=type(fault).__name__, actor=_SYSTEM, now=timezone.now()
        )
        raise
    else:
        _received(intent, receipt)
    finally:
        connector.close()


def _received(intent: Intent, receipt: Receipt) -> None:
    operations.note_receipt(publication_id=intent.publication, receipt=receipt, actor=_SYSTEM, now=timezone.now())
    _connection(intent.channel, "")


def _note_trouble(intent: Intent, error: ConnectorError) -> None:
    if error.kind is Trouble.UNCLEAR_OUTCOME:
        operations.note_unclear(
            publication_id=intent.publication, detail=error.message, actor=_SYSTEM, now=timezone.now()
        )
        return
    _failed(intent, error.kind, error.message, error.retry_after)
    if error.kind is Trouble.LOST_TOKEN:
        _connection(intent.channel, error.kind)


def _failed(intent: Intent, trouble: str, detail: str, retry_after: timedelta | None) -> None:
    operations.note_failure(
        publication_id=intent.publication,
        trouble=trouble,
        detail=detail,
        retry_after=retry_after,
        actor=_SYSTEM,
        now=timezone.now(),
    )


def _connection(channel: Channel, trouble: str) -> None:
    channels.note_connection(channel_id=channel.public_id, trouble=trouble, actor=_SYSTEM, now=timezone.now())


def look(args: dict[str, Any], *, now: datetime) -> None:
    """Look whether a post whose outcome is unclear (``{"publication": id}``) is on the platform; never posts.

    Not found settles nothing: platforms may show a post late, so a person decides.
    """
    publication = Publication.objects.select_related("channel", "revision").get(public_id=args["publication"])
    if publication.outcome != Outcome.UNCLEAR:
        return
    connector = channel_queries.connector_for(publication.channel)
    try:
        receipt = connector.find_published(
            queries.outgoing_post(publication), idempotency_key=publication.idempotency_key
        )
    finally:
        connector.close()
    if receipt is not None:
        operations.note_found(publication_id=publication.public_id, receipt=receipt, actor=_SYSTEM, now=now)


def take_down(args: dict[str, Any], *, now: datetime) -> None:
    """Delete a withdrawn post (``{"publication": id}``) from its platform; deleting twice changes nothing."""
    publication = Publication.objects.select_related("channel").get(public_id=args["publication"])
    if publication.outcome != Outcome.PUBLISHED or publication.removal_asked_at is None:
        return
    connector: Connector = channel_queries.connector_for(publication.channel)
    try:
        connector.delete(publication.native_id)
    except ConnectorError as error:
        if error.kind is Trouble.LOST_TOKEN:
            _connection(publication.channel, error.kind)
        raise
    finally:
        connector.close()
    operations.note_taken_down(publication_id=publication.public_id, actor=_SYSTEM, now=now)


def compare(args: dict[str, Any], *, now: datetime) -> None:
    """Compare what was captured with what was approved: after a capture (``{"entry": id}``) or a publication."""
    if "publication" in args:
        operations.compare_captured(publication_id=args["publication"], actor=_SYSTEM, now=now)
        return
    captured = Entry.objects.get(public_id=args["entry"]).body
    for publication in queries.publications_captured(str(captured["channel"]), str(captured["capture"])):
        operations.compare_captured(publication_id=publication.public_id, actor=_SYSTEM, now=now)


def watch_integrity(args: dict[str, Any], *, now: datetime) -> None:
    """Hold pages against the record: of the channel a capture or a reading was of (``{"entry": id}``), else of all."""
    if "entry" in args:
        operations.watch_channel(
            channel_id=str(Entry.objects.get(public_id=args["entry"]).body["channel"]), actor=_SYSTEM, now=now
        )
        return
    for channel in integrity.watched():
        operations.watch_channel(channel_id=channel.public_id, actor=_SYSTEM, now=now)


def hold_leavers_posts(args: dict[str, Any], *, now: datetime) -> None:
    """Hold what somebody who left (``{"entry": id}``) had approved or scheduled, until a second person decides."""
    person = people.person_by_id(str(Entry.objects.get(public_id=args["entry"]).body["person"]))
    for draft in drafts_of_leaver(person):
        operations.hold_leavers_post(draft_id=draft, person=person, actor=_SYSTEM, now=now)
