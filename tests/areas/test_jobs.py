"""The queue's promises, each on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.jobs import queries, rules
from rostrum.areas.jobs.models import Job
from rostrum.areas.jobs.rules import State

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _let_the_lease_run_out(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))


def test_a_job_vanishes_with_the_act_that_queued_it() -> None:
    with transaction.atomic():
        jobs.enqueue("a", {}, now=NOW)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_claimed_job_carries_its_arguments_and_is_nobody_elses() -> None:
    job = jobs.enqueue("archive.capture", {"channel": "chn-1", "pages": [1, None]}, now=NOW)
    (claimed,) = jobs.claim(now=NOW)
    assert (claimed.id, claimed.kind, claimed.args, claimed.fence) == (
        job,
        "archive.capture",
        {"channel": "chn-1", "pages": [1, None]},
        1,
    )
    assert jobs.claim(now=NOW) == []


def test_a_job_for_later_waits_for_its_time() -> None:
    jobs.enqueue("later", {}, now=NOW, run_after=NOW + timedelta(minutes=5))
    assert jobs.claim(now=NOW + timedelta(minutes=4, seconds=59)) == []
    assert len(jobs.claim(now=NOW + timedelta(minutes=5))) == 1


def test_higher_priority_goes_first_then_the_older() -> None:
    for kind, priority, second in (("old", 0, 0), ("new", 0, 1), ("urgent", 5, 2)):
        jobs.enqueue(kind, {}, now=NOW + timedelta(seconds=second), priority=priority)
    claimed = jobs.claim(now=NOW + timedelta(seconds=9), limit=3)
    assert [job.kind for job in claimed] == ["urgent", "old", "new"]


def test_a_worker_takes_only_from_its_queues() -> None:
    jobs.enqueue("a", {}, now=NOW, queue_name="captures")
    assert jobs.claim(now=NOW) == []
    assert len(jobs.claim(now=NOW, queue_names=("default", "captures"))) == 1


def test_a_waiting_job_of_the_same_key_is_joined_at_the_earlier_time_and_higher_priority() -> None:
    first = jobs.enqueue("a", {}, now=NOW, run_after=NOW + timedelta(hours=1), priority=1, unique_key="k")
    second = jobs.enqueue("a", {}, now=NOW, run_after=NOW + timedelta(minutes=1), priority=0, unique_key="k")
    assert second == first
    kept = Job.objects.get(pk=first)
    assert (kept.run_after, kept.priority) == (NOW + timedelta(minutes=1), 1)


def test_a_running_job_does_not_swallow_what_came_after_it_started() -> None:
    first = jobs.enqueue("a", {}, now=NOW, unique_key="k")
    jobs.claim(now=NOW)
    second = jobs.enqueue("a", {}, now=NOW, unique_key="k")
    assert second != first


def test_a_failed_job_waits_longer_each_time_and_then_lies_dead_with_its_error() -> None:
    jobs.enqueue("bad", {}, now=NOW)
    now, gaps, state = NOW, [], None
    for _ in range(rules.MAX_FAILURES):
        (claimed,) = jobs.claim(now=now)
        state = jobs.fail(claimed, error="ValueError at jobs.py:1", now=now)
        run_after = Job.objects.get().run_after
        gaps.append((run_after - now).total_seconds())
        now = run_after
    assert gaps[:-1] == [1, 2, 4, 8, 16, 32, 64]
    assert state is State.DEAD
    (dead,) = queries.dead_jobs()
    assert (dead.error, dead.failures, dead.lease_until) == ("ValueError at jobs.py:1", 8, None)


def test_the_lease_can_be_renewed_only_by_its_holder() -> None:
    jobs.enqueue("a", {}, now=NOW)
    (lost,) = jobs.claim(now=NOW)
    assert jobs.renew(lost, now=NOW)
    _let_the_lease_run_out(lost.id)
    assert jobs.reap(now=NOW) == 1
    (held,) = jobs.claim(now=NOW)
    assert (held.id, held.fence) == (lost.id, 2)
    assert not jobs.renew(lost, now=NOW)
    assert jobs.renew(held, now=NOW)


def test_who_lost_the_lease_can_neither_finish_nor_fail_the_job() -> None:
    jobs.enqueue("a", {}, now=NOW)
    (lost,) = jobs.claim(now=NOW)
    _let_the_lease_run_out(lost.id)
    jobs.reap(now=NOW)
    (held,) = jobs.claim(now=NOW)
    assert not jobs.finish(lost, now=NOW)
    assert jobs.fail(lost, error="late", now=NOW) is None
    assert jobs.finish(held, now=NOW)
    assert Job.objects.get().state == State.DONE


def test_a_living_lease_is_not_reaped() -> None:
    now = datetime.now(UTC)  # PostgreSQL reaps by its own clock
    jobs.enqueue("a", {}, now=now)
    jobs.claim(now=now)
    assert jobs.claim(now=now + timedelta(days=1)) == []
    assert jobs.reap(now=now) == 0


def test_crashes_are_counted_apart_from_failures() -> None:
    jobs.enqueue("a", {}, now=NOW)
    for _ in range(rules.MAX_CRASHES):
        (claimed,) = jobs.claim(now=NOW)
        _let_the_lease_run_out(claimed.id)
        assert jobs.reap(now=NOW) == 1
    job = Job.objects.get()
    assert (job.crashes, job.failures, job.state) == (rules.MAX_CRASHES, 0, State.DEAD)
    assert job.error


def test_two_interrupted_jobs_of_one_key_both_come_back() -> None:
    for _ in range(2):
        jobs.enqueue("a", {}, now=NOW, unique_key="k")
        jobs.claim(now=NOW)
    Job.objects.update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    assert jobs.reap(now=NOW) == 2
    assert sorted(Job.objects.values_list("state", "unique_key"), key=str) == [("ready", "k"), ("ready", None)]


def test_a_periodic_job_is_queued_once_per_period() -> None:
    queued = [
        jobs.tick("duties.remind", every_seconds=60, now=NOW + timedelta(seconds=second))
        for second in (0, 1, 59, 60, 30, 200)
    ]
    assert queued == [True, False, False, True, False, True]
    # Three periods, one waiting job: what has not begun yet is not queued again.
    assert Job.objects.count() == 1


def test_done_jobs_are_pruned_and_dead_ones_stay() -> None:
    for kind in ("done", "dead", "fresh"):
        jobs.enqueue(kind, {}, now=NOW)
    done, dead, fresh = jobs.claim(now=NOW, limit=3)
    jobs.finish(done, now=NOW)
    Job.objects.filter(pk=dead.id).update(state=State.DEAD, lease_until=None, finished_at=NOW)
    jobs.finish(fresh, now=NOW + timedelta(days=7))
    assert jobs.prune(now=NOW + timedelta(days=8)) == 1
    assert set(Job.objects.values_list("kind", flat=True)) == {"dead", "fresh"}


def test_a_dead_job_gets_a_fresh_start_when_a_person_says_so() -> None:
    jobs.enqueue("a", {"x": 1}, now=NOW)
    Job.objects.update(state=State.DEAD, failures=8)
    assert jobs.retry_dead(now=NOW) == 1
    (claimed,) = jobs.claim(now=NOW)
    assert (claimed.args, claimed.failures) == ({"x": 1}, 0)


def test_the_backlog_says_how_far_behind_the_workers_are() -> None:
    jobs.enqueue("due", {}, now=NOW)
    jobs.enqueue("later", {}, now=NOW, run_after=NOW + timedelta(hours=1))
    found = queries.backlog(NOW + timedelta(minutes=3))
    assert (found.due, found.running, found.later, found.oldest_wait) == (1, 0, 1, timedelta(minutes=3))


def test_arguments_that_are_not_json_are_an_error() -> None:
    with pytest.raises(TypeError):
        jobs.enqueue("a", {"when": NOW}, now=NOW)
