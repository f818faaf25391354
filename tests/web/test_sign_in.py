"""Signing in and out, the limits on tries, and how a session ends."""

import logging
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.people import limits, sign_in
from rostrum.areas.people.models import SignedIn, SignInAttempt, User
from rostrum.areas.people.rules import Role
from tests.people import PASSWORD, a_person, anonymous, signed_in

pytestmark = pytest.mark.django_db
EMAIL = "coordinator@example.gov"


@pytest.fixture
def coordinator() -> User:
    return a_person(Role.COORDINATOR, email=EMAIL, password=PASSWORD, name="Ada Lindqvist")


def post(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("sign-in"), {"email": email, "password": password, **more})


def test_signing_in_leads_to_where_one_was_going(coordinator: User) -> None:
    client = anonymous()
    asked = client.get(reverse("people"))
    assert asked["Location"] == f"{reverse('sign-in')}?next=%2Fdesk%2Fpeople%2F"

    answer = post(client, email=EMAIL.upper(), next=reverse("people"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("people"))
    assert "Ada Lindqvist" in client.get(reverse("people")).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_signing_in_never_leads_elsewhere(coordinator: User, elsewhere: str) -> None:
    assert post(anonymous(), next=elsewhere)["Location"] == reverse("today")


def test_the_answer_is_the_same_whoever_is_asked_for(coordinator: User) -> None:
    left = a_person(email="left@example.gov", password=PASSWORD)
    User.objects.filter(pk=left.pk).update(is_active=False)
    linkless = a_person(email="linkless@example.gov")

    answers = [
        post(anonymous(), email=email, password=password)
        for email, password in [
            (EMAIL, "wrong"),
            ("nobody@example.gov", "wrong"),
            (left.email, PASSWORD),
            (linkless.email, "wrong"),
        ]
    ]

    assert {answer.status_code for answer in answers} == {422}
    texts = {answer.text[answer.text.index("usa-alert__heading") :].split("</ul>")[0] for answer in answers}
    assert len(texts) == 1


def test_every_try_costs_one_hashing_so_that_time_tells_nothing(coordinator: User) -> None:
    with mock.patch.object(sign_in, "make_password", wraps=sign_in.make_password) as hashing:
        post(anonymous(), email="nobody@example.gov")
        post(anonymous(), email=a_person(email="linkless@example.gov").email)

    assert hashing.call_count == 2


def test_after_five_wrong_tries_even_the_right_password_waits(coordinator: User) -> None:
    for _ in range(5):
        assert post(anonymous(), password="wrong").status_code == 422
    assert post(anonymous()).status_code == 422

    SignInAttempt.objects.update(at=timezone.now() - limits.WINDOW - timedelta(seconds=1))

    assert post(anonymous()).status_code == 302


def test_the_limit_holds_for_one_address_and_one_person_only(coordinator: User) -> None:
    for _ in range(6):
        post(anonymous(), password="wrong")

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert post(elsewhere).status_code == 302
    a_person(email="other@example.gov", password=PASSWORD)
    assert post(anonymous(), email="other@example.gov").status_code == 302


def test_one_address_cannot_try_many_persons_without_end(coordinator: User) -> None:
    for number in range(limits.Tries.PASSWORD.value.for_address):
        limits.is_over(limits.Tries.PASSWORD, who=f"guess{number}", address="127.0.0.1", now=timezone.now())

    assert post(anonymous()).status_code == 422


def test_signing_in_gives_a_fresh_session(coordinator: User) -> None:
    client = anonymous()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key

    post(client)

    assert client.session.session_key != before
    assert "planted" not in client.session


def test_an_idle_session_ends_says_so_and_leads_back(coordinator: User) -> None:
    client = signed_in(coordinator)
    assert client.get(reverse("people")).status_code == 200
    SignedIn.objects.update(seen_at=timezone.now() - timedelta(minutes=31))

    answer = client.get(reverse("people"), follow=True)

    assert "Your session has ended" in answer.text
    assert answer.context["next"] == reverse("people")


def test_an_ended_session_returns_to_the_page_the_form_was_on(coordinator: User) -> None:
    client = signed_in(coordinator)
    client.session.flush()
    page = f"http://testserver{reverse('add-person')}"

    answer = client.post(reverse("add-person"), {"name": "New"}, HTTP_REFERER=page)

    assert answer["Location"] == f"{reverse('sign-in')}?next=%2Fdesk%2Fpeople%2Fnew%2F&ended=1"


def test_signing_out_ends_the_session_and_only_a_form_can(coordinator: User) -> None:
    client = signed_in(coordinator)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.get(reverse("people")).status_code == 200

    client.post(reverse("sign-out"))

    assert client.get(reverse("people")).status_code == 302


def test_a_changed_password_ends_the_other_sessions(coordinator: User) -> None:
    here, elsewhere = signed_in(coordinator), signed_in(coordinator)

    answer = here.post(reverse("change-password"), {"current": PASSWORD, "password": "rivers under the bridge"})

    assert answer["Location"] == reverse("my-sign-in")
    assert here.get(reverse("me")).status_code == 200
    assert elsewhere.get(reverse("me")).status_code == 302
    assert post(anonymous(), password="rivers under the bridge").status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "why"),
    [("wrong", "rivers under the bridge", "not your password"), (PASSWORD, "zebra", "at least 12 characters")],
)
def test_a_password_that_cannot_be_used_is_explained(coordinator: User, current: str, new: str, why: str) -> None:
    answer = signed_in(coordinator).post(reverse("change-password"), {"current": current, "password": new})

    assert answer.status_code == 422
    assert why in answer.text
    assert new not in answer.text


def test_a_mailed_link_sets_a_password_once() -> None:
    person = a_person(email="new@example.gov")
    link = reverse("set-password", args=[person.public_id, default_token_generator.make_token(person)])

    assert anonymous().get(link).status_code == 200
    assert anonymous().post(link, {"password": PASSWORD})["Location"] == reverse("sign-in")

    assert post(anonymous(), email=person.email).status_code == 302
    assert anonymous().get(link).status_code == 410
    assert anonymous().post(link, {"password": "another password here"}).status_code == 410


def test_asking_for_a_link_answers_the_same_for_everybody(coordinator: User) -> None:
    answers = [
        anonymous().post(reverse("ask-password-link"), {"email": email}, follow=True).text
        for email in (EMAIL, "nobody@example.gov")
    ]

    assert "If this address belongs to somebody here" in answers[0]
    assert len({answer.split("<main")[1].split("<form")[0] for answer in answers}) == 1


def test_a_client_that_asks_for_json_is_told_in_json() -> None:
    answer = anonymous().get(reverse("people"), HTTP_ACCEPT="application/json")

    assert answer.status_code == 401
    assert answer.json()["location"].startswith(reverse("sign-in"))


def test_a_fragment_request_sends_the_whole_page_to_sign_in() -> None:
    answer = anonymous().get(reverse("people"), HTTP_HX_REQUEST="true")

    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith(reverse("sign-in"))


def test_a_form_from_another_site_is_not_accepted(coordinator: User) -> None:
    answer = signed_in(coordinator, checks_csrf=True).post(reverse("add-person"), {"name": "New"})

    assert answer.status_code == 403
    assert "This form was not accepted" in answer.text


def test_pages_of_the_desk_are_not_kept_by_browsers(coordinator: User) -> None:
    assert "no-store" in signed_in(coordinator).get(reverse("today"))["Cache-Control"]


def test_no_password_reaches_a_log(coordinator: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    post(anonymous(), password="a wrong but private password")
    post(anonymous())

    assert "private password" not in caplog.text
    assert PASSWORD not in caplog.text
