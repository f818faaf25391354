"""Gaps: stretches of a channel that could not be seen. Opening one opens a duty; filling or explaining closes both."""

from datetime import datetime

from django.db import transaction

from rostrum.areas.archive import content, events, rules
from rostrum.areas.archive.models import Gap
from rostrum.areas.archive.operations.acting import Person, actor_id
from rostrum.areas.archive.rules import Cause
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger

GAP_DUTY = "archive.fill-gap"
_OWNER_ROLE = "social_media_coordinator"
CAUSE_WORDS: dict[Cause, str] = {
    Cause.LOST_TOKEN: "the platform no longer accepts its credentials",
    Cause.RATE_LIMITED: "the platform limits how often it may be read",
    Cause.PLATFORM_ERROR: "the platform fails or cannot be reached",
    Cause.NOT_CONFIGURED: "nothing is set up to capture it",
    Cause.STREAM_LOST: "the platform no longer gives what happened then",
    Cause.FAULTS: "what it showed could not be read",
}


@transaction.atomic
def open_gap(
    *,
    channel: Channel,
    cause: Cause,
    from_at: datetime | None,
    actor: Person | str,
    now: datetime,
    to_at: datetime | None = None,
    note: str = "",
) -> Gap:
    """Open a gap of the channel, with a duty of the coordinator that falls due in 15 minutes.

    `from_at` is when the channel was last seen whole (None: never), `to_at` when it was seen again (None: it still is
    not). A channel has one open gap per cause: noticing the same trouble again lengthens it and records nothing.
    Raises `Refused` for a window that cannot be.
    """
    rules.decide_gap(from_at=from_at, to_at=to_at, now=now).or_refuse()
    Channel.objects.select_for_update().get(pk=channel.pk)
    known = Gap.objects.filter(channel=channel, cause=cause, closed_at=None).first()
    if known is not None:
        known.from_at = None if None in (known.from_at, from_at) else min(filter(None, (known.from_at, from_at)))
        known.to_at = None if to_at is None else max(filter(None, (known.to_at, to_at)))
        known.save(update_fields=["from_at", "to_at"])
        return known
    gap = Gap(channel=channel, cause=cause, from_at=from_at, to_at=to_at, note=note, opened_at=now)
    duty = duties.open_duty(
        kind=GAP_DUTY,
        title=f"Fill the gap in {channel.name}: {CAUSE_WORDS[Cause(cause)]}",
        owner_role=_OWNER_ROLE,
        due_at=now + rules.GAP_DUTY_DUE,
        subject=gap.public_id,
        actor=actor_id(actor),
        now=now,
    )
    gap.duty = duty.public_id
    gap.save()
    ledger.record(
        events.GapOpened(
            gap=gap.public_id,
            channel=channel.public_id,
            cause=str(cause),
            from_at=content.instant(from_at),
            to_at=content.instant(to_at),
            duty=duty.public_id,
        ),
        actor=actor_id(actor),
        now=now,
    )
    return gap


@transaction.atomic
def close_gap(*, gap_id: str, because: str, actor: Person | str, now: datetime, to_at: datetime | None = None) -> Gap:
    """Close a gap with what filled or explains it, and its duty with it. It stays in every production it touches.

    `to_at` is when the channel was seen again (default: what the gap says, else now). Raises `Refused` or
    Gap.DoesNotExist.
    """
    gap = Gap.objects.select_for_update().get(public_id=gap_id)
    rules.decide_gap_closing(is_open=gap.closed_at is None, because=because).or_refuse()
    gap.to_at = to_at or gap.to_at or now
    gap.closed_at, gap.closed_because = now, because.strip()[:500]
    gap.save(update_fields=["to_at", "closed_at", "closed_because"])
    entry = ledger.record(
        events.GapClosed(
            gap=gap.public_id,
            channel=gap.channel.public_id,
            from_at=content.instant(gap.from_at),
            to_at=content.instant(gap.to_at),
            because=gap.closed_because,
        ),
        actor=actor_id(actor),
        now=now,
    )
    duties.close_duty(kind=GAP_DUTY, subject=gap.public_id, evidence=entry.public_id, actor=actor_id(actor), now=now)
    return gap
