"""What every page's frame needs: the body's name, who is signed in, and the ways they may go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries, rules
from rostrum.areas.people.access import person_or_none
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.readings import one_reading


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of a navigation: its words, the name of its route, and who sees it (empty: everybody signed in).

    `also` names further routes whose pages are reached this way, though their addresses lie elsewhere.
    """

    text: str
    route: str
    icon: str
    permissions: tuple[Permission, ...] = ()
    reading: bool = True
    also: tuple[str, ...] = ()


DESK: tuple[Way, ...] = (
    Way("Today", "today", "event"),
    Way("Duties", "duties", "alarm"),
    Way("Channels", "channels", "campaign", (Permission.SEE_CHANNELS,), also=("rights", "custody")),
    Way("Write", "write", "edit", (Permission.DRAFT, Permission.APPROVE_CONTENT)),
    Way("Conversation", "conversation", "forum", (Permission.SEE_CONVERSATION,)),
    Way("Archive", "archive", "folder", (Permission.SEE_ARCHIVE,)),
    Way("Requests", "requests", "mail", (Permission.PROCESS_REQUEST,)),
    Way("My policies", "mine", "school"),
    Way("People", "people", "people", (Permission.SEE_PEOPLE,), also=("separations",)),
    Way("Policy", "policy", "topic", (Permission.SEE_POLICY,)),
    Way("Assurance", "assurance", "verified", (Permission.SEE_ASSURANCE,)),
)
PORTAL: tuple[Way, ...] = (
    Way("Official channels", "portal-channels", "campaign"),
    Way("Rules", "portal-rules", "topic"),
    Way("Request records", "portal-request", "mail"),
    Way("Reading room", "portal-reading-room", "folder"),
    Way("Verify a record", "portal-verify", "verified"),
)


@cache
def _address(route: str) -> str:
    """The address of a route, or "" where this installation has no such pages."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _listed(ways: tuple[Way, ...], path: str) -> tuple[tuple[str, str, str, bool], ...]:
    """Each way's words, address and icon, and whether it is the one that leads here."""
    found = [(way, _address(way.route)) for way in ways]
    # A page lies below the way that leads to it; the addresses that begin all others lead to themselves only.
    roots = [(root, address) for way, address in found for root in (address, *map(_address, way.also))]
    below = [(root, address) for root, address in roots if root not in ("", "/", "/desk/") and path.startswith(root)]
    here = path if any(address == path for _, address in found) else max(below, default=("", ""))[1]
    return tuple((way.text, address, way.icon, address == here) for way, address in found if address)


def _named(listed: Iterable[tuple[str, str, str, bool]]) -> list[dict[str, Any]]:
    return [{"text": text, "url": url, "icon": icon, "is_here": is_here} for text, url, icon, is_here in listed]


@lru_cache(maxsize=512)
def _written(ways: tuple[tuple[str, str, str, bool], ...]) -> SafeString:
    # The same few lists stand on every page, twice; there are as many as kinds of persons times ways.
    return mark_safe(render_to_string("components/ways.html", {"ways": _named(ways)}))  # noqa: S308 - our own template


@lru_cache(maxsize=512)
def _by_roles(roles: tuple[rules.HeldRole, ...]) -> tuple[tuple[Way, bool | None], ...]:
    """Each way with whether these roles open it; None where a right on a channel or a denial has a say besides."""
    return tuple((way, _roles_open(way, roles)) for way in DESK)


def _roles_open(way: Way, roles: tuple[rules.HeldRole, ...]) -> bool | None:
    settled = [one for one in way.permissions if one not in rules.POSTING]
    if not way.permissions or any(rules.may_open(one, roles, (), reading=way.reading) for one in settled):
        return True
    return None if len(settled) < len(way.permissions) or any(map(rules.rights_matter, settled)) else False


def _opens(way: Way, person: User, now: datetime) -> bool:
    return any(queries.may(person, one, reading=way.reading, now=now).allowed for one in way.permissions)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template variables of base.html."""
    person = person_or_none(request)
    roles: tuple[rules.HeldRole, ...] = ()
    ways: tuple[Way, ...] = ()
    if person is not None:
        now = timezone.now()
        with one_reading():
            roles = queries.roles_of(person, now)
            by_roles = _by_roles(roles)
            ways = tuple(way for way, opens in by_roles if (_opens(way, person, now) if opens is None else opens))
    is_desk = person is not None and request.path.startswith("/desk/")
    return {
        "body_name": governance.body_name(),
        "person": person,
        "role_titles": list(dict.fromkeys(rules.ROLE_TITLES[held.role] for held in roles)),
        "desk_ways": _written(_listed(ways, request.path)) if is_desk else "",
        "portal_ways": [] if is_desk else _named(_listed(PORTAL, request.path)),
        "is_desk": is_desk,
        "legal_zone": ZoneInfo(settings.LEGAL_TIME_ZONE),
    }
