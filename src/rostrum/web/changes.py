"""What changed since yesterday, counted from the ledger, for the Today page of those who oversee the others' duties.

To add a kind of act, add its line to `WORDS`: one of it, several of it, and the route of the list that shows more.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem

_MONDAY, _SUNDAY = 0, 6
# In the order of the card: what may need a second look comes first.
WORDS: dict[str, tuple[str, str, str]] = {
    "people.person-deactivated.v1": ("1 person left", "{} persons left", "people"),
    "channels.connection-lost.v1": ("1 connection was lost", "{} connections were lost", "channels"),
    "channels.connection-restored.v1": ("1 connection was restored", "{} connections were restored", "channels"),
    "channels.credential-failed.v1": ("1 log-in failed its test", "{} log-ins failed their test", "channels"),
    "channels.channel-found.v1": ("1 channel was found", "{} channels were found", "channels"),
    "channels.channel-requested.v1": ("1 channel was asked for", "{} channels were asked for", "channels"),
    "channels.channel-approved.v1": ("1 channel was approved", "{} channels were approved", "channels"),
    "channels.channel-went-live.v1": ("1 channel went live", "{} channels went live", "channels"),
    "channels.channel-paused.v1": ("1 channel was paused", "{} channels were paused", "channels"),
    "channels.channel-closed.v1": ("1 channel was closed", "{} channels were closed", "channels"),
    "people.person-added.v1": ("1 person was added", "{} persons were added", "people"),
    "people.role-given.v1": ("1 role was given", "{} roles were given", "people"),
    "people.role-ended.v1": ("1 role ended", "{} roles ended", "people"),
    "people.channel-right-given.v1": (
        "1 right on a channel was given", "{} rights on channels were given", "channels",
    ),
    "people.channel-right-ended.v1": ("1 right on a channel ended", "{} rights on channels ended", "channels"),
    "agenda.duty-escalated.v1": ("1 duty was escalated", "{} duties were escalated", "duties-overdue"),
    "duties.duty-opened.v1": ("1 duty was opened", "{} duties were opened", "duties"),
    "duties.duty-closed.v1": ("1 duty was closed", "{} duties were closed", "duties"),
    "governance.choice-made.v1": ("1 local choice was made", "{} local choices were made", "policy"),
}  # fmt: skip


def since_yesterday(now: datetime) -> datetime:
    """The beginning of yesterday where the body sits; after a weekend, of Friday: nobody looked in between."""
    zone = ZoneInfo(settings.LEGAL_TIME_ZONE)
    today = now.astimezone(zone).date()
    days = {_MONDAY: 3, _SUNDAY: 2}.get(today.weekday(), 1)
    return datetime.combine(today - timedelta(days=days), time(), zone)


def cards(person: User, now: datetime) -> list[TodayCard]:
    """One card with what changed, for who sees every duty; nobody else has any."""
    if not people.reach(person, Permission.SEE_DUTIES, reading=True, now=now).everything:
        return []
    since = since_yesterday(now)
    counted = Entry.objects.filter(at__gte=since, kind__in=list(WORDS)).order_by().values("kind")
    counts = dict(counted.annotate(count=Count("pk")).values_list("kind", "count"))
    items = tuple(
        TodayItem(one if counts[kind] == 1 else several.format(counts[kind]), url=reverse(route))
        for kind, (one, several, route) in WORDS.items()
        if kind in counts
    )
    yesterday = now.astimezone(since.tzinfo).date() - timedelta(days=1)
    title = "Changed since yesterday" if since.date() == yesterday else f"Changed since {since:%A}"
    return [TodayCard(title, items, len(items), empty="Nothing changed.")]
