"""What the nursery's children do until they are killed: record acts, sequence the log, run jobs; and what is left."""

import json
import os
import random
import signal
import threading
import time
from base64 import b64encode
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class Stamped(Event):
    kind: ClassVar[str] = "testing.stamped.v1"
    number: int


def _note(path: str, line: str) -> None:
    # One write each: whole or absent, and kept by the system when the process dies.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, (line + "\n").encode())
    os.close(handle)


def _act(number: int, versions: int) -> str:
    from django.db import transaction
    from django.utils import timezone

    from rostrum.areas.ledger import operations as ledger

    with transaction.atomic():
        entry = ledger.record(
            Stamped(number=number), actor="system", now=timezone.now(), leaves=[os.urandom(32) for _ in range(versions)]
        )
    return entry.public_id


def write_until_killed(acknowledged: str, seed: int, die_at_sync: int = 0) -> None:
    """Record acts in one thread and sequence in another; with `die_at_sync`, die at that file sync of the sequencer."""
    from django.utils import timezone

    from rostrum.areas.ledger import operations as ledger

    chance = random.Random(seed)
    if die_at_sync:
        _die_at_sync(die_at_sync)

    def sequence() -> None:
        while True:
            ledger.sequence(timezone.now())

    threading.Thread(target=sequence, daemon=True).start()
    number = 0
    while True:
        number += 1
        _note(acknowledged, _act(number, chance.choice((0, 0, 1, 5, 300))))


def _die_at_sync(count: int) -> None:
    sync, seen = os.fsync, [0]

    def counted(handle: int) -> None:
        seen[0] += 1
        if seen[0] == count:
            os.kill(os.getpid(), signal.SIGKILL)
        sync(handle)

    os.fsync = counted


def write(acknowledged: str, acts: int, versions: int = 2) -> None:
    """Record some acts, without sequencing."""
    for number in range(acts):
        _note(acknowledged, _act(number, versions))


def sequence() -> None:
    """Sequence everything that waits."""
    from django.utils import timezone

    from rostrum.areas.ledger import operations as ledger

    ledger.sequence(timezone.now())


def sequence_without_signing() -> None:
    """Sequence, and die after the tiles were written and before the high-water mark was set."""
    from rostrum.areas.ledger.log_folder import LogFolder

    LogFolder.set_high_water = lambda *_: os._exit(0)  # type: ignore[method-assign]
    sequence()


def report(to: str) -> None:
    """Write what database and log hold as JSON."""
    from rostrum.areas.duties import queries as duties
    from rostrum.areas.ledger import queries
    from rostrum.areas.ledger.models import Entry, Leaf, Log, Sequenced

    health = queries.health()
    found: dict[str, Any] = {
        "entries": list(Entry.objects.values_list("public_id", flat=True)),
        "kinds": list(Entry.objects.order_by("pk").values_list("kind", flat=True)),
        "leaves": Leaf.objects.count(),
        "logs": [
            {
                "origin": log.origin,
                "key": log.verifier_key,
                "previous": log.previous_checkpoint,
                "indices": [
                    [index, bytes(commitment).hex(), entry]
                    for index, commitment, entry in Sequenced.objects.filter(log=log)
                    .order_by("index")
                    .values_list("index", "leaf__commitment", "leaf__entry__public_id")
                ],
            }
            for log in Log.objects.order_by("pk")
        ],
        "lines": [[line.index, line.leaf_hash.hex(), line.lost] for line in queries.entries()],
        "notes": list(queries.checkpoints().values_list("note", flat=True)),
        "losses": [lost.index for lost in queries.losses()],
        "duties": [duty.kind for duty in duties.open_duties()],
        "troubles": list(health.troubles),
        "unindexed": queries.unindexed_entries().count(),
    }
    sizes = sorted({int(note.splitlines()[1]) for note in found["notes"]})
    newest = queries.latest_checkpoint()
    if newest is not None and len(found["logs"]) == 1:
        found["steps"] = [
            [old, new, [b64encode(step).decode() for step in queries.consistency(old, new)]]
            for old, new in pairwise(sizes)
        ]
    Path(to).write_text(json.dumps(found), encoding="utf-8")


def run_due_jobs() -> None:
    """Run what is due, as the worker does."""
    from rostrum.worker.loop import Worker

    Worker(schedule=()).run_until_idle()


def queue_jobs(count: int) -> None:
    """Queue numbered jobs."""
    from django.utils import timezone

    from rostrum.areas.jobs import operations as jobs

    for number in range(count):
        jobs.enqueue("testing.mark", {"number": number}, now=timezone.now())


def work_until_killed(marks: str, lease_seconds: float) -> None:
    """Run the numbered jobs with a short lease, marking each start and end."""
    from rostrum.worker.loop import Worker

    def mark(args: dict[str, Any], *, now: Any) -> None:
        _note(marks, f"start {args['number']} {time.time()}")
        time.sleep(0.02)
        _note(marks, f"end {args['number']} {time.time()}")

    Worker(handlers={"testing.mark": mark}, schedule=(), lease_seconds=lease_seconds, poll_seconds=0.02).run()


def report_jobs(to: str) -> None:
    """Write the jobs' states as JSON."""
    from rostrum.areas.jobs.models import Job

    rows = list(Job.objects.order_by("pk").values("args", "state", "crashes", "failures", "fence"))
    Path(to).write_text(json.dumps(rows), encoding="utf-8")


def back_up(to: str) -> None:
    """Copy the database, as the command does."""
    from django.utils import timezone

    from rostrum.cli.backups import write_backup

    write_backup(Path(to), now=timezone.now())


def restore(source: str) -> None:
    """Put the database back as it was, and leave the log's folder as it is."""
    from rostrum.cli.backups import restore_backup

    restore_backup(Path(source), force=True)


def put_blob(name: str, text: str) -> None:
    """Put a file where the blobs are."""
    from django.conf import settings

    place = Path(settings.BLOBS_FOLDER) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
