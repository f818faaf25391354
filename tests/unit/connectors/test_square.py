"""The sample square and its connector: the common suite, and what is the square's own."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rostrum.connectors import registry, square
from rostrum.connectors.interface import ConnectorError, OutgoingPost, Trouble
from rostrum.connectors.square.client import SquareConnector
from rostrum.connectors.square.store import SquareStore
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Item, Seen
from tests.simulators.connector_suite import ConnectorSuite, Stage, key, publish
from tests.simulators.misbehaving import MisbehavingTransport

SERVICE = "http://square.test"


class Resident:
    """Someone with a browser on the square's page."""

    def __init__(self, folder: Path, name: str = "Alma Reyes") -> None:
        self.browser = httpx.Client(
            transport=httpx.WSGITransport(app=square.application(folder)),  # type: ignore[arg-type]
            base_url=SERVICE,
            follow_redirects=True,
        )
        self.send("/", "/me", name=name)

    def send(self, page: str, path: str, **fields: str) -> httpx.Response:
        """Open a page, then send the form to a path with the page's own token."""
        opened = self.browser.get(page)
        token = re.search(r'name="form_token" value="(\w+)"', opened.text)
        assert token is not None, opened.text
        answer = self.browser.post(path, data={"form_token": token.group(1), **fields})
        assert answer.status_code == 200, answer.text
        return answer

    def reply(self, parent: str, text: str) -> str:
        return self.send("/", f"/p/{parent}/reply", text=text).url.fragment

    def edit(self, native_id: str, text: str) -> None:
        self.send("/", f"/p/{native_id}/edit", text=text)

    def delete(self, native_id: str) -> None:
        self.send("/", f"/p/{native_id}/delete")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    token = square.create_channel(tmp_path, "city", "City of Example", "News from city hall")
    transport = MisbehavingTransport(httpx.WSGITransport(app=square.application(tmp_path)))  # type: ignore[arg-type]
    connector = SquareConnector({"service": SERVICE}, {"token": token}, transport)

    def edit_own(native_id: str, text: str) -> None:
        answer = httpx.Client(transport=transport, base_url=SERVICE).put(
            f"/api/items/{native_id}", json={"text": text}, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 200

    yield Stage(
        connector, Resident(tmp_path), transport, edit_own, write_path="/api/posts", look_path="/api/posts/by-key"
    )
    connector.close()


class TestSquare(ConnectorSuite):
    """The common suite."""


def test_the_registry_opens_a_square_and_names_what_is_missing() -> None:
    connector = registry.connect("square", {"service": SERVICE}, {"token": "t"})
    assert connector.platform == "square"
    connector.close()
    with pytest.raises(InvalidInput) as missing:
        registry.connect("square", {"service": SERVICE}, {})
    assert missing.value.where == "token"
    with pytest.raises(InvalidInput) as unknown:
        registry.connect("myspace", {}, {})
    assert unknown.value.where == "platform"


def test_a_cursor_too_old_is_told_as_a_loss_and_capture_goes_on(stage: Stage, tmp_path: Path) -> None:
    publish(stage, "forgotten")
    SquareStore(tmp_path).forget_feed(1)
    publish(stage, "kept")

    lost, page = stage.connector.capture(None)

    assert lost.lost is not None
    assert [item.text for item in page.items] == ["kept"]


def test_what_was_deleted_before_anyone_looked_is_told_as_deleted(stage: Stage) -> None:
    post = publish(stage, "A post")
    reply = stage.other.reply(post.native_id, "never seen")
    stage.other.delete(reply)

    (page,) = stage.connector.capture(None)

    assert [(item.native_id, item.seen) for item in page.items] == [
        (post.native_id, Seen.PRESENT),
        (reply, Seen.GONE),
    ]
    assert "never seen" not in page.container.decode()


def test_a_change_that_cannot_be_read_is_a_fault_and_the_rest_is_captured(stage: Stage) -> None:
    publish(stage, "good")
    publish(stage, "bad")

    def break_one(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        page = json.loads(inner.handle_request(request).read())
        page["events"][1]["item"]["created_at"] = "yesterday"
        return httpx.Response(200, json=page, request=request)

    stage.transport.next(break_one, "GET", "/api/feed")
    (page,) = stage.connector.capture(None)

    assert [item.text for item in page.items] == ["good"]
    assert [fault.where for fault in page.faults] == ["events/1"]


def test_many_changes_come_in_pages_that_each_move_the_cursor(stage: Stage) -> None:
    for number in range(120):
        publish(stage, f"post {number}")

    pages = list(stage.connector.capture(None))

    assert [len(page.items) for page in pages] == [50, 50, 20]
    assert [page.cursor for page in pages] == ["50", "100", "120"]
    rest = [item.text for page in stage.connector.capture(pages[0].cursor) for item in page.items]
    assert rest == [f"post {number}" for number in range(50, 120)]


def test_one_residents_comment_is_not_anothers_even_under_the_same_name(stage: Stage, tmp_path: Path) -> None:
    post = publish(stage, "A post")
    reply = stage.other.reply(post.native_id, "Mine")
    impostor = Resident(tmp_path)
    token = re.search(r'form_token" value="(\w+)"', impostor.browser.get("/").text)
    assert token is not None

    for act in ("edit", "delete"):
        answer = impostor.browser.post(f"/p/{reply}/{act}", data={"form_token": token.group(1), "text": "Yours"})
        assert answer.status_code == 403
    (still,) = stage.connector.reread([reply])
    assert isinstance(still, Item)
    assert still.text == "Mine"


def test_a_form_without_its_token_does_nothing(stage: Stage) -> None:
    post = publish(stage, "A post")
    assert isinstance(stage.other, Resident)

    answer = stage.other.browser.post(f"/p/{post.native_id}/reply", data={"text": "forged"})

    assert answer.status_code == 403
    assert "another visit" in answer.text
    (page,) = stage.connector.capture(None)
    assert len(page.items) == 1


def test_a_form_sent_twice_writes_once(stage: Stage) -> None:
    post = publish(stage, "A post")
    assert isinstance(stage.other, Resident)
    for _ in range(2):
        stage.other.send("/", f"/p/{post.native_id}/reply", text="once", request_key="the-same")

    (page,) = stage.connector.capture(None)
    assert [item.text for item in page.items] == ["A post", "once"]


def test_pages_are_strict_and_escape_what_people_write(stage: Stage) -> None:
    post = publish(stage, "<script>alert(1)</script>")
    assert isinstance(stage.other, Resident)
    stage.other.reply(post.native_id, '"><img src=x onerror=alert(1)>')

    page = stage.other.browser.get(f"/p/{post.native_id}")

    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "stand-in" in page.text
    cookie = httpx.Client(transport=stage.other.browser._transport, base_url=SERVICE).get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_name_form_never_leads_away_from_the_square(stage: Stage) -> None:
    assert isinstance(stage.other, Resident)
    for elsewhere in ("https://evil.test/", "//evil.test/", "/\\evil.test"):
        assert stage.other.send("/", "/me", name="Ben", back=elsewhere).url.host == "square.test"


def test_a_hidden_comment_is_not_shown_to_others_but_to_its_author(stage: Stage, tmp_path: Path) -> None:
    post = publish(stage, "A post")
    reply = stage.other.reply(post.native_id, "Rude words")
    stage.connector.hide(reply)

    assert isinstance(stage.other, Resident)
    assert "Rude words" in stage.other.browser.get(f"/p/{post.native_id}").text
    others_page = Resident(tmp_path, "Ben Kowalski").browser.get(f"/p/{post.native_id}").text
    assert "Rude words" not in others_page
    assert "hidden by the channel" in others_page


def test_a_channel_can_hide_only_in_its_own_conversations(stage: Stage, tmp_path: Path) -> None:
    post = publish(stage, "A post")
    reply = stage.other.reply(post.native_id, "Mine")
    token = square.create_channel(tmp_path, "fire", "Fire department")
    transport = httpx.WSGITransport(app=square.application(tmp_path))  # type: ignore[arg-type]
    stranger = SquareConnector({"service": SERVICE}, {"token": token}, transport)

    with pytest.raises(ConnectorError) as refused:
        stranger.hide(reply)

    assert refused.value.kind is Trouble.REFUSED
    assert stranger.find_published(OutgoingPost("x"), idempotency_key=key()) is None


def test_a_token_given_anew_ends_the_old_one(stage: Stage, tmp_path: Path) -> None:
    square.create_channel(tmp_path, "city", "City of Example")
    with pytest.raises(ConnectorError) as lost:
        list(stage.connector.capture(None))
    assert lost.value.kind is Trouble.LOST_TOKEN


def test_the_square_is_served_on_loopback_and_stops(tmp_path: Path) -> None:
    running = square.serve(tmp_path)
    try:
        assert httpx.get(f"{running.url}/").status_code == 200
    finally:
        running.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.url}/")


@pytest.mark.parametrize("handle", ["", "City", "a b", "../x"])
def test_a_handle_is_small_letters_digits_dots_and_dashes(tmp_path: Path, handle: str) -> None:
    with pytest.raises(InvalidInput):
        square.create_channel(tmp_path, handle, "City")


@pytest.mark.parametrize("path", ["/nowhere", "/p/sq-0000000000000000", "/c/nobody", "/media/" + "0" * 64])
def test_a_page_that_is_not_there_says_so(stage: Stage, path: str) -> None:
    assert isinstance(stage.other, Resident)
    answer = stage.other.browser.get(path)
    assert answer.status_code == 404
    assert "Go back" in answer.text


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b'{"media": [{}]}', 422), (b'{"media": 3}', 422)]
)
def test_the_api_names_what_is_wrong_with_a_body(tmp_path: Path, body: bytes, status: int) -> None:
    token = square.create_channel(tmp_path, "city", "City")
    client = httpx.Client(transport=httpx.WSGITransport(app=square.application(tmp_path)), base_url=SERVICE)  # type: ignore[arg-type]
    answer = client.post("/api/posts", content=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status
    assert answer.json()["message"]
