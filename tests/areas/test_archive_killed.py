"""Killed with -9 while storing pages: what was acknowledged is there, found and committed, and nothing is there twice.

On SQLite, in a data folder of its own; the processes are real. PostgreSQL keeps it by the same transaction.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import schema

_ROOT = Path(__file__).resolve().parents[2]
_PER_PAGE = 25

_SET_UP = """
from tests.archive import make_channel
make_channel("city")
"""
_CAPTURE = f"""
import os
from datetime import timedelta
from rostrum.areas.archive import operations as archive, queries
from rostrum.areas.channels.models import Channel
from rostrum.connectors.interface import CapturePage
from rostrum.kernel.items import Route
from tests.archive import NOW, PUBLISHED, make_item
channel = Channel.objects.get(slug="city")
at = int(queries.capture_cursor(channel) or 0)
while True:
    at += 1
    items = tuple(
        make_item(f"p{{at}}-{{n}}", f"flood word{{at}} number{{n}}", published_at=PUBLISHED + timedelta(seconds=at))
        for n in range({_PER_PAGE})
    )
    page = CapturePage(b"page %d" % at, "text/plain", items, str(at), PUBLISHED, NOW + timedelta(seconds=at))
    archive.store_page(channel=channel, page=page, route=Route.API, actor="system", now=NOW + timedelta(seconds=at))
    os.write(1, b"%d\\n" % at)
"""
_LOOK = f"""
from rostrum.areas.archive import queries
from rostrum.areas.archive.models import Capture, Item, Version
from rostrum.areas.archive.queries import SearchQuery, search_for
from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger.models import Entry, Leaf
from rostrum.evidence.commitments import commit
pages = int(queries.capture_cursor(Channel.objects.get(slug="city")) or 0)
expected = pages * {_PER_PAGE}
assert Item.objects.count() == expected, (Item.objects.count(), expected)
assert Version.objects.count() == expected
assert Capture.objects.count() == Entry.objects.filter(kind="archive.capture-stored.v1").count() == pages
assert Leaf.objects.filter(kind="version").count() == expected
assert set(map(bytes, Version.objects.values_list("commitment", flat=True))) == set(
    map(bytes, Leaf.objects.filter(kind="version").values_list("commitment", flat=True))
)
assert search_for(SearchQuery(text="flood")).count() == expected
assert search_for(SearchQuery(text=f"word{{pages}}")).count() == ({_PER_PAGE} if pages else 0)
assert search_for(SearchQuery(text=f"word{{pages + 1}}")).count() == 0
for version in Version.objects.order_by("-pk")[:5]:
    assert commit(queries.parts_of(version), bytes(version.seed)) == bytes(version.commitment)
    assert queries.raw_of(version)
for digest in Capture.objects.values_list("container", flat=True):
    assert queries.blobs().has(digest)
print(pages)
"""


def _process(code: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "ROSTRUM_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "rostrum.settings"}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=_ROOT, env=environment,
    )  # fmt: skip


def _run(code: str, folder: Path) -> bytes:
    process = _process(code, folder)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return out


def test_a_capture_killed_at_any_instant_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(20261102)
    shutil.copyfile(schema.sqlite_template(), tmp_path / "rostrum.sqlite3")
    _run(_SET_UP, tmp_path)
    pages = 0
    for _ in range(8):
        process = _process(_CAPTURE, tmp_path)
        assert process.stdout is not None
        acknowledged = int(process.stdout.readline())
        time.sleep(chance.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate()
        acknowledged = max([acknowledged, *map(int, told.split())])
        stored = int(_run(_LOOK, tmp_path))
        assert acknowledged <= stored <= acknowledged + 1
        assert stored > pages
        pages = stored
