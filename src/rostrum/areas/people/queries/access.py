"""Who holds what now, and what that opens.

Object-level access has two forms, both from the same matrix: `may(...)` answers for one thing, and `reach(...)` gives
the filter for a list:

    def visible_drafts(person, *, now):
        return Draft.objects.filter(
            reach(person, Permission.DRAFT, now=now).where(unit="channel__unit", owner="author")
        )
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.people import rules
from rostrum.areas.people.models import ChannelGrant, Denial, RoleGrant, Unit, User
from rostrum.areas.people.rules import AccessFacts, HeldRight, HeldRole, Permission, Reach, Right, Role
from rostrum.kernel.decisions import Decision
from rostrum.kernel.readings import asked_once

# Who a person is by contract of employment; everybody else on the payroll is an employee.
_CLASS_ROLE = {"contractor": None, "vendor": None, "agent": None, "elected": Role.ELECTED_OFFICIAL}


_DENIED = Denial.objects.filter(lifted_at=None).values("person")
_HELD_BY_DENIED = Q(person__in=_DENIED)


def _in_force(now: datetime) -> Q:
    return Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def _right_in_force(now: datetime) -> Q:
    return _in_force(now) & Q(suspended_at__isnull=True)


def _present(now: datetime) -> Q:
    not_left = Q(left_at__isnull=True) | Q(left_at__gt=now)
    engaged = Q(engagement_ends_at__isnull=True) | Q(engagement_ends_at__gt=now)
    return Q(is_active=True) & not_left & engaged


def is_present(person: User, *, now: datetime) -> bool:
    """Whether the person may act at all: active, not left, and an engagement that is dated not over."""
    ends = (person.left_at, person.engagement_ends_at)
    return person.is_active and all(end is None or now < end for end in ends)


def is_denied(person: User) -> bool:
    """Whether the person stands on the denied list."""
    return asked_once(("people.denied", person.pk), person.denials.filter(lifted_at=None).exists)


def roles_of(person: User, now: datetime) -> tuple[HeldRole, ...]:
    """The roles in force, the employee's own included; empty for somebody who has left."""
    if not is_present(person, now=now):
        return ()
    return asked_once(("people.roles", person.pk), lambda: _roles_in_force(person, now))


def _roles_in_force(person: User, now: datetime) -> tuple[HeldRole, ...]:
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


def may_hold_rights(*, now: datetime) -> QuerySet[User]:
    """Everybody present who does not stand on the denied list."""
    return persons_present(now=now).exclude(pk__in=_DENIED)


def rights_of(person: User, now: datetime) -> tuple[HeldRight, ...]:
    """The rights on channels in force; empty for somebody who has left or stands on the denied list."""
    if not is_present(person, now=now):
        return ()
    return asked_once(("people.rights", person.pk), lambda: _rights_in_force(person, now))


def _rights_in_force(person: User, now: datetime) -> tuple[HeldRight, ...]:
    grants = ChannelGrant.objects.filter(_right_in_force(now), person=person).exclude(_HELD_BY_DENIED)
    held = grants.values_list("right", "channel").distinct()
    return tuple(HeldRight(Right(right), channel) for right, channel in held)


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
    facts = AccessFacts(
        person=person.public_id,
        present=is_present(person, now=now),
        permission=permission,
        roles=roles_of(person, now),
        unit=unit.public_id if unit else "",
        channel=channel or "",
        owner=owner.public_id if owner else "",
        reading=reading,
        is_denied=permission in rules.POSTING and is_denied(person),
    )
    by_roles = rules.decide_access(facts)
    if by_roles.allowed or not rules.rights_matter(permission):
        return by_roles
    # Most permissions hang on roles alone, and most questions are settled by them: rights are asked for last.
    return rules.decide_access(replace(facts, rights=rights_of(person, now)))


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
    if permission in rules.POSTING and is_denied(person):
        return Scope(False, frozenset(), frozenset(), False, person)
    everything, own, units = False, False, set()
    required = rules.REQUIRED_RIGHT.get(permission)
    sufficient = rules.SUFFICIENT_RIGHT.get(permission)
    channels = {held.channel for held in rights_of(person, now) if held.right is sufficient} if sufficient else set()
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
    by_class = Q()
    if role is Role.ELECTED_OFFICIAL:
        by_class = Q(employment_class="elected")
    elif role is Role.EMPLOYEE:
        by_class = ~Q(employment_class__in=list(_CLASS_ROLE))
    return User.objects.filter(_present(now)).filter(Q(pk__in=grants.values("person")) | (by_class or Q(pk__in=[])))


def holders_of_right(right: Right, channel: str, *, now: datetime) -> QuerySet[User]:
    """Persons present who hold the right on the channel now."""
    return User.objects.filter(pk__in=grants_of_right(right, [channel], now=now).values("person"))


def grants_of_right(right: Right, channels: Collection[str], *, now: datetime) -> QuerySet[ChannelGrant]:
    """The grants by which persons present hold the right now on any of these channels (public ids)."""
    grants = ChannelGrant.objects.filter(_right_in_force(now), right=right, channel__in=channels)
    return grants.filter(person__in=User.objects.filter(_present(now))).exclude(_HELD_BY_DENIED)


def grants_on(channel: str, *, now: datetime) -> QuerySet[ChannelGrant]:
    """The rights on the channel with this public id that have not ended, suspended ones included, by person."""
    found = ChannelGrant.objects.filter(_in_force(now), channel=channel)
    return found.select_related("person__unit").order_by("person__name", "right")


def unit_names() -> dict[str, str]:
    """Every department's name by its public id, by name."""
    return asked_once("people.units", lambda: dict(Unit.objects.values_list("public_id", "name")))


def persons_present(*, now: datetime) -> QuerySet[User]:
    """Everybody who has not left, by name."""
    return User.objects.filter(_present(now)).select_related("unit").order_by("name")


def person_by_id(public_id: str) -> User:
    """The person with this public id. Raises User.DoesNotExist."""
    return User.objects.select_related("unit").get(public_id=public_id)
