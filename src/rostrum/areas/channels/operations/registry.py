"""The registry's own acts: a channel that exists is registered as found, and what then is owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.channels import events, pack, queries, rules
from rostrum.areas.channels.addresses import Address, read_address
from rostrum.areas.channels.models import Channel, Platform
from rostrum.areas.channels.operations.rows import free_slug, insert, platform_row
from rostrum.areas.channels.rules import ChannelKind, ChannelState
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import Unit
from rostrum.areas.people.operations.acting import Actor, name_of
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

REGULARISE_DUTY = "channels.regularise"


@transaction.atomic
def register_found(
    *,
    platform: str,
    name: str,
    unit: Unit,
    actor: Actor,
    now: datetime,
    handle: str = "",
    url: str = "",
    kind: str = ChannelKind.PAGE,
    found_in: str = "",
    why_alike: str = "",
    slug: str = "",
) -> Channel:
    """Register a channel that exists on its platform without having been approved, and open the duty to settle that.

    It is official only after it has gone through every step; until then it is known, and its archive can be kept.
    Raises `InvalidInput` naming the field, and `Refused`: address taken, look-alike without a reason, no right.
    """
    address = read_address(platform, handle=handle, url=url)
    if kind not in list(ChannelKind):
        raise InvalidInput("kind", f"one of {', '.join(ChannelKind)}")
    alike = queries.look_alike_of(platform, address)
    taken = queries.channel_at(platform, address.key)
    rules.decide_found(
        rules.FoundFacts(
            may_keep=queries.may_keep_registry(actor, unit=unit, now=now),
            name=name,
            taken_by=taken.name if taken else "",
            looks_like=alike.name if alike else "",
            why_alike=why_alike,
            clauses=pack.clauses_if_any(),
        )
    ).or_refuse()

    channel = found_channel(
        address=address,
        platform=platform_row(platform),
        name=name,
        unit=unit,
        kind=kind,
        found_in=found_in,
        why_alike=why_alike,
        slug=free_slug(slug or name, platform),
        owner=pack.body_name(),
        now=now,
    )
    insert(channel)
    ledger.record(
        events.ChannelFound(
            channel=channel.public_id,
            platform=platform,
            channel_kind=kind,
            address=address.key,
            unit=unit.public_id,
            found_in=channel.found_in,
        ),
        actor=name_of(actor),
        now=now,
    )
    if alike:
        note_look_alike(channel, alike.public_id, actor=actor, now=now)
    open_regularising(channel, Terms.in_force(now), actor=actor, now=now)
    return channel


def found_channel(
    *,
    address: Address,
    platform: Platform,
    name: str,
    unit: Unit,
    slug: str,
    owner: str,
    found_in: str,
    now: datetime,
    kind: str = ChannelKind.PAGE,
    why_alike: str = "",
) -> Channel:
    """The row of a found channel, not stored yet."""
    return Channel(
        slug=slug,
        platform=platform,
        kind=kind,
        name=name.strip(),
        handle=address.handle,
        url=address.url,
        address_key=address.key,
        state=ChannelState.FOUND,
        owner=owner,
        unit=unit,
        copyright_holder=owner,
        terms_on_user_posts=platform.terms_on_user_posts,
        why_alike=why_alike.strip(),
        found_at=now,
        found_in=found_in.strip()[:300],
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when a found channel is to be settled and on what that rests: read once for many channels."""

    due_at: datetime
    clause: str

    @classmethod
    def in_force(cls, now: datetime) -> "Terms":
        """What holds now."""
        return cls(now + timedelta(days=pack.regularise_days()), pack.clause_of("channel.prior-authorization"))


def open_regularising(channel: Channel, terms: Terms, *, actor: Actor, now: datetime) -> None:
    """Open the duty to have a found channel approved, step by step, or taken down. Part of the act that found it."""
    duties.open_duty(
        kind=REGULARISE_DUTY,
        title=f"Have {channel.name} approved, or taken down"[:300],
        owner_role=Role.COORDINATOR,
        due_at=terms.due_at,
        subject=channel.public_id,
        unit=channel.unit.public_id,
        clause=terms.clause,
        clock="days set by the body (local choice)",
        actor=name_of(actor),
        now=now,
    )


def settle_regularising(channel: Channel, *, evidence: str, actor: Actor, now: datetime) -> None:
    """Close that duty, where it is open: part of the act that made the channel live or closed it."""
    for duty in duty_queries.open_duties(kind=REGULARISE_DUTY, subject=channel.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=name_of(actor), now=now)


def note_look_alike(channel: Channel, resembles: str, *, actor: Actor, now: datetime) -> None:
    """Record which channel (public id) this one can be mistaken for, and the reason given; nothing without one."""
    if resembles:
        ledger.record(
            events.LookAlikeExplained(channel=channel.public_id, resembles=resembles, reason=channel.why_alike),
            actor=name_of(actor),
            now=now,
        )
