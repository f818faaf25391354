"""Bundles: a production or a full export that anyone can verify offline. Writes what `rostrum-verify` reads.

A bundle is a BagIt bag (`bag.py`); its payload is described in docs/reference/bundle-format.md. Records are written one
at a time and memory stays flat. What would not verify is refused while writing, and nothing of it is left.

    with BundleWriter(folder, checkpoint=note, signer=key, scope=Scope("Request 12", {"words": "pool"})) as bundle:
        bundle.add_record(Record(id, parts, seed, leaf_index, proof, files=(RecordFile("raw", "payload.json", data),)))
        report = bundle.finish()
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from rostrum.evidence.bag import SIGNATURE, BagWriter
from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.checkpoints import Checkpoint, SignerKey, open_checkpoint, sign_note
from rostrum.evidence.commitments import Part, commit, disclose
from rostrum.evidence.merkle import HASH_SIZE, InclusionChecker, leaf_hash, verify_consistency

RECORD_FORMAT = "rostrum-record/v1"
SCOPE_FORMAT = "rostrum-scope/v1"
SIGNATURE_FORMAT = "rostrum-bundle/v1"
# The entry that accounts for a record's absence: its kind, and the field of its body that lists the commitments.
DISPOSITION_KIND = "retention.records-disposed.v1"
DISPOSED_FIELD = "commitments"

CHECKPOINT = "checkpoint"
SCOPE = "scope.json"
SCOPE_RECORDS = "scope-records.jsonl"
REDACTIONS = "redactions.jsonl"
CUSTODY = "custody.jsonl"
GAPS = "gaps.json"
CONSISTENCY = "consistency.json"
RECORD = "record.json"


class BundleRefused(ValueError):
    """What was given would not verify, or contradicts itself; the message names the record or file."""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of a record: the name of the part that holds its SHA-256, its name in the record's folder, its bytes."""

    part: str
    name: str
    content: bytes | Callable[[], IO[bytes]]
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record (an item's version) with what proves it.

    `withheld` are positions in `parts`; files of withheld parts are left out by the caller. `derived` files stand for
    parts that are withheld (a redacted copy): they are covered by the bundle's signature, not by the commitment.
    """

    id: str
    parts: Sequence[Part]
    seed: bytes
    leaf_index: int
    proof: Sequence[bytes]
    withheld: Collection[int] = ()
    files: Sequence[RecordFile] = ()
    derived: Sequence[RecordFile] = ()


@dataclass(frozen=True, slots=True)
class AbsentRecord:
    """A record in scope that is not in the bundle: disposed of (add the disposition's entry), or missing."""

    id: str
    commitment: bytes
    leaf_index: int


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """One ledger entry, disclosed with its proof; `withheld` are positions in `parts`."""

    id: str
    parts: Sequence[Part]
    seed: bytes
    leaf_index: int
    proof: Sequence[bytes]
    withheld: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Redaction:
    """Why parts of a record are withheld: the exemption's code and authority, the reason, who did and who checked."""

    record: str
    parts: Sequence[str]
    code: str
    authority: str
    reason: str
    redacted_by: str = ""
    reviewed_by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a channel was not seen whole, and why. Instants as text; `until` is empty while it is open."""

    channel: str
    since: str
    until: str
    cause: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the bundle claims to be complete for, in words and as the query; values as in canonical JSON.

    `covers_log` claims that every leaf of the log up to the checkpoint is in the bundle, as a record or an entry.
    """

    statement: str
    query: Mapping[str, Any] = field(default_factory=dict)
    covers_log: bool = False


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What was written. `digest` is the SHA-256 of the tag manifest, in hexadecimal: it names the whole bundle."""

    folder: Path
    records: int
    absent: int
    entries: int
    redactions: int
    gaps: int
    files: int
    size_bytes: int
    digest: str


def signature_text(origin: str, tag_manifest: bytes) -> str:
    """Return the text of the note that signs a bundle. Its second line is no number, so it is never a checkpoint."""
    return f"{SIGNATURE_FORMAT}\n{origin}\ntagmanifest-sha256 {sha256(tag_manifest).hexdigest()}\n"


class _Lines:
    """JSON lines written aside, because the bag's files are written whole."""

    def __init__(self, files: ExitStack) -> None:
        self.count = 0
        file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - the stack closes it
        self._file = files.enter_context(file)

    def add(self, value: Mapping[str, Any]) -> None:
        self.count += 1
        self._file.write(canonical_json(value) + b"\n")

    def whole(self) -> IO[bytes]:
        self._file.seek(0)
        return self._file


class BundleWriter:
    """Writes one bundle into a new folder. Leaving the `with` block before `finish` leaves nothing behind.

    `checkpoint` is the signed note all proofs lead to; `signer` is the log's key, which signs the bundle; `info` goes
    into bag-info.txt (say, Source-Organization, External-Identifier, Bagging-Date). Raises BadNote, UntrustedNote,
    FileExistsError, NotCanonical.
    """

    def __init__(
        self,
        folder: Path,
        *,
        checkpoint: bytes,
        signer: SignerKey,
        scope: Scope,
        info: Mapping[str, str] | None = None,
    ) -> None:
        if folder.exists():
            raise FileExistsError(f"{folder} exists already")
        canonical_json(dict(scope.query))  # refused now rather than after an hour's writing
        self.folder = folder
        self.checkpoint: Checkpoint = open_checkpoint(checkpoint, [signer.verifier])
        self._note = checkpoint
        self._signer = signer
        self._scope = scope
        self._info = dict(info or {})
        self._aside = folder.with_name(f"{folder.name}.unfinished")
        if self._aside.exists():
            shutil.rmtree(self._aside)  # of an export that was killed
        self._bag = BagWriter(self._aside)
        self._checker = InclusionChecker(self.checkpoint.size, self.checkpoint.root)
        self._leaves = bytearray(-(-self.checkpoint.size // 8))
        self._files = ExitStack()
        self._scope_lines = _Lines(self._files)
        self._redaction_lines = _Lines(self._files)
        self._custody_lines = _Lines(self._files)
        self._withheld: dict[str, set[str]] = {}
        self._explained: dict[str, set[str]] = {}
        self._gaps: list[dict[str, Any]] = []
        self._consistency: list[dict[str, Any]] = []
        self._records = 0
        self._absent = 0
        self._finished = False

    def __enter__(self) -> "BundleWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()
        self._bag.__exit__()
        if not self._finished:
            shutil.rmtree(self._aside, ignore_errors=True)

    def add_record(self, record: Record) -> str:
        """Write one record and its files; return its folder in the bag. Raises `BundleRefused`."""
        shown, commitment = self._proved(f"record {record.id}", record)
        self._records += 1
        number = f"{self._records:06d}"
        files = [self._add_file(number, record, file, shown.get(file.part, b"")) for file in record.files]
        derived = [self._add_file(number, record, file, None) for file in record.derived]
        described = {
            "format": RECORD_FORMAT,
            "id": record.id,
            "commitment": commitment.hex(),
            "leaf_index": record.leaf_index,
            "proof": [step.hex() for step in record.proof],
            "parts": disclose(record.parts, record.seed, record.withheld),
            "files": files,
            "derived": derived,
        }
        self._bag.add(f"records/{number}/{RECORD}", canonical_json(described) + b"\n")
        self._add_to_scope(record.id, commitment, record.leaf_index, number)
        if record.withheld:
            self._withheld[record.id] = {record.parts[position].name for position in record.withheld}
        return f"data/records/{number}"

    def add_absent(self, record: AbsentRecord) -> None:
        """State a record that is in scope and not in the bundle. Raises `BundleRefused`."""
        if len(record.commitment) != HASH_SIZE:
            raise BundleRefused(f"record {record.id}: a commitment has 32 bytes")
        self._take_leaf(f"record {record.id}", record.leaf_index)
        self._absent += 1
        self._add_to_scope(record.id, record.commitment, record.leaf_index, None)

    def add_entry(self, entry: CustodyEntry) -> None:
        """Disclose a ledger entry in the custody log. Raises `BundleRefused`."""
        _, commitment = self._proved(f"entry {entry.id}", entry)
        self._custody_lines.add(
            {
                "id": entry.id,
                "commitment": commitment.hex(),
                "leaf_index": entry.leaf_index,
                "proof": [step.hex() for step in entry.proof],
                "parts": disclose(entry.parts, entry.seed, entry.withheld),
            }
        )

    def add_redaction(self, redaction: Redaction) -> None:
        """Add a line to the redaction log; `finish` compares it with what is withheld."""
        self._redaction_lines.add(asdict(redaction) | {"parts": list(redaction.parts)})
        self._explained.setdefault(redaction.record, set()).update(redaction.parts)

    def add_gap(self, gap: Gap) -> None:
        """State a gap that the bundle's scope touches."""
        self._gaps.append(asdict(gap))

    def add_readable(self, name: str, content: bytes | IO[bytes] | Iterable[bytes]) -> None:
        """Add a readable rendering, such as ``letter.pdf`` or ``records.csv``. Raises ValueError for a bad name."""
        self._bag.add(f"readable/{name}", content)

    def add_certificate(self, name: str, content: bytes | IO[bytes] | Iterable[bytes]) -> None:
        """Add a certificate of the custodian or a technical one. Raises ValueError for a bad name."""
        self._bag.add(f"certificates/{name}", content)

    def add_timestamp(self, name: str, content: bytes) -> None:
        """Add an RFC 3161 timestamp over the checkpoint. Raises ValueError for a bad name."""
        self._bag.add(f"timestamps/{name}", content)

    def add_consistency(self, earlier: bytes, proof: Sequence[bytes]) -> None:
        """Add an earlier checkpoint of the same log and the proof that this one extends it. Raises `BundleRefused`."""
        old = open_checkpoint(earlier, [self._signer.verifier])
        now = self.checkpoint
        if old.origin != now.origin or not verify_consistency(old.size, old.root, now.size, now.root, proof):
            raise BundleRefused(f"the checkpoint of size {old.size} is not shown to be an earlier one of this log")
        self._consistency.append({"checkpoint": earlier.decode(), "proof": [step.hex() for step in proof]})

    def finish(self) -> BundleReport:
        """Write the logs, the scope and the manifests, sign them, and give the bundle its name, all durably.

        Raises `BundleRefused` if a withheld part is not in the redaction log, a redaction names a part that is shown,
        or a claim to cover the whole log does not hold.
        """
        self._compare_redactions()
        if self._scope.covers_log:
            self._check_coverage()
        add = self._bag.add
        add(CHECKPOINT, self._note)
        add(SCOPE_RECORDS, self._scope_lines.whole())
        add(REDACTIONS, self._redaction_lines.whole())
        add(CUSTODY, self._custody_lines.whole())
        add(GAPS, canonical_json(self._gaps) + b"\n")
        add(CONSISTENCY, canonical_json(self._consistency) + b"\n")
        scope = {
            "format": SCOPE_FORMAT,
            "statement": self._scope.statement,
            "query": dict(self._scope.query),
            "count": self._scope_lines.count,
            "covers_log": self._scope.covers_log,
        }
        add(SCOPE, canonical_json(scope) + b"\n")
        tag_manifest = self._bag.finish(self._info)
        text = signature_text(self.checkpoint.origin, tag_manifest)
        self._bag.add_unlisted(SIGNATURE, sign_note(text, self._signer))
        os.sync()  # once for all files: many times faster than one by one
        self._aside.rename(self.folder)
        os.sync()
        self._finished = True
        return BundleReport(
            folder=self.folder,
            records=self._records,
            absent=self._absent,
            entries=self._custody_lines.count,
            redactions=self._redaction_lines.count,
            gaps=len(self._gaps),
            files=self._bag.count,
            size_bytes=self._bag.size_bytes,
            digest=sha256(tag_manifest).hexdigest(),
        )

    def _proved(self, what: str, proved: Record | CustodyEntry) -> tuple[dict[str, bytes], bytes]:
        """Return the shown values by name, and the commitment, once the proof was seen to hold."""
        try:
            commitment = commit(proved.parts, proved.seed)
        except ValueError as problem:
            raise BundleRefused(f"{what}: {problem}") from None
        if not self._checker.holds(leaf_hash(commitment), proved.leaf_index, proved.proof):
            raise BundleRefused(f"{what}: its proof does not lead from its parts to the checkpoint")
        if any(not 0 <= position < len(proved.parts) for position in proved.withheld):
            raise BundleRefused(f"{what}: a withheld position is outside its parts")
        self._take_leaf(what, proved.leaf_index)
        hidden = frozenset(proved.withheld)
        shown = {part.name: part.value for at, part in enumerate(proved.parts) if at not in hidden}
        return shown, commitment

    def _take_leaf(self, what: str, index: int) -> None:
        if not 0 <= index < self.checkpoint.size:
            raise BundleRefused(f"{what}: leaf {index} is not below the checkpoint")
        byte, bit = divmod(index, 8)
        if self._leaves[byte] >> bit & 1:
            raise BundleRefused(f"{what}: leaf {index} is in the bundle already")
        self._leaves[byte] |= 1 << bit

    def _add_file(self, number: str, record: Record, file: RecordFile, stated: bytes | None) -> dict[str, str]:
        """Write a file of a record; `stated` is the digest its part holds, or None for a derived file."""
        if file.name == RECORD:
            raise BundleRefused(f"record {record.id}: {RECORD} is taken")
        path = f"records/{number}/{file.name}"
        try:
            if isinstance(file.content, bytes):
                digest = self._bag.add(path, file.content)
            else:
                with file.content() as content:
                    digest = self._bag.add(path, content)
        except ValueError as problem:
            raise BundleRefused(f"record {record.id}: {problem}") from None
        if stated is not None and stated not in (digest.encode(), bytes.fromhex(digest)):
            raise BundleRefused(f"record {record.id}: {file.name} is not what its part {file.part!r} holds or shows")
        return {"part": file.part, "path": file.name, "mime": file.mime}

    def _add_to_scope(self, record_id: str, commitment: bytes, leaf_index: int, number: str | None) -> None:
        self._scope_lines.add(
            {"id": record_id, "commitment": commitment.hex(), "leaf_index": leaf_index, "folder": number}
        )

    def _compare_redactions(self) -> None:
        for record_id, withheld in self._withheld.items():
            unexplained = sorted(withheld - self._explained.get(record_id, set()))
            if unexplained:
                raise BundleRefused(f"record {record_id}: {unexplained[0]} is withheld and not in the redaction log")
        for record_id, explained in self._explained.items():
            shown = sorted(explained - self._withheld.get(record_id, set()))
            if shown:
                raise BundleRefused(f"record {record_id}: {shown[0]} is in the redaction log and not withheld")

    def _check_coverage(self) -> None:
        for index in range(self.checkpoint.size):
            if not self._leaves[index // 8] >> index % 8 & 1:
                raise BundleRefused(f"the bundle claims to cover the log, but lacks leaf {index}")
