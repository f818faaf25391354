"""Persons for tests: complete, present, with the roles a test names, and a browserless client signed in as them."""

from datetime import UTC, datetime
from itertools import count

from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from rostrum.areas.people.models import ChannelGrant, RoleGrant, SignedIn, Unit, User
from rostrum.areas.people.rules import Right, Role
from rostrum.areas.people.session_store import SessionStore
from rostrum.areas.people.sign_in import start_session

PASSWORD = "lanterns over the river"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_number = count(1)
_CLASSES = {Role.ELECTED_OFFICIAL: "elected", Role.CONTRACTOR: "contractor"}


def a_unit(slug: str = "parks", name: str = "Parks and Recreation") -> Unit:
    """A department; the same one for the same slug."""
    return Unit.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def a_person(
    *roles: Role,
    name: str = "",
    email: str = "",
    unit: Unit | None = None,
    over: Unit | None = None,
    speaks_on: str = "",
    password: str | None = None,
    employment_class: str = "",
) -> User:
    """A person with these roles since long ago, over the unit `over` or the whole body; straight into the tables.

    Without `password` the person cannot sign in through the page, which saves the time of hashing; `signed_in` can.
    """
    number = next(_number)
    person = User.objects.create_user(
        email=email or f"person{number}@example.gov",
        password=password,
        name=name or f"Person {number}",
        unit=unit,
        employment_class=employment_class or next((_CLASSES[role] for role in roles if role in _CLASSES), "permanent"),
    )
    for role in roles:
        if role not in (Role.EMPLOYEE, Role.ELECTED_OFFICIAL):
            RoleGrant.objects.create(person=person, role=role.value, unit=over, starts_at=LONG_AGO)
    if speaks_on:
        ChannelGrant.objects.create(person=person, channel=speaks_on, right=Right.SPEAK.value, starts_at=LONG_AGO)
    return person


def signed_in(person: User, *, checks_csrf: bool = False) -> Client:
    """A client with a session of this person; faults become 500 answers, as for a visitor."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=checks_csrf)
    sign_in_by_hand(client, person)
    return client


def sign_in_by_hand(client: Client, person: User, *, has_second_factor: bool = True) -> SignedIn:
    """Give the client a session of this person, as if both steps of the sign-in page had been taken just now."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = SessionStore()
    row = start_session(request, person, how="password", has_second_factor=has_second_factor, now=timezone.now())
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return row


def anonymous() -> Client:
    """A client of somebody who is not signed in."""
    return Client(raise_request_exception=False)
