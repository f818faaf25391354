"""A last look at a comment on its platform, before the evidence is taken. What it showed is stored like any capture."""

from contextlib import closing
from datetime import datetime
from enum import StrEnum

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.channels import queries as channels
from rostrum.connectors.interface import ConnectorError
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Item as SeenItem
from rostrum.kernel.items import Route, Seen


class Reread(StrEnum):
    """What the look came to; stated in the evidence."""

    OK = "ok"
    GONE = "gone"  # the platform no longer shows it
    NOT_POSSIBLE = "not possible"  # no connection, or the platform did not answer: what was captured before counts


def look_again(item: Item, *, actor: str, now: datetime) -> Reread:
    """Look at the comment where it stands and store what is seen. Trouble is answered, never raised.

    Calls the platform, so it must not run inside a transaction.
    """
    try:
        connector = channels.connector_for(item.channel)
    except (Refused, InvalidInput):
        return Reread.NOT_POSSIBLE
    with closing(connector):
        try:
            seen = list(connector.reread([item.native_id]))
        except ConnectorError:
            return Reread.NOT_POSSIBLE
    gone = [one for one in seen if isinstance(one, SeenItem) and one.seen is Seen.GONE]
    if gone and gone[0].deleted_at is None:
        archive.record_absences(channel=item.channel, native_ids=[item.native_id], actor=actor, now=now)
        return Reread.GONE
    report = archive.store_batch(channel=item.channel, items=seen, route=Route.API, actor=actor, now=now)
    if gone:
        return Reread.GONE
    return Reread.OK if seen and not report.faults else Reread.NOT_POSSIBLE
