"""Signing in in a browser: passkeys of a virtual device, an app's codes without scripts, by keyboard, at 320 px."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from rostrum.areas.people import totp
from rostrum.areas.people.models import Factor, FactorReset, SignedIn, User
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.people import PASSWORD, a_person
from tests.web.test_second_factor import seed_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "coordinator@example.gov"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None, settings: Any) -> Iterator[str]:
    settings.SIGN_IN = replace(settings.SIGN_IN, required_for=frozenset({Role.COORDINATOR, Role.HR}))
    with served() as found:
        # Passkeys are for a site with a name.
        yield found.replace("127.0.0.1", "localhost")


@pytest.fixture
def coordinator(transactional_db: None) -> User:
    return a_person(Role.COORDINATOR, email=EMAIL, password=PASSWORD, name="Ada Lindqvist")


@contextmanager
def visit(chromium: Browser, address: str, **options: Any) -> Iterator[Visitor]:
    visitor = Visitor(chromium, address, **options)
    try:
        yield visitor
        visitor.assert_no_complaints()
    finally:
        visitor.close()


def with_device(visitor: Visitor, *, verifies: bool = True) -> tuple[Any, str]:
    """Give the visitor's browser a virtual device that makes passkeys (Chrome DevTools Protocol)."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def first_step(page: Page) -> None:
    page.goto("/sign-in/?next=/desk/people/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def set_up_app(page: Page) -> bytes:
    seed = seed_of(page.locator(".ros-typed-key").inner_text())
    page.get_by_label("Code").fill(totp.code_now(seed, timezone.now()))
    page.get_by_role("button", name="Set it up").click()
    return seed


def look_at(visitor: Visitor, name: str) -> None:
    visitor.assert_fits()
    visitor.shoot(f"sign-in-{name}")


def test_a_passkey_is_made_at_enrolment_and_signs_in_alone_afterwards(
    chromium: Browser, address: str, coordinator: User
) -> None:
    with visit(chromium, address) as visitor:
        devtools, device = with_device(visitor)
        page = visitor.page
        first_step(page)
        expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_label("Name").fill("This laptop")
        page.get_by_role("button", name="Make the passkey").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        page.get_by_role("button", name="I have kept them").click()
        page.wait_for_url("**/desk/people/")
        kept = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
        assert [one["isResidentCredential"] for one in kept] == [True]
        assert kept[0]["rpId"] == "localhost"

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/desk/")

        page.goto("/desk/me/sign-in/")
        expect(page.get_by_role("rowheader", name="This laptop")).to_be_visible()
        look_at(visitor, "mine-with-passkey")
    assert set(SignedIn.objects.values_list("how", "has_second_factor")) == {("password", True), ("passkey", True)}
    assert Factor.objects.get().sign_count > 0


def test_a_passkey_is_the_second_step_after_the_password(chromium: Browser, address: str, coordinator: User) -> None:
    with visit(chromium, address) as visitor:
        with_device(visitor)
        page = visitor.page
        first_step(page)
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_role("button", name="Make the passkey").click()
        page.get_by_role("button", name="I have kept them").click()
        page.get_by_role("button", name="Sign out").click()

        first_step(page)
        look_at(visitor, "second-with-passkey")
        page.get_by_role("button", name="Use your passkey").click()

        page.wait_for_url("**/desk/people/")


def test_a_device_that_does_not_verify_the_person_makes_no_passkey(
    chromium: Browser, address: str, coordinator: User
) -> None:
    with visit(chromium, address) as visitor:
        with_device(visitor, verifies=False)
        page = visitor.page
        first_step(page)
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_role("button", name="Make the passkey").click()

        expect(page.get_by_role("status")).to_contain_text("was not confirmed")
    assert not Factor.objects.exists()


def test_without_scripts_an_app_is_set_up_and_its_code_signs_in(
    chromium: Browser, address: str, coordinator: User
) -> None:
    with visit(chromium, address, scripts=False, width=NARROW) as visitor:
        page = visitor.page
        first_step(page)
        look_at(visitor, "enrol")
        page.get_by_role("link", name="Set up an app").click()
        picture = page.get_by_role("img", name="QR code with the key")
        expect(picture).to_be_visible()
        page.wait_for_load_state("load")
        assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
        look_at(visitor, "app")
        seed = set_up_app(page)
        look_at(visitor, "codes")
        code = page.locator(".ros-codes code").first.inner_text()
        page.get_by_role("button", name="I have kept them").click()
        expect(page).to_have_url(f"{address}/desk/people/")

        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        first_step(page)
        look_at(visitor, "second")
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("alert")).to_contain_text("not taken")
        look_at(visitor, "second-wrong")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Go on").click()
        expect(page).to_have_url(f"{address}/desk/people/")
    assert seed not in bytes(Factor.objects.get().sealed or b"")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_of_sign_in_is_accessible_and_fits(
    chromium: Browser, address: str, coordinator: User, width: int
) -> None:
    person = a_person(email="eve@example.gov", name="Eve Larsen")
    asker = a_person(Role.HR, name="Hana Weiss")
    with visit(chromium, address, width=width) as visitor:
        page = visitor.page

        def check(name: str) -> None:
            look_at(visitor, name)
            visitor.assert_accessible()

        page.goto("/sign-in/")
        check("first")
        first_step(page)
        check("enrol")
        page.goto("/sign-in/factor/passkey/")
        check("passkey")
        page.goto("/sign-in/factor/app/")
        # axe opens the page anew, in the same session: the key on it stays the same.
        check("app")
        set_up_app(page)
        check("codes")
        page.get_by_role("button", name="I have kept them").click()
        FactorReset.objects.create(person=coordinator, reason="Came in person", asked_by=asker, asked_at=timezone.now())
        page.goto("/desk/me/sign-in/")
        check("mine")
        page.goto("/desk/me/sign-in/prove/")
        check("prove")
        page.goto(f"/desk/people/{person.public_id}/sign-in/")
        check("another")
        FactorReset.objects.create(person=person, reason="Came in person", asked_by=asker, asked_at=timezone.now())
        page.reload()
        check("another-reset")
        page.get_by_role("button", name="Sign out").click()
        first_step(page)
        check("second")


def test_the_keyboard_alone_takes_both_steps(chromium: Browser, address: str, coordinator: User) -> None:
    with visit(chromium, address) as visitor:
        page = visitor.page
        first_step(page)
        page.get_by_role("link", name="Set up an app").click()
        seed = set_up_app(page)
        page.get_by_role("button", name="I have kept them").click()
        page.get_by_role("button", name="Sign out").click()
        # The code that set the app up is used; the next is half a minute away.
        Factor.objects.update(last_step=0)

        page.goto("/sign-in/")
        page.keyboard.type(EMAIL)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Code")).to_be_focused()
        page.keyboard.type(totp.code_now(seed, timezone.now()))
        page.keyboard.press("Enter")

        page.wait_for_url("**/desk/")


def test_at_an_address_without_a_name_passkeys_are_not_offered(
    chromium: Browser, address: str, coordinator: User
) -> None:
    with visit(chromium, address.replace("localhost", "127.0.0.1")) as visitor:
        page = visitor.page
        page.goto("/sign-in/")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
        first_step(page)
        expect(page.get_by_text("Passkeys need this site to be opened by a name")).to_be_visible()
