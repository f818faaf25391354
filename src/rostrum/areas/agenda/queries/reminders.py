"""What is due to be told now: which overdue duties go a level up, and one digest per person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.agenda import pack, rules
from rostrum.areas.agenda.models import Escalation, Notice
from rostrum.areas.duties.models import Duty
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role


@dataclass(frozen=True, slots=True)
class DueEscalation:
    """An overdue duty that goes to the holders of a role now."""

    duty: Duty
    level: int
    role: str
    persons: frozenset[int]


@dataclass(slots=True)
class Digest:
    """What one person is to be told in one mail: duty and stage."""

    person: int
    told: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is to be told now and was not told yet."""

    escalations: tuple[DueEscalation, ...]
    digests: tuple[Digest, ...]


def plan(*, now: datetime) -> Plan:
    """What is to be told now. Nothing is repeated: what was told once about a stage of a duty is left out."""
    rhythm = pack.rhythm()
    found: QuerySet[Duty] = Duty.objects.filter(closed_at=None, due_at__lte=now + rhythm.before).order_by(
        "due_at", "id"
    )
    duties = list(found.select_related("owner__unit"))
    told = set(Notice.objects.filter(duty__in=found.order_by()).values_list("duty", "person", "stage"))
    gone_up = set(Escalation.objects.filter(duty__in=found.order_by()).values_list("duty", "level"))
    holders = _Holders(now)
    escalations: list[DueEscalation] = []
    digests: dict[int, Digest] = {}

    def tell(persons: Iterable[int], duty: Duty, stage: str) -> None:
        for person in persons:
            if (duty.pk, person, stage) not in told:
                digests.setdefault(person, Digest(person)).told.append((duty.pk, stage))

    for duty in duties:
        assert duty.due_at is not None  # noqa: S101 - the filter above
        owners = holders.owners(duty)
        tell(owners, duty, rules.stage_now(duty.due_at, rhythm, now))
        reached = rules.level_now(duty.due_at, rhythm, now)
        if not reached:
            continue
        unit = duty.unit or (duty.owner.unit.public_id if duty.owner and duty.owner.unit else "")
        chain = [(role, holders.of(role, unit)) for role in rhythm.chain]
        for level, (role, persons) in enumerate(rules.next_in_line(chain, owners)[:reached], start=1):
            if (duty.pk, level) not in gone_up:
                escalations.append(DueEscalation(duty, level, role, persons))
            # Told apart from recorded: after a crash between the two, the mail still goes out.
            tell(persons, duty, f"{rules.Stage.ESCALATED}-{level}")
    return Plan(tuple(escalations), tuple(digests.values()))


def departed_owners(*, now: datetime) -> QuerySet[User]:
    """Persons who left and still owe something."""
    left = Q(is_active=False) | Q(left_at__lte=now)
    return User.objects.filter(left, pk__in=Duty.objects.filter(closed_at=None).exclude(owner=None).values("owner"))


class _Holders:
    """Who holds a role over a department now, each looked up once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._found: dict[tuple[str, str], frozenset[int]] = {}
        self._units: dict[str, Unit] | None = None

    def of(self, role: str, unit: str) -> frozenset[int]:
        """The persons present who hold the role over the department, or over the whole body."""
        key = (role, unit)
        if key not in self._found:
            self._found[key] = frozenset(self._look(role, unit))
        return self._found[key]

    def _look(self, role: str, unit: str) -> Iterable[int]:
        if role not in set(Role):
            return ()
        if self._units is None:
            self._units = {one.public_id: one for one in Unit.objects.all()}
        return people.persons_with(Role(role), unit=self._units.get(unit), now=self._now).values_list("pk", flat=True)

    def owners(self, duty: Duty) -> frozenset[int]:
        """Who owes the duty: its person while they are here, else the holders of its role."""
        if duty.owner is not None and people.is_present(duty.owner, now=self._now):
            return frozenset({duty.owner.pk})
        return self.of(duty.owner_role, duty.unit)
