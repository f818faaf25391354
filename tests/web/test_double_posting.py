"""A form sent twice acts once; on both databases, also at the same instant."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from rostrum.areas.people.models import PostedForm, RoleGrant, User
from rostrum.areas.people.rules import Role
from rostrum.web import double_posting
from tests.people import a_person, signed_in


def form(role: Role = Role.MODERATOR, token: str = "token-1") -> dict[str, str]:
    return {"role": role.value, "unit": "", "last_day": "", "request_token": token}


def give(client: Client, person: User, **changes: str) -> object:
    return client.post(reverse("give-role", args=[person.public_id]), form() | changes)


@pytest.mark.django_db
def test_the_second_sending_gets_the_first_answer() -> None:
    client, person = signed_in(a_person(Role.COORDINATOR)), a_person()

    first, second = give(client, person), give(client, person)

    assert first["Location"] == second["Location"] == reverse("person", args=[person.public_id])
    assert RoleGrant.objects.filter(person=person).count() == 1
    assert "Nothing was done twice" in client.get(second["Location"]).text


@pytest.mark.django_db
def test_a_form_that_was_refused_may_be_sent_again() -> None:
    coordinator = a_person(Role.COORDINATOR)
    client, person = signed_in(coordinator), a_person(Role.MODERATOR)

    assert give(client, person).status_code == 409
    RoleGrant.objects.filter(person=person).delete()

    assert give(client, person).status_code == 302


@pytest.mark.django_db
def test_a_form_with_mistakes_may_be_sent_again_corrected() -> None:
    client, person = signed_in(a_person(Role.COORDINATOR)), a_person()

    assert give(client, person, last_day="not a day").status_code == 422

    assert give(client, person).status_code == 302
    assert RoleGrant.objects.filter(person=person).count() == 1


@pytest.mark.django_db
def test_a_form_gone_back_to_and_changed_is_refused_not_swallowed() -> None:
    client, person = signed_in(a_person(Role.COORDINATOR)), a_person()
    give(client, person)

    answer = give(client, person, role=Role.AUDITOR.value)

    assert answer.status_code == 409
    assert "with other content" in answer.text
    assert not RoleGrant.objects.filter(person=person, role=Role.AUDITOR.value).exists()


@pytest.mark.django_db
def test_a_token_gives_nobody_the_answer_of_another() -> None:
    person, other = a_person(), a_person()
    give(signed_in(a_person(Role.COORDINATOR)), person)

    answer = give(signed_in(a_person(Role.HR)), other)

    assert answer["Location"] == reverse("person", args=[other.public_id])
    assert RoleGrant.objects.filter(person=other).count() == 1


@pytest.mark.django_db
def test_a_first_sending_without_a_known_result_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(double_posting, "WAIT_SECONDS", 0.1)
    client, person = signed_in(a_person(Role.COORDINATOR)), a_person()
    give(client, person)
    # As if the process had died between the act and its answer.
    PostedForm.objects.update(location="")

    answer = give(client, person)

    assert answer.status_code == 409
    assert "its result is not known yet" in answer.text
    assert RoleGrant.objects.filter(person=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_the_same_instant_it_acts_once() -> None:
    coordinator, person = a_person(Role.COORDINATOR), a_person()
    clients = [signed_in(coordinator) for _ in range(8)]
    start = threading.Barrier(len(clients))

    def send(client: Client) -> tuple[int, str]:
        try:
            start.wait()
            answer = give(client, person)
            return answer.status_code, answer.get("Location", "")  # type: ignore[attr-defined]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = set(pool.map(send, clients))

    assert answers == {(302, reverse("person", args=[person.public_id]))}
    assert RoleGrant.objects.filter(person=person).count() == 1
