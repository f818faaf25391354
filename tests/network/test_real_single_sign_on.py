"""Single sign-on with a real OpenID Connect provider: there by its own forms, back, and out again.

The person's browser is an HTTP client that follows redirects and fills the provider's forms in.
"""

import html
import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from tools import identity_provider

from rostrum.areas.people.models import RoleGrant, SignedIn, User
from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import Directory, GroupRole, SignInSettings
from rostrum.connectors.identity import OpenIdSettings
from rostrum.connectors.identity.oidc import forget_issuers
from tests.browser import served
from tests.people import a_person

pytestmark = [pytest.mark.network, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def provider(site: str, settings: Any) -> Iterator[identity_provider.Running]:
    forget_issuers()
    try:
        running = identity_provider.start(site)
    except identity_provider.Unavailable as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"The identity provider must run in CI: {missing}")
        pytest.skip(f"no identity provider: {missing}")
    with running:
        protocol = OpenIdSettings(
            running.issuer, "rostrum", running.secret, scopes=("openid", "email", "profile", "groups")
        )
        city = Directory("city", "City sign-in", protocol, roles=(GroupRole("Social Media", Role.COORDINATOR),))
        settings.SIGN_IN = SignInSettings(required_for=frozenset(), directories=(city,))
        yield running


class Browser:
    """Follows redirects, one by one, and fills in the provider's forms."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.client = httpx.Client(timeout=30)
        self.visited: list[str] = []

    def go(self, address: str, **form: str) -> httpx.Response:
        method = "POST" if form else "GET"
        answer = self.client.request(method, urljoin(self.site, address), data=form or None)
        for _ in range(20):
            self.visited.append(str(answer.url))
            if answer.status_code not in (301, 302, 303):
                return answer
            answer = self.client.get(urljoin(str(answer.url), answer.headers["location"]))
        raise AssertionError(f"goes round in circles: {self.visited}")

    def sign_in(self, name: str, **query: str) -> httpx.Response:
        page = self.go("/sign-in/with/city/?" + "&".join(f"{key}={value}" for key, value in query.items()))
        for _ in range(4):
            if urlsplit(str(page.url)).netloc == urlsplit(self.site).netloc:
                return page
            action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
            assert action is not None, page.text
            assert prompt is not None, page.text
            form = {"prompt": prompt[1]} | ({"login": name, "password": "any"} if prompt[1] == "login" else {})
            page = self.go(urljoin(str(page.url), html.unescape(action[1])), **form)
        raise AssertionError(f"did not come back: {page.url}")

    def submit(self, page: httpx.Response, button: str = "") -> httpx.Response:
        """Send the first form of a page, as its button would."""
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        assert action is not None, page.text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        return self.go(
            urljoin(str(page.url), html.unescape(action[1])), **fields, **({button: "yes"} if button else {})
        )

    def is_in(self) -> bool:
        return self.client.get(f"{self.site}/desk/me/").status_code == 200


Browse = Callable[[], Browser]


@pytest.fixture
def browse(site: str) -> Iterator[Browse]:
    """Open browsers; they close with the test."""
    opened: list[Browser] = []

    def open_one() -> Browser:
        opened.append(Browser(site))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.client.close()


def test_there_and_back_with_the_roles_of_ones_groups(
    site: str, provider: identity_provider.Running, browse: Browse
) -> None:
    rosa = a_person(email="rosa@city.example", name="Rosa Lindqvist")
    browser = browse()

    page = browser.sign_in("rosa", next="/desk/me/")

    assert str(page.url) == f"{site}/desk/me/"
    assert "Social media coordinator" in page.text
    grant = RoleGrant.objects.get(person=rosa)
    assert (grant.role, grant.directory) == (Role.COORDINATOR.value, "city")
    assert any(visited.startswith(provider.issuer) for visited in browser.visited)


def test_a_group_that_is_gone_takes_its_role_with_it(
    site: str, provider: identity_provider.Running, browse: Browse
) -> None:
    rosa = a_person(email="rosa@city.example")
    browse().sign_in("rosa")
    httpx.post(f"{provider.issuer}/test/people", json={"rosa": {"groups": []}}).raise_for_status()

    browse().sign_in("rosa")

    assert RoleGrant.objects.get(person=rosa).ends_at is not None


def test_an_address_the_provider_has_not_verified_opens_nobodys_door(
    site: str, provider: identity_provider.Running, browse: Browse
) -> None:
    a_person(email="rosa@city.example")
    browser = browse()

    page = browser.sign_in("mallory")

    assert "belongs to nobody here" in page.text
    assert not browser.is_in()
    assert not SignedIn.objects.exists()


def test_who_is_unknown_is_refused_and_nobody_is_made(
    site: str, provider: identity_provider.Running, browse: Browse
) -> None:
    page = browse().sign_in("dev")

    assert "belongs to nobody here" in page.text
    assert not User.objects.exists()


def test_signing_out_there_ends_the_session_here(
    site: str, provider: identity_provider.Running, browse: Browse
) -> None:
    a_person(email="rosa@city.example")
    browser = browse()
    browser.sign_in("rosa")
    assert browser.is_in()

    browser.submit(browser.go("/sign-in/with/city/out/"), button="logout")

    # The provider told us itself, by a signed message; the browser's own cookie was still good.
    assert SignedIn.objects.get().ended_because == "directory"
    assert not browser.is_in()


def test_an_answer_used_twice_is_not_taken_again(
    site: str, provider: identity_provider.Running, browse: Browse
) -> None:
    a_person(email="rosa@city.example")
    browser = browse()
    browser.sign_in("rosa")
    callback = next(visited for visited in browser.visited if "/callback/" in visited)

    again = browser.go(callback)
    elsewhere = browse()
    stolen = elsewhere.go(callback)

    assert "could not be believed" in again.text
    assert "could not be believed" in stolen.text
    assert not elsewhere.is_in()


def test_a_fresh_proof_is_really_asked_for(site: str, provider: identity_provider.Running, browse: Browse) -> None:
    a_person(email="rosa@city.example")
    browser = browse()
    browser.sign_in("rosa")
    browser.visited.clear()

    browser.sign_in("rosa", again="1", next="/desk/me/sign-in/")

    assert any("/interaction/" in visited for visited in browser.visited), "the provider asked for no password again"
    assert SignedIn.objects.filter(ended_at=None).count() == 1
