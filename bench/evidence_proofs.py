"""Evidence against its limits, in one run.

Canonical JSON (G3), Merkle appends (G4), bags (G12), verification (G21), proofs from disk (G23).

    python -m bench.evidence_proofs [--small]

Prints one JSON object per figure: goal, what, value, peer (the limit it is measured against), ratio.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785

from rostrum.evidence.bag import BagWriter
from rostrum.evidence.bundle import BundleWriter, Record, RecordFile, Scope
from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.checkpoints import Checkpoint, SignerKey, VerifierKey
from rostrum.evidence.commitments import Part, commit, new_seed
from rostrum.evidence.merkle import Frontier, leaf_hash
from rostrum.evidence.segments import text_segments
from rostrum.evidence.tiles import FolderTileStore, TiledLog
from rostrum.evidence.verify import verify_bundle

TEXT = "The pool opens at nine; call 555-0100 to ask about lessons. "


def cpu(act: Callable[[], Any], times: int = 1) -> float:
    """CPU seconds of this process for the best of `times` runs."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best


def figure(goal: str, what: str, value: float, peer: float, unit: str) -> dict[str, Any]:
    return {
        "goal": goal,
        "what": what,
        "value": round(value, 3),
        "peer": round(peer, 3),
        "ratio": round(value / peer, 2),
        "unit": unit,
    }


def sample_record(number: int) -> dict[str, Any]:
    return {
        "v": 1, "kind": "post", "channel": f"chn-{number % 50}", "native_id": str(10**17 + number), "text": TEXT * 5,
        "author": {"handle": "city", "id": str(number * 7919)}, "hashtags": ["pool", "summer"], "deleted": False,
        "published_at": "2026-11-20T12:00:00Z", "metrics": {"likes": number % 977, "replies": number % 13},
    }  # fmt: skip


def canonical(count: int) -> Iterator[dict[str, Any]]:
    records = [sample_record(number) for number in range(count)]
    assert all(canonical_json(record) == rfc8785.dumps(record) for record in records)

    def write_each(write: Callable[[Any], bytes]) -> None:
        # Nothing is kept: a list of all the results is memory that the system clears page by page, at several times the
        # cost of writing them. In use they are hashed or stored, and dropped.
        for record in records:
            write(record)

    # In turns, so that a slow moment of the machine touches both.
    turns = [(cpu(lambda: write_each(canonical_json)), cpu(lambda: write_each(rfc8785.dumps))) for _ in range(5)]
    ours, theirs = (min(times) for times in zip(*turns, strict=True))
    yield figure("G3", "canonical JSON, records per CPU-second; peer rfc8785", count / ours, count / theirs, "1/s")


def committing(count: int) -> Iterator[dict[str, Any]]:
    parts = [Part("record", bytes(300)), Part("author", bytes(60)), Part("raw", bytes(64))]
    parts += [Part(f"text/{at}", piece.encode()) for at, piece in enumerate(text_segments(TEXT * 4)[:37])]
    data = [bytes(52)] * len(parts)
    ours = cpu(lambda: [commit(parts, new_seed()) for _ in range(count)], 3)
    bare = cpu(lambda: [[sha256(one).digest() for one in data] for _ in range(count)], 3)
    yield figure("-", "commitment of 40 parts, µs; peer 40 bare hashes", ours / count * 1e6, bare / count * 1e6, "µs")


def merkle(count: int) -> Iterator[dict[str, Any]]:
    leaves = [number.to_bytes(8, "big") * 4 for number in range(count)]
    long = bytes(65)
    ours = cpu(lambda: Frontier().append_many([leaf_hash(leaf) for leaf in leaves]), 3)
    bare = cpu(lambda: [sha256(long).digest() for _ in range(2 * count)], 3)
    yield figure("G4", f"{count} leaves hashed and appended, CPU s; peer twice as many bare hashes", ours, bare, "s")


def bags(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    blob = os.urandom(20_000)

    def write_bag() -> None:
        with BagWriter(folder / "bag") as bag:
            for number in range(count):
                bag.add(f"{number // 100:04d}/{number:06d}", blob)
            bag.finish({"Bagging-Date": "2026-11-20"})

    def write_and_hash() -> None:
        for number in range(count):
            place = folder / "bare" / f"{number // 100:04d}"
            if number % 100 == 0:
                place.mkdir(parents=True)
            (place / f"{number:06d}").write_bytes(blob)
            sha256(blob).hexdigest()

    yield figure(
        "G12", f"bag of {count} files, CPU s; peer writing and hashing them", cpu(write_bag), cpu(write_and_hash), "s"
    )


def verification(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    key = _write_bundle(folder, count)
    answers = []
    ours = cpu(lambda: answers.append(verify_bundle(folder / "bundle", [key])), 3)
    assert answers[0].exit_code == 0, answers[0].faults[:3]

    def read_all() -> None:
        for path in (folder / "bundle/data/records").rglob("*.json"):
            data = path.read_bytes()
            sha256(data).hexdigest()
            json.loads(data)

    yield figure(
        "G21",
        "records verified per CPU-second; peer only reading, hashing, parsing",
        count / ours,
        count / cpu(read_all, 3),
        "1/s",
    )


def _write_bundle(folder: Path, count: int) -> VerifierKey:
    """Write a bundle of `count` records; by itself, so that nothing of the writing is in memory while verifying."""
    key = SignerKey.generate("bench.example/log")
    payloads = [json.dumps(sample_record(number)).encode() for number in range(count)]
    records = [
        [Part("record", b"{}"), Part("author", b"city"), Part("raw", sha256(payload).hexdigest().encode())]
        + [Part(f"text/{at}", piece.encode()) for at, piece in enumerate(text_segments(TEXT))]
        for payload in payloads
    ]
    seeds = [new_seed() for _ in records]
    log = TiledLog(FolderTileStore(folder / "log"))
    head = log.append([commit(parts, seed) for parts, seed in zip(records, seeds, strict=True)])
    note = Checkpoint(key.name, *head).signed(key)
    with BundleWriter(folder / "bundle", checkpoint=note, signer=key, scope=Scope("all", covers_log=True)) as bundle:
        for number, parts in enumerate(records):
            files = [RecordFile("raw", "payload.json", payloads[number])]
            bundle.add_record(
                Record(f"v{number}", parts, seeds[number], number, log.inclusion_proof(number), files=files)
            )
        bundle.finish()
    return key.verifier


def proofs(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    store = FolderTileStore(folder / "tiles")
    TiledLog(store).append([number.to_bytes(32, "big") for number in range(count)])
    times = []
    for number in range(200):
        start = time.perf_counter()
        TiledLog(store, count).inclusion_proof(number * (count - 1) // 199)
        times.append(time.perf_counter() - start)
    yield figure(
        "G23", f"inclusion proof from disk at {count}, p95 ms; bound 2 ms", sorted(times)[189] * 1e3, 2.0, "ms"
    )


def main() -> None:
    factor = 10 if "--small" in sys.argv else 1
    folder = Path(tempfile.mkdtemp(prefix="rostrum-bench-"))
    try:
        for figures in (
            canonical(20_000 // factor),
            committing(5_000 // factor),
            merkle(1_000_000 // factor),
            bags(folder, 10_000 // factor),
            verification(folder, 10_000 // factor),
            proofs(folder, 1_000_000 // factor),
        ):
            for one in figures:
                print(json.dumps(one), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
