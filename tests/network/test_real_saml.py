"""Single sign-on by SAML, with answers that another library signed, in a browser that goes between two sites."""

import copy
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from rostrum.areas.people.models import RoleGrant, SignedIn, User
from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import Directory, GroupRole, SignInSettings
from rostrum.connectors.identity import SamlSettings
from tests.browser import Visitor, browser, served
from tests.network.saml_provider import WITH_SECOND_FACTOR, Answer, SamlProvider, without_signature
from tests.people import a_person

pytestmark = [pytest.mark.network, pytest.mark.django_db(transaction=True)]
REFUSED = "could not be believed"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def provider(site: str, settings: Any, tmp_path: Path) -> Iterator[SamlProvider]:
    if shutil.which("xmlsec1") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("The SAML identity provider must run in CI: it needs xmlsec1 (Debian package xmlsec1)")
        pytest.skip("no SAML identity provider: it needs xmlsec1 (Debian package xmlsec1)")
    with SamlProvider(tmp_path) as running:
        protocol = SamlSettings(
            running.metadata, email_attribute="mail", name_attribute="displayName", groups_attribute="groups"
        )
        state = Directory("state", "State sign-in", protocol, roles=(GroupRole("Social Media", Role.COORDINATOR),))
        settings.SIGN_IN = SignInSettings(required_for=frozenset(), directories=(state,))
        running.trust(httpx.get(f"{site}/sign-in/with/state/metadata/").raise_for_status().text)
        running.people["rosa"] = Answer("rosa@city.example", ("Social Media",))
        running.signs_in = "rosa"
        yield running


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Visitor]:
    opened = Visitor(chromium, site)
    yield opened
    opened.close()


def sign_in(visitor: Visitor, query: str = "") -> Page:
    """Go there and back as a browser does, by the form that submits itself."""
    visitor.page.goto(f"/sign-in/with/state/?{query}")
    visitor.page.wait_for_url(f"{visitor.address}/**")
    visitor.settle()
    return visitor.page


def is_in(visitor: Visitor) -> bool:
    return visitor.context.request.get(f"{visitor.address}/desk/me/", max_redirects=0).status == 200


def test_there_and_back_with_the_roles_of_ones_groups(provider: SamlProvider, visitor: Visitor) -> None:
    rosa = a_person(email="rosa@city.example", name="Rosa Lindqvist")

    page = sign_in(visitor, "next=/desk/me/")

    expect(page.get_by_text("Social media coordinator").first).to_be_visible()
    assert page.url == f"{visitor.address}/desk/me/"
    grant = RoleGrant.objects.get(person=rosa)
    assert (grant.role, grant.directory) == (Role.COORDINATOR.value, "state")


def test_a_group_that_is_gone_takes_its_role_with_it(provider: SamlProvider, visitor: Visitor) -> None:
    rosa = a_person(email="rosa@city.example")
    sign_in(visitor)
    provider.people["rosa"] = Answer("rosa@city.example")

    sign_in(visitor)

    assert RoleGrant.objects.get(person=rosa).ends_at is not None


def test_who_is_unknown_is_refused_and_nobody_is_made(provider: SamlProvider, visitor: Visitor) -> None:
    page = sign_in(visitor)

    expect(page.get_by_text("belongs to nobody here")).to_be_visible()
    assert not User.objects.exists()


def test_a_fresh_proof_is_really_asked_for(provider: SamlProvider, visitor: Visitor) -> None:
    a_person(email="rosa@city.example")
    sign_in(visitor)

    sign_in(visitor, "again=1&next=/desk/me/sign-in/")

    assert [asked.wants_fresh_proof for asked in provider.asked] == [False, True]
    assert SignedIn.objects.filter(ended_at=None).count() == 1


def test_a_second_factor_that_the_provider_saw_is_known_from_its_answer(
    provider: SamlProvider, visitor: Visitor, settings: Any
) -> None:
    rosa = a_person(email="rosa@city.example")
    held = settings.SIGN_IN.directories[0]
    settings.SIGN_IN = SignInSettings(required_for=frozenset({Role.COORDINATOR}), directories=(held,))
    provider.people["rosa"] = Answer("rosa@city.example", ("Social Media",), context=WITH_SECOND_FACTOR)

    sign_in(visitor, "next=/desk/me/")

    assert is_in(visitor)
    assert SignedIn.objects.filter(person=rosa, ended_at=None).count() == 1


