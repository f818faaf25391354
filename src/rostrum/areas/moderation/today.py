"""What moderation puts on the Today page: trouble with removals, open assessments, comments that wait, notices owed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from rostrum.areas.archive.models import Item
from rostrum.areas.moderation import conversation as reads
from rostrum.areas.moderation import queries
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem, first_few

_WORDS = 80


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The cards of somebody who may decide about comments; nobody else has any."""
    scope = people.reach(person, Permission.REMOVE_COMMENT, now=now)
    if not people.may(person, Permission.REMOVE_COMMENT, now=now).allowed:
        return []
    mine = scope.where(unit="item__channel__unit", channel="item__channel__public_id")
    trouble = queries.removals_in_trouble().filter(mine)
    not_told = queries.authors_not_told().filter(mine)
    opened = reads.open_assessments(person, now=now).filter(mine)
    waiting = reads.waiting_comments(person, now=now).filter(
        scope.where(unit="channel__unit", channel="channel__public_id")
    )
    conversation = reverse("conversation")
    cards = [
        _card("Trouble with a removal", trouble, _removal, "Every removal was carried out.", is_urgent=True),
        _card(
            "Comments being looked at", opened, _assessment, "No assessment is open.", url=f"{conversation}?show=open"
        ),
        _comments(waiting, f"{conversation}?show=waiting"),
        _card("Authors not yet told", not_told, _removal, "Every author was told, or could not be."),
    ]
    # What is nearly always empty is shown only when it is not.
    return [card for card in cards if card.count or card.url]


def _card(
    title: str,
    found: QuerySet[Any],
    item: Callable[[Any], TodayItem],
    empty: str,
    *,
    url: str = "",
    is_urgent: bool = False,
) -> TodayCard:
    few, total = first_few(found)
    return TodayCard(
        title,
        tuple(item(one) for one in few),
        total,
        url=url,
        is_urgent=is_urgent and total > 0,
        empty=empty,
    )


def _short(text: str) -> str:
    words = " ".join(text.split()) or "(no text)"
    return words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}…"


def _assessment(found: Assessment) -> TodayItem:
    return TodayItem(
        _short(found.version.text),
        reverse("assessment", args=[found.public_id]),
        f"{found.get_state_display()}, {found.item.channel.name}",
    )


def _removal(found: Removal) -> TodayItem:
    return TodayItem(
        _short(found.assessment.version.text),
        reverse("assessment", args=[found.assessment.public_id]),
        f"{found.get_outcome_display()}, {found.item.channel.name}",
    )


def _comments(waiting: QuerySet[Item], url: str) -> TodayCard:
    shown, total = first_few(waiting)
    said = reads.latest_versions(shown)
    items = tuple(
        TodayItem(
            _short(said[item.pk].text),
            f"{reverse('conversation-thread', args=[item.public_id])}#{item.public_id}",
            item.channel.name,
        )
        for item in shown
        if item.pk in said
    )
    return TodayCard(
        "Comments nobody has answered", items, total, url=url, empty="Every comment was answered or assessed."
    )
