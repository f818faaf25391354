"""The public's pages: is it official, ask, follow, answer, download, verify; without signing in, scripts or a mouse."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from rostrum.areas.disclosure import operations as disclosure
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.portal import limits, queries
from rostrum.areas.portal.models import PublicTry
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import a_body, a_live_channel, a_staff
from tests.disclosure import City, a_city, a_request, determined, in_review, later, produced, release_rest
from tests.people import PASSWORD, a_person, anonymous

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def words(answer: HttpResponse) -> str:
    """The page's words without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


@pytest.fixture
def parks() -> None:
    a_body()
    a_live_channel(a_staff(), url="https://square.example/@wausau-parks")


# ---- official channels


@pytest.mark.proves("page.notice")
def test_the_page_notice_is_made_from_the_policy_in_force_with_its_version(parks: None) -> None:
    page = words(anonymous().get("/channels/wausau-parks/"))

    assert "Maintained by Parks and Recreation, City of Wausau" in page
    assert "own privacy policy applies, and we promise no more than it does: expect no privacy in what you post" in page
    assert "may be late, inaccurate or incomplete" in page
    assert "This page is a public service" in page
    assert "Respect and civility are expected of everybody here, employees included" in page
    assert "praise, criticize, ask and disagree" in page
    assert queries.policy_version() in page
    assert "{{" not in page


@pytest.mark.proves("page.policy-public")
def test_the_policy_in_force_is_public_with_every_clause(parks: None) -> None:
    page = anonymous().get(reverse("portal-policy"))

    assert page.content.decode().count('class="ros-clause"') == 136
    assert queries.policy_version() in words(page)


def test_pages_answer_before_there_is_a_body_or_a_channel() -> None:
    for name in (
        "home",
        "portal-channels",
        "portal-check",
        "portal-rules",
        "portal-policy",
        "portal-request",
        "portal-verify",
    ):
        assert anonymous().get(reverse(name)).status_code == 200
    assert "Any channel that claims to speak for us now does not" in words(anonymous().get("/"))


def test_every_page_says_that_social_media_supplements_and_is_no_legal_notice(parks: None) -> None:
    assert "supplements other ways to reach us" in words(anonymous().get(reverse("portal-verify")))
    for name in ("home", "portal-rules"):
        assert "legal or official notice for any purpose" in words(anonymous().get(reverse(name)))


# ---- a records request


def send(client: Client, **fields: str) -> HttpResponse:
    return client.post(reverse("portal-request"), {"wants": "Everything about the pool"} | fields)


def test_a_request_needs_nothing_but_its_subject_and_shows_its_code_once() -> None:
    a_body()
    client = anonymous()
    sent = send(client)
    page = client.get(sent["Location"])
    code = sent["Location"].rstrip("/").rpartition("/")[2]

    made = RecordsRequest.objects.get()
    assert (made.requester_name, made.requester_email) == ("", "")
    assert re.fullmatch(r"([0-9a-f]{4}-){3}[0-9a-f]{4}", code)
    assert "Write this code down" in words(page)
    assert "Write this code down" not in words(client.get(sent["Location"]))
    assert code not in json.dumps(list(RecordsRequest.objects.values()), default=str)


def test_what_only_the_code_opens_is_never_stored_by_browsers_or_sent_on() -> None:
    a_body()
    sent = send(anonymous())
    page = anonymous().get(sent["Location"])

    assert "no-store" in sent["Cache-Control"]
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("typed", ["{}", " {} ", "{upper}", "{bare}"])
def test_the_code_is_read_however_it_is_typed(typed: str) -> None:
    a_body()
    code = disclosure.receive_request(via="form", wants="All", actor="public", now=NOW).follow_code
    given = typed.format(code, upper=code.upper(), bare=code.replace("-", ""))

    answer = anonymous().post(reverse("portal-follow"), {"code": given})

    assert anonymous().get(answer["Location"]).status_code == 200


