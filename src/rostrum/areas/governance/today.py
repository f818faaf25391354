"""What governance puts on the Today page: that the policy changed, and what is asked of this person."""

from datetime import datetime, timedelta

from django.urls import reverse

from rostrum.areas.governance import queries
from rostrum.areas.governance.models import OPEN_STATES
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission, Role
from rostrum.areas.people.today import TodayCard, TodayItem

SERVED_FOR = timedelta(days=30)
_SHOWN = 8


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The policy's change, bulletins to read, policies to confirm, and what waits for a second person."""
    return _changed(person, now) + _to_read(person, now) + _late(person, now)


def _to_read(person: User, now: datetime) -> list[TodayCard]:
    items = [
        TodayItem(f"Bulletin: {one.title}", reverse("bulletin", args=[one.public_id]))
        for one in queries.unread_bulletins(person, now=now)
    ]
    if people.rights_of(person, now):
        items += [
            TodayItem(
                f"Read and confirm: {one.listed.title}, {one.listed.text.label}",
                reverse("policy-text", args=[one.listed.text.public_id]),
            )
            for one in queries.policies_to_read(person)
            if one.listed.text is not None and one.reading is None
        ]
    return [TodayCard("To read", tuple(items[:_SHOWN]), len(items), reverse("mine"))] if items else []


def _late(person: User, now: datetime) -> list[TodayCard]:
    if not people.may(person, Permission.CHASE_ACKNOWLEDGEMENTS, now=now).allowed:
        return []
    late = queries.visible_certifications(person, now=now).filter(state__in=OPEN_STATES, due_at__lt=now)
    found = list(late.exclude(person=person).order_by("due_at", "pk")[:_SHOWN])
    items = tuple(
        TodayItem(
            f"{one.person.name} has not certified {one.text.document.title}",
            reverse("certification", args=[one.public_id]),
            due_at=one.due_at,
            is_overdue=True,
        )
        for one in found
    )
    address = f"{reverse('certifications')}?state=overdue"
    return [TodayCard("Certifications overdue", items, late.count(), address, is_urgent=True)] if items else []


def _changed(person: User, now: datetime) -> list[TodayCard]:
    """The newest version of the policy, for a month after it took effect; the first one is no change."""
    newest = queries.activation()
    if newest is None or newest.activated_at < now - SERVED_FOR or not queries.activations()[1:].exists():
        return []
    holds = people.rights_of(person, now) or any(one.role is not Role.EMPLOYEE for one in people.roles_of(person, now))
    if not holds:
        return []
    item = TodayItem(
        "The policy changed: read the version in force", reverse("policy"), note=f"In force: {newest.policy_version}"
    )
    return [TodayCard("Policy", (item,))]
