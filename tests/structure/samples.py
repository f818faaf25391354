"""How to make an object for each route with parameters, so that every route can be asked as every role.

Each area adds its routes by name. `make` runs in the test's transaction and returns the route's parameters;
`hidden_from` lists roles for whom this object is not there (404) though the page opens for them.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

from rostrum.areas.archive.models import Item as ArchivedItem
from rostrum.areas.archive.operations import open_gap, store_batch
from rostrum.areas.archive.rules import Cause
from rostrum.areas.ledger.sequencer import sequence
from rostrum.areas.people.models import ChannelGrant, RoleGrant
from rostrum.areas.people.rules import MATRIX, Permission, Reach, Right, Role
from rostrum.kernel.items import MediaFile, Route
from tests.archive import NOW, make_channel, make_item
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


def _archived() -> dict[str, str]:
    item = MediaFile("a.png", "image/png", "A bridge", open=lambda: io.BytesIO(b"png"))
    store_batch(channel=make_channel(), items=[make_item(media=(item,))], route=Route.API, actor="system", now=NOW)
    return {"item_id": ArchivedItem.objects.get().public_id}


def _version() -> dict[str, str]:
    return _archived() | {"number": "1"}


def _proved_version() -> dict[str, str]:
    found = _version()
    sequence(NOW)
    return found


def _gap() -> dict[str, str]:
    gap = open_gap(channel=make_channel(), cause=Cause.LOST_TOKEN, from_at=NOW, actor="system", now=NOW)
    return {"gap_id": gap.public_id}


# Who may capture only their own posts, as every employee, closes no gap of a channel.
_OWN_CAPTURES_ONLY = frozenset(role for role in Role if MATRIX[Permission.CAPTURE_BY_HAND].get(role) is not Reach.ANY)

SAMPLES: dict[str, Sample] = {
    "archive-item": Sample(_archived),
    "archive-payload": Sample(_version),
    "archive-proof": Sample(_proved_version),
    "archive-media": Sample(lambda: _version() | {"position": "0"}),
    "archive-close-gap": Sample(_gap, _OWN_CAPTURES_ONLY),
    "person": Sample(_person),
    "give-role": Sample(_person),
    "deactivate-person": Sample(_person),
    "end-role": Sample(_role_grant),
    "end-channel-right": Sample(_channel_grant),
    "set-password": Sample(lambda: _person() | {"token": "not-a-token"}),
}
