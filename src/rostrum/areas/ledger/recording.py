"""Recording an act: its entry and leaves, in the act's own transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain, islice

from django.db import connection

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import rules
from rostrum.areas.ledger.models import Entry, Leaf, LeafKind, LogState, Waiting
from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.commitments import commit, new_seed
from rostrum.kernel.events import Event

_LEAVES_AT_ONCE = 1_000
_ENTRY, _VERSION = LeafKind.ENTRY.value, LeafKind.VERSION.value
_SUBSCRIBERS: dict[str, tuple[str, ...]] = {}


class NotInAnAct(Exception):
    """An entry was to be recorded outside the act's transaction, so that one could have lived without the other."""


def subscribe(events: Mapping[str, Iterable[str]]) -> None:
    """Set which job kinds are queued for which event kind. The worker's subscriptions are handed down at start."""
    _SUBSCRIBERS.clear()
    _SUBSCRIBERS.update({kind: tuple(job_kinds) for kind, job_kinds in events.items()})


def record(event: Event, *, actor: str, now: datetime, leaves: Iterable[bytes] = ()) -> Entry:
    """Add the act's entry, in the act's transaction, with one leaf for itself and one per Version commitment given.

    `actor` is a person's public id, ``"system"`` or ``"public"``; `leaves` are 32-byte commitments in order, walked
    once, so that an import of any size can be recorded. Jobs that subscribe to the event's kind are queued with
    ``{"entry": public id}``. Raises `NotInAnAct` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise NotInAnAct("ledger.record is called inside the operation's transaction.atomic block")
    pack = _policy_stamp()
    seed = new_seed()
    body = canonical_json(event.body())
    entry = Entry(kind=event.kind, at=now, actor=actor, pack_version=pack, body_text=body.decode(), seed=seed)
    parts = rules.entry_parts(public_id=entry.public_id, kind=entry.kind, at=now, actor=actor, pack=pack, body=body)
    entry.save(force_insert=True)
    commitments = enumerate(chain((commit(parts, seed),), leaves))
    with connection.cursor() as cursor:
        while rows := [_leaf_row(entry.pk, *one) for one in islice(commitments, _LEAVES_AT_ONCE)]:
            cursor.executemany(
                f"INSERT INTO {Leaf._meta.db_table} (entry_id, position, commitment, kind) VALUES (%s, %s, %s, %s)",
                rows,
            )
        cursor.execute(f"INSERT INTO {Waiting._meta.db_table} (entry_id) VALUES (%s)", [entry.pk])
    for job_kind in _SUBSCRIBERS.get(event.kind, ()):
        jobs.enqueue(job_kind, {"entry": entry.public_id}, now=now)
    return entry


def _leaf_row(entry: int, position: int, commitment: bytes) -> tuple[int, int, bytes, str]:
    if len(commitment) != 32:
        raise ValueError("A leaf is a commitment of 32 bytes.")
    return entry, position, commitment, _VERSION if position else _ENTRY


def _policy_stamp() -> str:
    # Asked by every act, so by hand: a queryset takes longer to make than the answer.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pack_version FROM {LogState._meta.db_table} WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else ""


def stamp_policy(version: str) -> None:
    """Set the pack version that entries carry from now on. Governance calls it in the act that changes the packs."""
    LogState.objects.update_or_create(pk=1, defaults={"pack_version": version})
