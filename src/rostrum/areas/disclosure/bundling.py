"""Writing bundles from the archive: a production for a request, and the full exit export."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Gap as ArchiveGap
from rostrum.areas.archive.models import Version
from rostrum.areas.disclosure.parts import withheld_positions
from rostrum.areas.disclosure.readable import TEMPLATES, Heading, ReadableCopies
from rostrum.areas.disclosure.withholding import Chosen
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.ledger.models import Entry, PublishedCheckpoint
from rostrum.areas.ledger.rules import entry_parts, instant_text
from rostrum.areas.ledger.sequencer import folder_of
from rostrum.connectors.typesetting import typeset
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

_CHUNK = 500
_Row = TypeVar("_Row")
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
class Stated:
    """What the bundle says about itself. `covers_log` claims that every leaf of the log is in it."""

    statement: str
    query: Mapping[str, Any]
    title: str
    introduction: tuple[str, ...]
    info: Mapping[str, str]
    covers_log: bool = False


def newest_checkpoint() -> PublishedCheckpoint:
    """The log's newest checkpoint. Raises `Refused` when nothing can be proved yet."""
    checkpoint = ledger.latest_checkpoint()
    if checkpoint is None:
        raise Refused.because("no-checkpoint", "The ledger has no checkpoint yet; it makes one within seconds.")
    return checkpoint


def _signer(checkpoint: PublishedCheckpoint) -> SignerKey:
    signer = folder_of(checkpoint.log).signer()
    if signer is None:
        raise Refused.because("no-key", "The ledger's signing key cannot be read; see `rostrum doctor`.")
    return signer


def write_bundle(
    folder: Path,
    *,
    chosen: Iterable[Chosen],
    entries: Iterable[Entry],
    gaps: Iterable[ArchiveGap],
    stated: Stated,
    letter: tuple[str, Sequence[str]] | None = None,
    checkpoint: PublishedCheckpoint | None = None,
    skip_later: bool = False,
    progress: Callable[[int], None] | None = None,
) -> BundleReport:
    """Write one bundle into a new folder.

    All proofs lead to one checkpoint (default: the newest when it begins). A record that has no index there yet is
    `Refused`, or with `skip_later` left out: it is not in what the checkpoint covers. Entries without an index are
    left out. Raises FileExistsError when the folder exists. `progress` is told how many records are written.
    """
    checkpoint = checkpoint or newest_checkpoint()
    signer = _signer(checkpoint)
    scope = Scope(stated.statement, dict(stated.query), stated.covers_log)
    note = checkpoint.note.encode()
    stated_gaps = [_gap(gap) for gap in gaps]
    heading = Heading(stated.title, governance.body_name(), stated.statement, stated.introduction)
    with (
        BundleWriter(folder, checkpoint=note, signer=signer, scope=scope, info=stated.info) as bundle,
        ReadableCopies(bundle, heading, stated_gaps) as copies,
    ):
        done = 0
        for several in _chunks(chosen):
            proofs = ledger.leaf_proofs((bytes(one.version.commitment) for one in several), checkpoint=checkpoint)
            for one in several:
                proof = proofs.get(bytes(one.version.commitment))
                if proof is not None:
                    _add(bundle, copies, one, proof)
                elif not skip_later:
                    raise Refused.because(
                        "not-sequenced",
                        f"Record {one.record_id} has no place in the ledger's tree yet; try again in a moment.",
                    )
            done += len(several)
            if progress:
                progress(done)
        _add_entries(bundle, entries, checkpoint)
        for gap in stated_gaps:
            bundle.add_gap(gap)
        copies.finish()
        if letter:
            bundle.add_readable(
                "letter.pdf",
                typeset(
                    TEMPLATES / "letter.typ",
                    {"title": letter[0], "paragraphs": list(letter[1]), "body": governance.body_name()},
                ),
            )
        bundle.add_certificate("how-to-verify.txt", _HOW_TO_VERIFY.format(key=signer.verifier).encode())
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


def _chunks(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    waiting = iter(rows)
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


def _add(bundle: BundleWriter, copies: ReadableCopies, one: Chosen, proof: ledger.Proof) -> None:
    parts = archive.parts_of(one.version)
    withheld = one.withheld(parts)
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
    for redaction in _redactions(one, parts, withheld):
        bundle.add_redaction(redaction)
    copies.add(one, parts, hidden)


def _redactions(one: Chosen, parts: Sequence[Part], withheld: set[int]) -> Iterator[Redaction]:
    """Each withheld part explained once, by the first cut that touches it."""
    left = set(withheld)
    for why in one.withholdings:
        covered = left if why.cut is None else withheld_positions(parts, one.version.text, [why.cut]) & left
        left = left - covered
        if covered:
            yield Redaction(
                record=one.record_id,
                parts=[parts[position].name for position in sorted(covered)],
                code=why.code,
                authority=why.authority,
                reason=why.reason,
                redacted_by=why.by,
                reviewed_by=why.seen_by,
                at=instant_text(why.at),
            )


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


def _add_entries(bundle: BundleWriter, entries: Iterable[Entry], checkpoint: PublishedCheckpoint) -> None:
    for several in _chunks(entries):
        proofs = ledger.entry_proofs(several, checkpoint=checkpoint)
        for entry in several:
            proof = proofs.get(entry.public_id)
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


def everything() -> Iterator[Chosen]:
    """Every version in the archive, in order of publication."""
    versions = Version.objects.select_related("item__channel").prefetch_related("media").order_by("pk")
    for version in versions.iterator(chunk_size=_CHUNK):
        yield Chosen(f"{version.item.public_id}-v{version.number}", version)


def write_full_export(folder: Path, *, now: datetime, progress: Callable[[int], None] | None = None) -> BundleReport:
    """Write the full exit export: every version, every entry, every gap, as far as the newest checkpoint reaches.

    It claims to cover the whole log, except where leaves were lost with a database. Raises as `write_bundle`.
    """
    body = governance.body_name()
    checkpoint = newest_checkpoint()
    lost = ledger.losses().filter(log=checkpoint.log).count()
    stated = Stated(
        statement=f"Everything in the archive and the ledger of {body} up to the ledger's leaf {checkpoint.size - 1}"
        + (f"; {lost} leaves were lost with a database that was restored from an older backup." if lost else "."),
        query={"everything": True},
        title=f"Full export of {body}",
        introduction=("The body's whole archive with its ledger, for moving to another system or for keeping.",),
        info={
            "Source-Organization": body,
            "External-Identifier": f"{checkpoint.log.origin}@{checkpoint.size}",
            "Bagging-Date": f"{now:%Y-%m-%d}",
            "External-Description": f"Full export of {body}",
        },
        covers_log=not lost,
    )
    return write_bundle(
        folder,
        chosen=everything(),
        entries=Entry.objects.order_by("pk").iterator(chunk_size=_CHUNK),
        gaps=ArchiveGap.objects.select_related("channel").order_by("pk"),
        stated=stated,
        checkpoint=checkpoint,
        skip_later=True,
        progress=progress,
    )
