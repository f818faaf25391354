"""One look at a channel: page after page from its platform, each stored with its cursor; then known Items once more.

Killed at any instant, nothing is lost and nothing doubled: a page and its cursor are one transaction, and what is
already known is recognised. Trouble opens a gap and its duty; a look that works again closes it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from rostrum.areas.archive import operations, queries
from rostrum.areas.archive.models import Capture, CaptureCursor, Gap, Item, Version
from rostrum.areas.archive.rules import Cause, State
from rostrum.areas.archive.search.documents import key_for
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.connectors.interface import CapturePage, Connector, ConnectorError, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Fault, Kind, Route, Seen
from rostrum.kernel.items import Item as SeenItem

_SYSTEM = "system"
# What people keep is looked after at least so often; the policies leave it open.
_KEPT_WITHIN = timedelta(days=7)
# Known Items of so many days are looked at again: at each look the newest so many, and as many of the others in turn.
_REREAD_DAYS = 30
_REREAD_AT_ONCE = 50
_REREAD_TIME = timedelta(seconds=60)
_REREAD_KINDS = (Kind.POST, Kind.COMMENT, Kind.SHARE)
# A connector ends a run when its time is over. What is behind by more than this goes on at once, so many times.
_BEHIND = timedelta(minutes=5)
_MOST_RUNS = 10
# After trouble the next look does not wait for a long cadence, but the platform is given a rest.
_REST_AFTER_TROUBLE = timedelta(minutes=5)
_CAUSES = {
    Trouble.LOST_TOKEN: Cause.LOST_TOKEN,
    Trouble.RATE_LIMITED: Cause.RATE_LIMITED,
}
# Gaps that a look which works again closes: it went on from where the last one had ended. What could not be read
# (`FAULTS`) and what the platform no longer gives (`STREAM_LOST`) no later look brings back: a person closes those.
_CLOSED_BY_A_LOOK = (Cause.LOST_TOKEN, Cause.RATE_LIMITED, Cause.PLATFORM_ERROR, Cause.NOT_CONFIGURED)

Clock = Callable[[], datetime]
Group = list[SeenItem | Fault]
Groups = dict[str, Group]  # by native id


@dataclass(slots=True)
class Look:
    """What one look at a channel came to."""

    channel: str
    pages: int = 0
    stored: int = 0
    unchanged: int = 0
    reread: int = 0
    recognised: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    trouble: str = ""

    @property
    def was_whole(self) -> bool:
        """Whether everything there was could be seen and read."""
        return not self.trouble and not self.faults

    def to_json(self) -> dict[str, object]:
        """The look as `rostrum capture --json` prints it."""
        return {
            "channel": self.channel,
            "pages": self.pages,
            "recognised": dict(self.recognised),
            "stored": self.stored,
            "unchanged": self.unchanged,
            "reread": self.reread,
            "faults": [{"where": fault.where, "why": fault.why} for fault in self.faults],
            "trouble": self.trouble,
        }


class _Overtaken(Exception):
    """Another look at the same channel went on meanwhile: this one ends, so that the cursor never goes back."""


def look_at(channel: Channel, *, clock: Clock, actor: str = _SYSTEM) -> Look:
    """Capture a channel until its platform has nothing more to tell; returns what came of it.

    Trouble with the platform does not raise: it is in `trouble`, noted with the channel, and stated as a gap. Any other
    fault is stated as a gap too, and raised. Raises `InvalidInput` for a channel that does not speak for the body.
    """
    if channel.state not in OFFICIAL_STATES:
        raise InvalidInput("channel", f"{channel.slug!r} is not open: there is nothing to capture")
    look = Look(channel.slug)
    started = clock()
    _plan_next(channel, started + timedelta(minutes=channel.cadence_minutes), now=started)
    try:
        connector = channel_queries.connector_for(channel)
    except (Refused, InvalidInput) as problem:
        _in_trouble(channel, look, Cause.NOT_CONFIGURED, why=str(problem), now=clock(), actor=actor)
        return look
    with closing(connector):
        try:
            _Looking(channel, connector, look, clock, actor).go()
        except _Overtaken:
            return look
        except ConnectorError as problem:
            _platform_trouble(channel, look, problem, now=clock(), actor=actor)
            return look
        except DatabaseError:
            raise  # nothing can be noted either; the job or the command says so
        except Exception as fault:
            # A connector that breaks must not look like a silent platform.
            _in_trouble(channel, look, Cause.PLATFORM_ERROR, why=type(fault).__name__, now=clock(), actor=actor)
            raise
    _seen_well(channel, now=clock(), actor=actor)
    return look


def due_channels(*, now: datetime) -> list[Channel]:
    """The channels to look at now: those never tried, and those whose next look is due."""
    waiting = CaptureCursor.objects.filter(next_at__gt=now).values("channel")
    return list(channel_queries.watched_channels().exclude(pk__in=waiting).distinct().order_by("pk"))


@dataclass(frozen=True, slots=True)
class Unwatched:
    """An official channel that nothing captures by itself, and since when the archive has nothing of it."""

    channel: Channel
    since: datetime | None


def unwatched_channels(*, now: datetime) -> list[Unwatched]:
    """Official channels that nothing captures by itself, of which nothing came for a week, and no gap tells.

    A gap that a person closed (kept, imported, or looked and found nothing new) counts as a look.
    """
    watched = channel_queries.watched_channels().values("pk")
    told = Gap.objects.filter(cause=Cause.NOT_CONFIGURED, closed_at=None).values("channel")
    others = channel_queries.official_channels().exclude(Q(pk__in=watched) | Q(pk__in=told))
    dated = others.annotate(
        seen=Subquery(_newest(Capture.objects.all(), "finished_at")),
        explained=Subquery(_newest(Gap.objects.filter(cause=Cause.NOT_CONFIGURED), "closed_at")),
    )
    found = []
    for one in dated:
        since = max(filter(None, (one.seen, one.explained)), default=None)
        if since is None or since <= now - _KEPT_WITHIN:
            found.append(Unwatched(one, since))
    return found


def _newest(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    return rows.filter(channel=OuterRef("pk"), **{f"{field}__isnull": False}).order_by(f"-{field}").values(field)[:1]


@dataclass(frozen=True, slots=True)
class _Looking:
    """One look under way: what happened since the last one, and then what is known already once more."""

    channel: Channel
    connector: Connector
    look: Look
    clock: Clock
    actor: str

    def go(self) -> None:
        """Look. Raises `ConnectorError` or `_Overtaken`; what was stored before stays."""
        self._follow()
        self._reread()

    # What happened since

    def _follow(self) -> None:
        """Read on from the cursor until the platform has nothing more to tell."""
        reached: datetime | None = None
        for _ in range(_MOST_RUNS):
            before, cursor = reached, queries.capture_cursor(self.channel)
            seen_to = _seen_to(self.channel, self.clock()) if cursor else None
            for page in self.connector.capture(cursor):
                self._store_page(_joined(page, seen_to), cursor)
                seen_to = None
                cursor = page.cursor
                reached = max(filter(None, (reached, page.window_to)), default=None)
            if reached is None or reached >= self.clock() - _BEHIND or (before and reached - before < _BEHIND):
                return

    def _store_page(self, page: CapturePage, cursor: str | None) -> None:
        now, look = self.clock(), self.look
        with transaction.atomic():
            Channel.objects.select_for_update().get(pk=self.channel.pk)
            if queries.capture_cursor(self.channel) != cursor:
                raise _Overtaken
            report = operations.store_page(channel=self.channel, page=page, route=Route.API, actor=self.actor, now=now)
            if report.faults:
                # The cursor goes on: nobody looks there again by himself.
                operations.open_gap(
                    channel=self.channel,
                    cause=Cause.FAULTS,
                    from_at=min(filter(None, (page.window_from, page.window_to, now))),
                    to_at=min(page.window_to or now, now),
                    note="\n".join(f"{fault.where}: {fault.why}" for fault in report.faults)[:2000],
                    actor=self.actor,
                    now=now,
                )
        look.pages += 1
        look.stored += report.stored
        look.unchanged += report.unchanged
        look.recognised.update(report.recognised)
        look.faults += report.faults

    # What is known, once more

    def _reread(self) -> None:
        """Look at known Items again: their edits and deletions are often announced to nobody (design §7)."""
        started = self.clock()
        newest, in_turn = _to_read_again(self.channel, self.connector.platform, now=started)
        alternating = chain.from_iterable(zip_longest(newest, in_turn))
        wanted = list(dict.fromkeys(native_id for _, native_id in filter(None, alternating)))
        if not wanted:
            return
        groups: Groups = {}
        trouble: ConnectorError | None = None
        try:
            for one in self.connector.reread(wanted):
                native_id = one.where if isinstance(one, Fault) else one.native_id
                if groups and native_id not in groups and self.clock() - started > _REREAD_TIME:
                    break
                groups.setdefault(native_id, []).append(one)
        except ConnectorError as problem:
            trouble = problem
            if groups:
                groups.popitem()  # it may not have been told whole
        self.look.reread += len(groups)
        self._store_reread(groups)
        if reached := [pk for pk, native_id in in_turn if native_id in groups]:
            CaptureCursor.objects.filter(channel=self.channel).update(reread_to=reached[-1])
        if trouble is not None:
            raise trouble

    def _store_reread(self, groups: Groups) -> None:
        unknown = _with_unknown_versions(self.channel, groups)
        self._store_groups([group for name, group in groups.items() if name not in unknown])
        if unknown and self.connector.abilities.announces_edits:
            # Changed since the platform was followed: it may be about to tell, and tells every version, in order.
            self._follow()
            unknown = _with_unknown_versions(self.channel, {name: groups[name] for name in unknown})
        self._store_groups([groups[name] for name in groups if name in unknown])

    def _store_groups(self, groups: Sequence[Group]) -> None:
        now, look = self.clock(), self.look
        seen: list[SeenItem] = []
        absent: list[str] = []
        for one in chain.from_iterable(groups):
            if isinstance(one, Fault):
                look.faults.append(one)  # it was captured before, and has its turn again
            elif one.seen is Seen.GONE and one.deleted_at is None:
                absent.append(one.native_id)
            else:
                seen.append(one)
        if seen:
            report = operations.store_batch(
                channel=self.channel, items=seen, route=Route.API, actor=self.actor, now=now
            )
            look.stored += report.stored
            look.faults += report.faults
        if absent:
            operations.record_absences(channel=self.channel, native_ids=absent, actor=self.actor, now=now)


def _joined(page: CapturePage, seen_to: datetime | None) -> CapturePage:
    """The page with its window from where the last one ended: its cursor leaves nothing out between the two."""
    if seen_to is None or page.lost is not None or page.window_from is None or page.window_from <= seen_to:
        return page
    return replace(page, window_from=seen_to)


def _to_read_again(
    channel: Channel, platform: str, *, now: datetime
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The (key, native id) of the newest Items, and of those whose turn it is; what is known to be deleted is not."""
    since = now - timedelta(days=_REREAD_DAYS)
    # By the versions' keys, which are their place in time: a range of the primary key, however large the archive.
    lately = Version.objects.filter(pk__gte=key_for(since, 0)).values("item")
    items = (
        Item.objects.filter(pk__in=lately, channel=channel, platform=platform, kind__in=_REREAD_KINDS)
        .filter(id_is_derived=False)
        # Deleted by absence may come back (a suspended author); by announcement not.
        .exclude(state=State.DELETED, absences=0)
        .values_list("pk", "native_id")
    )
    newest = list(items.order_by("-sorted_at", "-pk")[:_REREAD_AT_ONCE])
    others = items.exclude(pk__in=[pk for pk, _ in newest]).order_by("pk")
    position = CaptureCursor.objects.filter(channel=channel).values_list("reread_to", flat=True).first() or 0
    in_turn = list(others.filter(pk__gt=position)[:_REREAD_AT_ONCE])
    if len(in_turn) < _REREAD_AT_ONCE:
        in_turn += list(others.filter(pk__lte=position)[: _REREAD_AT_ONCE - len(in_turn)])
    return newest, in_turn


