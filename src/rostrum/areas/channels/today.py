"""What the channels area puts on the Today page: requests to decide, and lines that do not hold."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from rostrum.areas.channels import queries, rules
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries import lists, terms
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.lists import ListState
from rostrum.areas.channels.views.frame import HEALTH_WORDS
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import SHOWN, TodayCard, TodayItem, first_few


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The cards for this person; none for whoever neither approves nor manages channels."""
    found: list[TodayCard] = []
    if people.may(person, Permission.APPROVE_CHANNEL, now=now).allowed:
        found.append(_requests(person, now))
    waiting_terms = terms.waiting_reviews(person, now=now)
    if waiting_terms:
        items = tuple(
            TodayItem(
                f"{what}: {one.channel.name}",
                reverse("terms-review", args=[one.public_id]),
                note=one.channel.platform.name,
            )
            for one, what in waiting_terms[:SHOWN]
        )
        found.append(TodayCard("Platforms’ terms", items, len(waiting_terms), reverse("terms")))
    if lists.may_take_lists(person, now=now).allowed:
        found.append(_held_lists())
    if people.may(person, Permission.MANAGE_CHANNEL, now=now).allowed:
        found.append(_troubles())
        if (lacking := _lacking(now)).count:
            found.append(lacking)
    return found


def _requests(person: User, now: datetime) -> TodayCard:
    asked_for = Channel.objects.filter(state=ChannelState.REVIEWED).order_by("requested_at")
    whole = asked_for.select_related("unit", "requested_by").prefetch_related("steps__person")
    waiting = [
        channel
        for channel in (whole if asked_for.exists() else ())
        if rules.decide_step(queries.step_facts(channel, actor=person, now=now, risk_acknowledged=True)).allowed
    ]
    items = tuple(
        TodayItem(
            channel.name,
            reverse("channel", args=[channel.slug]),
            note=f"{channel.unit.name}, asked for" if channel.requested_at else channel.unit.name,
            since=channel.requested_at,
        )
        for channel in waiting[:SHOWN]
    )
    return TodayCard(
        "Channels to decide on",
        items,
        len(waiting),
        reverse("channels"),
        empty="No channel waits for your decision.",
    )


def _held_lists() -> TodayCard:
    few, total = first_few(lists.channel_lists().filter(state=ListState.HELD))
    items = tuple(
        TodayItem(
            one.name,
            reverse("channel-list", args=[one.public_id]),
            note=f"It misses {len(one.missing)} of {one.known_count} open channels; held",
            since=one.received_at,
        )
        for one in few
    )
    return TodayCard(
        "Lists held for a decision",
        items,
        total,
        reverse("channel-lists"),
        empty="No list of channels is held.",
    )


# What a line of a card shows of a channel, which is a wide row.
_LISTED = ("slug", "name", "trouble", "trouble_since", "platform_id", "unit__name")


def _troubles() -> TodayCard:
    few, total = first_few(
        queries.official_channels().exclude(trouble="").only(*_LISTED).order_by("trouble_since", "name")
    )
    items = tuple(
        TodayItem(
            channel.name,
            reverse("channel", args=[channel.slug]),
            note=f"{HEALTH_WORDS.get(channel.trouble, ('In trouble', ''))[0]}, {channel.unit.name},",
            since=channel.trouble_since,
        )
        for channel in few
    )
    return TodayCard(
        "Channels in trouble",
        items,
        total,
        reverse("channels"),
        is_urgent=total > 0,
        empty="Every channel's line to its platform holds.",
    )


def _lacking(now: datetime) -> TodayCard:
    lacking = queries.official_channels().filter(Q(page_missing__gt=0) | Q(page_due_at__lt=now))
    few, total = first_few(lacking.only(*_LISTED).order_by("name"))
    items = tuple(
        TodayItem(channel.name, reverse("channel", args=[channel.slug]), note=channel.unit.name) for channel in few
    )
    return TodayCard(
        "Pages that lack something, or were not looked at in time", items, total, reverse("channels"), total > 0
    )