def test_a_wrong_code_opens_nothing_and_says_so() -> None:
    a_body()
    page = anonymous().post(reverse("portal-follow"), {"code": "0000-0000-0000-0000"})

    assert page.status_code == 422
    assert "There is no request with this code" in words(page)
    assert anonymous().get(reverse("portal-followed", args=["0000-0000-0000-0000"])).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wants": ""}, "Say which records"),
        ({"wants": "x" * 10_001}, "at most 10000 characters"),
        ({"requester_email": "nobody"}, "not an e-mail address"),
        ({"wants": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_stores_nothing(fields: dict[str, str], said: str) -> None:
    a_body()
    page = send(anonymous(), **fields)

    assert page.status_code == 422
    assert said in words(page)
    assert not RecordsRequest.objects.exists()


def test_too_many_requests_from_one_network_are_told_the_other_ways() -> None:
    a_body()
    client = anonymous()
    for _ in range(limits.REQUESTS.tries):
        assert send(client).status_code == 302
    refused = send(client)

    assert refused.status_code == 429
    assert "By mail, by telephone or in person" in words(refused)
    assert RecordsRequest.objects.count() == limits.REQUESTS.tries
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert send(elsewhere).status_code == 302


def test_the_limit_ends_with_its_window_and_keeps_no_address() -> None:
    for minute in range(limits.REQUESTS.tries):
        assert limits.wait_until(limits.REQUESTS, "192.0.2.1", now=NOW + timedelta(minutes=minute)) is None

    assert limits.wait_until(limits.REQUESTS, "192.0.2.1", now=NOW + timedelta(minutes=30)) == NOW + timedelta(hours=1)
    assert limits.wait_until(limits.REQUESTS, "192.0.2.1", now=NOW + timedelta(minutes=61)) is None
    assert not PublicTry.objects.filter(address__contains="192.0.2").exists()
    assert limits.wait_until(limits.REQUESTS, "192.0.2.1", now=NOW + timedelta(days=3)) is None
    assert PublicTry.objects.count() == 1


def test_the_requester_answers_the_custodians_question() -> None:
    city = a_city()
    received = disclosure.receive_request(via="form", wants="The pool", actor="public", now=NOW)
    name = {"request_id": received.request.public_id, "actor": city.custodian}
    disclosure.acknowledge_request(**name, now=later(1))
    disclosure.ask_requester(**name, question="Which pool do you mean?", now=later(2))
    address = reverse("portal-followed", args=[received.follow_code])
    client = anonymous()

    assert "Which pool do you mean?" in words(client.get(address))
    empty = client.post(f"{address}answer/", {"answer": " "})
    assert (empty.status_code, "Write your answer first" in words(empty)) == (422, True)
    client.post(f"{address}answer/", {"answer": "Memorial Park"})

    assert "Memorial Park" in words(client.get(address))
    received.request.refresh_from_db()
    assert received.request.state == "acknowledged"


def production_of(city: City) -> tuple[str, str]:
    """The code of a request and its production's id."""
    request = in_review(city)
    release_rest(city, request)
    made = produced(city, determined(city, request))
    code = "1111-2222-3333-4444"
    digest = hashlib.sha256(code.replace("-", "").encode()).hexdigest()
    RecordsRequest.objects.filter(pk=request.pk).update(follow_digest=digest)
    return code, made.public_id


def test_a_production_streams_to_whoever_has_the_code_and_to_nobody_else() -> None:
    city = a_city()
    code, production = production_of(city)
    page = anonymous().get(reverse("portal-followed", args=[code]))
    got = anonymous().get(reverse("portal-production", args=[code, production]))
    other = disclosure.receive_request(via="form", wants="Else", actor="public", now=NOW).follow_code

    assert "Download production 1" in words(page)
    assert got.streaming
    assert "no-store" in got["Cache-Control"]
    assert zipfile.ZipFile(BytesIO(b"".join(got.streaming_content))).testzip() is None
    assert anonymous().get(reverse("portal-production", args=[other, production])).status_code == 404


def test_the_verifier_its_key_and_the_log_are_for_everybody() -> None:
    production_of(a_city())
    client = anonymous()

    assert client.get(reverse("portal-verifier")).content[:2] in (b"PK", b"#!")
    key = client.get(reverse("portal-key")).content.decode()
    assert key.count("+") >= 2
    note = client.get(reverse("portal-checkpoint")).content.decode()
    assert note.splitlines()[0] in key
    assert b"".join(client.get("/log/tile/0/000.p/" + note.splitlines()[1]).streaming_content)
    for path in ("../../keys/x", "0/../../../etc/passwd", "0/000", "x", "0/x999/999"):
        assert client.get(f"/log/tile/{path}").status_code in (200, 404) or path == "0/000"
    assert client.get("/log/tile/../../../keys/log-key").status_code == 404


# ---- in a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_publics_pages_are_accessible_and_fit(chromium: Browser, width: int) -> None:
    city = a_city()
    a_live_channel(a_staff(), url="https://square.example/@wausau-parks", slug="parks")
    code, _ = production_of(city)
    with served() as address:
        visitor = Visitor(chromium, address, width=width)
        for name, path in [
            ("home", "/"),
            ("official", "/channels/?address=wausau-parks"),
            ("not-official", "/channels/?address=https://evil.test/@wausau-parks"),
            ("channel", "/channels/parks/"),
            ("rules", "/rules/"),
            ("policy-public", "/policy/"),
            ("request", "/request/"),
            ("follow", "/request/follow/"),
            ("followed", f"/request/follow/{code}/"),
            ("verify", "/verify/"),
        ]:
            visitor.open(path)
            visitor.assert_fits()
            visitor.assert_accessible()
            visitor.shoot(f"portal-{name}")
        # Who works here reads them with the way back to the desk above.
        visitor.sign_in(a_person(password=PASSWORD).email, PASSWORD)
        visitor.open("/")
        expect(visitor.page.get_by_role("link", name="Go to the desk")).to_be_visible()
        visitor.assert_accessible()
        visitor.assert_no_complaints()
        visitor.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_request_is_made_and_followed_by_keyboard_without_scripts(chromium: Browser) -> None:
    a_body()
    with served() as address:
        visitor = Visitor(chromium, address, width=NARROW, scripts=False)
        page = visitor.open("/request/")
        page.get_by_label("Which records would you like to see?").focus()
        page.keyboard.type("All comments about the pool")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your request is in")).to_be_visible()
        code = page.locator(".ros-code-word").inner_text()

        visitor.open("/request/follow/")
        page.get_by_label("Follow code").fill(code)
        page.keyboard.press("Enter")
        expect(page.get_by_text("All comments about the pool")).to_be_visible()
        expect(page.get_by_text("Your request is in")).to_have_count(0)
        visitor.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_request_sent_back_with_errors_is_accessible(chromium: Browser) -> None:
    a_body()
    with served() as address:
        visitor = Visitor(chromium, address, width=NARROW)
        page = visitor.open("/request/")
        page.get_by_label("Your e-mail address").fill("nobody")
        page.get_by_role("button", name="Send the request").click()
        expect(page.get_by_role("alert")).to_contain_text("Say which records")
        visitor.assert_fits()
        visitor.shoot("portal-request-wrong")
        visitor.close()


def test_asking_again_by_the_same_form_makes_one_request() -> None:
    a_body()
    client = anonymous()
    fields = {"wants": "The pool", "request_token": "a-token-of-one-form"}
    first, second = (client.post(reverse("portal-request"), fields) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert RecordsRequest.objects.count() == 1


def test_who_asks_is_not_asked_why() -> None:
    a_body()
    form = anonymous().get(reverse("portal-request")).content.decode()

    assert set(re.findall(r'name="([a-z_]+)"', form)) <= {
        "viewport",
        "csrfmiddlewaretoken",
        "request_token",
        "wants",
        "requester_name",
        "requester_email",
    }
    assert a_request().wants
