"""The register: which duties a person may see, chosen by filters, and what is overdue, whose, since when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from rostrum.areas.duties import queries as duties
from rostrum.areas.duties.kinds import DutyKind, kind_of, pages_of
from rostrum.areas.duties.models import Duty
from rostrum.areas.duties.rules import is_overdue
from rostrum.areas.governance import clocks
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import ROLE_TITLES, Permission, Role
from rostrum.kernel.clocks import counting_words
from rostrum.kernel.legal_days import day_ending_at


def visible_duties(person: User, *, now: datetime) -> QuerySet[Duty]:
    """The duties this person may see: their own, their roles', their department's where they head it, or all."""
    scope = people.reach(person, Permission.SEE_DUTIES, reading=True, now=now)
    found = Duty.objects.select_related("owner__unit")
    if scope.everything:
        return found
    whose = Q(owner=person) | duties.owed_by_roles(_held(person, now))
    if scope.units:
        whose |= _of_units(scope.units)
    return found.filter(whose)


def _held(person: User, now: datetime) -> list[tuple[str, str]]:
    return [(held.role.value, held.unit) for held in people.roles_of(person, now)]


def _of_units(units: Iterable[str]) -> Q:
    wanted = sorted(units)
    return Q(unit__in=wanted) | Q(unit="", owner__unit__public_id__in=wanted)


_ROLE_TITLES = {role.value: title for role, title in ROLE_TITLES.items()}
# In the place of a person or a department: those of none.
NOBODY = "none"
_OF_NO_UNIT = Q(unit="", owner=None) | Q(unit="", owner__unit=None)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the register shows. Empty means any; `state` is open, overdue, closed or all.

    `unit` and `person` are public ids, or "none": of the whole body, of no person in particular.
    """

    whose: str = ""  # mine, roles, department
    state: str = "open"
    kind: str = ""
    role: str = ""
    unit: str = ""
    person: str = ""


def chosen(person: User, filters: Filters, *, now: datetime) -> QuerySet[Duty]:
    """The duties this person may see that pass the filters: open ones soonest first, closed ones newest first."""
    found = visible_duties(person, now=now)
    if filters.whose == "mine":
        found = found.filter(owner=person)
    elif filters.whose == "roles":
        found = found.filter(duties.owed_by_roles(_held(person, now)))
    elif filters.whose == "department":
        found = found.filter(_of_units([person.unit.public_id]) if person.unit else Q(pk__in=[]))
    return _filtered(found, filters, now)


def every(filters: Filters, *, now: datetime) -> QuerySet[Duty]:
    """Every duty that passes the filters but `whose`: for the command line, where the data folder is at hand."""
    return _filtered(Duty.objects.select_related("owner__unit"), filters, now)


def _filtered(found: QuerySet[Duty], filters: Filters, now: datetime) -> QuerySet[Duty]:
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.role:
        found = found.filter(owner_role=filters.role)
    if filters.unit:
        found = found.filter(_OF_NO_UNIT if filters.unit == NOBODY else _of_units([filters.unit]))
    if filters.person:
        found = found.filter(Q(owner=None) if filters.person == NOBODY else Q(owner__public_id=filters.person))
    if filters.state == "overdue":
        return found.filter(closed_at=None, due_at__lt=now).order_by("due_at", "id")
    if filters.state == "closed":
        return found.filter(closed_at__isnull=False).order_by("-closed_at", "-id")
    if filters.state == "all":
        return found.order_by("-opened_at", "-id")
    return found.filter(closed_at=None).order_by(*duties.SOONEST_FIRST)


@dataclass(frozen=True, slots=True)
class Row:
    """One duty as a page shows it. `due_on` is the day, where the duty is due by the day's end."""

    duty: Duty
    kind: DutyKind
    whose: str
    department: str
    url: str
    due_on: date | None
    is_overdue: bool
    counting: str
    was_late: bool


def whole_day(due_at: datetime | None) -> date | None:
    """The day, where the duty is due by its end."""
    return day_ending_at(due_at, settings.LEGAL_TIME_ZONE) if due_at else None


