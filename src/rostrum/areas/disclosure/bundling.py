"""Writing bundles from the archive: a production for a request, and the full exit export.

Readable copies are made from what is shown, never from the originals: a withheld word is gone before any page is set.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Gap as ArchiveGap
from rostrum.areas.archive.models import Version
from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure.parts import Cut, withheld_positions
from rostrum.areas.disclosure.typesetting import typeset
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.ledger.models import Entry
from rostrum.areas.ledger.rules import entry_parts, instant_text
from rostrum.areas.ledger.sequencer import folder_of
from rostrum.evidence.bundle import (
    BundleReport,
    BundleWriter,
    CustodyEntry,
    Gap,
    Record,
    RecordFile,
    Redaction,
    Scope,
)
from rostrum.evidence.checkpoints import SignerKey
from rostrum.evidence.commitments import Part
from rostrum.kernel.decisions import Refused

_CHUNK = 200
# Typst's memory grows with the document: volumes of at most this many records (stack figures: 0.4 GB each).
_VOLUME = 1000
TOKEN = "[withheld]"  # noqa: S105 - what stands where a word was; always of the same width
_EXTENSIONS = {
    "application/json": "json",
    "application/vnd.ipld.dag-cbor": "cbor",
    "text/plain": "txt",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
}


@dataclass(frozen=True, slots=True)
class Withholding:
    """Why a part of a record, or all of it, is withheld."""

    cut: Cut | None  # None: the whole record
    code: str
    authority: str
    reason: str
    by: str
    seen_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """One version that goes into a bundle, and what of it is withheld."""

    record_id: str
    version: Version
    withholdings: tuple[Withholding, ...] = ()

    @property
    def is_whole_withheld(self) -> bool:
        """Whether nothing of the record is shown."""
        return any(one.cut is None for one in self.withholdings)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the bundle says about itself."""

    statement: str
    query: Mapping[str, Any]
    title: str
    introduction: tuple[str, ...]
    info: Mapping[str, str]
    covers_log: bool = False


def signer_and_note() -> tuple[SignerKey, bytes, str]:
    """The log's key, its newest checkpoint, and the public key. Raises `Refused` when nothing can be proved yet."""
    checkpoint = ledger.latest_checkpoint()
    log = ledger.current_log()
    if checkpoint is None or log is None:
        raise Refused.because("no-checkpoint", "The ledger has no checkpoint yet; it makes one within seconds.")
    signer = folder_of(log).signer()
    if signer is None:
        raise Refused.because("no-key", "The ledger's signing key cannot be read; see `rostrum doctor`.")
    return signer, checkpoint.note.encode(), str(signer.verifier)


