"""How people sign in: their factors, their sessions, resets that wait for a second person."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from rostrum.areas.people.models import DirectoryIdentity, Factor, FactorReset, RecoveryCode, SignedIn, User
from rostrum.areas.people.queries.access import is_present, may, persons_with, roles_of
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.rules.factors import RESET_LASTS, needs_second_factor
from rostrum.areas.people.rules.permissions import MATRIX
from rostrum.areas.people.rules.sessions import SessionFacts, has_ended


def needs_factor(person: User, *, now: datetime) -> bool:
    """Whether a role of the person asks for a second factor."""
    return bool(settings.SIGN_IN.required_for) and needs_second_factor(
        roles_of(person, now), settings.SIGN_IN.required_for
    )


def factors_of(person: User) -> QuerySet[Factor]:
    """The person's factors, oldest first."""
    return Factor.objects.filter(person=person).select_related("person").order_by("added_at", "pk")


def recovery_codes_left(person: User) -> int:
    """How many recovery codes of the person are still good."""
    return RecoveryCode.objects.filter(person=person, used_at__isnull=True).count()


def identities_of(person: User) -> QuerySet[DirectoryIdentity]:
    """The directories that know the person."""
    return DirectoryIdentity.objects.filter(person=person).order_by("linked_at")


def session_is_over(row: SignedIn, *, now: datetime) -> bool:
    """Whether a session was ended, or has ended by itself."""
    return has_ended(
        SessionFacts(
            started_at=row.started_at,
            seen_at=row.seen_at,
            ended_at=row.ended_at,
            now=now,
            idle=timedelta(minutes=settings.SESSION_IDLE_MINUTES),
            longest=timedelta(hours=settings.SESSION_LONGEST_HOURS),
        )
    )


def sessions_of(person: User, *, now: datetime) -> list[SignedIn]:
    """The sessions that the person has open now, the last used first."""
    rows = SignedIn.objects.filter(person=person, ended_at__isnull=True).order_by("-seen_at", "-pk")
    return [row for row in rows if not session_is_over(row, now=now)]


def open_reset(person: User, *, now: datetime) -> FactorReset | None:
    """The reset of the person's factors that waits for a second person, or None."""
    waiting = FactorReset.objects.filter(person=person, settled_at__isnull=True, asked_at__gt=now - RESET_LASTS)
    return waiting.select_related("asked_by", "person").first()


def resets_to_settle(actor: User, *, now: datetime) -> list[FactorReset]:
    """The resets that wait for somebody like the actor: neither asked by them nor about them."""
    if not is_present(actor, now=now) or not may(actor, Permission.RESET_FACTORS, now=now).allowed:
        return []
    waiting = FactorReset.objects.filter(settled_at__isnull=True, asked_at__gt=now - RESET_LASTS)
    others = waiting.exclude(asked_by=actor).exclude(person=actor)
    return list(others.select_related("person", "asked_by")) if others.exists() else []


def could_reset(person: User, *, now: datetime) -> list[User]:
    """Who else may reset lost factors and can sign in to do it: no factor is asked of them, or they have one."""
    found: dict[int, User] = {}
    for role in MATRIX[Permission.RESET_FACTORS]:
        for other in persons_with(role, now=now).exclude(pk=person.pk):
            if not needs_factor(other, now=now) or Factor.objects.filter(person=other).exists():
                found[other.pk] = other
    return sorted(found.values(), key=lambda one: one.name)


def is_work_log_in(person: User, *, name: str, secret: str) -> bool:
    """Whether this is what the person signs in with here: their address, or their password."""
    same_name = bool(name) and name.strip().casefold() == person.email.casefold()
    return same_name or bool(secret and person.has_usable_password() and person.check_password(secret))
