"""The first pages in a browser: accessible, at 320 px, by keyboard alone, without scripts, under the strict policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from rostrum.areas.people.models import RoleGrant, User
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.people import PASSWORD, a_person, a_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "coordinator@example.gov"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def poster(transactional_db: None) -> User:
    parks = a_unit()
    a_person(Role.COORDINATOR, email=EMAIL, password=PASSWORD, name="Ada Lindqvist", unit=a_unit("clerk", "City Clerk"))
    a_person(Role.HR, name="Henry Roth", unit=a_unit("hr", "Human Resources"))
    return a_person(Role.POSTER, name="Paula Xiong", unit=parks, over=parks, speaks_on="chn-1f2e3d4c5b6a79880123")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_first_pages_are_accessible_and_fit(chromium: Browser, address: str, poster: User, width: int) -> None:
    visitor = Visitor(chromium, address, width=width)
    for name, path in [("sign-in", "/sign-in/"), ("password-link", "/sign-in/password/"), ("not-found", "/nothing")]:
        visitor.open(path)
        visitor.assert_fits()
        visitor.assert_accessible()
        visitor.shoot(name)

    visitor.sign_in(EMAIL, PASSWORD)
    for name, path in [
        ("today", "/desk/"),
        ("me", "/desk/me/"),
        ("people", "/desk/people/"),
        ("person", f"/desk/people/{poster.public_id}/"),
        ("add-person", "/desk/people/new/"),
    ]:
        visitor.open(path)
        visitor.assert_fits()
        visitor.assert_accessible()
        visitor.shoot(name)
    visitor.assert_no_complaints()
    visitor.close()


def test_errors_of_a_form_are_accessible_and_read_first(chromium: Browser, address: str, poster: User) -> None:
    visitor = Visitor(chromium, address, width=NARROW)
    page = visitor.open("/sign-in/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    visitor.assert_fits()
    visitor.shoot("sign-in-wrong")
    visitor.assert_no_complaints()
    visitor.close()


def test_the_keyboard_alone_signs_in_and_out(chromium: Browser, address: str, poster: User) -> None:
    visitor = Visitor(chromium, address)
    page = visitor.open("/desk/people/")
    # The first field has the focus; nothing is clicked.
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/people/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    visitor.close()


def test_everything_works_without_scripts(chromium: Browser, address: str, poster: User) -> None:
    visitor = Visitor(chromium, address, width=NARROW, scripts=False)
    page = visitor.sign_in(EMAIL, PASSWORD)
    page.get_by_text("Menu").click()
    page.get_by_role("navigation", name="Desk menu").get_by_role("link", name="People").click()
    page.get_by_role("link", name="Paula Xiong").click()
    page.get_by_label("Role", exact=True).select_option("moderator")
    page.get_by_role("button", name="Give the role").click()

    expect(page.get_by_text("Paula Xiong holds the role “Moderator”.")).to_be_visible()
    assert RoleGrant.objects.filter(person=poster, role="moderator").count() == 1
    visitor.close()


def test_a_form_sent_four_times_at_once_acts_once(chromium: Browser, address: str, poster: User) -> None:
    visitor = Visitor(chromium, address)
    page = visitor.sign_in(EMAIL, PASSWORD)
    visitor.open(f"/desk/people/{poster.public_id}/")
    page.evaluate(
        """async () => {
            const page = await (await fetch(location.href)).text();
            const form = new DOMParser().parseFromString(page, "text/html").querySelector("form[action$='/roles/']");
            const data = new URLSearchParams(new FormData(form));
            data.set("role", "auditor");
            await Promise.all([1, 2, 3, 4].map(() => fetch(form.getAttribute("action"), {method: "POST", body: data})));
        }"""
    )

    assert RoleGrant.objects.filter(person=poster, role="auditor").count() == 1
    visitor.close()
