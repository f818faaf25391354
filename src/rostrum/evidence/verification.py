"""Verifying a bundle, step by step. Reads each file once; trusts nothing but the keys it is given.

The steps are numbered as in docs/reference/bundle-format.md. RFC 8493 is BagIt, RFC 9162 the Merkle tree; C2SP names
the checkpoint and note formats at https://c2sp.org.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rostrum.evidence.bag import MANIFEST, SIGNATURE, TAG_MANIFEST, BagContents, BagReader
from rostrum.evidence.bundle import (
    CHECKPOINT,
    CONSISTENCY,
    CUSTODY,
    GAPS,
    RECORD,
    RECORD_FORMAT,
    REDACTIONS,
    SCOPE,
    SCOPE_FORMAT,
    SCOPE_RECORDS,
    signature_text,
)
from rostrum.evidence.checkpoints import (
    LARGEST_NOTE,
    BadNote,
    Checkpoint,
    UntrustedNote,
    VerifierKey,
    open_checkpoint,
    open_note,
    parse_note,
)
from rostrum.evidence.claims import (
    ENTRY_KEYS,
    GAP_KEYS,
    RECORD_KEYS,
    SCOPE_KEYS,
    InScope,
    Wrong,
    calling_for_files,
    disposed_by,
    hashes,
    proved,
    scope_line,
)
from rostrum.evidence.merkle import InclusionChecker, verify_consistency
from rostrum.evidence.payload import PayloadReader
from rostrum.evidence.sources import Fault, Unreadable, open_source
from rostrum.evidence.verdicts import CONSISTENT, RecordResult, SetVerdict, Verdict, Verdicts


def verify_bundle(path: Path, keys: Sequence[VerifierKey]) -> Verdicts:
    """Verify the bundle in a folder or zip file against the given keys. Never raises for what the bundle holds."""
    try:
        # Step 1: open; nothing is unpacked, no link is followed.
        source = open_source(path)
    except (Unreadable, OSError) as problem:
        return Verdicts(SetVerdict.UNREADABLE, faults=[Fault(str(path), str(problem))])
    try:
        return _Verification(BagReader(source), keys).run()
    except (Unreadable, OSError) as problem:
        return Verdicts(SetVerdict.UNREADABLE, faults=[Fault(str(path), str(problem))])
    finally:
        source.close()


class _Verification:
    def __init__(self, bag: BagReader, keys: Sequence[VerifierKey]) -> None:
        self.bag = bag
        self.keys = keys
        self.fault = bag.fault
        self.trusted = False
        self.checkpoint: Checkpoint | None = None
        self.checker: InclusionChecker | None = None
        self.contents = BagContents({}, {}, {}, b"")
        self.payload = PayloadReader(bag, {})
        self.explained: dict[str, set[str]] = {}
        self.redactions_signed = False
        self.disposed: dict[bytes, tuple[str, int]] = {}
        self.leaves: dict[int, str] = {}
        self.covers_log = False

    def run(self) -> Verdicts:
        # Step 2: the bag's own files, strictly (RFC 8493, section 2; bag.py says where this is stricter).
        self.contents = self.bag.contents()
        self.payload = PayloadReader(self.bag, self.contents.payload)
        # Step 3: the signature over the tag manifest, which covers every other byte (C2SP signed-note).
        self._check_signature()
        # Step 4: the checkpoint, signed by a key we were given (C2SP tlog-checkpoint).
        self._check_checkpoint()
        # Step 5: earlier checkpoints are of the same history (RFC 9162, section 2.1.4.2).
        self._check_consistency()
        # Step 6: the logs: what was withheld and why, what was disposed of, where capture has gaps.
        self._read_redactions()
        self._read_custody()
        gaps = self._read_gaps()
        # Step 7: the stated scope.
        statement, count, lines = self._read_scope()
        # Step 8: each record in scope, then what is there beside the scope.
        results = self._check_records(lines)
        # Step 9: every remaining payload file against the manifest.
        for path in self.contents.payload:
            if path not in self.payload.checked and path in self.bag.sizes:
                self.payload.digest(path)
        # Step 10: the verdict on the set.
        self._check_set(count, lines)
        return self._verdicts(results, statement, gaps)

    # -- step 3

    def _check_signature(self) -> None:
        note = self.bag.read(SIGNATURE, LARGEST_NOTE)
        if note is None:
            return
        try:
            if len(parse_note(note).signatures) != 1:
                raise BadNote("has more than one signature")
            text, signers = open_note(note, self.keys)
        except (BadNote, UntrustedNote) as problem:
            self.fault(SIGNATURE, str(problem))
            return
        if text != signature_text(signers[0].name, self.contents.tag_manifest):
            self.fault(TAG_MANIFEST, "is not what the signature signs")

    # -- steps 4 and 5

    def _check_checkpoint(self) -> None:
        path = f"data/{CHECKPOINT}"
        note = self.payload.read(path, LARGEST_NOTE)
        if note is None:
            return
        try:
            self.checkpoint = open_checkpoint(note, self.keys)
            self.trusted = True
        except UntrustedNote as problem:
            self.fault(path, str(problem) if self.keys else "no key was given to check it with")
        except BadNote as problem:
            self.fault(path, str(problem))
        try:
            # Untrusted, it still lets us say whether the bundle agrees with itself.
            self.checkpoint = self.checkpoint or Checkpoint.parse(parse_note(note).text)
        except BadNote:
            return
        self.checker = InclusionChecker(self.checkpoint.size, self.checkpoint.root)

    def _check_consistency(self) -> None:
        path = f"data/{CONSISTENCY}"
        for position, earlier in enumerate(self.payload.list(CONSISTENCY)):
            try:
                if not isinstance(earlier, dict) or earlier.keys() != {"checkpoint", "proof"}:
                    raise Wrong("is not a checkpoint with a proof")
                if not isinstance(earlier["checkpoint"], str):
                    raise Wrong("its checkpoint is not text")
                note = earlier["checkpoint"].encode()
                old = open_checkpoint(note, self.keys) if self.keys else Checkpoint.parse(parse_note(note).text)
                now = self.checkpoint
                proof = hashes(earlier["proof"])
                if now is None or old.origin != now.origin:
                    raise Wrong("is not a checkpoint of the same log")
                if not verify_consistency(old.size, old.root, now.size, now.root, proof):
                    raise Wrong(f"the log at size {now.size} is not shown to extend itself at size {old.size}")
            except ValueError as problem:
                self.fault(f"{path}, [{position}]", str(problem))

    # -- step 6

    def _read_redactions(self) -> None:
        for number, line in self.payload.lines(REDACTIONS):
            parts, record = line.get("parts"), line.get("record")
            if not isinstance(record, str) or not isinstance(parts, list) or not all(isinstance(p, str) for p in parts):
                self.fault(f"data/{REDACTIONS}, line {number}", "does not name a record and its parts")
            elif not line.get("reason") or not line.get("code"):
                self.fault(f"data/{REDACTIONS}, line {number}", "gives no exemption and reason")
            else:
                self.explained.setdefault(record, set()).update(parts)
        # Anyone can withhold a part and write a reason: only a log that the body signed explains anything.
        chain = (SIGNATURE, TAG_MANIFEST, MANIFEST, f"data/{REDACTIONS}")
        self.redactions_signed = not any(fault.where.startswith(chain) for fault in self.bag.faults)

    def _read_custody(self) -> None:
        for number, line in self.payload.lines(CUSTODY):
            where = f"data/{CUSTODY}, line {number}"
            try:
                entry = proved(line, ENTRY_KEYS, self.checker)
                self._take_leaf(entry.leaf_index, f"the entry {entry.id}")
                for commitment in disposed_by(entry.disclosure.shown):
                    self.disposed.setdefault(commitment, (entry.id, entry.leaf_index))
            except ValueError as problem:
                self.fault(where, str(problem))

    def _read_gaps(self) -> int:
        gaps = self.payload.list(GAPS)
        for position, gap in enumerate(gaps):
            if not isinstance(gap, dict) or gap.keys() != GAP_KEYS or not all(isinstance(v, str) for v in gap.values()):
                self.fault(f"data/{GAPS}, [{position}]", "is not a gap with its channel, times, cause and detail")
        return len(gaps)

    # -- step 7

    def _read_scope(self) -> tuple[str, int | None, list[InScope]]:
        path = f"data/{SCOPE}"
        scope = self.payload.json(path)
        count, statement = None, ""
        if not isinstance(scope, dict) or scope.keys() != SCOPE_KEYS or scope["format"] != SCOPE_FORMAT:
            if scope is not None:
                self.fault(path, f"is not a scope of the format {SCOPE_FORMAT}")
        elif not isinstance(scope["count"], int) or not isinstance(scope["statement"], str):
            self.fault(path, "gives no count and statement")
        else:
            count, statement, self.covers_log = scope["count"], scope["statement"], scope["covers_log"] is True
        lines: list[InScope] = []
        for number, line in self.payload.lines(SCOPE_RECORDS):
            try:
                in_scope = scope_line(line, number)
                self._take_leaf(in_scope.leaf_index, f"the record {in_scope.id}")
                lines.append(in_scope)
            except ValueError as problem:
                self.fault(f"data/{SCOPE_RECORDS}, line {number}", str(problem))
        return statement, count, lines

    # -- step 8

    def _check_records(self, lines: Sequence[InScope]) -> list[RecordResult]:
        folders: dict[str, list[str]] = {}
        for path in self.bag.sizes:
            if path.startswith("data/records/"):
                folders.setdefault(path.split("/", 3)[2], []).append(path)
        results: list[RecordResult] = []
        for line in lines:
            paths = folders.pop(line.folder, None) if line.folder is not None else None
            if paths is None:
                results.append(self._absent(line))
            else:
                results.append(self._check_record(f"data/records/{line.folder}", paths, line))
        for folder, paths in sorted(folders.items()):
            self.fault(f"data/records/{folder}/{RECORD}", "is not in the stated scope")
            results.append(self._check_record(f"data/records/{folder}", paths, None))
        return results

    def _absent(self, line: InScope) -> RecordResult:
        """Say whether a record that is not there is accounted for by a proved disposition that came after it."""
        entry = self.disposed.get(line.commitment)
        if entry is not None and entry[1] > line.leaf_index:
            return RecordResult(line.id, Verdict.LAWFULLY_DISPOSED, f"by the entry {entry[0]}")
        why = "in scope, but not in the bundle, and no proved disposition names it"
        where = f"data/records/{line.folder}/{RECORD}" if line.folder else f"data/{SCOPE_RECORDS}, line {line.line}"
        self.fault(where, why)
        return RecordResult(line.id, Verdict.MISSING_UNEXPLAINED, why)

    def _check_record(self, folder: str, paths: Sequence[str], line: InScope | None) -> RecordResult:
        faults_before = len(self.bag.faults)
        path = f"{folder}/{RECORD}"
        record_id = line.id if line else folder
        record = self.payload.json(path)
        if record is None:
            if path not in self.bag.sizes:
                self.fault(path, "is missing")
            for other in paths:
                self.payload.digest(other)
            return RecordResult(record_id, Verdict.ALTERED, self._since(faults_before))
        missing: list[str] = []
        withheld: tuple[str, ...] = ()
        try:
            # 8.1 its parts recompute its commitment, and the proof leads from there to the root.
            if not isinstance(record, dict) or record.get("format") != RECORD_FORMAT:
                raise Wrong(f"is not a record of the format {RECORD_FORMAT}")
            claimed = proved(record, RECORD_KEYS, self.checker)
            withheld = claimed.disclosure.withheld
            # 8.2 it is the record that the scope names.
            if line and (claimed.id, claimed.commitment, claimed.leaf_index) != line[:3]:
                raise Wrong(f"is not the record that the scope's line {line.line} names")
            record_id = claimed.id
            # 8.3 its files are those whose digests its parts hold.
            missing = self._check_files(folder, paths, record, claimed.disclosure.shown)
        except ValueError as problem:
            self.fault(path, str(problem))
        for other in paths:
            if other not in self.payload.checked:
                self.payload.digest(other)
        if len(self.bag.faults) > faults_before:
            return RecordResult(record_id, Verdict.ALTERED, self._since(faults_before))
        # 8.4 what is withheld is in the redaction log, with its reason.
        explained = self.explained.get(record_id, set()) if self.redactions_signed else set()
        missing += sorted(set(withheld) - explained)
        if missing:
            why = f"withheld or left out without a signed explanation: {', '.join(missing[:10])}"
            self.fault(path, why)
            return RecordResult(record_id, Verdict.MISSING_UNEXPLAINED, why)
        if withheld:
            return RecordResult(
                record_id, Verdict.REDACTED_CONSISTENT, f"{len(withheld)} parts withheld, each in the log"
            )
        return RecordResult(record_id, Verdict.INTACT)

    def _check_files(
        self, folder: str, paths: Sequence[str], record: Mapping[str, Any], shown: Mapping[str, bytes]
    ) -> list[str]:
        """Compare a record's files with its parts; return the names of parts whose file is not there."""
        named = {f"{folder}/{RECORD}"}
        with_file: set[str] = set()
        for kind in ("files", "derived"):
            if not isinstance(record[kind], list):
                raise Wrong(f"{kind} is not a list")
            for position, file in enumerate(record[kind]):
                if not isinstance(file, dict) or not all(
                    isinstance(file.get(k), str) for k in ("part", "path", "mime")
                ):
                    raise Wrong(f"{kind}[{position}] does not name a part, a path and a media type")
                path = f"{folder}/{file['path']}"
                if path in named:
                    raise Wrong(f"{kind}[{position}] names a file again")
                named.add(path)
                digest = self.payload.digest(path)
                if kind == "files" and digest is not None:
                    if shown.get(file["part"]) not in (digest.encode(), bytes.fromhex(digest)):
                        self.fault(path, f"is not the file whose digest the part {file['part']!r} holds")
                    with_file.add(file["part"])
        for path in paths:
            if path not in named:
                self.fault(path, f"is not named in {RECORD}")
        return [name for name in calling_for_files(shown) if name not in with_file]

    # -- step 10

    def _check_set(self, count: int | None, lines: Sequence[InScope]) -> None:
        if count is not None and count != len(lines):
            self.fault(f"data/{SCOPE_RECORDS}", f"lists {len(lines)} records where the scope states {count}")
        if self.covers_log and self.checkpoint is not None and len(self.leaves) != self.checkpoint.size:
            first = next(index for index in range(self.checkpoint.size) if index not in self.leaves)
            self.fault(f"data/{SCOPE}", f"claims to cover the log, but leaf {first} is neither a record nor an entry")

    def _verdicts(self, results: list[RecordResult], statement: str, gaps: int) -> Verdicts:
        stamps = [path for path in self.contents.payload if path.startswith("data/timestamps/")]
        if not self.trusted:
            why = "no key was given" if not self.keys else "the checkpoint is not signed by a given key"
            results = [RecordResult(result.id, Verdict.UNTRUSTED_KEY, why) for result in results]
            verdict = SetVerdict.UNTRUSTED
        elif self.bag.faults or any(result.verdict not in CONSISTENT for result in results):
            verdict = SetVerdict.INCOMPLETE
        else:
            verdict = SetVerdict.COMPLETE
        return Verdicts(
            verdict,
            results,
            self.bag.faults,
            [Fault(path, "not checked: timestamps need the authority's certificates") for path in stamps],
            statement,
            self.checkpoint.origin if self.checkpoint else "",
            self.checkpoint.size if self.checkpoint else None,
            gaps,
        )

    # -- shared by the steps

    def _take_leaf(self, index: int, what: str) -> None:
        if self.checkpoint is not None and not 0 <= index < self.checkpoint.size:
            raise Wrong(f"leaf {index} is not below the checkpoint")
        if index in self.leaves:
            raise Wrong(f"leaf {index} belongs to {self.leaves[index]} already")
        self.leaves[index] = what

    def _since(self, faults_before: int) -> str:
        faults = self.bag.faults[faults_before:]
        return f"{faults[0].where}: {faults[0].why}" if faults else ""
