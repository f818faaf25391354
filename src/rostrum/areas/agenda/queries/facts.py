"""The facts behind handing a duty over and saying it done; pages and operations ask the same."""

from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.agenda import rules
from rostrum.areas.duties.kinds import kind_of
from rostrum.areas.duties.models import Duty
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission, Role


def _holds_role(person: User, duty: Duty, now: datetime) -> bool:
    return any(
        held.role.value == duty.owner_role and (not duty.unit or held.unit in ("", duty.unit))
        for held in people.roles_of(person, now)
    )


def _oversees(person: User, duty: Duty, now: datetime) -> bool:
    scope = people.reach(person, Permission.HAND_OVER_DUTY, now=now)
    return scope.everything or bool(scope.units & _units_of(duty))


def _units_of(duty: Duty) -> set[str]:
    """The departments whose business it is: the duty's own, else that of who owes it."""
    if duty.unit:
        return {duty.unit}
    return {duty.owner.unit.public_id} if duty.owner and duty.owner.unit else set()


def hand_over_facts(duty: Duty, to: User | None, *, actor: User, now: datetime) -> rules.HandOverFacts:
    """The facts about giving this duty to that person, or (None) back to its role."""
    return rules.HandOverFacts(
        is_open=duty.is_open,
        is_personal=kind_of(duty.kind).is_personal,
        is_owner=duty.owner_id == actor.pk,
        holds_role=_holds_role(actor, duty, now),
        oversees=_oversees(actor, duty, now),
        has_owner=duty.owner_id is not None,
        to="" if to is None else to.public_id,
        to_present=to is None or people.is_present(to, now=now),
        to_fits=to is None or recipients(duty, now=now).filter(pk=to.pk).exists(),
        to_is_owner=to is not None and duty.owner_id == to.pk,
    )


def may_hand_over(duty: Duty, *, actor: User, now: datetime) -> rules.HandOverFacts:
    """The facts about handing it over to somebody who may have it, whoever that will be: for the page."""
    return rules.HandOverFacts(
        is_open=duty.is_open,
        is_personal=kind_of(duty.kind).is_personal,
        is_owner=duty.owner_id == actor.pk,
        holds_role=_holds_role(actor, duty, now),
        oversees=_oversees(actor, duty, now),
        has_owner=duty.owner_id is not None,
        to="somebody",
    )


def recipients(duty: Duty, *, now: datetime) -> QuerySet[User]:
    """Who may be given this duty: holders of the role that owes it, and its department, as far as they are here."""
    unit = Unit.objects.filter(public_id=duty.unit).first() if duty.unit else None
    fits = Q(unit__public_id__in=sorted(_units_of(duty)))
    if duty.owner_role in set(Role):
        fits |= Q(pk__in=people.persons_with(Role(duty.owner_role), unit=unit, now=now).values("pk"))
    return people.persons_present(now=now).filter(fits)


def statement_facts(duty: Duty, *, actor: User, now: datetime) -> rules.StatementFacts:
    """The facts about closing this duty by saying what was done."""
    return rules.StatementFacts(
        is_open=duty.is_open,
        closes_here=kind_of(duty.kind).closes_here,
        is_owner=duty.owner_id == actor.pk,
        holds_role=duty.owner_id is None and _holds_role(actor, duty, now),
    )
