"""Search against its peers, in one run: first pages of common words (G5), boolean with accounts and a year (G6).

    python -m bench.search [--items 1000000]

The index is the product's own, filled through its own interface. Peers in the same database: on SQLite the usual FTS5
table beside the posts, joined and sorted by date; on PostgreSQL the usual tsvector column. There the accounts and dates
are columns of the posts. On SQLite also tantivy, a search engine of its own, its answers ordered by a fast date field.
Prints one JSON object per goal: goal, ours, peer, ratio, limit, ok.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bench.corpus import SINCE, SPAN, Corpus, Post

_BATCH = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description="search against its peers")
    parser.add_argument("--items", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as folder:
        os.environ["ROSTRUM_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
        import django

        django.setup()
        for line in figures(arguments.items):
            print(json.dumps(line), flush=True)


def figures(items: int) -> Iterator[dict[str, Any]]:
    from django.db import connection, transaction

    from rostrum.areas.archive import search

    corpus = Corpus()
    is_sqlite = connection.vendor == "sqlite"
    peer = SqlitePeer() if is_sqlite else PostgresPeer()
    engines: list[Peer] = [peer, TantivyPeer()] if is_sqlite else [peer]
    prepare()
    for one in engines:
        one.create()
    started, cpu = time.perf_counter(), 0.0
    posts = corpus.posts(items)
    while batch := list(islice(posts, _BATCH)):
        with transaction.atomic():
            for one in engines:
                one.add(batch)
        began = time.process_time()
        with transaction.atomic():
            search.index().add(document(post) for post in batch)
        cpu += time.process_time() - began
    for one in engines:
        one.finish()
    engine = connection.vendor
    yield {
        "goal": "-", "what": f"documents indexed per CPU-second of this process, {engine}, {items} items",
        "ours": round(items / cpu), "peer": None, "ratio": None, "limit": None, "ok": True,
        "wall_s": round(time.perf_counter() - started, 1),
    }  # fmt: skip
    sample = list(islice(corpus.posts(items), 20_000))
    common = corpus.words_in(0.12, 0.30, sample, 12)
    middling = corpus.words_in(0.008, 0.014, sample, 12)
    for one in engines:
        yield first_pages(one, common, items, engine)
    yield boolean(peer, common, middling, items, engine)
    yield counts(peer, common, items, engine)


def prepare() -> None:
    """The product's tables, with the least that keeps PostgreSQL honest: its own statistics come after loading."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def document(post: Post) -> Any:
    from rostrum.areas.archive import search

    return search.Document(
        key=search.key_for(post.at, post.number), text=post.text, channel=post.account, kind="post",
        authors=(post.author,),
    )  # fmt: skip


def first_pages(peer: "Peer", common: Sequence[str], items: int, engine: str) -> dict[str, Any]:
    from rostrum.areas.archive import search
    from rostrum.kernel.words import parse

    index = search.index()
    asked = [search.Filters(tree=parse(word), include_restricted=True) for word in common]
    ours = percentile(timed(lambda one: index.keys(one, newest_first=True, limit=50), asked, 7))
    theirs = percentile(timed(peer.newest, list(common), 3))
    limit = "p95 <= 1 ms and <= 1/20 of the peer" if engine == "sqlite" else "p95 <= 1/2 of the peer"
    ok = (ours <= 1.0 and ours <= theirs / 20) if engine == "sqlite" else ours <= theirs / 2
    what = f"50 newest of a 12-30 % word, p95 ms, {engine}, {items} items; peer {peer.name}"
    return figure("G5", what, ours, theirs, limit, ok)


