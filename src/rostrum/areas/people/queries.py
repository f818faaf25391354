"""Reads of the people area: who holds what now, and what that opens.

Object-level access has two forms, both from the same matrix: `may(...)` answers for one thing, and `reach(...)` gives
the filter for a list:

    def visible_drafts(person, *, now):
        return Draft.objects.filter(
            reach(person, Permission.DRAFT, now=now).where(unit="channel__unit", owner="author")
        )
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.people import rules
from rostrum.areas.people.models import ChannelGrant, RoleGrant, Unit, User
from rostrum.areas.people.rules import AccessFacts, HeldRight, HeldRole, Permission, Reach, Right, Role
from rostrum.kernel.decisions import Decision

# Who a person is by contract of employment; everybody else on the payroll is an employee.
_CLASS_ROLE = {"contractor": None, "vendor": None, "agent": None, "elected": Role.ELECTED_OFFICIAL}


def _in_force(now: datetime) -> Q:
    return Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def is_present(person: User, *, now: datetime) -> bool:
    """Whether the person may act at all: active and not left."""
    return person.is_active and (person.left_at is None or now < person.left_at)


def roles_of(person: User, now: datetime) -> tuple[HeldRole, ...]:
    """The roles in force, the employee's own included; empty for somebody who has left."""
    if not is_present(person, now=now):
        return ()
    grants = RoleGrant.objects.filter(_in_force(now), person=person).values_list("role", "unit__public_id")
    held = {HeldRole(Role(role), unit or "") for role, unit in grants}
    held.update(basic_roles(person, now))
    return tuple(sorted(held, key=lambda one: (list(Role).index(one.role), one.unit)))


def basic_roles(person: User, now: datetime) -> tuple[HeldRole, ...]:
    """The role that comes with the employment itself, without a grant; none for contractors and who has left."""
    basic = _CLASS_ROLE.get(person.employment_class, Role.EMPLOYEE)
    return (HeldRole(basic),) if basic and is_present(person, now=now) else ()


def granted_roles(person_ids: Iterable[int], *, now: datetime) -> dict[int, list[Role]]:
    """Granted roles in force of many persons at once, by the person's key: for lists."""
    found: dict[int, list[Role]] = {}
    grants = RoleGrant.objects.filter(_in_force(now), person__in=list(person_ids)).values_list("person", "role")
    for person_id, role in grants.distinct():
        found.setdefault(person_id, []).append(Role(role))
    return {key: sorted(roles, key=list(Role).index) for key, roles in found.items()}


def rights_of(person: User, now: datetime) -> tuple[HeldRight, ...]:
    """The rights on channels in force; empty for somebody who has left."""
    if not is_present(person, now=now):
        return ()
    grants = ChannelGrant.objects.filter(_in_force(now), person=person).values_list("right", "channel").distinct()
    return tuple(HeldRight(Right(right), channel) for right, channel in grants)


def may(
    person: User,
    permission: Permission,
    *,
    unit: Unit | None = None,
    channel: str | None = None,
    owner: User | None = None,
    reading: bool = False,
    now: datetime,
) -> Decision:
    """Whether the person may do this, for this unit, channel (public id) and owner where given.

    Without them: whether the permission is held anywhere. `reading` counts those who may only look.
    Who needs a second person or a routed step is allowed here; the operation asks `reaches` and sees to it.
    """
    return rules.decide_access(
        AccessFacts(
            person=person.public_id,
            present=is_present(person, now=now),
            permission=permission,
            roles=roles_of(person, now),
            rights=rights_of(person, now),
            unit=unit.public_id if unit else "",
            channel=channel or "",
            owner=owner.public_id if owner else "",
            reading=reading,
        )
    )


def reaches(person: User, permission: Permission, *, now: datetime) -> frozenset[Reach]:
    """How far the permission reaches for this person: `Reach.SECOND in ...` means a second person is needed."""
    return rules.reaches(permission, roles_of(person, now))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a permission covers for one person: everything, or some units, some channels, or the person's own."""

    everything: bool
    units: frozenset[str]
    channels: frozenset[str]
    own: bool
    person: User

    def where(self, *, unit: str = "", channel: str = "", owner: str = "") -> Q:
        """A filter for a list, given the paths to a unit and an owner (foreign keys) and to a channel's public id.

        What has no path cannot be matched that way; with nothing covered the filter matches no row.
        """
        if self.everything:
            return Q()
        match = Q(pk__in=[])
        if unit and self.units:
            match |= Q(**{f"{unit}__public_id__in": sorted(self.units)})
        if channel and self.channels:
            match |= Q(**{f"{channel}__in": sorted(self.channels)})
        if owner and self.own:
            match |= Q(**{owner: self.person.pk})
        return match


def reach(person: User, permission: Permission, *, reading: bool = False, now: datetime) -> Scope:
    """What the permission covers for this person now."""
    everything, own, units = False, False, set()
    required = rules.REQUIRED_RIGHT.get(permission)
    sufficient = rules.SUFFICIENT_RIGHT.get(permission)
    channels = {held.channel for held in rights_of(person, now) if held.right is sufficient}
    for held in roles_of(person, now):
        cell = rules.MATRIX[permission].get(held.role)
        if cell is None or (cell is Reach.READ and not reading):
            continue
        if cell is Reach.OWN:
            own = True
        elif cell is not Reach.DEPARTMENT:
            everything = True
        elif required:
            channels |= {right.channel for right in rights_of(person, now) if right.right is required}
        elif held.unit:
            units.add(held.unit)
        else:
            everything = True
    return Scope(everything, frozenset(units), frozenset(channels), own, person)


def persons_with(role: Role, *, unit: Unit | None = None, now: datetime) -> QuerySet[User]:
    """Persons present who hold the role, for that unit or the whole body when a unit is given."""
    grants = RoleGrant.objects.filter(_in_force(now), role=role)
    if unit is not None:
        grants = grants.filter(Q(unit=unit) | Q(unit__isnull=True))
    present = Q(is_active=True) & (Q(left_at__isnull=True) | Q(left_at__gt=now))
    by_class = Q()
    if role is Role.ELECTED_OFFICIAL:
        by_class = Q(employment_class="elected")
    elif role is Role.EMPLOYEE:
        by_class = ~Q(employment_class__in=list(_CLASS_ROLE))
    return User.objects.filter(present).filter(Q(pk__in=grants.values("person")) | (by_class or Q(pk__in=[])))


def holders_of_right(right: Right, channel: str, *, now: datetime) -> QuerySet[User]:
    """Persons present who hold the right on the channel now."""
    grants = ChannelGrant.objects.filter(_in_force(now), right=right, channel=channel)
    present = Q(is_active=True) & (Q(left_at__isnull=True) | Q(left_at__gt=now))
    return User.objects.filter(present, pk__in=grants.values("person"))


def grants_on(channel: str, *, now: datetime) -> QuerySet[ChannelGrant]:
    """The rights in force on the channel with this public id, by person."""
    found = ChannelGrant.objects.filter(_in_force(now), channel=channel)
    return found.select_related("person__unit").order_by("person__name", "right")


def persons_present(*, now: datetime) -> QuerySet[User]:
    """Everybody who has not left, by name."""
    present = Q(is_active=True) & (Q(left_at__isnull=True) | Q(left_at__gt=now))
    return User.objects.filter(present).select_related("unit").order_by("name")


def person_by_id(public_id: str) -> User:
    """The person with this public id. Raises User.DoesNotExist."""
    return User.objects.select_related("unit").get(public_id=public_id)
