"""Questions to the coordinator, and the parts of a channel."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from rostrum.areas.channels import pack, rules
from rostrum.areas.channels.models import Channel, ChannelPart, ChannelQuestion
from rostrum.areas.channels.queries.custody import credential_in_force
from rostrum.areas.channels.queries.life import may_manage
from rostrum.areas.channels.rules.page import How
from rostrum.areas.channels.rules.parts import BY_HAND, Part, PartStanding
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, Reason
from rostrum.policy.packs import Clause

_ANSWERING = (Role.COORDINATOR, Role.PUBLIC_AFFAIRS)


def may_answer(person: User, *, now: datetime) -> Decision:
    """Whether this person answers questions about channels: the coordinator, or public affairs in their place."""
    if any(held.role in _ANSWERING for held in people.roles_of(person, now)):
        return Decision()
    clause = pack.clauses().get("channel.ask-coordinator")
    return Decision((Reason("not-yours", "Questions are answered by the coordinator.", clause),))


def visible_questions(person: User, *, now: datetime) -> QuerySet[ChannelQuestion]:
    """The questions this person may read: their own and every answered one; who answers sees all."""
    found = ChannelQuestion.objects.select_related("channel", "asked_by", "answered_by")
    if may_answer(person, now=now).allowed:
        return found
    return found.filter(Q(asked_by=person) | Q(answered_at__isnull=False))


def ownership_rules() -> tuple[Clause, ...]:
    """The policy's part on creating and managing channels: the clauses beside the one that lets people ask."""
    bound = governance.policy().bound_to("channel.ask-coordinator")
    if not bound:
        return ()
    policy, clause = governance.policy(), bound[0].clause
    return tuple(one for one in policy.pack_of(clause).clauses if _part(one) == _part(clause))


def _part(clause: Clause) -> str:
    # Sections name the paragraph last: "Ownership of …, para 3".
    return clause.section.partition(", para")[0]


def parts_of(channel: Channel) -> tuple[PartStanding, ...]:
    """Each part of the channel with the last entry about it, wherever that is kept."""
    credential = credential_in_force(channel)
    reading = channel.page_checks.filter(how=How.READ).order_by("-last_at").first()
    kept = {
        Part.LOG_IN: (credential.deposited_at if credential else None, "sealed in custody"),
        Part.CONTENT: (channel.last_connected_at, "captured into the archive"),
        Part.PROFILE: (reading.last_at if reading else None, "read and kept as it came"),
    }
    newest: dict[str, ChannelPart] = {}
    for entry in ChannelPart.objects.filter(channel=channel).order_by("taken_on", "pk"):
        newest[entry.part] = entry
    found = []
    for part in Part:
        if part in kept:
            at, words = kept[part]
            found.append(PartStanding(part, at, words if at else ""))
            continue
        made = newest.get(part)
        at = datetime.combine(made.taken_on, datetime.min.time(), ZoneInfo(settings.LEGAL_TIME_ZONE)) if made else None
        found.append(PartStanding(part, at, _words(made) if made else "", pack.parts_renew_days()))
    return tuple(found)


def _words(entry: ChannelPart) -> str:
    counted = f"{entry.count} in all" if entry.count is not None else ""
    return "; ".join(part for part in (entry.export_name, counted, entry.note) if part)


def part_entries(channel: Channel) -> QuerySet[ChannelPart]:
    """Every entry made about the channel's parts, newest first."""
    return ChannelPart.objects.filter(channel=channel).select_related("recorded_by")


def may_record_part(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person keeps the inventory of the channel's parts: whoever may manage it."""
    return may_manage(channel, actor=actor, now=now)


def channels_with_parts_due(*, now: datetime) -> list[Channel]:
    """The official channels of which a part that people enter has no entry, or none recent enough."""
    return [
        channel
        for channel in Channel.objects.filter(state__in=rules.OFFICIAL_STATES).order_by("pk")
        if any(one.is_due(now) for one in parts_of(channel) if one.part in BY_HAND)
    ]
