"""Persons for tests: complete, present, with the roles a test names, and a browserless client signed in as them."""

from datetime import UTC, datetime
from itertools import count

from django.test import Client

from rostrum.areas.people.models import ChannelGrant, RoleGrant, Unit, User
from rostrum.areas.people.rules import Right, Role

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
    client.force_login(person, backend="rostrum.areas.people.sign_in.EmailBackend")
    return client


def anonymous() -> Client:
    """A client of somebody who is not signed in."""
    return Client(raise_request_exception=False)
