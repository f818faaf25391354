"""The Today page: what each area says needs this person now.

An area adds itself by a function ``cards(person, now) -> list[TodayCard]`` in its ``today.py`` and a line here.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from rostrum.areas.duties import queries as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs import queries as jobs
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem

Contributor = Callable[[User, datetime], list[TodayCard]]
# In the order of the page, after the duties. Dotted names, so that a page does not import every area to show one.
CONTRIBUTORS: tuple[str, ...] = (
    "rostrum.areas.moderation.today.cards",
    "rostrum.areas.publishing.today.cards",
    "rostrum.areas.channels.today.cards",
    "rostrum.areas.disclosure.today.cards",
    "rostrum.areas.governance.today.cards",
)
_SHOWN = 8
# Duty kind → the route of the page on which it is done, and whether that page is its subject's own.
_PAGES: dict[str, tuple[str, bool]] = {
    "archive.fill-gap": ("archive-captures", False),
    "archive.restore-record": ("archive-captures", False),
    "channels.deposit-credential": ("channels", False),
    "channels.restore-connection": ("channels", False),
    "moderation.referral": ("assessment", True),
    "moderation.removal-trouble": ("conversation", False),
    "moderation.safety-alert": ("assessment", True),
    "publishing.explain-difference": ("write", False),
    "publishing.resolve-unclear": ("write", False),
    "publishing.retry-failed": ("write", False),
    "request.respond": ("request", True),
}


def _page_of(duty: Duty) -> str:
    """Where the duty is done: its own page, or the list it stands in."""
    route, takes_subject = _PAGES.get(duty.kind, ("", False))
    if not route:
        return ""
    return reverse(route, args=[duty.subject]) if takes_subject else reverse(route)


def _whole_day(due_at: datetime | None) -> date | None:
    """The day, where the duty is due by its end: people read "December 7", not the midnight after."""
    if due_at is None:
        return None
    local = due_at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE))
    return local.date() - timedelta(days=1) if local.time() == time() else None


def _duty_cards(person: User, now: datetime) -> list[TodayCard]:
    own = list(duties.open_duties(owner=person))
    roles = {held.role.value for held in people.roles_of(person, now)}
    shared = [duty for role in sorted(roles) for duty in duties.open_duties(role=role) if duty.owner_id is None]

    def item(duty: Duty) -> TodayItem:
        due_at = duty.due_at
        return TodayItem(
            duty.title,
            url=_page_of(duty),
            due_at=due_at,
            is_overdue=due_at is not None and due_at < now,
            due_on=_whole_day(due_at),
        )

    def card(title: str, found: list[TodayItem], empty: str) -> TodayCard:
        found.sort(key=lambda one: (one.due_at is None, one.due_at))
        return TodayCard(
            title, tuple(found[:_SHOWN]), len(found), is_urgent=any(one.is_overdue for one in found), empty=empty
        )

    return [
        card("My duties", [item(duty) for duty in own], "Nothing is due from you."),
        card(
            "Open to anyone in my roles",
            [item(duty) for duty in shared],
            "Nothing waits for someone in your roles.",
        ),
    ]


def _job_cards(person: User, now: datetime) -> list[TodayCard]:
    if not people.may(person, Permission.RUN_SERVICE, now=now).allowed:
        return []
    failing = list(jobs.dead_jobs())
    items = tuple(
        TodayItem(f"Job {job.kind} gave up", note=job.error.splitlines()[-1] if job.error else "")
        for job in failing[:_SHOWN]
    )
    return [TodayCard("Failing jobs", items, len(failing), is_urgent=bool(failing), empty="Every job runs.")]


def cards_for(person: User, *, now: datetime) -> list[TodayCard]:
    """All cards for this person, those with something overdue first."""
    cards = _duty_cards(person, now) + _job_cards(person, now)
    for dotted in CONTRIBUTORS:
        module, _, name = dotted.rpartition(".")
        contribute: Contributor = getattr(import_module(module), name)
        cards += contribute(person, now)
    return sorted(cards, key=lambda card: not card.is_urgent)
