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
from rostrum.areas.disclosure.models import RecordsRequest, Redaction
from rostrum.areas.disclosure.operations import receive_request
from rostrum.areas.disclosure.operations.intake import Received, follow_digest
from rostrum.areas.ledger.queries import latest_checkpoint
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
from tests.moderation import a_stored_assessment, a_stored_comment, a_stored_removal
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


def _comment() -> dict[str, str]:
    return {"item_id": a_stored_comment().public_id}


def _assessment() -> dict[str, str]:
    return {"assessment_id": a_stored_assessment().public_id}


def _removal() -> dict[str, str]:
    return {"removal_id": a_stored_removal().public_id}


def _official_channel() -> dict[str, str]:
    return {"slug": make_channel("official").slug}


def _received() -> Received:
    a_body()
    return receive_request(via="form", wants="Everything about the pool", actor="public", now=NOW)


def _follow_code() -> dict[str, str]:
    return {"code": _received().follow_code}


def _followed_production() -> dict[str, str]:
    found = _production()
    code = "0123-4567-89ab-cdef"
    RecordsRequest.objects.filter(public_id=found["request_id"]).update(follow_digest=follow_digest(code))
    return {"code": code, "production_id": found["production_id"]}


def _logged() -> dict[str, str]:
    a_body()
    sequence(NOW)
    return {}


def _tile() -> dict[str, str]:
    _logged()
    checkpoint = latest_checkpoint()
    assert checkpoint is not None
    return {"tile": f"0/000.p/{checkpoint.size}"}


_REQUEST_ROUTES = (
    *("", "-acknowledge", "-ask", "-heard", "-search", "-fee", "-prepaid", "-start-review", "-review"),
    *("-determination", "-produce", "-close", "-withdraw"),
)
_CHANNEL_ROUTES = (
    "",
    "-approve",
    "-decline",
    "-open",
    "-deposit",
    "-describe",
    "-give-right",
    "-go-live",
    "-pause",
    "-close",
)
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
    "conversation-thread": Sample(_comment),
    "assessment-open": Sample(_comment),
    **{f"assessment{act}": Sample(_assessment) for act in ("", "-second", "-remove", "-drop", "-answer")},
    **{f"removal-{act}": Sample(_removal) for act in ("notice", "restore", "retry", "confirm", "abandon")},
    "policy-clause": Sample(lambda: {"clause_id": "WAU-0-01"}),
    "portal-channel": Sample(_official_channel),
    "portal-followed": Sample(_follow_code),
    "portal-answer": Sample(_follow_code),
    "portal-production": Sample(_followed_production),
    "portal-checkpoint": Sample(_logged),
    "portal-tile": Sample(_tile),
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
