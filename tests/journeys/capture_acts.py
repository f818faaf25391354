"""What the nursery's children do around capture: open a channel, look until they are killed, and tell what is there."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from tests.journeys.crash_acts import _note


def open_channel(platform: str, connection: dict[str, str], secret: dict[str, str]) -> None:
    """A city with one live channel on the platform."""
    from rostrum.areas.channels import operations
    from tests.channels import NOW, a_body, a_reviewed_channel, a_staff, let_it_speak

    a_body()
    staff = a_staff()
    channel = a_reviewed_channel(staff, platform=platform, handle=secret.get("identifier", "wausau-parks"))
    who: dict[str, Any] = {"channel_id": channel.public_id, "now": NOW}
    operations.approve_channel(actor=staff.coordinator, **who)
    operations.open_channel(registered_email="parks@wausau.example.gov", connection=connection, actor=staff.head, **who)
    operations.deposit_credential(secret=secret, actor=staff.coordinator, **who)
    let_it_speak(channel, staff)


def look_until_killed(acknowledged: str, die_at: int = 0) -> None:
    """Look at the channel again and again, as `rostrum capture` does; another thread sequences."""
    from django.utils import timezone

    from rostrum.areas.archive.capturing import look_at
    from rostrum.areas.ledger import operations as ledger

    def sequence() -> None:
        while True:
            ledger.sequence(timezone.now())
            time.sleep(0.05)

    channel = _channel()
    threading.Thread(target=sequence, daemon=True).start()
    _acknowledge(acknowledged)
    _die_at(die_at)
    while True:
        look_at(channel, clock=timezone.now)


def work_until_killed(acknowledged: str, die_at: int = 0) -> None:
    """Be a worker whose queue always holds a look at the channel."""
    from django.utils import timezone

    from rostrum.areas.jobs import operations as jobs
    from rostrum.worker.loop import Worker

    worker = Worker(lease_seconds=2.0, poll_seconds=0.02)
    channel = _channel()
    _acknowledge(acknowledged)
    _die_at(die_at)
    while True:
        jobs.enqueue(
            "archive.capture", {"channel": channel.public_id}, now=timezone.now(), unique_key=channel.public_id
        )
        worker.run_until_idle()


def last_look(to: str) -> None:
    """Look once more, let the worker do what is due, and write what archive and ledger hold as JSON."""
    from django.utils import timezone

    from rostrum.areas.archive.capturing import look_at
    from rostrum.areas.archive.models import Capture, Gap, Item, Version
    from rostrum.areas.ledger import operations as ledger
    from rostrum.areas.ledger import queries
    from rostrum.areas.ledger.models import Entry, Leaf, Sequenced
    from rostrum.worker.loop import Worker

    looks = [look_at(_channel(), clock=timezone.now).to_json() for _ in range(2)]
    Worker(schedule=()).run_until_idle()
    ledger.sequence(timezone.now())
    found = {
        "looks": looks,
        "items": {
            native_id: {"state": state, "versions": []}
            for native_id, state in Item.objects.values_list("native_id", "state")
        },
        "missing": [one for listed in Capture.objects.values_list("missing", flat=True) for one in listed],
        "gaps": list(Gap.objects.values_list("cause", "note")),
        "entries": list(Entry.objects.values_list("public_id", flat=True)),
        "commitments": [bytes(one).hex() for one in Version.objects.values_list("commitment", flat=True)],
        "leaves": [bytes(one).hex() for one in Leaf.objects.values_list("commitment", flat=True)],
        "sequenced": Sequenced.objects.count(),
        "troubles": list(queries.health().troubles),
        "losses": [lost.index for lost in queries.losses()],
        "unindexed": queries.unindexed_entries().count(),
    }
    versions = Version.objects.order_by("item", "number").values_list("item__native_id", "version_key", "text")
    for native_id, key, text in versions:
        found["items"][native_id]["versions"].append([key, text])  # type: ignore[index,call-overload]
    Path(to).write_text(json.dumps(found), encoding="utf-8")


def _die_at(number: int) -> None:
    """Die without a word in the middle of this thread's statement of this number (0: never)."""
    from django.db import connection

    seen = [0]

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen[0] += 1
        result = execute(sql, params, many, context)
        if seen[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    connection.execute_wrappers.append(counted)


def _channel() -> Any:
    from rostrum.areas.channels.models import Channel

    return Channel.objects.select_related("platform", "unit").get()


def _acknowledge(path: str) -> None:
    """From now on, note the entry of every page whose transaction was committed."""
    from django.db import transaction

    from rostrum.areas.archive import operations

    store_page = operations.store_page

    def noted(**page: Any) -> Any:
        report = store_page(**page)
        if report.entry:
            transaction.on_commit(lambda: _note(path, report.entry))
        return report

    operations.store_page = noted