def boolean(peer: "Peer", common: Sequence[str], middling: Sequence[str], items: int, engine: str) -> dict[str, Any]:
    from rostrum.areas.archive import search
    from rostrum.kernel.words import parse

    asked: list[tuple[str, tuple[int, ...], datetime, datetime]] = []
    for at in range(12):
        first, second = common[at % len(common)], common[(at + 1) % len(common)]
        words = f"({first} OR {middling[at]}) {second} -{middling[(at + 3) % 12]}"
        since = SINCE + SPAN * (at % 9) / 11
        asked.append((words, (at + 30, at + 37, at + 50), since, since + SPAN / 11))
    index = search.index()
    filters = [
        search.Filters(tree=parse(words), channels=accounts, from_=since, to=until, include_restricted=True)
        for words, accounts, since, until in asked
    ]
    ours = percentile(timed(lambda one: index.keys(one, newest_first=True, limit=50), filters, 7))
    theirs = percentile(timed(peer.boolean, asked, 3))
    most = 10 if engine == "sqlite" else 25
    return figure(
        "G6", f"boolean, 3 accounts, 1 year, 50 newest, p95 ms, {engine}, {items} items", ours, theirs,
        f"p95 <= {most} ms", ours <= most,
    )  # fmt: skip


def counts(peer: "Peer", common: Sequence[str], items: int, engine: str) -> dict[str, Any]:
    from rostrum.areas.archive import search
    from rostrum.kernel.words import parse

    index = search.index()
    asked = [search.Filters(tree=parse(word), include_restricted=True) for word in common]
    ours = percentile(timed(index.count_items, asked, 3))
    theirs = percentile(timed(peer.count, list(common), 3))
    return figure(
        "-", f"exact count of Items of a 12-30 % word, p95 ms, {engine}, {items} items", ours, theirs, "<= 3x the peer",
        ours <= 3 * theirs,
    )  # fmt: skip


class Peer:
    """What others do with the same posts."""

    name = ""

    def create(self) -> None: ...
    def add(self, posts: Sequence[Post]) -> None: ...
    def finish(self) -> None: ...
    def newest(self, word: str) -> list[Any]: ...
    def boolean(self, asked: tuple[str, tuple[int, ...], datetime, datetime]) -> list[Any]: ...
    def count(self, word: str) -> int: ...


class SqlitePeer(Peer):
    """FTS5 as it is usually set up: the row number counts, the date is in the row, the answer is joined and sorted."""

    name = "FTS5 joined and sorted"

    def create(self) -> None:
        execute("CREATE TABLE bench_post (id integer PRIMARY KEY, at text, account integer, author text, body text)")
        execute(
            "CREATE VIRTUAL TABLE bench_words USING fts5(body, content='bench_post', content_rowid='id',"
            " tokenize=\"unicode61 remove_diacritics 2 tokenchars '#@'\")"
        )

    def add(self, posts: Sequence[Post]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench_post VALUES (%s, %s, %s, %s, %s)",
                [(post.number, post.at.isoformat(), post.account, post.author, post.text) for post in posts],
            )
            cursor.executemany(
                "INSERT INTO bench_words (rowid, body) VALUES (%s, %s)", [(post.number, post.text) for post in posts]
            )

    def finish(self) -> None:
        execute("CREATE INDEX bench_post_at ON bench_post (at)")
        execute("CREATE INDEX bench_post_account ON bench_post (account, at)")
        execute("ANALYZE")

    def newest(self, word: str) -> list[Any]:
        return execute(
            "SELECT p.id, p.at FROM bench_words JOIN bench_post p ON p.id = bench_words.rowid"
            " WHERE bench_words MATCH %s ORDER BY p.at DESC LIMIT 50",
            f'"{word}"',
        )

    def boolean(self, asked: tuple[str, tuple[int, ...], datetime, datetime]) -> list[Any]:
        words, accounts, since, until = asked
        left, _, without = words.rpartition(" -")
        either, _, both = left.rpartition(") ")
        return execute(
            "SELECT p.id, p.at FROM bench_words JOIN bench_post p ON p.id = bench_words.rowid"
            " WHERE bench_words MATCH %s AND p.at BETWEEN %s AND %s AND p.account IN (%s, %s, %s)"
            " ORDER BY p.at DESC LIMIT 50",
            f"({either[1:]}) AND {both} NOT {without}", since.isoformat(), until.isoformat(), *accounts,
        )  # fmt: skip

    def count(self, word: str) -> int:
        return int(execute("SELECT count(*) FROM bench_words WHERE bench_words MATCH %s", f'"{word}"')[0][0])


