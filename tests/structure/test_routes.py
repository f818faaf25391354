"""Every route, as every role and as nobody: opened or refused as it declares, and closed if it declares nothing."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from rostrum.areas.people.access import Access, access_of
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import HeldRole, Role, may_open
from tests.people import a_person, anonymous, signed_in
from tests.structure.samples import SAMPLES


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


ROUTES = list(_patterns(get_resolver()))
NAMED = [pattern for pattern in ROUTES if pattern.name]


def access_to(pattern: URLPattern) -> Access:
    access = access_of(pattern.callback)
    assert access is not None, f"{pattern.pattern} declares no access: see docs/how-to/write-a-page.md"
    return access


def opens_for(access: Access, role: Role) -> bool:
    if access.anyone or not access.permissions:
        return True
    basic = {Role.CONTRACTOR: (), Role.ELECTED_OFFICIAL: (HeldRole(Role.ELECTED_OFFICIAL),)}
    held = {HeldRole(role), *basic.get(role, (HeldRole(Role.EMPLOYEE),))}
    return any(may_open(one, held, (), reading=access.reading) for one in access.permissions)


def _sends_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(f"{reverse('sign-in')}?")


def test_every_route_has_a_name_of_its_own() -> None:
    names = [pattern.name for pattern in ROUTES]

    assert [str(pattern.pattern) for pattern in ROUTES if not pattern.name] == []
    assert sorted({name for name in names if names.count(name) > 1 and name != "home"}) == []


def test_every_route_declares_whom_it_opens_for() -> None:
    undeclared = [str(pattern.pattern) for pattern in ROUTES if access_of(pattern.callback) is None]

    assert undeclared == [], "put @opens_for, @opens_for_signed_in or @opens_for_anyone on these views"


def test_every_route_with_parameters_has_a_sample() -> None:
    missing = [pattern.name for pattern in NAMED if pattern.pattern.converters and pattern.name not in SAMPLES]

    assert missing == [], "add these routes to tests/structure/samples.py"


def test_every_sample_is_of_a_route() -> None:
    assert set(SAMPLES) - {pattern.name for pattern in NAMED} == set()


def test_staff_pages_lie_under_desk_and_open_for_nobody_unknown() -> None:
    public = [
        str(pattern.pattern)
        for pattern in ROUTES
        if str(pattern.pattern).startswith("desk") and access_to(pattern).anyone
    ]

    assert public == []


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", NAMED, ids=lambda pattern: str(pattern.name))
def test_a_route_opens_and_refuses_as_it_declares(pattern: URLPattern) -> None:
    access = access_to(pattern)
    sample = SAMPLES.get(str(pattern.name))
    address = reverse(str(pattern.name), kwargs=sample.make() if sample else {})
    hidden_from = sample.hidden_from if sample else frozenset()

    for method in ("get", "post"):
        answer = getattr(anonymous(), method)(address)
        if access.anyone:
            _assert_opened(answer, f"{method} {address} as nobody")
        else:
            assert _sends_to_sign_in(answer), f"{method} {address} as nobody: {answer.status_code}"

    for role in Role:
        person = a_person(role)
        for method in ("get", "post"):
            answer = getattr(signed_in(person), method)(address)
            what = f"{method} {address} as {role}"
            if not opens_for(access, role):
                assert answer.status_code == 403, f"{what} should be refused: {answer.status_code}"
            elif role in hidden_from:
                assert answer.status_code in (404, 405), f"{what} should not be there: {answer.status_code}"
            else:
                _assert_opened(answer, what)


def _assert_opened(answer: HttpResponse, what: str) -> None:
    assert answer.status_code not in (401, 403, 404), f"{what} should be opened: {answer.status_code}"
    assert answer.status_code < 500, f"{what} failed: {answer.status_code}"
    assert not _sends_to_sign_in(answer), f"{what} should not ask to sign in"
    if answer.streaming:
        list(answer.streaming_content)  # read to its end, the file is closed
    if answer.streaming:
        list(answer)  # a download is an open file until somebody has read it


@pytest.mark.django_db
def test_a_view_without_a_declaration_is_closed_to_everybody(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.structure.undeclared_urls"  # type: ignore[attr-defined]
    everybody: list[Client] = [anonymous(), *(signed_in(a_person(role)) for role in Role)]

    assert {client.get("/undeclared/").status_code for client in everybody} == {403}


@pytest.mark.django_db
def test_a_person_who_left_is_nobody() -> None:
    person: User = a_person(Role.COORDINATOR)
    client = signed_in(person)
    assert client.get(reverse("people")).status_code == 200

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert _sends_to_sign_in(client.get(reverse("people")))