def _with_unknown_versions(channel: Channel, groups: Groups) -> set[str]:
    """The native ids of what was shown in a version that the archive does not have."""
    shown = {
        (name, one.version_key)
        for name, group in groups.items()
        for one in group
        if isinstance(one, SeenItem) and one.version_key
    }
    known = Version.objects.filter(item__channel=channel, item__native_id__in=[name for name, _ in shown])
    return {name for name, _ in shown - set(known.values_list("item__native_id", "version_key"))}


# Trouble


def _platform_trouble(channel: Channel, look: Look, problem: ConnectorError, *, now: datetime, actor: str) -> None:
    _in_trouble(
        channel, look, _CAUSES.get(problem.kind, Cause.PLATFORM_ERROR), why=problem.message, now=now, actor=actor
    )
    rest = min(_REST_AFTER_TROUBLE, timedelta(minutes=channel.cadence_minutes))
    _plan_next(channel, now + max(rest, problem.retry_after or rest), now=now)
    if problem.kind is Trouble.LOST_TOKEN:
        channels.note_connection(channel_id=channel.public_id, trouble=problem.kind.value, actor=actor, now=now)


def _in_trouble(channel: Channel, look: Look, cause: Cause, *, why: str, now: datetime, actor: str) -> None:
    look.trouble = cause.value
    if not Gap.objects.filter(channel=channel, cause=cause, closed_at=None).exists():
        operations.open_gap(
            channel=channel,
            cause=cause,
            from_at=_seen_to(channel, now),
            to_at=None,
            note=why[:500],
            actor=actor,
            now=now,
        )


