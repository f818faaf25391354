"""What governance puts on the Today page: that the policy changed, for everybody who speaks, approves or moderates."""

from datetime import datetime, timedelta

from django.urls import reverse

from rostrum.areas.governance import queries
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.people.today import TodayCard, TodayItem

SERVED_FOR = timedelta(days=30)


def cards(person: User, now: datetime) -> list[TodayCard]:
    """The newest version of the policy, for a month after it took effect; the first one is no change."""
    found = list(queries.activations()[:2])
    if len(found) < 2 or found[0].activated_at < now - SERVED_FOR:
        return []
    newest = found[0]
    holds = people.rights_of(person, now) or any(one.role is not Role.EMPLOYEE for one in people.roles_of(person, now))
    if not holds:
        return []
    item = TodayItem(
        "The policy changed: read the version in force", reverse("policy"), note=f"In force: {newest.policy_version}"
    )
    return [TodayCard("Policy", (item,))]
