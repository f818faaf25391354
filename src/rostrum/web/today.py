"""The Today page: what each area says needs this person now.

An area adds itself by a function ``cards(person, now) -> list[TodayCard]`` in its ``today.py`` and a line here.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from rostrum.areas.jobs import queries as jobs
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.today import TodayCard, TodayItem

Contributor = Callable[[User, datetime], list[TodayCard]]
# In the order of the page. Dotted names, so that a page does not import every area to show one.
CONTRIBUTORS: tuple[str, ...] = (
    "rostrum.areas.agenda.today.cards",
    "rostrum.areas.moderation.today.cards",
    "rostrum.areas.publishing.today.cards",
    "rostrum.areas.channels.today.cards",
    "rostrum.areas.disclosure.today.cards",
    "rostrum.areas.governance.today.cards",
    "rostrum.areas.people.today.cards",
    "rostrum.web.changes.cards",
)
_SHOWN = 8


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
    cards: list[TodayCard] = []
    for dotted in CONTRIBUTORS:
        module, _, name = dotted.rpartition(".")
        contribute: Contributor = getattr(import_module(module), name)
        cards += contribute(person, now)
    cards += _job_cards(person, now)
    return sorted(cards, key=lambda card: not card.is_urgent)
