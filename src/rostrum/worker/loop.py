"""The worker: claims jobs, runs their handlers, keeps their leases alive, queues the periodic ones, tidies up.

Runs as a thread of the web process (`rostrum up`) or as a process of its own (``python -m rostrum.worker``); any number
of them may run. Told to stop, it finishes the job in hand. Killed, its jobs run again elsewhere when their lease ends.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.jobs import rules
from rostrum.areas.jobs.operations import Claimed
from rostrum.web.logging import places
from rostrum.worker.subscriptions import HANDLERS, SCHEDULE, Periodic

_REAP_EVERY_SECONDS = 1.0
_PRUNE_EVERY_SECONDS = 600.0
_WAIT_WITHOUT_DATABASE_SECONDS = 2.0

log = structlog.get_logger("rostrum.worker")


class Handler(Protocol):
    """What runs a job: an area's function, called with the job's arguments and the clock."""

    def __call__(self, args: dict[str, Any], *, now: datetime) -> None:
        """Do the job's work; it may be called twice for one job."""


class NoHandler(LookupError):
    """A job of a kind that no room handles."""


class Worker:
    """One worker; `run` in the caller's thread, or `start` and `stop` in a thread of its own."""

    def __init__(
        self,
        *,
        queue_names: Sequence[str] = ("default",),
        handlers: Mapping[str, str | Handler] = HANDLERS,
        schedule: Iterable[Periodic] = SCHEDULE,
        poll_seconds: float = 0.2,
        lease_seconds: float = rules.LEASE_SECONDS,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._queue_names = tuple(queue_names)
        self._handlers = dict(handlers)
        self._schedule = tuple(schedule)
        self._poll_seconds = poll_seconds
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._in_hand: tuple[Claimed, float] | None = None
        self._seen_ticks: dict[str, int] = {}
        self._reaped_at = self._pruned_at = float("-inf")

    def start(self) -> None:
        """Run in a thread of this process."""
        # A daemon: when the process must die, the lease sees to the job in hand.
        self._thread = threading.Thread(target=self.run, name="rostrum-worker", daemon=True)
        self._thread.start()

    def stop(self, timeout_seconds: float = 10.0) -> bool:
        """Ask the thread to finish its job and wait for it; whether it did within the time."""
        self.request_stop()
        if self._thread is not None:
            self._thread.join(timeout_seconds)
        return self._thread is None or not self._thread.is_alive()

    def request_stop(self) -> None:
        """Let `run` return after the job in hand. Safe to call from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until told to stop."""
        renewer = threading.Thread(target=self._renew_leases, name="rostrum-leases", daemon=True)
        renewer.start()
        try:
            while not self._stopping.is_set():
                try:
                    close_old_connections()
                    if not self.run_once():
                        self._stopping.wait(self._poll_seconds)
                except (OperationalError, InterfaceError) as trouble:
                    # The database is away or busy: what was leased comes back by itself.
                    log.warning("worker-without-database", fault=type(trouble).__name__)
                    connection.close()
                    self._stopping.wait(_WAIT_WITHOUT_DATABASE_SECONDS)
        finally:
            self._ended.set()
            renewer.join()
            connection.close()

    def run_once(self) -> bool:
        """Queue what the clock asks for, reap, and run one job if one is due; whether one was."""
        self._keep_house()
        claimed = jobs.claim(now=self._clock(), queue_names=self._queue_names, lease_seconds=self._lease_seconds)
        for job in claimed:
            self._run_job(job)
        return bool(claimed)

    def run_until_idle(self, *, most: int = 10_000) -> int:
        """Run what is due until nothing is (for tests and commands); return how many jobs ran."""
        for ran in range(most):
            if not self.run_once():
                return ran
        return most

    def _run_job(self, job: Claimed) -> None:
        self._in_hand = (job, time.monotonic())
        try:
            self._handler(job.kind)(job.args, now=self._clock())
        except Exception as failure:
            # Whatever a handler raises is that job's failure, not the worker's.
            self._report_failure(job, failure)
        else:
            if not jobs.finish(job, now=self._clock()):
                log.warning("job-lost-its-lease", kind=job.kind, job=job.id)
        finally:
            self._in_hand = None

    def _report_failure(self, job: Claimed, failure: Exception) -> None:
        # The type and the places only: a message may quote what people wrote, or a secret.
        name, where = type(failure).__qualname__, places((type(failure), failure, failure.__traceback__))
        state = jobs.fail(job, error="\n".join([name, *where]), now=self._clock())
        log.error("job-failed", kind=job.kind, job=job.id, fault=name, state=state, at=where[-1:])

    def _handler(self, kind: str) -> Handler:
        handler = self._handlers.get(kind)
        if handler is None:
            raise NoHandler(kind)
        if isinstance(handler, str):
            resolved: Handler = import_string(handler)
            self._handlers[kind] = handler = resolved
        return handler

    def _keep_house(self) -> None:
        now = self._clock()
        for periodic in self._schedule:
            number = rules.tick_number(now.timestamp(), periodic.every_seconds)
            if self._seen_ticks.get(periodic.kind) == number:
                continue
            self._seen_ticks[periodic.kind] = number
            if not periodic.when or import_string(periodic.when)(now):
                jobs.tick(periodic.kind, every_seconds=periodic.every_seconds, now=now)
        moment = time.monotonic()
        if moment - self._reaped_at >= _REAP_EVERY_SECONDS:
            self._reaped_at = moment
            if reaped := jobs.reap(now=now):
                log.warning("jobs-put-back", count=reaped)
        if moment - self._pruned_at >= _PRUNE_EVERY_SECONDS:
            self._pruned_at = moment
            jobs.prune(now=now)

    def _renew_leases(self) -> None:
        """Lengthen the lease of a job that takes longer than a third of it; costs nothing for the others."""
        while not self._ended.wait(self._lease_seconds / 6):
            in_hand = self._in_hand
            if in_hand is None or time.monotonic() - in_hand[1] < self._lease_seconds / 3:
                continue
            try:
                jobs.renew(in_hand[0], now=self._clock(), lease_seconds=self._lease_seconds)
            except (OperationalError, InterfaceError):
                connection.close()  # a later round has its own chance before the lease ends
        connection.close()
