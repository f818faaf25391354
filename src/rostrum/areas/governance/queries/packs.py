"""Reads of the governance area: the body, the policy in force, a setting's value."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from rostrum.areas.governance import scope
from rostrum.areas.governance.models import Body, LocalChoice, PackActivation
from rostrum.areas.people.models import User
from rostrum.areas.people.operations import EMPLOYMENT_CLASSES
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Refused
from rostrum.kernel.readings import asked_once
from rostrum.policy.compose import Policy, compose_shipped


def body() -> Body | None:
    """The body, or None before the installation was set up."""
    return asked_once("governance.body", Body.objects.filter(pk=1).first)


def body_name() -> str:
    """The body's name; "This body" before the installation was set up."""
    found = body()
    return found.name if found else "This body"


def names_of_the_body() -> list[str]:
    """What the body is called, by which nobody should make a password: its name, and the host of its site."""
    found = body()
    return [found.name, found.website] if found else []


def activation() -> PackActivation | None:
    """The packs in force, or None before any were activated."""
    return asked_once("governance.activation", PackActivation.objects.first)


def activations() -> QuerySet[PackActivation]:
    """All activations, newest first."""
    return PackActivation.objects.all()


def choices() -> dict[str, Any]:
    """The body's own choices: key → value."""
    return dict(LocalChoice.objects.order_by("decided_at", "pk").values_list("key", "value"))


def policy() -> Policy:
    """The policy in force: the active packs, composed with the body's choices. Raises `Refused` when there is none."""
    return asked_once("governance.policy", _policy)


def _policy() -> Policy:
    found = activation()
    if found is None:
        raise Refused.because("no-policy", "No policy pack is active yet; set the body up first.")
    return _composed(tuple(found.packs), canonical_json(choices()))


def choice(key: str, default: Any = None) -> Any:
    """The value of a setting in force: the body's choice, else the packs', else `default`."""
    return policy().setting(key, default)


def changed_packs() -> list[str]:
    """Packs in force whose files are not those that were activated: an update brought others; activate them again."""
    found = activation()
    if found is None:
        return []
    return [pack.id for pack in policy().packs if found.versions.get(pack.id) != pack.version]


def unsaid() -> tuple[scope.Unsaid, ...]:
    """What the policy in force leaves unsaid of the least a policy should say; empty when none is active."""
    return scope.unsaid(policy()) if activation() is not None else ()


def raised_advice() -> tuple[scope.Raised, ...]:
    """Which items of the guidelines in force the body's own policy raises to rules."""
    return scope.raised_advice(policy()) if activation() is not None else ()


def coverage_of(person: User, *, now: datetime) -> tuple[scope.Covered, ...]:
    """Which of the packs in force cover the person now; those that do not say whom they cover are left out."""
    unit = f"{person.unit.slug} {person.unit.name}" if person.unit else ""
    ends_at = person.engagement_ends_at
    facts = scope.PersonFacts(person.employment_class, unit, is_engaged=ends_at is None or now < ends_at)
    found = (scope.coverage_under(pack, facts) for pack in policy().packs) if activation() is not None else ()
    return tuple(one for one in found if one is not None)


def coverage_by_class() -> list[tuple[str, tuple[scope.Covered, ...]]]:
    """Each class of work with the packs in force that cover it, for a page."""
    if activation() is None:
        return []
    packs = [pack for pack in policy().packs if scope.speaks_of_classes(pack)]
    return [
        (one, tuple(found for pack in packs if (found := scope.coverage_under(pack, scope.PersonFacts(one)))))
        for one in EMPLOYMENT_CLASSES
        if packs
    ]


@lru_cache(maxsize=8)
def _composed(pack_ids: tuple[str, ...], made: bytes) -> Policy:
    return compose_shipped(*pack_ids, choices=json.loads(made))
