"""The worker: runs what is due, keeps leases alive, survives failing handlers, stops when told."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.jobs import queries, rules
from rostrum.areas.jobs.models import Job
from rostrum.worker.loop import Handler, Worker
from rostrum.worker.subscriptions import EVENTS, HANDLERS, SCHEDULE, Periodic

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def worker(**handlers: Handler) -> Worker:
    return Worker(handlers=handlers, schedule=(), clock=lambda: NOW, poll_seconds=0.01)


@pytest.mark.django_db
def test_a_due_job_reaches_its_handler_once_with_arguments_and_clock() -> None:
    calls: list[Any] = []
    jobs.enqueue("greet", {"name": "Ada"}, now=NOW)
    assert worker(greet=lambda args, *, now: calls.append((args, now))).run_until_idle() == 1
    assert calls == [({"name": "Ada"}, NOW)]
    assert Job.objects.get().state == "done"


@pytest.mark.django_db
def test_a_failure_keeps_type_and_places_but_no_contents() -> None:
    def handler(args: dict[str, Any], *, now: datetime) -> None:
        raise ValueError("call me at 715-555-0100")

    jobs.enqueue("bad", {}, now=NOW)
    worker(bad=handler).run_once()
    job = Job.objects.get()
    assert (job.state, job.failures, job.run_after) == ("ready", 1, NOW + timedelta(seconds=1))
    assert job.error.startswith("ValueError\n")
    assert "test_jobs_worker.py" in job.error
    assert "715-555" not in job.error
    assert list(queries.failing_jobs()) == [job]


@pytest.mark.django_db
def test_a_job_that_nobody_handles_fails_visibly() -> None:
    jobs.enqueue("unheard-of", {}, now=NOW)
    worker().run_once()
    assert Job.objects.get().error.startswith("NoHandler")


@pytest.mark.django_db
def test_one_failing_job_does_not_keep_the_others() -> None:
    done: list[str] = []

    def fail(args: dict[str, Any], *, now: datetime) -> None:
        raise KeyError

    jobs.enqueue("bad", {}, now=NOW)
    jobs.enqueue("good", {}, now=NOW)
    worker(bad=fail, good=lambda args, *, now: done.append("good")).run_until_idle()
    assert done == ["good"]


@pytest.mark.django_db
def test_the_clock_queues_periodic_jobs_only_when_there_is_work() -> None:
    done: list[str] = []
    schedule = (
        Periodic("always", every_seconds=60),
        Periodic("ledger", every_seconds=1, when="rostrum.areas.ledger.queries.has_work"),
    )
    handlers: dict[str, Handler] = {
        "always": lambda args, *, now: done.append("always"),
        "ledger": lambda args, *, now: done.append("ledger"),
    }
    Worker(handlers=handlers, schedule=schedule, clock=lambda: NOW).run_until_idle()
    Worker(handlers=handlers, schedule=schedule, clock=lambda: NOW).run_until_idle()
    assert done == ["always"]


def test_every_subscription_leads_to_a_handler_that_can_be_imported() -> None:
    from django.utils.module_loading import import_string

    for path in HANDLERS.values():
        assert callable(import_string(path))
    for kinds in EVENTS.values():
        assert set(kinds) <= set(HANDLERS), "each event's jobs need a row in HANDLERS"
    for periodic in SCHEDULE:
        assert periodic.kind in HANDLERS
        assert not periodic.when or callable(import_string(periodic.when))


@pytest.mark.django_db(transaction=True)
def test_a_job_longer_than_its_lease_runs_once_because_the_lease_is_renewed() -> None:
    starts: list[float] = []

    def long_job(args: dict[str, Any], *, now: datetime) -> None:
        starts.append(time.monotonic())
        time.sleep(1.5)

    jobs.enqueue("long", {}, now=datetime.now(UTC))
    workers = [Worker(handlers={"long": long_job}, schedule=(), lease_seconds=0.6, poll_seconds=0.02) for _ in range(2)]
    for one in workers:
        one.start()
    deadline = time.monotonic() + 10
    while Job.objects.get().state != "done" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(one.stop() for one in workers)
    assert len(starts) == 1
    assert (Job.objects.get().state, Job.objects.get().fence) == ("done", 1)


@pytest.mark.django_db(transaction=True)
def test_told_to_stop_it_finishes_the_job_in_hand() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(args: dict[str, Any], *, now: datetime) -> None:
        begun.set()
        go_on.wait(5)

    jobs.enqueue("slow", {}, now=datetime.now(UTC))
    jobs.enqueue("slow", {}, now=datetime.now(UTC))
    one = Worker(handlers={"slow": slow}, schedule=(), poll_seconds=0.02)
    one.start()
    assert begun.wait(5)
    one.request_stop()
    go_on.set()
    assert one.stop()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "ready"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_each_job_once() -> None:
    ran: list[int] = []
    now = datetime.now(UTC)
    for number in range(60):
        jobs.enqueue("count", {"number": number}, now=now)
    handler: Handler = lambda args, *, now: ran.append(args["number"])  # noqa: E731
    workers = [Worker(handlers={"count": handler}, schedule=(), poll_seconds=0.01) for _ in range(4)]
    for one in workers:
        one.start()
    deadline = time.monotonic() + 20
    while Job.objects.exclude(state="done").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(one.stop() for one in workers)
    assert sorted(ran) == list(range(60))


def test_the_wait_grows_and_ends() -> None:
    assert [rules.seconds_before_retry(number) for number in (1, 2, 3, 12, 13, 40)] == [1, 2, 4, 2048, 3600, 3600]
