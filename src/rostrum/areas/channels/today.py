"""What the channels area puts on the Today page: requests to decide, and lines that do not hold."""

from datetime import datetime

from django.urls import reverse

from rostrum.areas.channels import queries, rules
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem

_SHOWN = 8


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The cards for this person; none for whoever neither approves nor manages channels."""
    found: list[TodayCard] = []
    if people.may(person, Permission.APPROVE_CHANNEL, now=now).allowed:
        waiting = [
            channel
            for channel in Channel.objects.filter(state=ChannelState.REQUESTED).order_by("requested_at")
            if rules.decide_step(queries.step_facts(channel, actor=person, now=now)).allowed
        ]
        found.append(_card("Channels to decide on", waiting, "No channel waits for your decision."))
    if people.may(person, Permission.MANAGE_CHANNEL, now=now).allowed:
        troubled = list(queries.official_channels().exclude(trouble=""))
        found.append(
            _card("Channels in trouble", troubled, "Every channel's line to its platform holds.", is_urgent=True)
        )
    return found


def _card(title: str, channels: list[Channel], empty: str, *, is_urgent: bool = False) -> TodayCard:
    items = tuple(
        TodayItem(channel.name, reverse("channel", args=[channel.slug]), note=channel.unit.name)
        for channel in channels[:_SHOWN]
    )
    return TodayCard(title, items, len(channels), reverse("channels"), is_urgent and bool(items), empty)
