"""What a view declares about who may open it. A view that declares nothing stays closed (web/access.py).

    @opens_for(Permission.SEE_CHANNELS)
    def channel_list(request): ...

This opens the page; what may be seen and done on it is asked again, object by object, by the query (`queries.reach`)
and the operation (`queries.may`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest

from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission


@dataclass(frozen=True, slots=True)
class Access:
    """For whom a view opens: anyone, anyone signed in, or holders of one of these permissions."""

    anyone: bool = False
    permissions: tuple[Permission, ...] = ()
    reading: bool = False


View = TypeVar("View", bound=Callable[..., object])


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def opens_for(*permissions: Permission, reading: bool = False) -> Callable[[View], View]:
    """Open the view for signed-in holders of any of these permissions; `reading` includes those who may only read."""
    if not permissions:
        raise ValueError("opens_for needs a permission; opens_for_signed_in opens for every signed-in person")
    return _declare(Access(permissions=permissions, reading=reading))


def opens_for_signed_in(view: View) -> View:
    """Open the view for every signed-in person."""
    return _declare(Access())(view)


def opens_for_anyone(view: View) -> View:
    """Open the view for the public."""
    return _declare(Access(anyone=True))(view)


def access_of(view: Callable[..., object]) -> Access | None:
    """What the view declares, or None (then it is closed)."""
    return getattr(view, "access", None)


def signed_in_person(request: HttpRequest) -> User:
    """The person who is signed in. Raises TypeError in a view that opens for anyone, where there may be none."""
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        raise TypeError("nobody is signed in; this view needs @opens_for or @opens_for_signed_in")
    return person


def person_or_none(request: HttpRequest) -> User | None:
    """The person who is signed in, or None: for pages that open for anyone."""
    person = getattr(request, "user", None)
    return person if isinstance(person, User) else None
