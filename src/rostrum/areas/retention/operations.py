"""Placing and ending holds. Placing needs one person; ending needs two (design §11.14)."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from rostrum.areas.archive.models import Item
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.retention import events, rules
from rostrum.areas.retention.models import HeldItem, Hold
from rostrum.kernel.decisions import InvalidInput

_CHUNK = 500
_LONGEST_REASON = 500


@transaction.atomic
def place_hold(
    *,
    kind: str,
    matter: str,
    items: Iterable[Item],
    reason: str,
    matter_is_open: bool = False,
    actor: str,
    now: datetime,
) -> tuple[Hold, int]:
    """Put Items under the hold of a matter, opening it if need be; return it and how many Items are newly held.

    Idempotent: Items already under this hold stay as they are, and when nothing is new nothing is recorded.
    `actor` is a person's public id, or "system" when an act places the hold by rule; that act has checked the right.
    With `matter_is_open` the hold cannot end before `settle_matter`.
    """
    hold, opened = Hold.objects.get_or_create(
        kind=kind,
        matter=matter,
        released_at=None,
        defaults={"reason": reason, "placed_by": actor, "placed_at": now, "matter_is_open": matter_is_open},
    )
    added = 0
    wanted = iter(items)
    while chunk := list(islice(wanted, _CHUNK)):
        already = set(HeldItem.objects.filter(hold=hold, item__in=chunk).values_list("item_id", flat=True))
        fresh = {item.pk: item for item in chunk if item.pk not in already}
        HeldItem.objects.bulk_create([HeldItem(hold=hold, item=item) for item in fresh.values()])
        added += len(fresh)
    if opened or added:
        ledger.record(
            events.HoldPlaced(hold=hold.public_id, hold_kind=kind, matter=matter, items=added, reason=reason),
            actor=actor,
            now=now,
        )
    return hold, added


@transaction.atomic
def settle_matter(*, kind: str, matter: str, not_before_on: date | None, actor: str, now: datetime) -> Hold | None:
    """Say that the matter behind a hold is closed; the hold stays, and from that day on two people may end it.

    Returns None when the matter has no hold in force.
    """
    hold = Hold.objects.select_for_update().filter(kind=kind, matter=matter, released_at=None).first()
    if hold is None:
        return None
    hold.matter_is_open, hold.not_before_on = False, not_before_on
    hold.save(update_fields=["matter_is_open", "not_before_on"])
    ledger.record(
        events.MatterSettled(hold=hold.public_id, not_before_on=not_before_on.isoformat() if not_before_on else ""),
        actor=actor,
        now=now,
    )
    return hold


def _facts(hold: Hold, actor: User, now: datetime) -> rules.ReleaseFacts:
    return rules.ReleaseFacts(
        released=hold.released_at is not None,
        asked_by=hold.release_asked_by.public_id if hold.release_asked_by else "",
        actor=actor.public_id,
        may=people.may(actor, Permission.RELEASE_HOLD, now=now),
        matter_is_open=hold.matter_is_open,
        not_before_on=hold.not_before_on,
        today=now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date(),
    )


@transaction.atomic
def ask_release(*, hold_id: str, reason: str, actor: User, now: datetime) -> Hold:
    """Ask, with a reason, that a hold end. Raises `Refused`, or `InvalidInput` when the reason is empty."""
    if not reason.strip() or len(reason) > _LONGEST_REASON or "\0" in reason:
        raise InvalidInput("reason", f"say why the hold may end, in at most {_LONGEST_REASON} characters")
    hold = Hold.objects.select_for_update(of=("self",)).select_related("release_asked_by").get(public_id=hold_id)
    rules.decide_ask_release(_facts(hold, actor, now)).or_refuse()
    hold.release_asked_by, hold.release_asked_at, hold.release_reason = actor, now, reason.strip()
    hold.save(update_fields=["release_asked_by", "release_asked_at", "release_reason"])
    ledger.record(
        events.HoldReleaseAsked(hold=hold.public_id, reason=hold.release_reason), actor=actor.public_id, now=now
    )
    return hold


@transaction.atomic
def release_hold(*, hold_id: str, actor: User, now: datetime) -> Hold:
    """End a hold that another person asked to end. Raises `Refused` with every reason against it."""
    hold = Hold.objects.select_for_update(of=("self",)).select_related("release_asked_by").get(public_id=hold_id)
    rules.decide_release(_facts(hold, actor, now)).or_refuse()
    asked_by = hold.release_asked_by
    hold.released_by, hold.released_at = actor, now
    hold.save(update_fields=["released_by", "released_at"])
    ledger.record(
        events.HoldReleased(
            hold=hold.public_id, asked_by=asked_by.public_id if asked_by else "", items=hold.held.count()
        ),
        actor=actor.public_id,
        now=now,
    )
    return hold
