"""Sessions are ended before their time."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events
from rostrum.areas.people.models import SignedIn, User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.rules.sessions import decide_session_end
from rostrum.kernel.decisions import Decision, Refused


def close(open_sessions: QuerySet[SignedIn], *, because: str, now: datetime) -> list[str]:
    """End these sessions within another act, which records it; return their ids. At once: the next page asks again."""
    rows = list(open_sessions.filter(ended_at__isnull=True).select_for_update().order_by("pk"))
    Session.objects.filter(session_key__in=[row.store_key for row in rows]).delete()
    SignedIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now, ended_because=because)
    return [row.public_id for row in rows]


@transaction.atomic
def end_session(*, session_id: str, actor: Actor, now: datetime) -> SignedIn:
    """End one session: one's own, or another's by who may. Raises `Refused` or SignedIn.DoesNotExist."""
    found = SignedIn.objects.select_for_update().select_related("person").get(public_id=session_id)
    decide_session_end(
        actor=name_of(actor),
        person=found.person.public_id,
        may_end=may(actor, Permission.END_SESSIONS, now),
        has_ended=found.ended_at is not None,
    ).or_refuse()
    _record(found.person, close(SignedIn.objects.filter(pk=found.pk), because="ended", now=now), actor, now)
    return found


@transaction.atomic
def end_other_sessions(*, person: User, keep: str, actor: User, now: datetime) -> int:
    """End one's own sessions but the one with the id `keep`; return how many. Records nothing where there were none."""
    if actor.pk != person.pk:
        raise Refused.because("not-own-session", "These are not your sessions.")
    others = SignedIn.objects.filter(person=person).exclude(public_id=keep)
    return _record(person, close(others, because="ended", now=now), actor, now)


def decide_end(*, person: User, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may end this person's sessions."""
    return decide_session_end(
        actor=name_of(actor),
        person=person.public_id,
        may_end=may(actor, Permission.END_SESSIONS, now),
        has_ended=False,
    )


@transaction.atomic
def end_sessions(*, person: User, actor: Actor, now: datetime) -> int:
    """End all sessions of a person at this instant; return how many. Records nothing where there were none.

    Raises `Refused` unless the sessions are the actor's own, or the actor may end others'.
    """
    decide_end(person=person, actor=actor, now=now).or_refuse()
    return _record(person, close(SignedIn.objects.filter(person=person), because="ended", now=now), actor, now)


def _record(person: User, ended: list[str], actor: Actor, now: datetime) -> int:
    if ended:
        ledger.record(events.SessionsEnded(person=person.public_id, sessions=ended), actor=name_of(actor), now=now)
    return len(ended)
