"""Where the parts of the policy are kept: the ways that the Policy page offers a person."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission


@dataclass(frozen=True, slots=True)
class PolicyWay:
    """One part of the policy: its words, its address, what stands there."""

    text: str
    url: str
    note: str


_WAYS: tuple[tuple[str, str, str, tuple[Permission, ...]], ...] = (
    ("Policy texts", "policy-documents", "The body's own documents and related policies, with versions", ()),
    (
        "Certifications",
        "certifications",
        "Who has read and certified, who is late",
        (Permission.CHASE_ACKNOWLEDGEMENTS,),
    ),
    (
        "Training",
        "trainings",
        "Trainings, who owes them, bulletins about threats",
        (Permission.KEEP_TRAINING, Permission.CHASE_ACKNOWLEDGEMENTS),
    ),
    ("Directives", "directives", "How content is captured, retained and stored", ()),
    ("Blocked sites", "blocked-sites", "Which, why, and who decided", (Permission.KEEP_BLOCKED_SITES,)),
    (
        "Assumed identities",
        "personas",
        "Exceptions signed by the agency head",
        (Permission.REQUEST_PERSONA, Permission.SIGN_PERSONA),
    ),
)


def policy_ways(person: User, *, now: datetime) -> list[PolicyWay]:
    """The parts of the policy that open for this person."""
    return [
        PolicyWay(text, reverse(route), note)
        for text, route, note, permissions in _WAYS
        if not permissions or any(people.may(person, one, reading=True, now=now).allowed for one in permissions)
    ]
