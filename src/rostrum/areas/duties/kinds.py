"""The kinds of duties: what each is called, where it is done, and what closes it.

To add one, write one row in `duty_kinds.py` of the area that opens the duty (make the file if it is not there):

    from rostrum.areas.duties.kinds import DutyKind

    KINDS = (
        DutyKind(
            "channels.rotate-credential",       # the `kind` given to open_duty; begins with the area's name
            "Change a log-in",                  # of the kind, without names: it stands in filters, mail and calendars
            "A new log-in is deposited and tested",  # what closes it
            route="channel-deposit",            # where it is done: a route without arguments (a list) ...
            takes_subject=True,                 # ... or one that takes the duty's subject, as it stands ...
            find_pages=pages_at("channel", Channel, "slug"),  # ... or, instead of both, the addresses of many at once
        ),
    )

`find_pages` takes the subjects of many duties and answers ``{subject: address}`` in a bounded number of queries; a
subject it leaves out gets no link; `pages_at` makes it for subjects that are rows of one table. A kind that nothing
else closes may be closed on the duty's own page, by a sentence that says what was done: `closes_here=True`. What nobody
else can do (to sign, to be trained) is `is_personal=True`: it is not handed over, and ends when the person leaves. A
kind that is not declared still works (its title is its code, without a link), but `tests/structure/test_duty_kinds.py`
then fails.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from rostrum.areas.duties.models import Duty

FindPages = Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class DutyKind:
    """One kind of duty. `done_when` completes "Done when …" on the duty's page, as a sentence of its own."""

    code: str
    title: str
    done_when: str
    route: str = ""
    takes_subject: bool = False
    find_pages: FindPages | None = None
    closes_here: bool = False
    is_personal: bool = False


def pages_at(route: str, model: type[Model], argument: str = "public_id") -> FindPages:
    """Answer for subjects that are the public ids of `model`: each at `route`, which takes the row's `argument`."""

    def find(subjects: Collection[str]) -> Mapping[str, str]:
        found = model._default_manager.filter(public_id__in=subjects).values_list("public_id", argument)
        return {public_id: reverse(route, args=[one]) for public_id, one in found}

    return find


@cache
def declared() -> Mapping[str, DutyKind]:
    """Every kind that an area declares in its `duty_kinds.py`, by its code."""
    found: dict[str, DutyKind] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.duty_kinds"
        if config.name.startswith("rostrum.areas.") and find_spec(module):
            found |= {kind.code: kind for kind in import_module(module).KINDS}
    return found


def kind_of(code: str) -> DutyKind:
    """The kind with this code; for one that nobody declares, a bare one under its own code."""
    return declared().get(code) or DutyKind(code, code, "What shows that it was done is named")


def pages_of(duties: Iterable[Duty]) -> dict[str, str]:
    """Where each of these duties is done, by its public id; none without a page. A query per kind at most."""
    pages: dict[str, str] = {}
    by_kind: dict[str, list[Duty]] = {}
    for duty in duties:
        by_kind.setdefault(duty.kind, []).append(duty)
    for code, found in by_kind.items():
        kind = kind_of(code)
        if kind.find_pages is not None:
            addresses = kind.find_pages({duty.subject for duty in found})
            pages |= {duty.public_id: addresses[duty.subject] for duty in found if duty.subject in addresses}
        elif kind.route:
            pages |= {
                duty.public_id: reverse(kind.route, args=[duty.subject] if kind.takes_subject else None)
                for duty in found
            }
    return pages
