"""What the worker does about lines to platforms: tells those who can restore a lost one.

Kind: ``channels.tell-lost`` {channel}. It may run twice: mail may repeat safely.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as format_date

from rostrum.areas.channels import pack, queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Right, Role
from rostrum.connectors.mail import mailer


def told_of(channel: Channel, *, now: datetime) -> list[User]:
    """Who is told that the channel's line is down: who holds its log-in, the department's head, the coordinator."""
    found: dict[int, User] = {}
    for person in (
        *people.holders_of_right(Right.CREDENTIAL, channel.public_id, now=now),
        *people.persons_with(Role.DEPARTMENT_HEAD, unit=channel.unit, now=now),
        *people.persons_with(Role.COORDINATOR, now=now),
    ):
        found.setdefault(person.pk, person)
    if not found:
        # Where a pack has no coordinator, public affairs stand in.
        found = {person.pk: person for person in people.persons_with(Role.PUBLIC_AFFAIRS, now=now)}
    return list(found.values())


def may_restore(channel: Channel, *, now: datetime) -> list[User]:
    """Which of those who are told may deposit a new log-in of the channel."""
    return [one for one in told_of(channel, now=now) if queries.may_deposit(channel, actor=one, now=now).allowed]


def tell_lost(args: dict[str, Any], *, now: datetime) -> None:
    """Mail those who can restore the line or answer for the channel; nothing when it was restored meanwhile."""
    channel = queries.channel_by_id(args["channel"])
    if not channel.trouble or channel.trouble_since is None:
        return
    since = format_date(channel.trouble_since.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)), "l, F j, g:i a T")
    page = reverse("channel-connection", args=[channel.slug])
    where = (
        f"{settings.PUBLIC_ADDRESS}{page}" if settings.PUBLIC_ADDRESS else f"the page “Connection” of {channel.name}"
    )
    text = (
        f"{channel.platform.name} no longer accepts the log-in of {channel.name}, since {since}.\n\n"
        "Until it is restored, nothing is captured there and nothing is published.\n"
        f"A new one is to be made on the platform and deposited, within {pack.reconnect_hours()} hours:\n\n{where}\n\n"
    )
    able = may_restore(channel, now=now)
    for person in told_of(channel, now=now):
        mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(
            person.email,
            f"The connection of {channel.name} is lost",
            f"{person.name},\n\n{text}{_who_may(person, able)}\n",
        )


def _who_may(person: User, able: list[User]) -> str:
    others = ", ".join(one.name for one in able if one != person)
    if person in able:
        return "You may do so." + (f" So may: {others}." if others else "")
    if others:
        return f"You are told because you answer for the channel. It can be done by: {others}."
    return "Nobody who is told may do so: have a person given the right to hold the channel's log-in."