def _seen_to(channel: Channel, now: datetime) -> datetime | None:
    """Up to when the channel was seen: the end of the last window, or of the last look; None when it never was."""
    captures = Capture.objects.filter(channel=channel, route__in=(Route.API, Route.FIREHOSE))
    ends = captures.aggregate(window=Max("window_to"), look=Max("finished_at"))
    seen_to: datetime | None = ends["window"] or ends["look"]
    return None if seen_to is None else min(seen_to, now)  # the platform's clock may be ahead of ours


def _seen_well(channel: Channel, *, now: datetime, actor: str) -> None:
    channels.note_connection(channel_id=channel.public_id, trouble="", actor=actor, now=now)
    for gap in Gap.objects.filter(channel=channel, cause__in=_CLOSED_BY_A_LOOK, closed_at=None):
        operations.close_gap(
            gap_id=gap.public_id,
            because=f"The platform was seen again, from where the last look had ended. {_caught_up(gap)}",
            actor=actor,
            now=now,
        )


def _caught_up(gap: Gap) -> str:
    """What the looks since the gap was noticed brought of its time, and what they could only tell was gone."""
    since = Capture.objects.filter(
        channel=gap.channel, route__in=(Route.API, Route.FIREHOSE), started_at__gte=gap.opened_at
    )
    stored, missing = 0, 0
    for count, lines in since.values_list("stored", "missing"):
        stored, missing = stored + count, missing + len(lines)
    versions = "1 version was" if stored == 1 else f"{stored} versions were"
    said = f"{versions} captured late." if stored else "Nothing new had come meanwhile."
    if missing:
        things = "1 thing is" if missing == 1 else f"{missing} things are"
        said += f" {things} lost: gone from the platform, or without its files, before it could be captured."
    return said


def _plan_next(channel: Channel, at: datetime, *, now: datetime) -> None:
    CaptureCursor.objects.update_or_create(
        channel=channel, defaults={"next_at": at}, create_defaults={"next_at": at, "moved_at": now, "cursor": ""}
    )
