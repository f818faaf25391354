"""Taking in a list of channels: received, read, held where it misses many, taken in, and settled by a person."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from rostrum.areas.channels import pack
from rostrum.areas.channels.addresses import Address, read_address
from rostrum.areas.channels.events import registry as events
from rostrum.areas.channels.lists import Find, Outcome, ReadRow, RowKind, read_list
from rostrum.areas.channels.lists.reading import NEEDS_A_PERSON, KnownChannel
from rostrum.areas.channels.models import Channel, ChannelList, ListFind, ListRow
from rostrum.areas.channels.operations.registry import Terms, found_channel, open_regularising, register_found
from rostrum.areas.channels.operations.rows import free_slug, insert_all, platform_row, taken_slugs
from rostrum.areas.channels.queries import lists as queries
from rostrum.areas.channels.rules import lists as rules
from rostrum.areas.channels.rules.lists import ListAct, ListState
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.operations.acting import Actor, name_of
from rostrum.areas.people.rules import Role
from rostrum.importers.tables import read_table, refuse_other_files
from rostrum.kernel.decisions import Decision, InvalidInput, Refused

DECIDE_LIST_DUTY = "channels.decide-list"
READ_JOB = "channels.read-list"
TAKE_JOB = "channels.take-in-list"
# A longer list is read by the worker, while the page says how far it is.
READ_AT_ONCE_BYTES = 400_000
AT_MOST = 200
_ROWS_AT_ONCE = 1_000
_DAYS_TO_DECIDE = 3

Progress = Callable[[int, int], None]


@transaction.atomic
def receive_list(
    *,
    name: str,
    content: bytes,
    actor: Actor,
    now: datetime,
    covers: str = queries.ALL,
    default_unit: Unit | None = None,
    reads_at_once: bool = False,
    progress: Progress | None = None,
) -> ChannelList:
    """Keep a list as it was given, and read it: at once when it is short or `reads_at_once`, else by the worker.

    `covers` says what the list claims to name: "all" channels, "part" of them, or those of a department (public id).
    Raises `InvalidInput` for a file that is no table, by name, and `Refused` without the right.
    """
    queries.may_take_lists(actor, now=now).or_refuse()
    if covers not in (queries.ALL, queries.PART) and not Unit.objects.filter(public_id=covers).exists():
        raise InvalidInput("covers", "all, part, or the id of a department")
    refuse_other_files(content)
    made = ChannelList.objects.create(
        name=name.strip()[:200] or "list",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content=content,
        covers=covers,
        default_unit=default_unit,
        state=rules.LIST_MACHINE.initial,
        received_by=name_of(actor),
        received_at=now,
    )
    ledger.record(
        events.ListReceived(source=made.public_id, sha256=made.sha256, size_bytes=made.size_bytes, covers=covers),
        actor=name_of(actor),
        now=now,
    )
    if reads_at_once or len(content) <= READ_AT_ONCE_BYTES:
        return read_received_list(list_id=made.public_id, actor=actor, now=now, progress=progress)
    jobs.enqueue(READ_JOB, {"list": made.public_id}, now=now)
    return made


@transaction.atomic
def read_received_list(*, list_id: str, actor: Actor, now: datetime, progress: Progress | None = None) -> ChannelList:
    """Read a received list row by row, and hold it when it misses many of the channels it should name.

    Nothing is taken in and nothing closed by it. A list that was read already is returned as it is. One that turns out
    to be no table is refused, with the reason kept.
    """
    found = _locked(list_id)
    if found.state != ListState.RECEIVED:
        return found
    try:
        table = read_table(bytes(found.content))
    except InvalidInput as problem:
        return _refuse(found, problem.why, actor=actor, now=now)
    units = {unit.public_id: unit for unit in Unit.objects.all()}
    reader = read_list(
        table,
        units=queries.units_by_name(),
        known=queries.known_for_lists(),
        default_unit=found.default_unit.public_id if found.default_unit else "",
    )
    rows, finds, named = Counter[str](), Counter[str](), set[tuple[str, str]]()
    waiting: list[ReadRow] = []
    for row in reader:
        waiting.append(row)
        rows[row.kind] += 1
        finds.update(one.outcome.value for one in row.finds)
        named |= {(one.platform, one.key) for one in row.finds if one.key}
        if len(waiting) == _ROWS_AT_ONCE:
            _store(found, waiting, units)
            waiting.clear()
            if progress:
                progress(rows.total(), len(table.rows))
    _store(found, waiting, units)
    if progress and waiting:
        progress(rows.total(), len(table.rows))

    known = list(queries.open_channels_covered(found.covers))
    missing = [one.public_id for one in known if (one.platform_id, one.address_key) not in named]
    is_held = rules.list_is_held(known=len(known), missing=len(missing), percent=pack.missing_percent())
    found.encoding, found.delimiter = table.encoding, table.delimiter
    found.row_count, found.known_count, found.missing = rows.total(), len(known), missing
    _move(found, ListAct.HOLD if is_held else ListAct.READ)
    ledger.record(
        events.ListRead(
            source=found.public_id,
            rows={str(kind): count for kind, count in sorted(rows.items())},
            finds=dict(sorted(finds.items())),
            known=len(known),
            missing=len(missing),
            is_held=is_held,
        ),
        actor=name_of(actor),
        now=now,
    )
    if is_held:
        duties.open_duty(
            kind=DECIDE_LIST_DUTY,
            title=f"Decide on the list {found.name}, which misses {len(missing)} of {len(known)} channels"[:300],
            owner_role=Role.COORDINATOR,
            due_at=now + timedelta(days=_DAYS_TO_DECIDE),
            subject=found.public_id,
            clock="three days",
            actor=name_of(actor),
            now=now,
        )
    return found


def _store(found: ChannelList, rows: Iterable[ReadRow], units: dict[str, Unit]) -> None:
    stored = ListRow.objects.bulk_create(
        ListRow(
            source=found,
            number=row.number,
            text=_storable(row.text),
            kind=row.kind,
            why=[[one.code, _storable(one.text)] for one in row.why],
        )
        for row in rows
    )
    ListFind.objects.bulk_create(
        _find_row(found, row, position, find, units)
        for row, read in zip(stored, rows, strict=True)
        for position, find in enumerate(read.finds)
    )


def _find_row(found: ChannelList, row: ListRow, position: int, find: Find, units: dict[str, Unit]) -> ListFind:
    return ListFind(
        source=found,
        row=row,
        position=position,
        written=_storable(find.written),
        platform=find.platform,
        handle=_storable(find.handle),
        url=_storable(find.url),
        key=_storable(find.key),
        name=_storable(find.name),
        unit_text=_storable(find.unit_text),
        unit=units.get(find.unit),
        outcome=find.outcome,
        why=[[one.code, _storable(one.text)] for one in find.why],
    )


def _storable(text: str) -> str:
    # PostgreSQL stores no zero character; the file's own bytes keep it.
    return text.replace("\0", "\ufffd")


def _refuse(found: ChannelList, reason: str, *, actor: Actor, now: datetime) -> ChannelList:
    found.decision_reason = reason
    _move(found, ListAct.REFUSE)
    ledger.record(events.ListRefused(source=found.public_id, reason=reason[:500]), actor=name_of(actor), now=now)
    return found


@transaction.atomic
def release_list(*, list_id: str, reason: str, actor: Actor, now: datetime) -> ChannelList:
    """Let a held list be taken in although it misses known channels, with the reason. Nothing is closed by that.

    Raises `Refused`: not held, no reason, no right.
    """
    found = _locked(list_id)
    _decide(found, ListAct.RELEASE, reason, actor=actor, now=now, needs_reason=True)
    _move(found, ListAct.RELEASE, actor=actor, reason=reason, now=now)
    ledger.record(
        events.ListReleased(source=found.public_id, missing=len(found.missing), reason=reason.strip()),
        actor=name_of(actor),
        now=now,
    )
    _close_duty(found, f"Released: {reason.strip()}", actor=actor, now=now)
    return found


@transaction.atomic
def set_list_aside(*, list_id: str, reason: str, actor: Actor, now: datetime) -> ChannelList:
    """Take nothing from a list, with the reason; it is kept as it was given. Raises `Refused` as `release_list`."""
    found = _locked(list_id)
    _decide(found, ListAct.SET_ASIDE, reason, actor=actor, now=now, needs_reason=True)
    _move(found, ListAct.SET_ASIDE, actor=actor, reason=reason, now=now)
    ledger.record(events.ListSetAside(source=found.public_id, reason=reason.strip()), actor=name_of(actor), now=now)
    _close_duty(found, f"Set aside: {reason.strip()}", actor=actor, now=now)
    return found


@dataclass(frozen=True, slots=True)
class Taken:
    """What one step of taking in did: the channels registered, how many addresses are left to take without a person."""

    channels: tuple[Channel, ...]
    left: int


@transaction.atomic
def take_in_list(*, list_id: str, actor: Actor, now: datetime, at_most: int = AT_MOST, goes_on: bool = False) -> Taken:
    """Register the next addresses of a list as found channels; what needs a person stays.

    One act of at most so many channels, so that a long list shows how far it is and a stop loses nothing. With
    `goes_on` the worker does the rest. Raises `Refused`: held, set aside, no right.
    """
    found = _locked(list_id)
    _decide(found, ListAct.TAKE, "", actor=actor, now=now)
    if found.state != ListState.TAKING:
        _move(found, ListAct.TAKE)
    waiting = found.finds.filter(outcome=Outcome.ADD).select_related("row", "unit").order_by("row__number", "position")
    channels = _take(found, list(waiting[:at_most]), actor=actor, now=now)
    if channels:
        ledger.record(
            events.ChannelsTakenIn(source=found.public_id, channels=[one.public_id for one in channels]),
            actor=name_of(actor),
            now=now,
        )
    left = found.finds.filter(outcome=Outcome.ADD).count()
    if not left:
        _move(found, ListAct.FINISH)
    elif goes_on:
        jobs.enqueue(TAKE_JOB, {"list": found.public_id, "actor": name_of(actor)}, now=now, unique_key=found.public_id)
    return Taken(tuple(channels), left)


def _take(found: ChannelList, finds: list[ListFind], *, actor: Actor, now: datetime) -> list[Channel]:
    # The registry may have changed since the list was read: look again, once for all of them.
    known = queries.known_for_lists()
    platforms = {slug: platform_row(slug) for slug in {find.platform for find in finds}}
    owner, terms, slugs = pack.body_name(), Terms.in_force(now), taken_slugs()
    for find in finds:
        here, alike = known.at(find.platform, find.key), known.alike(find.platform, find.key)
        if here and not here.is_closed:
            find.outcome, find.why = Outcome.HERE, [["here", f"Already in the registry: {here.name}."]]
        elif here or alike or find.unit is None:
            find.outcome = Outcome.DECIDE
            find.why = [*find.why, *_since_read(here, alike)]
        else:
            slugs.add(slug := free_slug(find.name, find.platform, slugs))
            channel = found_channel(
                address=Address(find.handle, find.url, find.key),
                platform=platforms[find.platform],
                name=find.name,
                unit=find.unit,
                slug=slug,
                owner=owner,
                found_in=f"list {found.name}, row {find.row.number}",
                now=now,
            )
            known.add(KnownChannel(channel.public_id, channel.name, channel.platform_id, channel.address_key))
            find.channel, find.outcome = channel, "taken"
            find.settled_by, find.settled_at = name_of(actor), now
    channels = [find.channel for find in finds if find.channel]
    insert_all(channels)
    for channel in channels:
        open_regularising(channel, terms, actor=actor, now=now)
    for find in finds:
        find.channel = find.channel  # its row has a key now
    ListFind.objects.bulk_update(finds, ["outcome", "why", "channel", "settled_by", "settled_at"], batch_size=200)
    return channels


def _since_read(here: KnownChannel | None, alike: KnownChannel | None) -> list[list[str]]:
    if here:
        return [["closed-here", f"{here.name} stood at this address and is closed here."]]
    if alike:
        return [["looks-alike", f"It can be mistaken for {alike.name} ({alike.key}): is it the body's own too?"]]
    return [["no-unit", "The row names no department."]]


@transaction.atomic
def name_unit_in_list(*, list_id: str, unit_text: str, unit: Unit, actor: Actor, now: datetime) -> int:
    """Say which department a name in the list means ("": rows that name none), for all its addresses at once.

    Returns for how many. Raises `Refused` without the right, `InvalidInput` where no address waits for that name.
    """
    found = _locked(list_id)
    queries.may_take_lists(actor, now=now).or_refuse()
    finds = list(found.finds.filter(outcome=Outcome.DECIDE, unit=None, unit_text=unit_text))
    if not finds:
        raise InvalidInput("unit_text", "no address in this list waits for that department")
    for find in finds:
        find.unit = unit
        find.why = [one for one in find.why if one[0] not in ("no-unit", "unknown-unit")]
        if find.key and not any(code in NEEDS_A_PERSON for code, _ in find.why):
            find.outcome = Outcome.ADD
    ListFind.objects.bulk_update(finds, ["unit", "why", "outcome"], batch_size=200)
    ledger.record(
        events.ListUnitNamed(source=found.public_id, unit=unit.public_id, finds=len(finds)),
        actor=name_of(actor),
        now=now,
    )
    return len(finds)


@transaction.atomic
def take_find(
    *,
    find_id: int,
    platform: str,
    name: str,
    unit: Unit,
    reason: str,
    actor: Actor,
    now: datetime,
    handle: str = "",
    url: str = "",
) -> Channel:
    """Register an address that waited for a person, as that person reads it, with the reason.

    Raises `InvalidInput` for an address that cannot be used or a find settled already, and `Refused` as
    `register_found` does.
    """
    find = _waiting_find(find_id)
    queries.may_take_lists(actor, now=now).or_refuse()
    _needs_reason(reason)
    address = read_address(platform, handle=handle, url=url)
    channel = register_found(
        platform=platform,
        name=name,
        unit=unit,
        handle=address.handle,
        url=address.url,
        found_in=f"list {find.source.name}, row {find.row.number}",
        why_alike=reason,
        actor=actor,
        now=now,
    )
    _settle(find, "taken", channel, reason, actor=actor, now=now)
    return channel


@transaction.atomic
def leave_find(*, find_id: int, reason: str, actor: Actor, now: datetime) -> ListFind:
    """Leave an address of a list out of the registry, with the reason. Raises as `take_find`."""
    find = _waiting_find(find_id)
    queries.may_take_lists(actor, now=now).or_refuse()
    _needs_reason(reason)
    _settle(find, "left", None, reason, actor=actor, now=now)
    return find


@transaction.atomic
def settle_row(*, row_id: int, reason: str, actor: Actor, now: datetime) -> ListRow:
    """Say what a row means that names no channel, so that it is accounted for. Raises as `take_find`."""
    row = ListRow.objects.select_for_update().select_related("source").filter(pk=row_id, kind=RowKind.UNCLEAR).first()
    if row is None or row.settled_at:
        raise InvalidInput("row", "there is no such row, or it is settled")
    queries.may_take_lists(actor, now=now).or_refuse()
    _needs_reason(reason)
    row.settled_by, row.settled_at, row.settled_reason = name_of(actor), now, reason.strip()
    row.save(update_fields=["settled_by", "settled_at", "settled_reason"])
    ledger.record(
        events.ListFindSettled(source=row.source.public_id, row=row.number, channel="", reason=reason.strip()),
        actor=name_of(actor),
        now=now,
    )
    return row


def _waiting_find(find_id: int) -> ListFind:
    finds: QuerySet[ListFind] = ListFind.objects.select_for_update(of=("self",)).select_related("row", "source")
    find = finds.filter(pk=find_id, outcome=Outcome.DECIDE).first()
    if find is None:
        raise InvalidInput("find", "there is no such address, or it is settled")
    if find.source.state not in (ListState.READY, ListState.TAKING, ListState.TAKEN):
        raise Refused.because("list-is-held", "Decide on the list itself first.")
    return find


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason", "say why; the reason stays with the list")


def _settle(find: ListFind, outcome: str, channel: Channel | None, reason: str, *, actor: Actor, now: datetime) -> None:
    find.outcome, find.channel, find.settled_reason = outcome, channel, reason.strip()
    find.settled_by, find.settled_at = name_of(actor), now
    find.save(update_fields=["outcome", "channel", "settled_by", "settled_at", "settled_reason"])
    ledger.record(
        events.ListFindSettled(
            source=find.source.public_id,
            row=find.row.number,
            channel=channel.public_id if channel else "",
            reason=reason.strip(),
        ),
        actor=name_of(actor),
        now=now,
    )


def _locked(list_id: str) -> ChannelList:
    try:
        return ChannelList.objects.select_for_update(of=("self",)).select_related("default_unit").get(public_id=list_id)
    except ChannelList.DoesNotExist as fault:
        raise InvalidInput("list", f"there is no list {list_id}") from fault


def _decide(
    found: ChannelList, act: ListAct, reason: str, *, actor: Actor, now: datetime, needs_reason: bool = False
) -> None:
    may_keep: Decision = queries.may_take_lists(actor, now=now)
    rules.decide_list(rules.ListFacts(ListState(found.state), act, may_keep, reason, needs_reason)).or_refuse()


def _move(
    found: ChannelList, act: ListAct, *, actor: Actor | None = None, reason: str = "", now: datetime | None = None
) -> None:
    found.state = rules.LIST_MACHINE.next_state(ListState(found.state), act)
    if now:
        found.decided_by = actor if isinstance(actor, User) else None
        found.decided_at, found.decision_reason = now, reason.strip()
    found.save(
        update_fields=[
            *("state", "encoding", "delimiter", "row_count", "known_count", "missing"),
            *("decided_by", "decided_at", "decision_reason"),
        ]
    )


def _close_duty(found: ChannelList, evidence: str, *, actor: Actor, now: datetime) -> None:
    for duty in duty_queries.open_duties(kind=DECIDE_LIST_DUTY, subject=found.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=evidence[:500], actor=name_of(actor), now=now)
