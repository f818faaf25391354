"""The request pages: what each shows and refuses, and a custodian's whole job in a browser at both widths."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from rostrum.areas.disclosure import jobs
from rostrum.areas.disclosure.models import Production, RecordsRequest, Redaction
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.rules import Role
from tests.browser import AXE, NARROW, TAGS, WIDE, Visitor, browser, served
from tests.disclosure import (
    PHONE,
    PRIVATE,
    City,
    a_city,
    a_request,
    determined,
    in_review,
    later,
    produced,
    record_of,
    release_rest,
    withhold,
)
from tests.people import PASSWORD, a_person, signed_in

TOKEN = {"request_token": ""}


@pytest.fixture
def city(db: None) -> City:
    return a_city()


@pytest.fixture
def custodian(city: City) -> Client:
    return signed_in(city.custodian)


def address(name: str, request: RecordsRequest, *more: str) -> str:
    return reverse(name, args=[request.public_id, *more])


def test_the_list_shows_what_is_due_first_and_what_is_overdue(city: City, custodian: Client) -> None:
    a_request(wants="Later", now=later(days=400))
    a_request(wants="Sooner", now=later(days=-400))

    page = custodian.get(reverse("requests")).content.decode()

    assert page.index("Sooner") < page.index("Later")
    assert page.count("Overdue") == 1


def test_without_requests_the_list_says_so(custodian: Client) -> None:
    assert "No open requests" in custodian.get(reverse("requests")).content.decode()


def test_a_request_by_mail_is_taken_in_and_its_code_shown_once(custodian: Client) -> None:
    answer = custodian.post(reverse("request-new"), {"via": "mail", "wants": "The pool", **TOKEN}, follow=True)

    page = answer.content.decode()
    assert "Request 1 is taken in" in page
    assert "follow it with the code" in page
    assert (
        "follow it with the code"
        not in custodian.get(address("request", RecordsRequest.objects.get())).content.decode()
    )


def test_an_unusable_request_is_shown_again_with_its_error(custodian: Client) -> None:
    answer = custodian.post(reverse("request-new"), {"via": "mail", "wants": "", "requester_email": "no", **TOKEN})

    assert answer.status_code == 422
    assert not RecordsRequest.objects.exists()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"text": '"open'}, "quotation mark"),
        ({"from_on": "2026-11-02", "to_on": "2026-11-01"}, "ends before it begins"),
        ({"from_on": "yesterday"}, "valid date"),
        ({"channel": "nobody-s"}, "valid choice"),
    ],
)
def test_a_search_that_cannot_be_made_is_shown_again_with_its_error(
    city: City, custodian: Client, data: dict, error: str
) -> None:
    request = a_request()
    custodian.post(address("request-acknowledge", request), TOKEN)

    answer = custodian.post(address("request-search", request), {**data, **TOKEN})

    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert not request.searches.exists()


def test_a_fee_the_law_does_not_allow_is_shown_again_with_its_error(city: City, custodian: Client) -> None:
    request = a_request()
    custodian.post(address("request-acknowledge", request), TOKEN)
    custodian.post(address("request-search", request), {"text": "pool", **TOKEN})

    for data, error in [
        ({"copying": "4.00", "ask_prepayment": "on"}, "only above its threshold"),
        ({"copying": "twelve"}, "is not an amount in dollars"),
        ({"copying": "9" * 19}, "from 0 to 1,000,000"),
        ({"copying": "-5"}, "from 0 to 1,000,000"),
    ]:
        answer = custodian.post(address("request-fee", request), {**data, **TOKEN})
        assert (answer.status_code, error in answer.content.decode()) == (422, True)
    request.refresh_from_db()
    assert request.fee_cents is None


def test_a_decision_the_rules_refuse_keeps_what_was_typed(city: City, custodian: Client) -> None:
    request = in_review(city)
    record = record_of(request, "c1")

    answer = custodian.post(
        address("request-record", request, record.public_id), {"choice": "withhold", "reason": "Half a reason", **TOKEN}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "only under a cited exemption" in page
    assert "Half a reason" in page
    record.refresh_from_db()
    assert record.choice == "undecided"


def test_a_redaction_without_a_mark_or_with_a_telling_reason_is_shown_again(city: City, custodian: Client) -> None:
    request = in_review(city)
    place = address("request-redact", request, record_of(request, "c1").public_id)

    for data, error in [
        ({"exemption": PRIVATE, "reason": "Private"}, "Mark what is to be withheld first."),
        ({"word": ["8", "9"], "exemption": PRIVATE, "reason": f"It is {PHONE}"}, "The reason repeats"),
        ({"word": ["8"], "exemption": "", "reason": ""}, "This field is required."),
        ({"medium": ["7", "x", "9" * 30], "exemption": PRIVATE, "reason": "Private"}, None),
    ]:
        answer = custodian.post(place, {**data, **TOKEN})
        assert answer.status_code == 422
        assert error is None or error in answer.content.decode()
    assert not Redaction.objects.exists()


def test_the_telephone_number_is_marked_already_and_only_it(city: City, custodian: Client) -> None:
    request = in_review(city)

    page = custodian.get(address("request-record", request, record_of(request, "c1").public_id)).content.decode()

    assert page.count(" checked") == 2
    assert "(715)" in page
    assert "<mark>" not in page


def test_who_proposed_sees_why_the_second_button_is_closed(city: City, custodian: Client) -> None:
    request = in_review(city)
    record = record_of(request, "c1")
    withhold(city, record, PHONE, seconded=False)
    place = address("request-record", request, record.public_id)

    own = custodian.get(place).content.decode()
    other = signed_in(city.second).get(place).content.decode()

    assert "not the one who proposed it" in own
    assert "not the one who proposed it" not in other
    answer = custodian.post(address("redaction-second", request, Redaction.objects.get().public_id), TOKEN)
    assert answer.status_code == 409


def test_the_determination_says_what_is_missing_beside_its_button(city: City, custodian: Client) -> None:
    request = in_review(city)
    place = address("request-determination", request)

    page = custodian.get(place).content.decode()
    assert "3 records are still to be decided" in page
    assert "No letter yet" in page
    assert custodian.post(place, TOKEN).status_code == 409

    release_rest(city, request)
    page = custodian.get(place).content.decode()
    assert "Your request is granted. We found 3 records" in page
    assert custodian.post(place, TOKEN).status_code == 302


def test_an_auditor_reads_every_page_and_acts_on_none(city: City) -> None:
    request = in_review(city)
    record = record_of(request, "c1")
    auditor = signed_in(a_person(Role.AUDITOR))

    for place in (
        reverse("requests"),
        address("request", request),
        address("request-review", request),
        address("request-record", request, record.public_id),
        address("request-determination", request),
    ):
        answer = auditor.get(place)
        assert answer.status_code == 200
        main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
        assert 'method="post"' not in main, place
    assert auditor.post(address("request-record", request, record.public_id), {"choice": "release"}).status_code == 409
    assert auditor.post(address("request-determination", request), TOKEN).status_code == 409
    assert auditor.post(address("request-withdraw", request), TOKEN).status_code == 403
    record.refresh_from_db()
    assert record.choice == "undecided"


def test_a_record_or_redaction_of_another_request_is_not_there(city: City, custodian: Client) -> None:
    one, other = in_review(city), in_review(city)
    record = record_of(one, "c1")
    withhold(city, record, PHONE, seconded=False)

    assert custodian.get(address("request-record", other, record.public_id)).status_code == 404
    place = address("redaction-second", other, Redaction.objects.get().public_id)
    assert signed_in(city.second).post(place, TOKEN).status_code == 404


def test_the_production_is_downloaded_as_it_was_made(city: City, custodian: Client) -> None:
    request = in_review(city)
    release_rest(city, request)
    production = produced(city, determined(city, request))

    answer = custodian.get(address("production-download", request, production.public_id))

    content = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], len(content)) == ("application/zip", production.size_bytes)
    assert 'filename="request-1-production-1.zip"' in answer["Content-Disposition"]


def test_a_production_being_made_or_failed_says_so_and_is_not_there_to_download(city: City, custodian: Client) -> None:
    request = in_review(city)
    release_rest(city, request)
    determined(city, request)
    custodian.post(address("request-produce", request), TOKEN)
    production = Production.objects.get()

    assert "Being made" in custodian.get(address("request", request)).content.decode()
    assert custodian.get(address("production-download", request, production.public_id)).status_code == 404

    Production.objects.update(state="failed", fault="data/readable/records.csv still shows a part")
    page = custodian.get(address("request", request)).content.decode()
    assert "Could not be made" in page
    assert "still shows a part" in page


def test_today_shows_open_requests_and_redactions_for_the_second_look(city: City, custodian: Client) -> None:
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE, seconded=False)

    own = custodian.get(reverse("today")).content.decode()
    other = signed_in(city.second).get(reverse("today")).content.decode()
    poster = signed_in(a_person(Role.POSTER)).get(reverse("today")).content.decode()

    assert "Request 1: Everything about the pool" in own
    assert "for your second look" not in own
    assert "Redactions for your second look" in other
    assert "Request 1" not in poster


# -- in a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def live(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def visit(chromium: Browser, live: str) -> Iterator[Callable[..., Visitor]]:
    """Opens windows and closes them, also when the test fails: the server waits for whoever is still connected."""
    visitors: list[Visitor] = []

    def open_window(**options: Any) -> Visitor:
        visitors.append(Visitor(chromium, live, **options))
        visitors[-1].page.set_default_timeout(10_000)
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.close()


class Desk:
    """A custodian at the browser; every page they come to is held to what all pages promise."""

    def __init__(self, visitor: Visitor, prefix: str) -> None:
        self.visitor, self.page, self.prefix = visitor, visitor.page, prefix

    def press(self, name: str) -> Page:
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_load_state()
        return self.page

    def look(self, name: str) -> None:
        self.visitor.assert_fits()
        # On the page as it stands: a form that came back with errors cannot be had by its address.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = self.page.evaluate(
            "options => axe.run(document, options)", {"runOnly": {"type": "tag", "values": list(TAGS)}}
        )
        assert [(one["id"], one["nodes"][0]["html"][:160]) for one in result["violations"]] == []
        self.visitor.shoot(f"{self.prefix}-{name}")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (NARROW, True), (NARROW, False)])
def test_a_custodian_answers_a_request_from_end_to_end(
    visit: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    a_city(password=PASSWORD)
    visitor = visit(width=width, scripts=scripts)
    visitor.sign_in("rita@wausau.example", PASSWORD)
    desk, page = Desk(visitor, "request"), visitor.page
    look = desk.look if scripts else (lambda name: None)

    visitor.open("/desk/requests/")
    look("01-none")
    page.get_by_role("link", name="Take in a request").click()
    desk.press("Take it in")
    look("02-intake-error")
    page.get_by_label("What is asked for").fill("Everything about the pool on Main Street\nand its telephone number")
    desk.press("Take it in")
    look("03-received")
    desk.press("Acknowledge the request")
    page.get_by_label("Words").fill('"open')
    desk.press("Search and hold")
    look("04-search-error")
    page.get_by_label("Words").fill("pool")
    desk.press("Search and hold")
    expect(page.get_by_text("Found 3 items")).to_be_visible()
    look("05-searched")
    desk.press("Begin the review")
    look("06-desk")
    page.get_by_role("link", name="The pool is closed again!").click()
    look("07-record")
    page.get_by_label("Exemption", exact=True).select_option(PRIVATE)
    page.locator("#redact").locator("..").get_by_label("Reason").fill("A resident's own telephone number")
    desk.press("Propose the redaction")
    expect(page.get_by_text("Needs a second person")).to_be_visible()
    look("08-proposed")
    page.get_by_text("Release whole", exact=True).click()
    desk.press("Record the decision")
    expect(page.get_by_text("This record has redactions")).to_be_visible()
    look("09-refused")
    page.get_by_text("Release with redactions", exact=True).click()
    desk.press("Record the decision")
    for _ in range(2):
        page.get_by_text("Release whole", exact=True).click()
        desk.press("Record the decision")
    look("10-decided")
    page.get_by_role("link", name="Preview the determination").click()
    expect(page.get_by_text("still to be seen by a second person")).to_be_visible()
    look("11-determination-refused")

    second = visit(width=width, scripts=scripts)
    second.sign_in("simon@wausau.example", PASSWORD)
    second.page.get_by_role("link", name="A resident's own telephone number").click()
    if scripts:
        Desk(second, "request").look("12-second")
    second.page.get_by_role("button", name="I agree as the second person").click()
    expect(second.page.get_by_text("Seen by two")).to_be_visible()
    second.assert_no_complaints()

    page.reload()
    desk.press("Issue the determination")
    desk.press("Make the production")
    look("13-being-made")
    ledger.sequence(later(60))
    jobs.make_production({"production": Production.objects.get().public_id}, now=later(61))
    page.reload()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    look("14-produced")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "request-1-production-1.zip"
    page.get_by_role("link", name="Read the letter").click()
    look("15-letter")
    page.go_back()
    desk.press("Close the request")
    look("16-closed")
    visitor.open("/desk/requests/")
    look("17-ended")
    visitor.assert_no_complaints()
    assert RecordsRequest.objects.get().state == "closed"


@pytest.mark.browser
def test_words_are_marked_by_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    city = a_city(password=PASSWORD)
    request = in_review(city)
    visitor = visit()
    visitor.sign_in("rita@wausau.example", PASSWORD)
    page = visitor.open(address("request-record", request, record_of(request, "c1").public_id))

    first = page.get_by_role("checkbox", name="The", exact=True)
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")

    expect(first).to_be_checked()
    expect(page.get_by_role("checkbox", name="pool", exact=True)).to_be_focused()
    visitor.shoot("request-keyboard")
