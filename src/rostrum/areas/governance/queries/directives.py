"""Directives: which are in force, what they select, when the next is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from rostrum.areas.governance import clocks
from rostrum.areas.governance.models import Directive, DirectiveDelivery, DirectiveSuggestion
from rostrum.areas.governance.queries import packs
from rostrum.areas.governance.rules.directives import (
    BY_HAND,
    CONTENT_KINDS,
    EXPORT,
    Selected,
    Told,
    captures_by,
    last_reaching_all,
)
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission, Role
from rostrum.connectors import registry
from rostrum.connectors.registry import CaptureMethod

ISSUED, ANNUAL, INTERIM, ADAPTERS = "directive.issued", "directive.annual", "directive.interim", "directive.adapters"
_NOTICE_DAYS = "directive.notice_days"
_EVERYWHERE = (
    CaptureMethod(EXPORT, "From the platform's own data export, imported by a person"),
    CaptureMethod(BY_HAND, "By hand: pictures and copies that a person adds"),
)


def directives() -> QuerySet[Directive]:
    """Every directive, newest first."""
    return Directive.objects.select_related("issued_by").prefetch_related("deliveries__unit")


def in_force() -> list[Directive]:
    """The directives that still say something: no newer one covers all their content on their platform."""
    said: set[tuple[str, str]] = set()
    found = []
    for one in directives():
        own = {(one.platform, kind) for kind in one.content_kinds}
        if own - said:
            found.append(one)
        said |= own
    return found


def capture_methods(platform: str) -> tuple[CaptureMethod, ...]:
    """The ways in which a platform's content can be captured: its connector's first, then those that always work."""
    spec = registry.PLATFORMS.get(platform)
    return (*(spec.methods if spec else ()), *_EVERYWHERE)


def selected_for(platform: str) -> dict[str, Selected]:
    """What directives in force say of each kind of content on a platform; the newest, and the nearest, counts.

    A directive for the platform itself counts before one for every platform.
    """
    chosen: dict[str, Selected] = {}
    for general in (True, False):
        # Oldest first, so that the newest stays.
        for one in reversed(directives().filter(platform="" if general else platform)):
            for kind in one.content_kinds:
                chosen[kind] = Selected(kind, one.method, one.address, one.public_id)
    return {kind: chosen[kind] for kind in CONTENT_KINDS if kind in chosen}


@dataclass(frozen=True, slots=True)
class CaptureChoice:
    """How a platform's channels are captured now: the method, from where, and by which directive ("" for none)."""

    method: CaptureMethod
    address: str
    directive: str

    @property
    def is_automatic(self) -> bool:
        """Whether the product captures by itself."""
        return self.method.code not in (EXPORT, BY_HAND)


def capture_choice(platform: str) -> CaptureChoice:
    """How channels on a platform are captured: as directives select, else by the connector's first method."""
    methods = {one.code: one for one in capture_methods(platform)}
    found = captures_by(selected_for(platform).values())
    if found is not None and found.method in methods:
        return CaptureChoice(methods[found.method], found.address, found.directive)
    return CaptureChoice(next(iter(methods.values())), "", "")


def platforms_captured_by_people() -> list[str]:
    """Platforms with a connector that directives tell to capture otherwise: nothing looks at them by itself."""
    if not Directive.objects.exists():
        return []
    return [code for code in registry.PLATFORMS if not capture_choice(code).is_automatic]


def told() -> list[Told]:
    """Every directive with when it reached each department."""
    return [
        Told(one.public_id, tuple(delivery.reached_at for delivery in one.deliveries.all())) for one in directives()
    ]


@dataclass(frozen=True, slots=True)
class NextDue:
    """Until when the next directive must have reached departments: the clause, the count's begin, the instants."""

    clause: str
    clock: str
    counted_from: datetime
    after: str  # the directive it counts from; "" for the day the policy came into force
    due_at: datetime
    open_from: datetime


def next_due() -> NextDue | None:
    """When the next directive is due; None where no clause in force asks for one every year."""
    if packs.activation() is None:
        return None
    bound = packs.policy().bound_to(ANNUAL)
    if not bound:
        return None
    within = str(bound[0].binding.parameters.get("within", bound[0].clause.deadline))
    last = last_reaching_all(told())
    counted_from = last.reached_all_at if last is not None else None
    if counted_from is None:
        # Since the policy, as composed, first asked for it.
        first = packs.activations().order_by("activated_at", "pk")
        counted_from = next(one.activated_at for one in first if bound[0].clause.pack in one.versions)
    due_at = clocks.deadline(within, counted_from).due_at
    notice = timedelta(days=int(packs.choice(_NOTICE_DAYS, 60)))
    return NextDue(bound[0].clause.id, within, counted_from, last.directive if last else "", due_at, due_at - notice)


def heads_of(unit: Unit, *, now: datetime) -> list[User]:
    """Who is told for a department: those who head it."""
    return list(people.persons_with(Role.DEPARTMENT_HEAD, unit=unit, now=now))


def deliveries_of(person: User, *, now: datetime) -> QuerySet[DirectiveDelivery]:
    """The directives as they were sent to this person's departments, newest first."""
    del now
    found = DirectiveDelivery.objects.filter(unit=person.unit) if person.unit else DirectiveDelivery.objects.none()
    return found.select_related("directive").order_by("-directive__issued_at")


def is_known_platform(platform: str, *, before: Entry) -> bool:
    """Whether a channel on this platform was asked for earlier."""
    earlier = Entry.objects.filter(kind="channels.channel-requested.v1", pk__lt=before.pk)
    return any(one.body["platform"] == platform for one in earlier.iterator())


def suggestions() -> QuerySet[DirectiveSuggestion]:
    """What may want an interim directive and was not answered."""
    return DirectiveSuggestion.objects.filter(answered_at=None)


def may_issue(person: User, *, now: datetime) -> bool:
    """Whether the person issues directives."""
    return people.may(person, Permission.ISSUE_DIRECTIVE, now=now).allowed
