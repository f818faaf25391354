"""Signing in with a directory, in the pages: there and back, what is refused, and out again."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.people import limits
from rostrum.areas.people.models import SignedIn, SignInAttempt, User
from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import Directory, GroupRole, SignInSettings
from rostrum.connectors.identity import oidc
from tests.people import PASSWORD, a_person, anonymous, signed_in
from tests.simulators.issuer import URL, Issuer, a_stranger

pytestmark = pytest.mark.django_db
EMAIL = "ada@city.example"


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    found = Issuer(now=timezone.now())

    def client(base_url: str, transport: object = None) -> httpx.Client:
        return httpx.Client(base_url=base_url, transport=found.transport)

    monkeypatch.setattr(oidc, "open_client", client)
    yield found
    oidc.forget_issuers()


@pytest.fixture(autouse=True)
def directory(settings: Any, issuer: Issuer) -> Directory:
    made = Directory(
        id="city",
        name="City sign-in",
        protocol=issuer.settings,
        roles=(GroupRole("Social Media", Role.COORDINATOR),),
    )
    settings.SIGN_IN = SignInSettings(required_for=frozenset({Role.COORDINATOR}), directories=(made,))
    return made


@pytest.fixture
def ada() -> User:
    return a_person(email=EMAIL, name="Ada Lindqvist")


def sent_away(client: Client, **query: str) -> oidc.Begun:
    """Go to the directory; what the browser was sent away with."""
    answer = client.get(reverse("directory-begin", args=["city"]), query)
    assert answer.status_code == 302, answer.text
    assert answer["Location"].startswith(f"{URL}/auth?")
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["redirect_uri"] == ["http://testserver/sign-in/with/city/callback/"]
    return oidc.Begun(answer["Location"], asked["state"][0], asked["nonce"][0], "")


def back(client: Client, answer: dict[str, str]) -> Any:
    return client.get(reverse("directory-callback", args=["city"]), answer)


def sign_in(client: Client, issuer: Issuer, **query: str) -> Any:
    return back(client, issuer.sign_in(sent_away(client, **query)))


def is_in(client: Client) -> bool:
    return client.get(reverse("me")).status_code == 200


def test_the_sign_in_page_offers_the_directory_and_keeps_where_one_was_going(ada: User) -> None:
    page = anonymous().get(reverse("sign-in"), {"next": reverse("me")}).text

    assert "Sign in with City sign-in" in page
    assert f"{reverse('directory-begin', args=['city'])}?next=/desk/me/" in page


def test_signing_in_with_the_directory_leads_to_where_one_was_going(ada: User, issuer: Issuer) -> None:
    client = anonymous()

    answer = sign_in(client, issuer, next=reverse("my-sign-in"))

    assert answer["Location"] == reverse("my-sign-in")
    assert is_in(client)
    row = SignedIn.objects.get()
    assert (row.how, row.has_second_factor, row.person) == ("directory:city", False, ada)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_it_never_leads_elsewhere(ada: User, issuer: Issuer, elsewhere: str) -> None:
    assert sign_in(anonymous(), issuer, next=elsewhere)["Location"] == reverse("today")


def test_a_role_from_a_group_asks_for_a_second_factor_unless_the_directory_asked_for_one(
    ada: User, issuer: Issuer
) -> None:
    issuer.claims |= {"groups": ["Social Media"]}
    without, with_one = anonymous(), anonymous()

    assert sign_in(without, issuer)["Location"] == reverse("enrol")
    assert not is_in(without)
    issuer.claims |= {"amr": ["pwd", "mfa"]}
    assert sign_in(with_one, issuer)["Location"] == reverse("today")
    assert with_one.get(reverse("people")).status_code == 200


def test_a_role_that_went_with_its_group_opens_nothing_at_once(ada: User, issuer: Issuer) -> None:
    issuer.claims |= {"groups": ["Social Media"], "amr": ["mfa"]}
    client, again = anonymous(), anonymous()
    sign_in(client, issuer)
    assert client.get(reverse("people")).status_code == 200

    issuer.claims |= {"groups": []}
    sign_in(again, issuer)

    assert client.get(reverse("people")).status_code == 403


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": "nobody@city.example"}, {"email": None}])
def test_who_is_not_known_here_is_told_the_same_whatever_the_cause(
    ada: User, issuer: Issuer, claims: dict[str, Any]
) -> None:
    issuer.claims |= claims
    client = anonymous()

    answer = sign_in(client, issuer)

    assert answer["Location"] == reverse("sign-in")
    assert "belongs to nobody here" in client.get(reverse("sign-in")).text
    assert not is_in(client)


def test_who_has_left_is_told_the_same(ada: User, issuer: Issuer) -> None:
    sign_in(anonymous(), issuer)
    User.objects.update(left_at=timezone.now())
    client = anonymous()

    sign_in(client, issuer)

    assert "belongs to nobody here" in client.get(reverse("sign-in")).text
    assert not is_in(client)


def test_who_is_new_is_made_where_the_body_wants_that(issuer: Issuer, directory: Directory, settings: Any) -> None:
    settings.SIGN_IN = SignInSettings(directories=(replace(directory, unknown_persons="created"),))
    client = anonymous()

    assert sign_in(client, issuer)["Location"] == reverse("today")

    assert User.objects.get().email == EMAIL


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(ada: User, issuer: Issuer) -> None:
    client, other = anonymous(), anonymous()
    answer = issuer.sign_in(sent_away(client))

    assert back(other, answer)["Location"] == reverse("sign-in")
    sent_away(other)
    assert back(other, answer)["Location"] == reverse("sign-in")
    assert back(client, answer)["Location"] == reverse("today")
    client.post(reverse("sign-out"))
    assert back(client, answer)["Location"] == reverse("sign-in")
    assert not is_in(client)
    assert not is_in(other)


def test_a_token_that_cannot_be_believed_signs_nobody_in(ada: User, issuer: Issuer) -> None:
    for change in ({"nonce": "x"}, {"aud": "x"}, {"iss": "https://evil.example"}, {"exp": 0}):
        issuer.token, client = change, anonymous()
        assert sign_in(client, issuer)["Location"] == reverse("sign-in")
        assert "could not be believed" in client.get(reverse("sign-in")).text
        assert not is_in(client)
    issuer.token, issuer.signed_by = {}, a_stranger()
    client = anonymous()
    sign_in(client, issuer)
    assert not is_in(client)


def test_a_refused_consent_is_said_kindly(ada: User, issuer: Issuer) -> None:
    client = anonymous()
    begun = sent_away(client)

    back(client, {"error": "access_denied", "error_description": "<script>", "state": begun.state})

    page = client.get(reverse("sign-in")).text
    assert "was not completed" in page
    assert "<script>" not in page.split("<main")[1]


def test_ten_minutes_at_the_directory_are_enough(ada: User, issuer: Issuer) -> None:
    client = anonymous()
    begun = sent_away(client)
    session = client.session
    session["directory_sign_in"] = session["directory_sign_in"] | {"at": session["directory_sign_in"]["at"] - 601}
    session.save()

    assert back(client, issuer.sign_in(begun))["Location"] == reverse("sign-in")


def test_a_directory_that_is_away_leaves_the_password(ada: User, issuer: Issuer) -> None:
    issuer.answers["/.well-known/openid-configuration"] = lambda request: httpx.Response(502)
    client = anonymous()

    answer = client.get(reverse("directory-begin", args=["city"]), follow=True)

    assert "cannot be reached just now" in answer.text
    assert answer.context["form"] is not None


def test_callbacks_have_a_limit(ada: User, issuer: Issuer) -> None:
    for _ in range(limits.Tries.DIRECTORY.value.for_one):
        back(anonymous(), {"code": "guess", "state": "guess"})
    client = anonymous()
    begun = sent_away(client)

    assert back(client, issuer.sign_in(begun))["Location"] == reverse("sign-in")
    assert "too many tries" in client.get(reverse("sign-in")).text
    SignInAttempt.objects.all().delete()
    assert sign_in(client, issuer)["Location"] == reverse("today")


def test_one_browser_is_one_person(ada: User, issuer: Issuer) -> None:
    other = a_person(Role.AUDITOR)
    client = signed_in(other)

    sign_in(client, issuer)

    assert SignedIn.objects.get(person=other).ended_at is not None
    assert "Ada Lindqvist" in client.get(reverse("me")).text


def test_signing_out_offers_to_sign_out_there_too(ada: User, issuer: Issuer) -> None:
    client = anonymous()
    sign_in(client, issuer)

    answer = client.post(reverse("sign-out"), follow=True)
    assert not is_in(client)
    assert "Sign out there too" in answer.text

    away = client.get(reverse("directory-out", args=["city"]))
    assert away["Location"].startswith(f"{URL}/out?client_id=rostrum")


def test_the_directory_ends_sessions_by_a_signed_message_only(ada: User, issuer: Issuer) -> None:
    client = anonymous()
    sign_in(client, issuer)
    address = reverse("directory-signed-out", args=["city"])

    assert anonymous().post(address, {"logout_token": "nonsense"}).status_code == 400
    assert anonymous().post(address, {"logout_token": issuer.sign_out_token(aud="x")}).status_code == 400
    assert is_in(client)
    # No cross-site secret comes with it: what is signed is the proof.
    machine = Client(enforce_csrf_checks=True)
    assert machine.post(address, {"logout_token": issuer.sign_out_token()}).status_code == 200
    assert not is_in(client)


def test_who_signs_in_with_the_directory_proves_afresh_there(ada: User, issuer: Issuer) -> None:
    client = anonymous()
    sign_in(client, issuer)
    first = SignedIn.objects.get()
    page = client.get(reverse("prove"), {"next": reverse("add-app")}).text
    assert "Sign in afresh with City sign-in" in page
    assert "again=1" in page

    stale = sign_in(client, issuer, again="1", next=reverse("add-app"))
    assert stale["Location"] == reverse("sign-in")
    issuer.token = {"auth_time": int(timezone.now().timestamp())}
    fresh = sign_in(client, issuer, again="1", next=reverse("add-app"))

    assert fresh["Location"] == reverse("add-app")
    rows = SignedIn.objects.exclude(pk=first.pk)
    assert rows.get().proven_at > first.proven_at


def test_a_directory_that_is_not_set_up_leads_back(ada: User) -> None:
    client = anonymous()

    assert client.get(reverse("directory-begin", args=["elsewhere"]))["Location"] == reverse("sign-in")
    assert "not set up" in client.get(reverse("sign-in")).text


def test_a_password_still_works_beside_the_directory(issuer: Issuer) -> None:
    a_person(email="eve@city.example", password=PASSWORD)

    answer = anonymous().post(reverse("sign-in"), {"email": "eve@city.example", "password": PASSWORD})

    assert answer["Location"] == reverse("today")
