"""How to make an object for each route with parameters, so that every route can be asked as every role.

Each area adds its routes by name. `make` runs in the test's transaction and returns the route's parameters;
`hidden_from` lists roles for whom this object is not there (404) though the page opens for them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rostrum.areas.people.models import ChannelGrant, RoleGrant
from rostrum.areas.people.rules import Right, Role
from tests.people import LONG_AGO, a_person


@dataclass(frozen=True, slots=True)
class Sample:
    """One object for a route."""

    make: Callable[[], dict[str, str]]
    hidden_from: frozenset[Role] = frozenset()


def _person() -> dict[str, str]:
    return {"person_id": a_person(Role.POSTER).public_id}


def _role_grant() -> dict[str, str]:
    grant = RoleGrant.objects.create(person=a_person(), role=Role.MODERATOR.value, starts_at=LONG_AGO)
    return {"grant_id": grant.public_id}


def _channel_grant() -> dict[str, str]:
    grant = ChannelGrant.objects.create(
        person=a_person(), channel="chn-sample", right=Right.SPEAK.value, starts_at=LONG_AGO
    )
    return {"grant_id": grant.public_id}


SAMPLES: dict[str, Sample] = {
    "person": Sample(_person),
    "give-role": Sample(_person),
    "deactivate-person": Sample(_person),
    "end-role": Sample(_role_grant),
    "end-channel-right": Sample(_channel_grant),
    "set-password": Sample(lambda: _person() | {"token": "not-a-token"}),
}
