"""How Items stand on their platform: seen, hidden, gone. Deletion is rarely announced, so absences are counted."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from rostrum.areas.archive import events, rules
from rostrum.areas.archive.models import Item, Sighting
from rostrum.areas.archive.operations.acting import Person, actor_id
from rostrum.areas.archive.rules import Standing, State, Tool
from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger import operations as ledger
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.items import Route, Seen


@transaction.atomic
def record_sighting(
    *,
    item: Item,
    seen: Seen,
    actor: Person | str,
    now: datetime,
    announced: bool = False,
    route: Route = Route.API,
    notice: bytes = b"",
    note: str = "",
) -> Item:
    """Record that a look showed the Item so; returns it as it stands now.

    `announced` means that the platform said it: a deletion then counts at once, otherwise the second absence in a row
    does. `notice` is what the platform said, byte for byte. A look that changes nothing records nothing.
    """
    known = Item.objects.select_for_update().get(pk=item.pk)
    digest = LocalBlobs(settings.BLOBS_FOLDER).put(notice) if notice else ""
    if not _look(known, seen, announced=announced, route=route, digest=digest, note=note, now=now):
        return known
    ledger.record(
        events.SightingRecorded(
            item=known.public_id,
            seen=seen.value,
            announced=announced,
            state=known.state,
            absences=known.absences,
            notice=digest,
        ),
        actor=actor_id(actor),
        now=now,
    )
    return known


@transaction.atomic
def record_absences(
    *, channel: Channel, native_ids: Sequence[str], actor: Person | str, now: datetime, route: Route = Route.API
) -> list[Item]:
    """Record that a re-read of the channel did not find these; returns those that are gone now (the second time).

    Ids the archive does not know, and Items known to be deleted, are passed over.
    """
    absent: list[str] = []
    gone: list[Item] = []
    known = Item.objects.select_for_update().filter(channel=channel, native_id__in=list(native_ids)).order_by("pk")
    for item in known:
        if _look(item, Seen.GONE, announced=False, route=route, digest="", note="", now=now):
            absent.append(item.public_id)
            if item.state == State.DELETED:
                gone.append(item)
    if absent:
        ledger.record(
            events.AbsencesRecorded(channel=channel.public_id, absent=absent, gone=[item.public_id for item in gone]),
            actor=actor_id(actor),
            now=now,
        )
    return gone


def mark_hidden(*, item: Item, actor: Person | str, now: datetime, notice: bytes = b"", note: str = "") -> Item:
    """Record that the Item was hidden on its platform. It stays in the archive, marked."""
    return record_sighting(item=item, seen=Seen.HIDDEN, announced=True, actor=actor, now=now, notice=notice, note=note)


def mark_shown(*, item: Item, actor: Person | str, now: datetime, notice: bytes = b"", note: str = "") -> Item:
    """Record that the Item is shown again on its platform."""
    return record_sighting(item=item, seen=Seen.PRESENT, announced=True, actor=actor, now=now, notice=notice, note=note)


def _look(item: Item, seen: Seen, *, announced: bool, route: Route, digest: str, note: str, now: datetime) -> bool:
    """Note one look at the Item; whether it showed anything else than what was known."""
    if seen is Seen.GONE and item.state == State.DELETED and not (announced and item.absences):
        return False
    before = Standing(State(item.state), item.absences)
    after = rules.standing_after(before, seen, announced=announced)
    if after == before:
        return False
    Sighting.objects.create(
        item=item, at=now, seen=seen, announced=announced, route=route, notice=digest, note=note[:500]
    )
    if after.state != before.state:
        item.state_since = now
    item.state, item.absences = after.state.value, after.absences
    item.save(update_fields=["state", "state_since", "absences"])
    return True


def note_posted_from_here(*, item: Item, actor: Person | str, now: datetime) -> Item:  # noqa: ARG001 (acts take both)
    """Note within the caller's act that an Item was posted with the body's own tool: it is a publication from here."""
    if item.tool != Tool.BODY:
        item.tool = Tool.BODY
        item.save(update_fields=["tool"])
    return item
