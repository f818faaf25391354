"""A small log and a bundle over it, for the tests: texts, media, redactions, a disposed record, gaps, entries."""

import json
from hashlib import sha256, shake_256
from pathlib import Path

from rostrum.evidence.bundle import (
    DISPOSITION_KIND,
    AbsentRecord,
    BundleReport,
    BundleWriter,
    CustodyEntry,
    Gap,
    Record,
    RecordFile,
    Redaction,
    Scope,
)
from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.checkpoints import Checkpoint, SignerKey
from rostrum.evidence.commitments import Part, commit
from rostrum.evidence.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of
from rostrum.evidence.segments import text_segments

KEY = SignerKey("city.example/log", bytes(range(32)))
OTHER_KEY = SignerKey("city.example/log", bytes(range(1, 33)))
DISPOSED = 7  # number of the record that was disposed of
REDACTED = (3, 11, 12)
WITH_MEDIA = (2, 11)
EARLIER_SIZE = 9


def seed_of(name: str) -> bytes:
    return shake_256(name.encode()).digest(32)


class SampleLog:
    """`count` records, one leaf each, followed by the entry of their capture and that of a disposition."""

    def __init__(self, count: int = 30) -> None:
        self.records = [self._parts(number) for number in range(count)]
        self.seeds = [seed_of(f"record {number}") for number in range(count)]
        commitments = [commit(parts, seed) for parts, seed in zip(self.records, self.seeds, strict=True)]
        disposed = commitments[DISPOSED] if count > DISPOSED else b"\0" * 32
        self.entries = [
            self._entry(0, "archive.items-captured.v1", {"count": count}),
            self._entry(1, DISPOSITION_KIND, {"commitments": [disposed.hex()], "series": "GS-12"}),
        ]
        self.commitments = commitments + [
            commit(parts, seed_of(f"entry {at}")) for at, parts in enumerate(self.entries)
        ]
        self.leaves = [leaf_hash(commitment) for commitment in self.commitments]

    @staticmethod
    def _entry(number: int, kind: str, body: dict[str, object]) -> list[Part]:
        return [
            Part("id", b"ent-%d" % number),
            Part("kind", kind.encode()),
            Part("actor", b"per-1"),
            Part("body", canonical_json(body)),
        ]

    @staticmethod
    def payload(number: int) -> bytes:
        return json.dumps({"id": str(number), "text": SampleLog.text(number)}).encode()

    @staticmethod
    def text(number: int) -> str:
        return f"The pool opens at {number} o’clock; call Ann at 555-01{number:02d}, please."

    @staticmethod
    def medium(number: int) -> bytes:
        return b"\xff\xd8 picture %d" % number * 20

    @classmethod
    def _parts(cls, number: int) -> list[Part]:
        parts = [
            Part("record", canonical_json({"id": str(number), "kind": "post"})),
            Part("author", b"someone"),
            Part("raw", sha256(cls.payload(number)).hexdigest().encode()),
        ]
        if number in WITH_MEDIA:
            parts.append(Part("media/0", sha256(cls.medium(number)).digest()))
        return parts + [Part(f"text/{at}", piece.encode()) for at, piece in enumerate(text_segments(cls.text(number)))]

    def proof(self, index: int) -> list[bytes]:
        return inclusion_proof(self.leaves, index)

    def checkpoint(self, key: SignerKey = KEY, size: int | None = None) -> bytes:
        leaves = self.leaves[:size]
        return Checkpoint(key.name, len(leaves), root_of(leaves)).signed(key)

    def record(self, number: int) -> Record:
        """The record, redacted where it is to be."""
        parts = self.records[number]
        withheld: set[int] = set()
        files = [RecordFile("raw", "payload.json", self.payload(number), "application/json")]
        if number in WITH_MEDIA:
            files.append(RecordFile("media/0", "media/0.jpg", self.medium(number), "image/jpeg"))
        derived: list[RecordFile] = []
        if number in REDACTED:
            withheld = {at for at, part in enumerate(parts) if part.name == "raw" or b"555-" in part.value}
            derived = [RecordFile("raw", "redacted.json", b'{"text":"[withheld]"}', "application/json")]
            files = [file for file in files if file.part != "raw"]
        return Record(f"ver-{number}", parts, self.seeds[number], number, self.proof(number), withheld, files, derived)

    def entry(self, number: int) -> CustodyEntry:
        index = len(self.records) + number
        return CustodyEntry(
            f"ent-{number}", self.entries[number], seed_of(f"entry {number}"), index, self.proof(index), {2}
        )


def write_bundle(
    folder: Path, log: SampleLog | None = None, *, key: SignerKey = KEY, disposition: bool = True, covers: bool = True
) -> BundleReport:
    """Write the sample bundle: every record of the log, one disposed of, three redacted."""
    log = log or SampleLog()
    scope = Scope("Everything about the pool", {"words": "pool"}, covers_log=covers and disposition)
    info = {"Source-Organization": "City of Example", "Bagging-Date": "2026-11-20"}
    with BundleWriter(folder, checkpoint=log.checkpoint(key), signer=key, scope=scope, info=info) as bundle:
        for number in range(len(log.records)):
            if number == DISPOSED:
                bundle.add_absent(AbsentRecord(f"ver-{number}", log.commitments[number], number))
                continue
            record = log.record(number)
            bundle.add_record(record)
            if record.withheld:
                names = [record.parts[at].name for at in sorted(record.withheld)]
                bundle.add_redaction(Redaction(record.id, names, "personal-data", "s. 19.36(13)", "a phone number"))
        bundle.add_entry(log.entry(0))
        if disposition:
            bundle.add_entry(log.entry(1))
        bundle.add_gap(Gap("city-news", "2026-11-01T00:00:00Z", "", "rate limit"))
        bundle.add_readable("letter.txt", b"We release 29 of 30 records.\n")
        bundle.add_certificate("custodian.txt", b"I certify.\n")
        bundle.add_timestamp("checkpoint.tsr", b"0\x82")
        bundle.add_consistency(log.checkpoint(key, EARLIER_SIZE), consistency_proof(log.leaves, EARLIER_SIZE))
        return bundle.finish()
