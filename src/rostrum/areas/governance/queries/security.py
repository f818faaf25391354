"""Blocked sites, and personas with their exceptions."""

from datetime import datetime

from django.db.models import QuerySet

from rostrum.areas.governance.models import BlockedSite, Persona, PersonaException
from rostrum.areas.governance.queries import packs
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.governance.rules.security import ExceptionState

EXCEPTION, BLOCKED = "security.persona-exception", "security.blocked-sites"
_BAN = "publish.bound-identity"


def blocked_sites(*, ended: bool = False) -> QuerySet[BlockedSite]:
    """The sites that are blocked now, or that were."""
    return BlockedSite.objects.filter(ended_at__isnull=not ended).select_related("decided_by", "ended_by")


def exceptions() -> QuerySet[PersonaException]:
    """Every exception, newest first."""
    return PersonaException.objects.select_related("asked_by", "decided_by", "persona__held_by")


def exceptions_run_out(*, now: datetime) -> QuerySet[PersonaException]:
    """Signed exceptions whose last day has passed."""
    return PersonaException.objects.filter(state=ExceptionState.SIGNED, ends_on__lt=legal_day(now))


def personas() -> QuerySet[Persona]:
    """The personas that exist now."""
    return Persona.objects.filter(ended_at=None).select_related("exception", "held_by")


def clause_of(control: str) -> str:
    """The clause in force that a control carries, or ""."""
    if packs.activation() is None:
        return ""
    return next((bound.clause.id for bound in packs.policy().bound_to(control)), "")


def ban_clause() -> str:
    """The clause that bars assumed identities, or ""."""
    return clause_of(_BAN)