class PostgresPeer(Peer):
    """tsvector as it is usually set up: PostgreSQL cuts the words, accounts and dates are columns."""

    name = "tsvector"

    def create(self) -> None:
        execute("CREATE TABLE bench_post (id bigint PRIMARY KEY, at timestamptz, account integer, words tsvector)")

    def add(self, posts: Sequence[Post]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench_post VALUES (%s, %s, %s, to_tsvector('simple', %s))",
                [(post.number, post.at, post.account, post.text) for post in posts],
            )

    def finish(self) -> None:
        execute("CREATE INDEX bench_words ON bench_post USING gin (words)")
        execute("CREATE INDEX bench_post_at ON bench_post (at)")
        execute("CREATE INDEX bench_post_account ON bench_post (account, at)")
        execute("VACUUM ANALYZE bench_post")
        execute("VACUUM ANALYZE archive_words")

    def newest(self, word: str) -> list[Any]:
        return execute(
            "SELECT id, at FROM bench_post WHERE words @@ to_tsquery('simple', %s) ORDER BY at DESC LIMIT 50", word
        )

    def boolean(self, asked: tuple[str, tuple[int, ...], datetime, datetime]) -> list[Any]:
        words, accounts, since, until = asked
        query = words.replace(" OR ", " | ").replace(" -", " & !").replace(") ", ") & ")
        return execute(
            "SELECT id, at FROM bench_post WHERE words @@ to_tsquery('simple', %s) AND at BETWEEN %s AND %s"
            " AND account = ANY(%s) ORDER BY at DESC LIMIT 50",
            query, since, until, list(accounts),
        )  # fmt: skip

    def count(self, word: str) -> int:
        return int(execute("SELECT count(*) FROM bench_post WHERE words @@ to_tsquery('simple', %s)", word)[0][0])


class TantivyPeer(Peer):
    """A search engine of its own, in its own folder: the words, and a fast field by which the answer is ordered."""

    name = "tantivy"

    def create(self) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("at", stored=False, indexed=True, fast=True)
        builder.add_text_field("body", stored=False, tokenizer_name="default", index_option="position")
        folder = Path(os.environ["ROSTRUM_DATA"]) / "tantivy"
        folder.mkdir()
        self.index = tantivy.Index(builder.build(), path=str(folder))
        self.writer = self.index.writer(heap_size=200_000_000, num_threads=1)

    def add(self, posts: Sequence[Post]) -> None:
        import tantivy

        for post in posts:
            self.writer.add_document(tantivy.Document(at=int(post.at.timestamp()), body=post.text))

    def finish(self) -> None:
        self.writer.commit()
        self.writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def newest(self, word: str) -> list[Any]:
        query = self.index.parse_query(word, ["body"])
        return list(self.searcher.search(query, limit=50, order_by_field="at", count=False).hits)


def execute(sql: str, *values: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


def timed(act: Callable[[Any], Any], asked: Sequence[Any], times: int) -> list[float]:
    """Milliseconds of each question: the median of its rounds, after one to warm up."""
    found: list[list[float]] = [[] for _ in asked]
    for turn in range(times + 1):
        for place, one in enumerate(asked):
            began = time.perf_counter()
            act(one)
            if turn:
                found[place].append((time.perf_counter() - began) * 1e3)
    return [statistics.median(rounds) for rounds in found]


def percentile(found: Sequence[float]) -> float:
    return statistics.quantiles(found, n=20)[18]


def figure(goal: str, what: str, ours: float, peer: float, limit: str, ok: bool) -> dict[str, Any]:  # noqa: PLR0917
    return {
        "goal": goal, "what": what, "ours": round(ours, 3), "peer": round(peer, 3), "ratio": round(ours / peer, 4),
        "limit": limit, "ok": ok,
    }  # fmt: skip


if __name__ == "__main__":
    main()
