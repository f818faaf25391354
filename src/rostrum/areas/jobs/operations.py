"""Queueing, claiming and finishing jobs: one leased table, the same SQL on SQLite and PostgreSQL.

What is promised (stack.md §6.1b): a job is queued in the act's own transaction and vanishes with it; one worker at a
time holds a job, by a lease that it renews; who lost the lease cannot finish the job; a killed worker's jobs run again;
failures wait longer each time and end visibly as `dead`. A handler may therefore run twice and must bear it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from rostrum.areas.jobs import rules
from rostrum.areas.jobs.models import Job, Tick
from rostrum.areas.jobs.rules import State

_JOBS = Job._meta.db_table
_TICKS = Tick._meta.db_table


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in this worker's hands, as long as nobody else has been given a higher `fence`."""

    id: int
    kind: str
    args: dict[str, Any]
    fence: int
    failures: int


def enqueue(
    kind: str,
    args: Mapping[str, Any],
    *,
    now: datetime,
    run_after: datetime | None = None,
    queue_name: str = "default",
    priority: int = 0,
    unique_key: str | None = None,
) -> int:
    """Queue a job in the caller's transaction; it becomes visible when, and only if, that transaction commits.

    Returns its key. With `unique_key`, a waiting job of that key is kept and its key returned, at the earlier of the
    two times and the higher of the two priorities. `args` must be JSON (TypeError otherwise) and must hold ids, never
    contents or secrets.
    """
    values = {
        "kind": kind,
        "args": json.dumps(dict(args), allow_nan=False),
        "queue_name": queue_name,
        "priority": priority,
        "state": State.READY.value,
        "unique_key": unique_key,
        "enqueued_at": _instant(now),
        "run_after": _instant(run_after or now),
        "fence": 0,
        "failures": 0,
        "crashes": 0,
        "error": "",
    }
    # DO UPDATE, not DO NOTHING: it locks the waiting row, so that no worker starts it before this transaction commits
    # and misses what this transaction added.
    sql = (
        f"INSERT INTO {_JOBS} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))}) "
        "ON CONFLICT (unique_key) WHERE state = 'ready' DO UPDATE SET "
        f"run_after = CASE WHEN excluded.run_after < {_JOBS}.run_after THEN excluded.run_after "
        f"ELSE {_JOBS}.run_after END, "
        f"priority = CASE WHEN excluded.priority > {_JOBS}.priority THEN excluded.priority ELSE {_JOBS}.priority END "
        "RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values.values()))
        return int(cursor.fetchone()[0])


def claim(
    *,
    now: datetime,
    queue_names: Sequence[str] = ("default",),
    limit: int = 1,
    lease_seconds: float = rules.LEASE_SECONDS,
) -> list[Claimed]:
    """Take up to `limit` jobs that are due, highest priority first, then oldest, and lease them to the caller."""
    queues = ", ".join(["%s"] * len(queue_names))
    due = f"queue_name IN ({queues}) AND state = 'ready' AND run_after <= %s"
    parameters = [*queue_names, _instant(now)]
    on_postgres = connection.vendor == "postgresql"
    if not on_postgres and not _any(f"SELECT 1 FROM {_JOBS} WHERE {due} LIMIT 1", parameters):
        return []  # an idle worker must not take SQLite's write lock
    lease, lease_parameters = _lease_end(lease_seconds, now)
    rows = _change(
        f"UPDATE {_JOBS} SET state = 'running', lease_until = {lease}, fence = fence + 1 WHERE id IN "
        f"(SELECT id FROM {_JOBS} WHERE {due} ORDER BY priority DESC, run_after, id LIMIT %s"
        f"{' FOR UPDATE SKIP LOCKED' if on_postgres else ''}) "
        "RETURNING id, kind, args, fence, failures, priority, run_after",
        [*lease_parameters, *parameters, limit],
    )
    # RETURNING keeps no order.
    rows.sort(key=lambda row: (-row[5], row[6], row[0]))
    return [Claimed(row[0], row[1], _decoded(row[2]), row[3], row[4]) for row in rows]


def renew(job: Claimed, *, now: datetime, lease_seconds: float = rules.LEASE_SECONDS) -> bool:
    """Lengthen the lease; False when the job is no longer the caller's."""
    lease, lease_parameters = _lease_end(lease_seconds, now)
    return bool(
        _change(
            f"UPDATE {_JOBS} SET lease_until = {lease} WHERE id = %s AND fence = %s AND state = 'running' RETURNING id",
            [*lease_parameters, job.id, job.fence],
        )
    )


def finish(job: Claimed, *, now: datetime) -> bool:
    """Mark the job done; False, and nothing changed, when the job is no longer the caller's."""
    return bool(
        _change(
            f"UPDATE {_JOBS} SET state = 'done', lease_until = NULL, finished_at = %s, error = '' "
            "WHERE id = %s AND fence = %s AND state = 'running' RETURNING id",
            [_instant(now), job.id, job.fence],
        )
    )


def fail(job: Claimed, *, error: str, now: datetime) -> State | None:
    """Put the job back for a later try, or give it up as dead after the last; None when it is no longer the caller's.

    `error` is kept with the job: types and places, not the text of messages, which may quote contents.
    """
    failures = job.failures + 1
    state = rules.state_after_failure(failures)
    run_after = now + timedelta(seconds=rules.seconds_before_retry(failures))
    rows = _change(
        f"UPDATE {_JOBS} SET state = %s, lease_until = NULL, failures = %s, error = %s, run_after = %s, "
        f"finished_at = %s, unique_key = {_KEY_IF_FREE} "
        "WHERE id = %s AND fence = %s AND state = 'running' RETURNING id",
        [
            state.value,
            failures,
            error,
            _instant(run_after),
            _instant(now) if state is State.DEAD else None,
            job.id,
            job.fence,
        ],
    )
    return state if rows else None


def reap(*, now: datetime) -> int:
    """Put the jobs whose lease ran out back into the queue (dead after too many crashes); return how many.

    Every worker calls this now and then; PostgreSQL's own clock decides there, the caller's on SQLite.
    """
    clock, parameters = ("clock_timestamp()", []) if connection.vendor == "postgresql" else ("%s", [_instant(now)])
    expired = f"state = 'running' AND lease_until < {clock}"
    reaped = 0
    # One at a time: two that share a key cannot both come back with it.
    while _any(f"SELECT 1 FROM {_JOBS} WHERE {expired} LIMIT 1", parameters):
        rows = _change(
            f"UPDATE {_JOBS} SET state = CASE WHEN crashes + 1 >= %s THEN 'dead' ELSE 'ready' END, "
            "lease_until = NULL, crashes = crashes + 1, "
            "finished_at = CASE WHEN crashes + 1 >= %s THEN CAST(%s AS "
            f"{'timestamptz' if connection.vendor == 'postgresql' else 'text'}) END, "
            "error = CASE WHEN crashes + 1 >= %s THEN 'The worker died while this job ran, time and again.' "
            f"ELSE error END, unique_key = {_KEY_IF_FREE} "
            f"WHERE id = (SELECT id FROM {_JOBS} WHERE {expired} ORDER BY lease_until LIMIT 1"
            f"{' FOR UPDATE SKIP LOCKED' if connection.vendor == 'postgresql' else ''}) RETURNING id",
            [rules.MAX_CRASHES, rules.MAX_CRASHES, _instant(now), rules.MAX_CRASHES, *parameters],
        )
        if not rows:
            break  # another worker is at it
        reaped += 1
    return reaped


def tick(kind: str, *, every_seconds: int, now: datetime, queue_name: str = "default") -> bool:
    """Queue the periodic job once per period, whichever worker comes first; False when that was done already.

    Periods missed while no worker ran are not made up for: the next run does their work.
    """
    number = rules.tick_number(now.timestamp(), every_seconds)
    if _any(f"SELECT 1 FROM {_TICKS} WHERE name = %s AND tick >= %s", [kind, number]):
        return False
    with transaction.atomic():
        first = _change(
            f"INSERT INTO {_TICKS} (name, tick) VALUES (%s, %s) "
            f"ON CONFLICT (name) DO UPDATE SET tick = excluded.tick WHERE {_TICKS}.tick < excluded.tick RETURNING tick",
            [kind, number],
        )
        if first:
            enqueue(kind, {}, now=now, queue_name=queue_name, unique_key=f"tick:{kind}")
    return bool(first)


def prune(*, now: datetime, keep: timedelta = timedelta(days=7)) -> int:
    """Delete jobs that were done longer than `keep` ago; dead ones stay until a person has looked. Return how many."""
    deleted, _ = Job.objects.filter(state=State.DONE, finished_at__lt=now - keep).delete()
    return deleted


@transaction.atomic
def retry_dead(*, now: datetime) -> int:
    """Give every dead job a fresh start, after a person has removed the cause; return how many."""
    revived = 0
    for job in Job.objects.select_for_update().filter(state=State.DEAD).order_by("id"):
        enqueue(job.kind, job.args, now=now, queue_name=job.queue_name, priority=job.priority)
        job.delete()
        revived += 1
    return revived


# A job that goes back to waiting gives up its key when another waiting job holds it by now.
_KEY_IF_FREE = (
    f"CASE WHEN EXISTS (SELECT 1 FROM {_JOBS} AS other WHERE other.unique_key = {_JOBS}.unique_key "
    "AND other.state = 'ready') THEN NULL ELSE unique_key END"
)


def _lease_end(lease_seconds: float, now: datetime) -> tuple[str, list[Any]]:
    # The database's clock where it is shared by machines, so that a worker with a wrong clock cannot steal jobs.
    if connection.vendor == "postgresql":
        return "clock_timestamp() + make_interval(secs => %s)", [lease_seconds]
    return "%s", [_instant(now + timedelta(seconds=lease_seconds))]


def _instant(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _decoded(args: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(args) if isinstance(args, str) else args
    return decoded


def _any(sql: str, parameters: Sequence[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone() is not None


def _change(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[Any] = cursor.fetchall()
    return rows
