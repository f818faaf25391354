"""What is owed: by whom, until when, and what is late."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from rostrum.areas.duties.models import Duty
from rostrum.areas.duties.operations import Owner

SOONEST_FIRST = (F("due_at").asc(nulls_last=True), "id")


def open_duties(
    owner: Owner | None = None, role: str | None = None, subject: str | None = None, kind: str | None = None
) -> QuerySet[Duty]:
    """Open duties, soonest first: of a person, of a role (both given: of either), about a subject, of a kind."""
    chosen = Duty.objects.filter(closed_at=None)
    whose = Q()
    if owner is not None:
        whose |= Q(owner_id=owner.pk)
    if role is not None:
        whose |= Q(owner=None, owner_role=role) if owner is not None else Q(owner_role=role)
    named: dict[str, Any] = {key: value for key, value in (("subject", subject), ("kind", kind)) if value is not None}
    return chosen.filter(whose, **named).order_by(*SOONEST_FIRST)


def owed_by_roles(held: Iterable[tuple[str, str]]) -> Q:
    """The filter for duties without a person that these roles owe: pairs of role and unit ("": the whole body).

    A duty of one department is not for who holds the role over another.
    """
    pairs = set(held)
    everywhere = {role for role, unit in pairs if not unit}
    whose = Q(owner_role__in=sorted(everywhere))
    for role, unit in sorted(pairs):
        if role not in everywhere:
            whose |= Q(owner_role=role, unit__in=("", unit))
    return Q(owner=None) & whose


def open_to_roles(held: Iterable[tuple[str, str]]) -> QuerySet[Duty]:
    """Open duties without a person that these roles owe, soonest first."""
    return Duty.objects.filter(owed_by_roles(held), closed_at=None).order_by(*SOONEST_FIRST)


def overdue(now: datetime) -> QuerySet[Duty]:
    """Open duties whose due instant has passed, latest first in line."""
    return Duty.objects.filter(closed_at=None, due_at__lt=now).order_by("due_at", "id")


def closed_duties(kind: str | None = None, subject: str | None = None) -> QuerySet[Duty]:
    """Closed duties with their evidence, newest first."""
    named = {key: value for key, value in (("subject", subject), ("kind", kind)) if value is not None}
    return Duty.objects.filter(closed_at__isnull=False, **named).order_by("-closed_at", "-id")
