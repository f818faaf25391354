"""The worker is killed again and again in the middle of jobs: none is lost, each runs again soon after its lease."""

import json
import random
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from tests.journeys.nursery import Nursery

ACTS = "tests.journeys.crash_acts"
JOBS = 150
KILLS = 30
LEASE_SECONDS = 0.5


def marked(marks: Path) -> dict[str, dict[int, list[float]]]:
    """When each job began, and when it came to its end."""
    found: dict[str, dict[int, list[float]]] = {"start": defaultdict(list), "end": defaultdict(list)}
    for line in marks.read_text().splitlines() if marks.exists() else ():
        what, number, at = line.split()
        found[what][int(number)].append(float(at))
    return found


def test_a_worker_killed_thirty_times_loses_no_job(tmp_path: Path) -> None:
    chance = random.Random(19)
    marks = tmp_path / "marks"
    with Nursery(tmp_path) as nursery:
        nursery.run(f"{ACTS}:queue_jobs", count=JOBS)
        for _ in range(KILLS):
            pid = nursery.start(f"{ACTS}:work_until_killed", marks=str(marks), lease_seconds=LEASE_SECONDS)
            time.sleep(chance.uniform(0.1, 0.3))
            nursery.kill(pid)
        pid = nursery.start(f"{ACTS}:work_until_killed", marks=str(marks), lease_seconds=LEASE_SECONDS)
        deadline = time.monotonic() + 60
        while len(marked(marks)["end"]) < JOBS and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)  # the last job's row is written after its mark
        nursery.kill(pid)
        nursery.run(f"{ACTS}:report_jobs", to=str(tmp_path / "report"))
    jobs = json.loads((tmp_path / "report").read_text())
    found = marked(marks)

    assert set(found["end"]) == set(range(JOBS))
    assert {job["state"] for job in jobs} == {"done"}
    # Kills are counted apart from failures, and each costs one more start.
    assert sum(job["failures"] for job in jobs) == 0
    assert sum(job["crashes"] for job in jobs) > 5
    assert all(job["fence"] == job["crashes"] + 1 for job in jobs)
    # An interrupted job begins again soon after its lease; the bound leaves room for a machine that is busy.
    waits = [later - earlier for starts in found["start"].values() for earlier, later in pairwise(starts)]
    assert max(waits) < LEASE_SECONDS + 15
    # It comes to its end twice only if a kill fell between its last line and the row that says so: as often as the
    # kills chance to fall there, and never a job that no kill met.
    crashes = {job["args"]["number"]: job["crashes"] for job in jobs}
    assert all(len(ends) - 1 <= crashes[number] for number, ends in found["end"].items())
