"""The Today page: what each area says needs this person now.

An area adds itself by a function ``cards(person, now) -> list[TodayCard]`` in its ``today.py`` and a line here.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from rostrum.areas.duties import queries as duties
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


def _duty_cards(person: User, now: datetime) -> list[TodayCard]:
    own = list(duties.open_duties(owner=person))
    roles = {held.role.value for held in people.roles_of(person, now)}
    shared = [duty for role in sorted(roles) for duty in duties.open_duties(role=role) if duty.owner_id is None]

    def item(title: str, due_at: datetime | None) -> TodayItem:
        return TodayItem(title, due_at=due_at, is_overdue=due_at is not None and due_at < now)

    def card(title: str, found: list[TodayItem], empty: str) -> TodayCard:
        found.sort(key=lambda one: (one.due_at is None, one.due_at))
        return TodayCard(
            title, tuple(found[:_SHOWN]), len(found), is_urgent=any(one.is_overdue for one in found), empty=empty
        )

    return [
        card("My duties", [item(duty.title, duty.due_at) for duty in own], "Nothing is due from you."),
        card(
            "Open to anyone in my roles",
            [item(duty.title, duty.due_at) for duty in shared],
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
