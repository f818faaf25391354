"""Reads about the body's computers: which browser is one, which wait to be confirmed."""

import hashlib
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.people.models import Computer, User
from rostrum.areas.people.queries.access import may
from rostrum.areas.people.rules import Permission


def digest_of_mark(mark: str) -> str:
    """The digest (SHA-256, hex) under which a browser's mark is kept."""
    return hashlib.sha256(b"rostrum computer\n" + mark.encode()).hexdigest()


def computer_of_mark(mark: str) -> Computer | None:
    """The computer whose browser holds this mark and that was not withdrawn, confirmed or not; None for no mark."""
    if not mark or len(mark) > 200:
        return None
    return Computer.objects.filter(mark_digest=digest_of_mark(mark), withdrawn_at=None).first()


def visible_computers(person: User, *, now: datetime) -> QuerySet[Computer]:
    """The computers this person may see: all for who confirms or audits them, else their own proposals."""
    seen = Computer.objects.select_related("proposed_by", "confirmed_by", "withdrawn_by")
    if may(person, Permission.CONFIRM_COMPUTER, reading=True, now=now).allowed:
        return seen
    return seen.filter(Q(proposed_by=person))
