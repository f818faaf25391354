"""How channels stand as a whole: log-in, page, administrators, rights, and every open duty about them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rostrum.areas.channels.models import (
    AdministratorFinding,
    ApplicationFinding,
    Channel,
    EmergencyRight,
    LogInDisclosure,
    ReachedChannel,
    RightRequest,
)
from rostrum.areas.channels.queries.custody import Kept, overview
from rostrum.areas.channels.queries.page import page_standing
from rostrum.areas.channels.queries.registry import known_channels
from rostrum.areas.channels.queries.separation import changes_owed
from rostrum.areas.channels.rules.page import Standing
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.duties.models import Duty
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """One channel; `custody` is "none", "owed", "untested", "kept", "to-change" or "unreadable".

    `page` and `rights` are filled where one channel is asked about; `duties` are open, the soonest first.
    """

    channel: Channel
    custody: str
    deposited_at: datetime | None
    tested_at: datetime | None
    change_due_at: datetime | None
    disagreements: int
    duties: tuple[Duty, ...]
    overdue: int
    page: tuple[Standing, ...] = ()
    rights: tuple[ChannelGrant, ...] = ()


def channel_standings(*, now: datetime) -> list[ChannelStanding]:
    """Every channel that was not declined, by name."""
    return _standings(list(known_channels().order_by("name", "pk")), now=now)


def channel_standing(slug: str, *, now: datetime) -> ChannelStanding | None:
    """The channel with this slug, its page and rights included; None where there is none."""
    found = Channel.objects.filter(slug=slug).select_related("platform", "unit").first()
    if found is None:
        return None
    [row] = _standings([found], now=now)
    return ChannelStanding(
        row.channel,
        row.custody,
        row.deposited_at,
        row.tested_at,
        row.change_due_at,
        row.disagreements,
        row.duties,
        row.overdue,
        page=page_standing(found, now=now),
        rights=tuple(people.grants_on(found.public_id, now=now)),
    )


def _standings(channels: list[Channel], *, now: datetime) -> list[ChannelStanding]:
    chosen = Channel.objects.filter(pk__in=[one.pk for one in channels])
    kept = {row.channel.pk: row for row in overview(now=now, channels=chosen, owed=changes_owed())}
    duties = _duties_about(channels)
    disagreements: dict[int, int] = defaultdict(int)
    standing = AdministratorFinding.objects.filter(resolved_at=None, channel__in=chosen)
    for key in standing.values_list("channel", flat=True):
        disagreements[key] += 1
    found = []
    for channel in channels:
        log_in, owed = kept.get(channel.pk), duties.get(channel.pk, [])
        credential = log_in.credential if log_in else None
        due_at = log_in.owed.due_at if log_in and log_in.owed else None
        if due_at is None and log_in and log_in.change:
            due_at = log_in.change.due_at
        found.append(
            ChannelStanding(
                channel,
                _custody(log_in),
                credential.deposited_at if credential else None,
                credential.tested_at if credential else None,
                due_at,
                disagreements[channel.pk],
                tuple(owed),
                sum(1 for one in owed if one.due_at is not None and one.due_at < now),
            )
        )
    return found


def _custody(row: Kept | None) -> str:
    if row is None:
        return "none"
    if row.trouble:
        return "unreadable"
    if row.owed or row.change:
        return "to-change"
    if row.credential is None:
        return "owed"
    return "kept" if row.credential.tested_at else "untested"


def _duties_about(channels: Iterable[Channel]) -> dict[int, list[Duty]]:
    """The open duties about each channel, or about what belongs to it, by the channel's key."""
    by_key = {one.pk: one.public_id for one in channels}
    subjects = {public_id: key for key, public_id in by_key.items()}
    for rows in (
        AdministratorFinding.objects.filter(resolved_at=None),
        ApplicationFinding.objects.filter(resolved_at=None),
        EmergencyRight.objects.filter(reviewed_at=None),
        LogInDisclosure.objects.all(),
        ReachedChannel.objects.all(),
        RightRequest.objects.all(),
    ):
        subjects |= dict(rows.filter(channel__in=by_key).values_list("public_id", "channel"))
    found: dict[int, list[Duty]] = defaultdict(list)
    for duty in duty_queries.open_duties():
        if duty.subject in subjects:
            found[subjects[duty.subject]].append(duty)
    return found
