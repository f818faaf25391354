"""Assurance and Policy: every clause with its standing, filtered without hiding the count, explained one by one."""

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from rostrum.areas.assurance import queries
from rostrum.areas.people.rules import Role
from rostrum.policy.coverage import Status
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import a_body, a_live_channel, a_staff
from tests.people import PASSWORD, a_person, signed_in

pytestmark = pytest.mark.django_db
EMAIL = "attorney@example.gov"


@pytest.fixture
def auditor() -> Client:
    a_body()
    return signed_in(a_person(Role.AUDITOR))


def rows(page: object) -> int:
    return page.content.decode().count('data-label="Clause"')  # type: ignore[attr-defined]


def test_every_clause_of_the_five_policies_stands_on_the_page_once(auditor: Client) -> None:
    page = auditor.get(reverse("assurance"))
    listed = re.findall(r'href="/desk/policy/clauses/([^/]+)/"', page.content.decode())

    assert rows(page) == 478
    assert len(set(listed)) == 478
    assert len(page.content) < 600_000


def test_the_policy_in_force_stands_first() -> None:
    a_body("dma-2.110")
    page = signed_in(a_person(Role.AUDITOR)).get(reverse("assurance")).content.decode()
    titles = re.findall(r'<h2 id="pack-\d+">(.*?) <span class="ros-state[^>]*>(in force here|not in force here)', page)
    standing = [words for _, words in titles]
    assert len(titles) == 5
    assert standing == sorted(standing)
    # The department's own bulletin, then the chapter it stands on.
    assert "2.110" in titles[0][0]
    assert "Chapter 480" in titles[1][0]


@pytest.mark.parametrize("status", ["live", "duty", "not_yet"])
def test_a_filter_narrows_the_list_and_never_the_count(auditor: Client, status: str) -> None:
    page = auditor.get(reverse("assurance"), {"status": status})
    totals = queries.totals(queries.standings())

    assert rows(page) == totals[status]
    assert "478 clauses" in page.content.decode()
    assert f"{totals['not_yet']} not yet" in page.content.decode()
    assert sum(totals.values()) == 478


def test_a_filter_nobody_offers_lists_nothing_and_fails_nothing(auditor: Client) -> None:
    page = auditor.get(reverse("assurance"), {"status": "splendid", "capability": "nothing"})

    assert (page.status_code, rows(page)) == (200, 0)


def test_a_live_clause_names_its_test_and_shows_its_evidence(auditor: Client) -> None:
    page = auditor.get(reverse("policy-clause", args=["WAU-0-01"])).content.decode()

    assert "Live" in page
    assert "In force by the body&#x27;s own adoption" in page
    assert "tests/areas/test_governance.py::" in page


def test_a_clause_that_is_not_carried_says_so(auditor: Client) -> None:
    found = next(one for one in queries.standings() if one.status is Status.NOT_YET)
    page = auditor.get(reverse("policy-clause", args=[found.clause.id])).content.decode()

    assert "Not yet" in page


def test_an_unknown_clause_is_not_there(auditor: Client) -> None:
    assert auditor.get(reverse("policy-clause", args=["WAU-nothing"])).status_code == 404


def test_the_policy_page_shows_values_in_words_and_whose_they_are(auditor: Client) -> None:
    page = auditor.get(reverse("policy")).content.decode()

    assert "Resolution 26-001" in page
    assert "local choice, as shipped" in page
    assert "None listed yet" in page
    assert "[&#x27;" not in page
    assert ">True<" not in page


def test_the_policy_page_answers_before_any_policy_is_active() -> None:
    page = signed_in(a_person(Role.AUDITOR)).get(reverse("policy"))

    assert "No policy is active" in page.content.decode()


def test_every_registered_control_answers_before_anything_happened(auditor: Client) -> None:
    for control in queries.live_controls():
        assert control.evidence().summary


def test_every_link_of_the_evidence_opens_for_whoever_reads_it(auditor: Client) -> None:
    a_live_channel(a_staff())
    page = auditor.get(reverse("assurance"), {"status": "live"}).content.decode()
    links = {html.unescape(link) for link in re.findall(r'<a href="([^"]+)">See it', page)}

    assert links
    assert {link: auditor.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_are_accessible_and_fit(chromium: Browser, width: int) -> None:
    a_body()
    a_person(Role.AUDITOR, email=EMAIL, password=PASSWORD, name="Ben Okafor")
    with served() as address:
        visitor = Visitor(chromium, address, width=width)
        visitor.sign_in(EMAIL, PASSWORD)
        for name, path in [
            ("policy", "/desk/policy/"),
            ("clause-live", "/desk/policy/clauses/WAU-0-01/"),
            ("clause-risky", "/desk/policy/clauses/WAU-removal-00/"),
            ("assurance", "/desk/assurance/"),
            ("assurance-live", "/desk/assurance/?status=live"),
        ]:
            visitor.open(path)
            visitor.assert_fits()
            visitor.assert_accessible()
            visitor.shoot(name)
        visitor.assert_no_complaints()
        visitor.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_sections_fold_and_filters_work_by_keyboard_without_scripts(chromium: Browser) -> None:
    a_body()
    a_person(Role.AUDITOR, email=EMAIL, password=PASSWORD, name="Ben Okafor")
    with served() as address:
        visitor = Visitor(chromium, address, width=NARROW, scripts=False)
        page = visitor.sign_in(EMAIL, PASSWORD)
        visitor.open("/desk/assurance/")
        expect(page.get_by_role("link", name="WAU-0-01", exact=True)).to_be_hidden()
        page.locator("summary", has_text="Header").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="WAU-0-01", exact=True)).to_be_visible()

        page.get_by_label("Status").select_option("live")
        page.get_by_role("button", name="Show").press("Enter")
        expect(page.get_by_role("link", name="WAU-0-01", exact=True)).to_be_visible()
        visitor.close()