def write_bundle(
    folder: Path,
    *,
    chosen: Iterable[Chosen],
    entries: Iterable[Entry],
    gaps: Iterable[ArchiveGap],
    stated: Stated,
    letter: tuple[str, Sequence[str]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> BundleReport:
    """Write one bundle into a new folder.

    Raises `Refused` when a record or entry has no index in the ledger yet, FileExistsError when the folder exists.
    """
    signer, note, public_key = signer_and_note()
    with BundleWriter(folder, checkpoint=note, signer=signer, scope=_scope(stated), info=stated.info) as bundle:
        rows = _Rows(bundle, stated, tuple(_gap(gap) for gap in gaps))
        done = 0
        for several in _chunks(chosen):
            proofs = ledger.leaf_proofs(bytes(one.version.commitment) for one in several)
            for one in several:
                proof = proofs.get(bytes(one.version.commitment))
                if proof is None:
                    raise Refused.because(
                        "not-sequenced",
                        f"Record {one.record_id} has no place in the ledger's tree yet; try again in a moment.",
                    )
                _add(bundle, rows, one, proof)
                done += 1
            if progress:
                progress(done)
        _add_entries(bundle, entries)
        for gap in rows.gaps:
            bundle.add_gap(gap)
        rows.finish()
        if letter:
            bundle.add_readable(
                "letter.pdf",
                typeset("letter", {"title": letter[0], "paragraphs": list(letter[1]), "body": governance.body_name()}),
            )
        bundle.add_certificate("how-to-verify.txt", _HOW_TO_VERIFY.format(key=public_key).encode())
        return bundle.finish()


_HOW_TO_VERIFY = """How to verify this bundle without trusting whoever gave it to you

1. Get the body's public key from a place you trust: its website, a newspaper, another person who kept it.
   The key this bundle was signed with is
   {key}
   The verifier never trusts a key only because a bundle names it.
2. Get rostrum-verify (one file; needs Python 3.11 and the package "cryptography") from a place you trust.
3. Run: python rostrum-verify.pyz FOLDER --key KEYFILE

It answers for every record whether it is intact, redacted consistently, altered, lawfully disposed of or missing, and
for the whole whether it is complete for its stated scope. It needs no network.
"""


def _scope(stated: Stated) -> Scope:
    return Scope(stated.statement, dict(stated.query), stated.covers_log)


def _chunks(chosen: Iterable[Chosen]) -> Iterator[list[Chosen]]:
    waiting = iter(chosen)
    while several := list(islice(waiting, _CHUNK)):
        yield several


def _gap(gap: ArchiveGap) -> Gap:
    return Gap(
        channel=gap.channel.slug,
        since=instant_text(gap.from_at) if gap.from_at else "",
        until=instant_text(gap.to_at) if gap.to_at else "",
        cause=gap.cause,
        detail=gap.note,
    )


def _withheld(one: Chosen, parts: Sequence[Part]) -> set[int]:
    if one.is_whole_withheld:
        return set(range(len(parts)))
    return withheld_positions(parts, one.version.text, [each.cut for each in one.withholdings if each.cut])


def _add(bundle: BundleWriter, rows: "_Rows", one: Chosen, proof: ledger.Proof) -> None:
    parts = archive.parts_of(one.version)
    withheld = _withheld(one, parts)
    hidden = {parts[position].name for position in withheld}
    bundle.add_record(
        Record(
            id=one.record_id,
            parts=parts,
            seed=bytes(one.version.seed),
            leaf_index=proof.index,
            proof=proof.hashes,
            withheld=withheld,
            files=tuple(_files(one.version, hidden)),
        )
    )
    left = set(withheld)
    for number, why in enumerate(one.withholdings):
        covered = left if why.cut is None else withheld_positions(parts, one.version.text, [why.cut]) & left
        # The raw payload goes with the first cut that touches it; each withheld part is explained once.
        if number == len(one.withholdings) - 1:
            covered = set(left)
        left -= covered
        if covered:
            bundle.add_redaction(
                Redaction(
                    record=one.record_id,
                    parts=[parts[position].name for position in sorted(covered)],
                    code=why.code,
                    authority=why.authority,
                    reason=why.reason,
                    redacted_by=why.by,
                    reviewed_by=why.seen_by,
                    at=instant_text(why.at),
                )
            )
    rows.add(one, parts, hidden)


def _files(version: Version, hidden: set[str]) -> Iterator[RecordFile]:
    if "raw" not in hidden:
        name = f"payload.{_EXTENSIONS.get(version.raw_type, 'bin')}"
        yield RecordFile("raw", name, archive.raw_of(version), version.raw_type)
    for medium in version.media.all():
        if medium.sha256 and f"media/{medium.position}" not in hidden:
            yield RecordFile(
                f"media/{medium.position}",
                f"medium-{medium.position}.{_EXTENSIONS.get(medium.mime, 'bin')}",
                partial(_open_blob, medium.sha256),
                medium.mime,
            )


def _open_blob(digest: str) -> IO[bytes]:
    return archive.blobs().open(digest)


def _add_entries(bundle: BundleWriter, entries: Iterable[Entry]) -> None:
    for entry in entries:
        proof = ledger.entry_proof(entry.public_id)
        if proof is None:
            continue  # later than the checkpoint that this bundle's proofs lead to
        bundle.add_entry(
            CustodyEntry(
                id=entry.public_id,
                parts=entry_parts(
                    public_id=entry.public_id,
                    kind=entry.kind,
                    at=entry.at,
                    actor=entry.actor,
                    pack=entry.pack_version,
                    body=entry.body_text.encode(),
                ),
                seed=bytes(entry.seed),
                leaf_index=proof.index,
                proof=proof.hashes,
            )
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that is shown, or a token where it is withheld."""

    text: str
    withheld: bool


def shown_text(parts: Sequence[Part], hidden: set[str]) -> list[Run]:
    """The text as it may be shown: neighbouring withheld words are one token of fixed width."""
    runs: list[Run] = []
    for part in parts:
        if not part.name.startswith("text/"):
            continue
        if part.name in hidden:
            if not (runs and runs[-1].withheld):
                runs.append(Run(TOKEN, True))
        elif runs and not runs[-1].withheld:
            runs[-1] = Run(runs[-1].text + part.value.decode(), False)
        else:
            runs.append(Run(part.value.decode(), False))
    return runs


class _Rows:
    """The readable copies: JSON lines and CSV for all, PDF by volumes; made from what is shown."""

    COLUMNS = (
        "record", "platform", "channel", "kind", "author", "published_at", "captured_at", "version", "state", "url",
        "text", "withheld",
    )  # fmt: skip

    def __init__(self, bundle: BundleWriter, stated: Stated, gaps: tuple[Gap, ...]) -> None:
        self._bundle = bundle
        self._stated = stated
        self.gaps = gaps
        self._json = io.StringIO()
        self._csv = io.StringIO()
        self._writer = csv.DictWriter(self._csv, self.COLUMNS, lineterminator="\r\n")
        self._writer.writeheader()
        self._volume: list[dict[str, Any]] = []
        self._volumes = 0
        self._count = 0

    def add(self, one: Chosen, parts: Sequence[Part], hidden: set[str]) -> None:
        """Add one record as it may be shown."""
        version, item = one.version, one.version.item
        runs = shown_text(parts, hidden)
        author = "" if "author" in hidden else (version.author_name or version.author_handle or item.author_id)
        row = {
            "record": one.record_id,
            "platform": item.platform,
            "channel": item.channel.slug,
            "kind": item.kind,
            "author": author or (TOKEN if "author" in hidden else ""),
            "published_at": instant_text(item.published_at) if item.published_at else "",
            "captured_at": instant_text(version.captured_at),
            "version": version.number,
            "state": item.state,
            "url": TOKEN if "url" in hidden else version.url,
            "text": "".join(run.text + (" " if run.withheld else "") for run in runs).rstrip(" "),
            "withheld": "; ".join(f"{why.authority}: {why.reason}" for why in one.withholdings),
        }
        self._json.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._writer.writerow(row | {"text": _no_formula(str(row["text"])), "author": _no_formula(str(row["author"]))})
        self._volume.append(self._page(one, row, runs, hidden))
        self._count += 1
        if len(self._volume) == _VOLUME:
            self._write_volume()

    def _page(self, one: Chosen, row: Mapping[str, Any], runs: Sequence[Run], hidden: set[str]) -> dict[str, Any]:
        version, item = one.version, one.version.item
        notes = [f"Withheld under {why.authority}: {why.reason}" for why in one.withholdings]
        for medium in version.media.all():
            if f"media/{medium.position}" in hidden:
                notes.append(f"Medium {medium.position}: withheld")
            else:
                words = medium.alt or "no alternative text was given"
                notes.append(
                    f"Medium {medium.position} ({medium.mime}): {words}{f'; {medium.missing}' if medium.missing else ''}"
                )
        states = {"deleted": "deleted on the platform", "hidden": "hidden on the platform"}
        return {
            "heading": f"{self._count + 1}. {item.get_kind_display()} {one.record_id}",
            "facts": [
                [name, str(value)]
                for name, value in (
                    ("Channel", f"{item.channel.name} ({item.platform})"),
                    ("Author", row["author"]),
                    ("Published", row["published_at"]),
                    ("Captured", row["captured_at"]),
                    ("Version", f"{version.number} of {item.version_count}"),
                    ("State", states.get(item.state, "")),
                )
                if value
            ],
            "text": [{"text": run.text, "withheld": run.withheld} for run in runs]
            or [{"text": "(no text)", "withheld": False}],
            "notes": notes,
        }

    def _write_volume(self) -> None:
        self._volumes += 1
        name = "records.pdf" if self._volumes == 1 else f"records-{self._volumes}.pdf"
        stated = self._stated
        data = {
            "title": stated.title if self._volumes == 1 else f"{stated.title}, volume {self._volumes}",
            "body": governance.body_name(),
            "introduction": list(stated.introduction),
            "facts": [["Scope", stated.statement]],
            "gaps": [
                f"{gap.channel}: from {gap.since or 'the beginning'} to {gap.until or 'now'} ({gap.cause.replace('_', ' ')}). {gap.detail}"
                for gap in self.gaps
            ],
            "records": self._volume,
        }
        self._bundle.add_readable(name, typeset("production", data))
        self._volume = []

    def finish(self) -> None:
        """Write what is left; a bundle without records still has its first page."""
        if self._volume or not self._volumes:
            self._write_volume()
        self._bundle.add_readable("records.jsonl", self._json.getvalue().encode())
        self._bundle.add_readable("records.csv", self._csv.getvalue().encode("utf-8-sig"))


def _no_formula(text: str) -> str:
    # A spreadsheet would run a cell that begins so; the JSON beside it holds the text as it is.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def everything(channels: Iterable[Channel] | None = None) -> Iterator[Chosen]:
    """Every version in the archive, in order of publication: the full exit export."""
    versions = Version.objects.select_related("item__channel").prefetch_related("media").order_by("pk")
    if channels is not None:
        versions = versions.filter(item__channel__in=list(channels))
    for version in versions.iterator(chunk_size=_CHUNK):
        yield Chosen(f"{version.item.public_id}-v{version.number}", version)
