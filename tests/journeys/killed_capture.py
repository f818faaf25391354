"""The frame of every test that kills a capture: fifty random instants, then one last look, and what must hold then."""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journeys.nursery import Nursery

ACTS = "tests.journeys.capture_acts"
KILLS = 50


def kill_fifty_times(
    nursery: Nursery, folder: Path, *, most_statements: int, longest_seconds: float, settle: Callable[[], None]
) -> Any:
    """Kill looks and workers in turn, half of them at a random statement of theirs, half at a random moment.

    A look at a slow platform spends its time waiting: by statements it is killed in its work too, between any two
    and within any transaction. `settle` ends the writing. Returns what is there after one last look.
    """
    chance = random.Random(480)
    acknowledged = folder / "acknowledged"
    for kill in range(KILLS):
        act = f"{ACTS}:{('look_until_killed', 'work_until_killed')[kill % 2]}"
        if kill % 4 < 2:
            nursery.start(act, acknowledged=str(acknowledged), die_at=chance.randint(1, most_statements))
            assert nursery.end() == -9
        else:
            pid = nursery.start(act, acknowledged=str(acknowledged))
            time.sleep(chance.uniform(0.0, longest_seconds))
            nursery.kill(pid)
    settle()
    nursery.run(f"{ACTS}:last_look", to=str(folder / "found.json"))
    found = json.loads((folder / "found.json").read_text())
    found["acknowledged"] = acknowledged.read_text().split()
    return found


def assert_sound(found: Any) -> None:
    """Nothing doubled, no entry lost, every version one leaf, no trouble of the ledger, no gap, the last look dry."""
    # The kills met work: most was stored by looks that were killed.
    assert len(found["acknowledged"]) >= KILLS / 5
    assert found["looks"][0]["stored"] < len(found["commitments"]) / 2
    doubled = {
        name: one["versions"]
        for name, one in found["items"].items()
        if len({key for key, _ in one["versions"]}) != len(one["versions"])
    }
    assert doubled == {}
    assert set(found["acknowledged"]) <= set(found["entries"])
    assert len(found["leaves"]) == len(set(found["leaves"])) == found["sequenced"]
    assert len(found["commitments"]) == len(set(found["commitments"]))
    assert set(found["commitments"]) <= set(found["leaves"])
    assert (found["troubles"], found["losses"], found["unindexed"], found["gaps"]) == ([], [], 0, [])
    assert (found["looks"][-1]["stored"], found["looks"][-1]["trouble"]) == (0, "")
