"""Storing posts against what bare engines do with the same texts, in one run.

    python -m bench.ingest [--items 20000] [--import-posts 100000]

G1   CPU per post of the whole durable path, 100 posts an act: tables, search, payload, commitment, ledger, one synced
     commit. Peer: a bare FTS5 insert of the same texts, 100 a synced commit.
G17  posts per second of wall time, with search and commitment. Peer: rows and FTS5 by trigger, 100 a synced commit,
     no proof.
G18  `rostrum import` of an X archive: peak memory, and how it grows from a tenth of the posts.
G19  bytes kept of each payload. Peer: gzip of each payload by itself.

Prints one JSON object per goal: goal, ours, peer, ratio, limit, ok.
"""

import argparse
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bench.corpus import Corpus, Post
from bench.search import figure

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
_ACT = 100


def main() -> None:
    parser = argparse.ArgumentParser(description="storing posts against bare engines")
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--import-posts", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as folder:
        os.environ["ROSTRUM_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, skip_checks=True)
        for line in (*stored(Path(folder), arguments.items), *imported(Path(folder), arguments.import_posts)):
            print(json.dumps(line), flush=True)


def stored(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    from tests.archive import make_channel

    from rostrum.areas.archive import operations as archive
    from rostrum.kernel.items import Route

    posts = list(islice(Corpus().posts(count), count))
    items = [item_of(post) for post in posts]
    channel = make_channel("bench")
    # The first act warms caches that every process fills once.
    archive.store_batch(channel=channel, items=items[:_ACT], route=Route.API, actor="system", now=NOW)
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(_ACT, count, _ACT):
        archive.store_batch(
            channel=channel, items=items[start : start + _ACT], route=Route.API, actor="system", now=NOW
        )
    ours_cpu, ours_wall = time.process_time() - cpu, time.perf_counter() - wall
    bare_cpu = bare_words(folder, posts[_ACT:])
    trigger_wall = rows_and_trigger(folder, posts[_ACT:])
    done = count - _ACT
    yield figure(
        "G1", f"µs of CPU per post, whole durable path, {count} posts", ours_cpu / done * 1e6, bare_cpu / done * 1e6,
        "<= 2.5x the peer", ours_cpu <= 2.5 * bare_cpu,
    )  # fmt: skip
    yield figure(
        "G17", f"posts per second of wall time, {count} posts", done / ours_wall, done / trigger_wall, ">= the peer",
        ours_wall <= trigger_wall,
    )  # fmt: skip


def item_of(post: Post) -> Any:
    from rostrum.kernel.items import Item, Kind, Route

    raw = json.dumps(
        {
            "id": str(10**17 + post.number), "author": {"handle": post.author, "id": str(post.account * 7919)},
            "created_at": post.at.isoformat(), "text": post.text, "lang": "en", "in_reply_to": None,
            "metrics": {"likes": post.number % 977, "shares": post.number % 31}, "media": [],
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip
    return Item(
        platform="square", kind=Kind.POST, native_id=str(10**17 + post.number), text=post.text, raw=raw,
        route=Route.API, author_id=str(post.account * 7919), author_handle=post.author, published_at=post.at,
    )  # fmt: skip


def _database(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    return database


def bare_words(folder: Path, posts: list[Post]) -> float:
    """CPU seconds of FTS5 alone: the texts as they are, contentless, in key order."""
    database = _database(folder / "bare.sqlite3")
    database.execute(
        "CREATE VIRTUAL TABLE words USING fts5(body, meta, content='',"
        " tokenize=\"unicode61 remove_diacritics 2 tokenchars '#@'\")"
    )
    began = time.process_time()
    for start in range(0, len(posts), _ACT):
        rows = [
            ((int(post.at.timestamp()) << 20) | post.number, post.text, f"acct{post.account} square")
            for post in posts[start : start + _ACT]
        ]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO words (rowid, body, meta) VALUES (?, ?, ?)", sorted(rows))
        database.execute("COMMIT")
    used = time.process_time() - began
    database.close()
    return used


def rows_and_trigger(folder: Path, posts: list[Post]) -> float:
    """Wall seconds of the usual set-up: a table with a key, and an FTS5 table that a trigger fills."""
    database = _database(folder / "trigger.sqlite3")
    database.executescript(
        "CREATE TABLE post (id text PRIMARY KEY, at text, author text, body text);"
        "CREATE VIRTUAL TABLE words USING fts5(body, content='post');"
        "CREATE TRIGGER post_ai AFTER INSERT ON post BEGIN"
        " INSERT INTO words (rowid, body) VALUES (new.rowid, new.body); END;"
    )
    began = time.perf_counter()
    for start in range(0, len(posts), _ACT):
        rows = [
            (str(10**17 + post.number), post.at.isoformat(), post.author, post.text)
            for post in posts[start : start + _ACT]
        ]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO post VALUES (?, ?, ?, ?)", rows)
        database.execute("COMMIT")
    used = time.perf_counter() - began
    database.close()
    return used


def imported(folder: Path, posts: int) -> Iterator[dict[str, Any]]:
    from django.db import connection
    from tests.archive import make_channel

    from rostrum.areas.archive import queries
    from rostrum.areas.archive.models import Version

    few, all_of = posts // 10, posts
    peaks: dict[int, int] = {}
    rate = 0.0
    for count in (few, all_of):
        make_channel(f"import-{count}")
        export = folder / f"x-{count}.zip"
        write_export(export, count)
        connection.close()
        began = os.times()
        peaks[count] = import_in_a_process_of_its_own(export, f"import-{count}")
        ended = os.times()
        used = ended.children_user + ended.children_system - began.children_user - began.children_system
        rate = count / used
        export.unlink()
    per_post = (peaks[all_of] - peaks[few]) / (all_of - few) * 1024
    yield figure(
        "G18", f"peak MB of importing {all_of} posts; peer {few} posts", peaks[all_of] / 1024, peaks[few] / 1024,
        "<= 120 MB", peaks[all_of] <= 120 * 1024,
    ) | {"bytes_per_further_post": round(per_post), "posts_per_cpu_second": round(rate)}  # fmt: skip

    kept = raw = zipped = 0
    for version in Version.objects.filter(item__channel__slug=f"import-{all_of}").order_by("pk")[:20_000].iterator():
        kept += len(version.raw or b"")
        raw += version.raw_size
        zipped += len(gzip.compress(queries.raw_of(version), 6))
    yield figure("G19", "bytes kept per byte of payload", kept / raw, zipped / raw, "<= 0.35", kept <= 0.35 * raw)


def write_export(path: Path, count: int) -> None:
    """In a process of its own, so that its memory is not ours."""
    code = "import sys; from pathlib import Path; from tests.simulators.exports import big_x_archive; "
    code += "big_x_archive(Path(sys.argv[1]), int(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", code, str(path), str(count)], check=True, cwd=ROOT)


def import_in_a_process_of_its_own(export: Path, slug: str) -> int:
    """Import as the command does; returns the peak memory in KiB. Raises when not everything was stored."""
    code = (
        "import sys; sys.argv = ['rostrum', 'import', *sys.argv[1:], '--json']; from rostrum.cli.main import main;"
        " code = main(); status = open('/proc/self/status').read();"
        " print(status.split('VmHWM:')[1].split()[0], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(export), "--channel", slug],
        check=True, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert sum(report["recognised"].values()) == report["stored"], report
    return int(done.stderr.split()[-1])


if __name__ == "__main__":
    main()
