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
from rostrum.areas.disclosure.models import Redaction
from rostrum.areas.ledger.sequencer import sequence
from rostrum.areas.people.models import ChannelGrant, RoleGrant
from rostrum.areas.people.rules import MATRIX, Permission, Reach, Right, Role
from rostrum.areas.publishing.models import Draft, DraftMedia, Publication
from rostrum.areas.publishing.operations import MediaInput
from rostrum.areas.publishing.rules import Compared, Outcome
from rostrum.kernel.items import MediaFile, Route
from tests.archive import NOW, make_channel, make_item
from tests.channels import a_body, a_staff
from tests.disclosure import PHONE, a_city, determined, in_review, produced, record_of, release_rest, withhold
from tests.people import LONG_AGO, a_person
from tests.publishing import PNG, a_draft


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


def _channel() -> dict[str, str]:
    a_body()
    return {"slug": make_channel(kind="official_page").slug}


def _draft() -> dict[str, str]:
    a_body()
    return {"draft_id": a_draft(a_staff()).public_id}


def _draft_medium() -> dict[str, str]:
    a_body()
    draft = a_draft(a_staff(), media=[MediaInput(data=PNG, name="pad.png")])
    return {"draft_id": draft.public_id, "blob": DraftMedia.objects.get().blob}


def _publication() -> dict[str, str]:
    revision = Draft.objects.get(public_id=_draft()["draft_id"]).revisions.get()
    made = Publication.objects.create(
        revision=revision,
        channel=make_channel(),
        digest=revision.digest,
        idempotency_key="sample",
        outcome=Outcome.UNCLEAR,
        scheduled_by=revision.made_by,
        due_at=NOW,
        intent_at=NOW,
        compared=Compared.NOT_YET,
    )
    return {"publication_id": made.public_id}


def _request() -> dict[str, str]:
    return {"request_id": in_review(a_city()).public_id}


def _request_record() -> dict[str, str]:
    request = in_review(a_city())
    return {"request_id": request.public_id, "record_id": record_of(request, "c1").public_id}


def _redaction() -> dict[str, str]:
    city = a_city()
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE, seconded=False)
    return {"request_id": request.public_id, "redaction_id": Redaction.objects.get().public_id}


def _production() -> dict[str, str]:
    city = a_city()
    request = in_review(city)
    release_rest(city, request)
    production = produced(city, determined(city, request))
    return {"request_id": request.public_id, "production_id": production.public_id}


_REQUEST_ROUTES = (
    *("", "-acknowledge", "-ask", "-heard", "-search", "-fee", "-prepaid", "-start-review", "-review"),
    *("-determination", "-produce", "-close", "-withdraw"),
)
_CHANNEL_ROUTES = ("", "-approve", "-decline", "-open", "-deposit", "-describe", "-go-live", "-pause", "-close")
_DRAFT_ROUTES = (
    *("", "-edit", "-check-text", "-submit", "-check", "-approve", "-return", "-clear", "-consent"),
    *("-schedule", "-call-off", "-correct", "-withdraw"),
)

SAMPLES: dict[str, Sample] = {
    **{f"request{act}": Sample(_request) for act in _REQUEST_ROUTES},
    "request-record": Sample(_request_record),
    "request-redact": Sample(_request_record),
    "redaction-second": Sample(_redaction),
    "redaction-drop": Sample(_redaction),
    "production-download": Sample(_production),
    **{f"channel{act}": Sample(_channel) for act in _CHANNEL_ROUTES},
    **{f"draft{act}": Sample(_draft) for act in _DRAFT_ROUTES},
    "draft-medium": Sample(_draft_medium),
    "publication-resolve": Sample(_publication),
    "publication-retry": Sample(_publication),
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