def rows(found: Sequence[Duty], *, now: datetime, with_pages: bool = True) -> list[Row]:
    """These duties as a page shows them; a bounded number of queries, however many they are.

    Without `with_pages` the rows do not say where each duty is done, which spares a query for each kind.
    """
    pages = pages_of(found) if with_pages else {}
    units = people.unit_names()
    counting = {clock: _counting(clock) for clock in {duty.clock for duty in found if duty.clock}}
    return [
        Row(
            duty=duty,
            kind=kind_of(duty.kind),
            whose=duty.owner.name if duty.owner else role_title(duty.owner_role),
            department=units.get(duty.unit) or (duty.owner.unit.name if duty.owner and duty.owner.unit else ""),
            url=pages.get(duty.public_id, ""),
            due_on=whole_day(duty.due_at),
            is_overdue=duty.is_open and is_overdue(due_at=duty.due_at, closed_at=None, now=now),
            counting=counting.get(duty.clock, ""),
            was_late=not duty.is_open and is_overdue(due_at=duty.due_at, closed_at=duty.closed_at, now=now),
        )
        for duty in found
    ]


_AT_ONCE = 500


def in_rows(found: QuerySet[Duty], *, now: datetime) -> Iterator[list[Row]]:
    """All of these duties as rows, some hundred at a time."""
    left = found.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(left, _AT_ONCE)):
        yield rows(some, now=now)


def role_title(role: str) -> str:
    """What the role is called on screen."""
    return _ROLE_TITLES.get(role, role)


def _counting(clock: str) -> str:
    """How the clock counts, in words; a clock that is words already says it itself."""
    known = clocks.known(clock) if governance.activation() is not None else None
    if known is None:
        return clock[:1].upper() + clock[1:]
    return f"{known.title}: {counting_words(known)}" if known.title != known.id else counting_words(known)


@dataclass(frozen=True, slots=True)
class Group:
    """What is overdue of one person, role or department: how many, since when the oldest, and the filters that show it.

    `note` says who holds the role, where no person in particular owes it.
    """

    name: str
    count: int
    since: datetime
    filters: dict[str, str]
    note: str = ""


def overdue_by(person: User, by: str, *, now: datetime, but_own: bool = False) -> list[Group]:
    """What is overdue, grouped by "person", "role" or "department", the longest overdue first.

    `but_own` leaves out what this person or their roles owe.
    """
    found = visible_duties(person, now=now).filter(closed_at=None, due_at__lt=now).order_by()
    if but_own:
        found = found.exclude(owner=person).exclude(duties.owed_by_roles(_held(person, now)))
    group = {"department": _by_department, "role": _by_role}.get(by)
    made = group(found) if group else _by_person(found, now)
    return sorted(made, key=lambda one: (one.since, one.name))


def _by_department(found: QuerySet[Duty]) -> list[Group]:
    of_unit = Case(
        When(~Q(unit=""), then=F("unit")),
        default=Coalesce(F("owner__unit__public_id"), Value("")),
        output_field=CharField(),
    )
    names = people.unit_names()
    return [
        Group(names.get(unit, "The whole body"), count, since, {"unit": unit or NOBODY})
        for unit, count, since in found.annotate(of_unit=of_unit)
        .values("of_unit")
        .annotate(count=Count("pk"), since=Min("due_at"))
        .values_list("of_unit", "count", "since")
    ]


def _by_role(found: QuerySet[Duty]) -> list[Group]:
    grouped = (
        found.values("owner_role")
        .annotate(count=Count("pk"), since=Min("due_at"))
        .values_list("owner_role", "count", "since")
    )
    return [Group(role_title(role), count, since, {"role": role}) for role, count, since in grouped]


def _by_person(found: QuerySet[Duty], now: datetime) -> list[Group]:
    owned = found.exclude(owner=None).values("owner").annotate(count=Count("pk"), since=Min("due_at"))
    made = [
        Group(name, count, since, {"person": public_id}, title)
        for name, title, public_id, count, since in owned.values_list(
            "owner__name", "owner__title", "owner__public_id", "count", "since"
        )
    ]
    shared = found.filter(owner=None).values("owner_role").annotate(count=Count("pk"), since=Min("due_at"))
    for role, count, since in shared.values_list("owner_role", "count", "since"):
        filters = {"role": role, "person": NOBODY}
        made.append(Group(f"Anyone: {role_title(role)}", count, since, filters, _held_by(role, now)))
    return made


_NAMED = 3


def _held_by(role: str, now: datetime) -> str:
    """Who holds the role now, in a few words."""
    if role not in set(Role):
        return ""
    holders = people.persons_with(Role(role), now=now).order_by("name")
    names = list(holders.values_list("name", flat=True)[: _NAMED + 1])
    if not names:
        return "Nobody holds this role"
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {holders.count() - _NAMED} more"
    return ", ".join(names)