def another_name(xml: str) -> str:
    return xml.replace("rosa@city.example", "boss@city.example")


def wrapped(xml: str) -> str:
    """Put a forged assertion before the signed one, which stays whole (signature wrapping)."""
    tree = etree.fromstring(xml.encode())
    signed = tree.find("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")
    assert signed is not None
    forged = copy.deepcopy(signed)
    forged.set("ID", "forged")
    for signature in forged.findall("{http://www.w3.org/2000/09/xmldsig#}Signature"):
        forged.remove(signature)
    for value in forged.iter("{urn:oasis:names:tc:SAML:2.0:assertion}AttributeValue"):
        value.text = (value.text or "").replace("rosa@", "boss@")
    tree.insert(tree.index(signed), forged)
    return etree.tostring(tree).decode()


def another_question(xml: str) -> str:
    return re.sub(r'InResponseTo="[^"]+"', 'InResponseTo="id-of-another-question"', xml)


def unasked_envelope(xml: str) -> str:
    """Only the unsigned envelope names another question: the signed part does not know of it."""
    return re.sub(r'InResponseTo="[^"]+"', 'InResponseTo="id-of-another-question"', xml, count=1)


@pytest.mark.parametrize(
    "forge", [another_name, without_signature, wrapped, another_question, unasked_envelope, lambda _xml: "<no/>"]
)
def test_an_answer_that_was_changed_on_the_way_opens_nobodys_door(
    provider: SamlProvider, visitor: Visitor, forge: Any
) -> None:
    a_person(email="rosa@city.example")
    a_person(email="boss@city.example")
    provider.on_the_way = forge

    page = sign_in(visitor)

    expect(page.get_by_text(REFUSED)).to_be_visible()
    assert not is_in(visitor)
    assert not SignedIn.objects.exists()


def test_another_key_is_not_the_providers(provider: SamlProvider, visitor: Visitor) -> None:
    a_person(email="rosa@city.example")
    provider.sign_with(provider.make_key("stranger"))

    page = sign_in(visitor)

    expect(page.get_by_text(REFUSED)).to_be_visible()
    assert not is_in(visitor)


@pytest.mark.parametrize(
    "options",
    [
        {"sp_entity_id": "https://elsewhere.example/metadata"},
        {"destination": "https://elsewhere.example/answer"},
        {"sign_assertion": False, "sign_response": False},
        {"issuer": "https://elsewhere.example/idp"},
    ],
    ids=["audience", "destination", "signature", "issuer"],
)
def test_an_answer_meant_for_another_is_refused(
    provider: SamlProvider, visitor: Visitor, site: str, options: dict[str, Any]
) -> None:
    a_person(email="rosa@city.example")
    provider.options = options

    page = sign_in(visitor)

    expect(page.get_by_text(REFUSED)).to_be_visible()
    assert not is_in(visitor)


def test_an_answer_is_good_once_and_in_one_browser(
    provider: SamlProvider, visitor: Visitor, chromium: Browser, site: str
) -> None:
    a_person(email="rosa@city.example")
    answers: list[str] = []
    visitor.page.on("request", lambda one: answers.append(one.post_data or "") if one.method == "POST" else None)
    sign_in(visitor)
    assert is_in(visitor)
    posted = next(one for one in answers if one.startswith("SAMLResponse="))

    thief = Visitor(chromium, site)
    try:
        stolen = thief.context.request.post(
            f"{site}/sign-in/with/state/posted/",
            data=posted,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert REFUSED in stolen.text()
        assert not is_in(thief)
    finally:
        thief.close()
    assert SignedIn.objects.count() == 1


def test_an_old_answer_is_too_old(provider: SamlProvider, visitor: Visitor) -> None:
    a_person(email="rosa@city.example")
    provider.lasts_minutes = -10
    provider.trust(httpx.get(f"{visitor.address}/sign-in/with/state/metadata/").text)

    page = sign_in(visitor)

    expect(page.get_by_text(REFUSED)).to_be_visible()
    assert not is_in(visitor)
