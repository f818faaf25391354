"""Reads of the governance area: the body, the policy in force, a setting's value."""

from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from rostrum.areas.governance.models import Body, LocalChoice, PackActivation
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Refused
from rostrum.policy.compose import Policy, compose_shipped


def body() -> Body | None:
    """The body, or None before the installation was set up."""
    return Body.objects.filter(pk=1).first()


def body_name() -> str:
    """The body's name; "This body" before the installation was set up."""
    found = body()
    return found.name if found else "This body"


def activation() -> PackActivation | None:
    """The packs in force, or None before any were activated."""
    return PackActivation.objects.first()


def activations() -> QuerySet[PackActivation]:
    """All activations, newest first."""
    return PackActivation.objects.all()


def choices() -> dict[str, Any]:
    """The body's own choices: key → value."""
    made: dict[str, Any] = {}
    for choice in LocalChoice.objects.order_by("decided_at", "pk"):
        made[choice.key] = choice.value
    return made


def policy() -> Policy:
    """The policy in force: the active packs, composed with the body's choices. Raises `Refused` when there is none."""
    found = activation()
    if found is None:
        raise Refused.because("no-policy", "No policy pack is active yet; set the body up first.")
    return _composed(tuple(found.packs), canonical_json(_plain(choices())))


def choice(key: str, default: Any = None) -> Any:
    """The value of a setting in force: the body's choice, else the packs', else `default`."""
    return policy().setting(key, default)


def _plain(made: dict[str, Any]) -> dict[str, Any]:
    # Canonical JSON has no fractions; a choice with one is kept as its text.
    return {key: repr(value) if isinstance(value, float) else value for key, value in made.items()}


@lru_cache(maxsize=8)
def _composed(pack_ids: tuple[str, ...], made: bytes) -> Policy:
    import json

    return compose_shipped(*pack_ids, choices=json.loads(made))
