"""What a view declares about who may open it. A view that declares nothing stays closed (web/access.py).

    @opens_for(Permission.SEE_CHANNELS)
    def channel_list(request): ...

This opens the page; what may be seen and done on it is asked again, object by object, by the query (`queries.reach`)
and the operation (`queries.may`).
"""

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.http import HttpRequest, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors.process import forget_soon


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


def _forgetting(view: View) -> View:
    @functools.wraps(view)
    def forgetting(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
        try:
            return view(request, *args, **kwargs)
        finally:
            _forget_what_was_typed(request)
            forget_soon()

    forgets: Any = forgetting
    return cast(View, forgets)


def _forget_what_was_typed(request: HttpRequest) -> None:
    """Drop the form from the request: it and its person hold each other, until the collector finds them."""
    if request.method != "POST":
        return
    held: Any = request
    held.POST = QueryDict()
    for name in ("_files", "_body"):
        held.__dict__.pop(name, None)
    body = request.META.get("wsgi.input")
    if isinstance(body, io.BytesIO):
        with body.getbuffer() as content:
            content[:] = bytes(len(content))


def takes_secrets(view: View) -> View:
    """Mark a view into which secrets are typed or on which they are shown: put it above every other decorator.

    Its answers are kept nowhere (no-store), fault reports leave its form out, not even a digest of what was typed is
    kept to recognise a form that was sent twice, and what was typed is dropped from memory with the answer.
    """
    guarded: Any = never_cache(sensitive_post_parameters()(_forgetting(view)))
    guarded.takes_secrets = True
    marked: View = guarded
    return marked


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
