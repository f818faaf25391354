"""A day at the desk and at the portal, with everything logged: no secret and nobody's words are in the log."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from rostrum.areas.archive.capturing import look_at
from rostrum.areas.channels import queries as channel_queries
from rostrum.web import logging as house_logging
from tests.channels import NOW, a_body, a_live_channel, a_square, a_staff
from tests.people import anonymous
from tests.simulators.misbehaving import lost_token

PASSWORD = "mulberry parade at noon"
TOKEN = "token-9f3c1b7a55e2"
COMMENT = "The hydrant on Elm Street leaks since Tuesday"
REQUEST = "Everything said about the mayor's hedge"
EMAIL = "requester-of-hedges@example.org"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the product's own logging writes, down to the smallest; the test run's logging comes back afterwards."""
    root, out = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    house_logging.configure(level=logging.DEBUG)
    root.handlers[0].setStream(out)  # type: ignore[attr-defined]
    try:
        yield out
    finally:
        root.handlers, root.level = handlers, level


@pytest.mark.django_db(transaction=True)
def test_no_secret_and_nobodys_words_are_in_the_log(
    written: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_body()
    staff = a_staff()
    staff.coordinator.set_password(PASSWORD)
    staff.coordinator.save()

    with a_square(tmp_path, monkeypatch) as square:
        channel = a_live_channel(staff, token=square.token)
        owner = square.store.channel_of_token(square.token)
        assert owner is not None
        root = square.store.write(owner, "Pool opens")
        resident = square.store.name_resident("visitor", "Vera Visitor")
        square.store.write(resident, COMMENT, parent=root.id)
        look_at(channel_queries.channel_by_id(channel.public_id), clock=lambda: NOW)
        square.transport.next(lost_token)
        look_at(channel_queries.channel_by_id(channel.public_id), clock=lambda: NOW)

    desk = anonymous()
    for password in ("wrong " + PASSWORD, PASSWORD):
        desk.post(reverse("sign-in"), {"email": staff.coordinator.email, "password": password})
    desk.get("/desk/archive/", {"q": COMMENT})
    desk.post(f"/desk/channels/{channel.slug}/deposit/", {"secret": TOKEN, "token": TOKEN})
    desk.get(f"/nothing/?token={TOKEN}")

    portal = anonymous()
    sent = portal.post(reverse("portal-request"), {"wants": REQUEST, "requester_email": EMAIL})
    code = sent["Location"].rstrip("/").rpartition("/")[2]
    portal.get(sent["Location"])
    portal.post(f"{sent['Location']}answer/", {"answer": REQUEST})
    portal.post(f"{sent['Location']}answer/", {"answer": ""})
    portal.get(f"{sent['Location']}productions/none/")
    portal.get(f"/request/follow/{code[:-1]}/")

    def fails(*args: object, **fields: object) -> None:
        raise RuntimeError(f"could not read {COMMENT} with {TOKEN}")

    monkeypatch.setattr("rostrum.areas.portal.queries.is_it_ours", fails)
    portal.get("/check/", {"address": TOKEN})

    log = written.getvalue()
    sessions = [key for (key,) in Session.objects.values_list("session_key")]
    planted = [
        PASSWORD,
        TOKEN,
        square.token,
        COMMENT,
        REQUEST,
        EMAIL,
        code,
        code[:-1],
        staff.coordinator.email,
        *sessions,
    ]
    assert [secret for secret in planted if secret in log] == []
    assert "RuntimeError" in log
    assert all(json.loads(line) for line in log.splitlines())
