"""One look at a channel: page after page from its platform, each stored with its cursor; then a second look at others.

Killed at any instant, nothing is lost and nothing doubled: a page and its cursor are one transaction, and what is
already known is recognised. Trouble opens a gap and its duty; a look that works again closes it.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rostrum.areas.archive import operations, queries
from rostrum.areas.archive.models import Gap, Item
from rostrum.areas.archive.rules import Cause, State
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.connectors.interface import Connector, ConnectorError, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Fault, Kind, Route, Seen
from rostrum.kernel.items import Item as SeenItem

_SYSTEM = "system"
# What others wrote is read again for this long, the newest first, so many at each look.
_REREAD_DAYS = 30
_REREAD_AT_ONCE = 100
_CAUSES = {
    Trouble.LOST_TOKEN: Cause.LOST_TOKEN,
    Trouble.RATE_LIMITED: Cause.RATE_LIMITED,
}
# A gap that only a look can close: the platform was there, and we could not see.
_CLOSED_BY_A_LOOK = (Cause.LOST_TOKEN, Cause.RATE_LIMITED, Cause.PLATFORM_ERROR, Cause.NOT_CONFIGURED)


@dataclass(slots=True)
class Look:
    """What one look at a channel came to."""

    channel: str
    pages: int = 0
    stored: int = 0
    unchanged: int = 0
    recognised: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    trouble: str = ""

    def to_json(self) -> dict[str, object]:
        """The look as `rostrum capture --json` prints it."""
        return {
            "channel": self.channel,
            "pages": self.pages,
            "recognised": dict(self.recognised),
            "stored": self.stored,
            "unchanged": self.unchanged,
            "faults": [{"where": fault.where, "why": fault.why} for fault in self.faults],
            "trouble": self.trouble,
        }


def look_at(channel: Channel, *, clock: Callable[[], datetime], actor: str = _SYSTEM) -> Look:
    """Capture a channel until its platform has nothing more to tell; returns what came of it.

    Trouble with the platform does not raise: it is in `trouble`, noted with the channel, and stated as a gap.
    """
    look = Look(channel.slug)
    try:
        connector = channel_queries.connector_for(channel)
    except (Refused, InvalidInput):
        _in_trouble(
            channel, look, Cause.NOT_CONFIGURED, why="no connection to the platform is set up", now=clock(), actor=actor
        )
        return look
    with closing(connector):
        try:
            _follow(channel, connector, look, clock, actor)
            _reread(channel, connector, look, clock, actor)
        except ConnectorError as problem:
            cause = _CAUSES.get(problem.kind, Cause.PLATFORM_ERROR)
            _in_trouble(channel, look, cause, why=problem.message, now=clock(), actor=actor)
            if problem.kind is Trouble.LOST_TOKEN:
                channels.note_connection(
                    channel_id=channel.public_id, trouble=problem.kind.value, actor=actor, now=clock()
                )
            return look
    now = clock()
    channels.note_connection(channel_id=channel.public_id, trouble="", actor=actor, now=now)
    for gap in Gap.objects.filter(channel=channel, cause__in=_CLOSED_BY_A_LOOK, closed_at__isnull=True):
        operations.close_gap(
            gap_id=gap.public_id,
            because="The platform was seen again, from where the last look had ended.",
            actor=actor,
            now=now,
        )
    return look


def _follow(channel: Channel, connector: Connector, look: Look, clock: Callable[[], datetime], actor: str) -> None:
    for page in connector.capture(queries.capture_cursor(channel)):
        report = operations.store_page(channel=channel, page=page, route=Route.API, actor=actor, now=clock())
        look.pages += 1
        look.stored += report.stored
        look.unchanged += report.unchanged
        look.recognised.update(report.recognised)
        look.faults += report.faults


def _reread(channel: Channel, connector: Connector, look: Look, clock: Callable[[], datetime], actor: str) -> None:
    """Read others' comments again: their edits and deletions are often announced to nobody (design §7)."""
    now = clock()
    others = (
        Item.objects.filter(channel=channel, kind=Kind.COMMENT, sorted_at__gte=now - timedelta(days=_REREAD_DAYS))
        .exclude(state=State.DELETED)
        .exclude(author_id=channel.native_id)
        .order_by("-sorted_at", "-pk")
    )
    native_ids = list(others.values_list("native_id", flat=True)[:_REREAD_AT_ONCE])
    if not native_ids:
        return
    seen: list[SeenItem | Fault] = []
    absent: list[str] = []
    for one in connector.reread(native_ids):
        if isinstance(one, SeenItem) and one.seen is Seen.GONE and one.deleted_at is None:
            absent.append(one.native_id)
        else:
            seen.append(one)
    report = operations.store_batch(channel=channel, items=seen, route=Route.API, actor=actor, now=now)
    look.stored += report.stored
    look.faults += report.faults
    operations.record_absences(channel=channel, native_ids=absent, actor=actor, now=now)


def _in_trouble(channel: Channel, look: Look, cause: Cause, *, why: str, now: datetime, actor: str) -> None:
    look.trouble = cause.value
    if Gap.objects.filter(channel=channel, cause=cause, closed_at__isnull=True).exists():
        return
    since = queries.coverage([channel])[0].last_at
    operations.open_gap(channel=channel, cause=cause, from_at=since, to_at=None, note=why[:500], actor=actor, now=now)
