"""What every page's frame needs: the body's name, who is signed in, and the ways they may go."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries, rules
from rostrum.areas.people.access import person_or_none
from rostrum.areas.people.rules import Permission


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of a navigation: its words, the name of its route, and who sees it (empty: everybody signed in)."""

    text: str
    route: str
    icon: str
    permissions: tuple[Permission, ...] = ()
    reading: bool = True


DESK: tuple[Way, ...] = (
    Way("Today", "today", "event"),
    Way("Channels", "channels", "campaign", (Permission.SEE_CHANNELS,)),
    Way("Write", "write", "edit", (Permission.DRAFT, Permission.APPROVE_CONTENT)),
    Way("Conversation", "conversation", "forum", (Permission.SEE_CONVERSATION,)),
    Way("Archive", "archive", "folder", (Permission.SEE_ARCHIVE,)),
    Way("Requests", "requests", "mail", (Permission.PROCESS_REQUEST,)),
    Way("People", "people", "people", (Permission.SEE_PEOPLE,)),
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


def _listed(ways: tuple[Way, ...], path: str) -> list[dict[str, Any]]:
    found = [(way, _address(way.route)) for way in ways]
    # A page lies below the way that leads to it; the addresses that begin all others lead to themselves only.
    below = [address for _, address in found if address not in ("", "/", "/desk/") and path.startswith(address)]
    here = path if any(address == path for _, address in found) else max(below, key=len, default="")
    return [
        {"text": way.text, "url": address, "icon": way.icon, "is_here": address == here}
        for way, address in found
        if address
    ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template variables of base.html."""
    person = person_or_none(request)
    roles: tuple[rules.HeldRole, ...] = ()
    ways: tuple[Way, ...] = ()
    if person is not None:
        now = timezone.now()
        roles, rights = queries.roles_of(person, now), queries.rights_of(person, now)
        ways = tuple(
            way
            for way in DESK
            if not way.permissions
            or any(rules.may_open(one, roles, rights, reading=way.reading) for one in way.permissions)
        )
    return {
        "body_name": governance.body_name(),
        "person": person,
        "role_titles": list(dict.fromkeys(rules.ROLE_TITLES[held.role] for held in roles)),
        "desk_ways": _listed(ways, request.path),
        "portal_ways": _listed(PORTAL, request.path),
        "is_desk": person is not None and request.path.startswith("/desk/"),
        "legal_zone": ZoneInfo(settings.LEGAL_TIME_ZONE),
    }
