"""What the ledger holds and proves: entries, checkpoints, inclusion and consistency proofs, losses."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from rostrum.areas.ledger import rules
from rostrum.areas.ledger.models import Entry, Leaf, Log, LogState, Lost, PublishedCheckpoint, Sequenced, Waiting
from rostrum.areas.ledger.sequencer import folder_of, log_facts, next_index
from rostrum.evidence.checkpoints import VerifierKey
from rostrum.evidence.commitments import disclose
from rostrum.evidence.merkle import leaf_hash
from rostrum.evidence.tiles import TiledLog, TileMissing
from rostrum.kernel.decisions import InvalidInput


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf stands at `index` of the tree that `checkpoint` (a signed note) covers."""

    index: int
    size: int
    leaf_hash: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        """The proof as a C2SP tlog-proof: index, hashes in base64, and the checkpoint it leads to."""
        lines = ["c2sp.org/tlog-proof@v1", f"index {self.index}", *(b64encode(step).decode() for step in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.checkpoint


@dataclass(frozen=True, slots=True)
class LogLine:
    """One index of the log. A lost one has no commitment and no entry; `kind` and `at` are for the staff only."""

    index: int
    leaf_hash: bytes
    commitment: bytes | None
    entry: str
    leaf: str
    kind: str
    at: datetime | None

    @property
    def lost(self) -> bool:
        """Whether the database has forgotten what stood here."""
        return self.commitment is None


@dataclass(frozen=True, slots=True)
class LogHealth:
    """Where the log stands: sizes in leaves, and every sentence that says what is wrong, empty when all is well."""

    origin: str
    signed: int
    published: int
    waiting: int
    lost: int
    troubles: tuple[str, ...]


def current_log() -> Log | None:
    """The log that is written now; None before the first entry was sequenced."""
    state = LogState.objects.select_related("log").filter(pk=1).first()
    return state.log if state is not None else None


def logs() -> QuerySet[Log]:
    """All logs, oldest first; more than one only where a log had to be begun anew."""
    return Log.objects.order_by("pk")


def verifier_keys() -> str:
    """The public keys of all logs as a key file, one per line."""
    return "".join(f"{key}\n" for key in logs().values_list("verifier_key", flat=True))


def tiles_folder() -> Path | None:
    """The folder with ``checkpoint`` and ``tile/`` of the current log, to be served as it is."""
    log = current_log()
    return None if log is None else folder_of(log).folder


def latest_checkpoint() -> PublishedCheckpoint | None:
    """The newest published checkpoint of the current log."""
    log = current_log()
    return None if log is None else PublishedCheckpoint.objects.filter(log=log).order_by("-size").first()


def published_size() -> int:
    """How many leaves the newest checkpoint covers; 0 before the first."""
    newest = latest_checkpoint()
    return 0 if newest is None else newest.size


def newest_checkpoint() -> PublishedCheckpoint:
    """The same for those who need one. Raises `InvalidInput` before anything was published."""
    newest = latest_checkpoint()
    if newest is None:
        raise InvalidInput("log", "nothing has been published yet")
    return newest


def checkpoints() -> QuerySet[PublishedCheckpoint]:
    """All checkpoints ever published that this database knows, newest first."""
    return PublishedCheckpoint.objects.select_related("log").order_by("-log_id", "-size")


def entries(from_: int = 0) -> Iterator[LogLine]:
    """The published log from index `from_` on, in order, lost indices included."""
    checkpoint = latest_checkpoint()
    if checkpoint is None:
        return
    log, size = checkpoint.log, checkpoint.size
    lost = iter(Lost.objects.filter(log=log, index__gte=from_, index__lt=size).order_by("index").iterator())
    next_lost = next(lost, None)
    places = (
        Sequenced.objects.filter(log=log, index__gte=from_, index__lt=size)
        .order_by("index")
        .values_list(
            "index", "leaf__commitment", "leaf__kind", "leaf__entry__public_id", "leaf__entry__kind", "leaf__entry__at"
        )
    )
    for index, commitment, leaf, entry, kind, at in places.iterator(chunk_size=2_000):
        while next_lost is not None and next_lost.index < index:
            yield _lost_line(next_lost)
            next_lost = next(lost, None)
        commitment_bytes = bytes(commitment)
        yield LogLine(index, leaf_hash(commitment_bytes), commitment_bytes, entry, leaf, kind, at)
    while next_lost is not None:
        yield _lost_line(next_lost)
        next_lost = next(lost, None)


def proof(index: int, size: int | None = None) -> Proof:
    """The inclusion proof of an index in the log of `size` (default: the newest published).

    Its checkpoint is empty when none of exactly that size was published. Raises `InvalidInput` when there is no such
    index or the log is not that long yet.
    """
    newest = newest_checkpoint()
    asked = newest.size if size is None else size
    if not 0 <= index < asked <= newest.size:
        raise InvalidInput("index", f"the log has {newest.size} leaves; give an index below a size of at most that")
    checkpoint = PublishedCheckpoint.objects.filter(log=newest.log, size=asked).first()
    tree = folder_of(newest.log).tree(newest.size)
    return _prove(tree, index, asked, "" if checkpoint is None else checkpoint.note)


def consistency(old_size: int, size: int | None = None) -> list[bytes]:
    """The proof that the log of `size` (default: the newest published) extends that of `old_size`.

    Any two sizes up to the newest published one may be asked for; raises `InvalidInput` for others.
    """
    newest = newest_checkpoint()
    asked = newest.size if size is None else size
    # RFC 6962, section 2.1.2: between nothing and something there is nothing to prove.
    if not 1 <= old_size <= asked <= newest.size:
        raise InvalidInput(
            "size", f"the log has {newest.size} leaves; give two sizes from 1 to that, the smaller first"
        )
    return folder_of(newest.log).tree(newest.size).consistency_proof(old_size, asked)


def entry_proof(public_id: str) -> Proof | None:
    """The proof of an entry's own leaf under the newest checkpoint; None while it waits for its index.

    Raises `Entry.DoesNotExist`.
    """
    entry = Entry.objects.get(public_id=public_id)
    commitment = entry.leaves.values_list("commitment", flat=True).get(position=0)
    return leaf_proof(bytes(commitment))


def leaf_proof(commitment: bytes) -> Proof | None:
    """The proof of the leaf with this commitment under the newest checkpoint; None while it waits, or is unknown."""
    return leaf_proofs([commitment]).get(commitment)


def entry_proofs(entries: Iterable[Entry], *, checkpoint: PublishedCheckpoint | None = None) -> dict[str, Proof]:
    """Proofs of many entries' own leaves by the entries' public ids; as `leaf_proofs`."""
    own = Leaf.objects.filter(entry__in=[entry.pk for entry in entries], position=0)
    names = {bytes(value): name for value, name in own.values_list("commitment", "entry__public_id")}
    return {names[value]: found for value, found in leaf_proofs(names, checkpoint=checkpoint).items()}


def leaf_proofs(commitments: Iterable[bytes], *, checkpoint: PublishedCheckpoint | None = None) -> dict[bytes, Proof]:
    """Proofs of many leaves under one checkpoint (default: the newest); those without an index there are left out."""
    checkpoint = checkpoint or latest_checkpoint()
    if checkpoint is None:
        return {}
    found: list[tuple[int, bytes]] = []
    wanted = list(commitments)
    for start in range(0, len(wanted), 500):
        places = Sequenced.objects.filter(
            log=checkpoint.log, index__lt=checkpoint.size, leaf__commitment__in=wanted[start : start + 500]
        )
        found += [(index, bytes(value)) for index, value in places.values_list("index", "leaf__commitment")]
    tree = folder_of(checkpoint.log).tree(checkpoint.size)
    return {value: _prove(tree, index, checkpoint.size, checkpoint.note) for index, value in sorted(found)}


def disclosed(entry: Entry, withheld: Collection[str] = ()) -> list[dict[str, str]]:
    """The entry part by part, so that its commitment can be recomputed; of the `withheld` parts only the hash."""
    parts = rules.entry_parts(
        public_id=entry.public_id,
        kind=entry.kind,
        at=entry.at,
        actor=entry.actor,
        pack=entry.pack_version,
        body=entry.body_text.encode(),
    )
    hidden = {position for position, part in enumerate(parts) if part.name in withheld}
    return disclose(parts, bytes(entry.seed), hidden)


def newest_entry_at() -> datetime | None:
    """When the newest entry was made, by the clock of its act."""
    return Entry.objects.order_by("-at").values_list("at", flat=True).first()


def losses() -> QuerySet[Lost]:
    """Indices whose leaves were lost with a database that was restored from an older backup."""
    return Lost.objects.select_related("log").order_by("log_id", "index")


def has_work(now: datetime) -> bool:  # noqa: ARG001 (every `when` of the schedule is given the clock)
    """Whether an entry waits for its index, or a crash or restore has left the log and the database apart."""
    if Waiting.objects.exists():
        return True
    log = current_log()
    if log is None:
        return False
    mark = folder_of(log).high_water(VerifierKey.parse(log.verifier_key))
    published = PublishedCheckpoint.objects.filter(log=log).order_by("-size").values_list("size", flat=True).first()
    return mark is None or not mark.size == next_index(log) == (published or 0)


def can_continue() -> bool:
    """Whether the next entry goes on in the current log, rather than beginning a new one."""
    log = current_log()
    return log is not None and rules.decide_course(log_facts(log)) is not rules.Course.RESTART


def health() -> LogHealth:
    """How the log stands, with every trouble named (for `rostrum doctor`): compares all leaves with all tiles."""
    log = current_log()
    waiting = Waiting.objects.count()
    if log is None:
        return LogHealth("", 0, 0, waiting, 0, ())
    facts = log_facts(log)
    published = PublishedCheckpoint.objects.filter(log=log).order_by("-size").first()
    lost = Lost.objects.filter(log=log).count()
    troubles: list[str] = []
    if not facts.has_key:
        troubles.append("The log's private key is gone: the next entry begins a new log. Put keys/ back before that.")
    if facts.signed is None:
        troubles.append(
            "The log's high-water mark is gone: the next entry begins a new log. Put log/ back before that."
        )
    elif facts.indexed < facts.signed:
        troubles.append(
            f"The database knows {facts.indexed} of {facts.signed} signed leaves: it is older than the log."
        )
    if published is not None and facts.signed is not None:
        troubles += _differences(log, min(facts.signed, facts.indexed))
    return LogHealth(log.origin, facts.signed or 0, published.size if published else 0, waiting, lost, tuple(troubles))


def unindexed_entries() -> QuerySet[Entry]:
    """Entries that neither wait nor have an index in the current log: somebody has tampered with the tables."""
    log = current_log()
    indexed = Sequenced.objects.filter(log=log).values("leaf_id")
    return Entry.objects.exclude(pk__in=Waiting.objects.values("pk")).filter(
        pk__in=Leaf.objects.exclude(pk__in=indexed).values("entry_id")
    )


def _prove(tree: TiledLog, index: int, size: int, note: str) -> Proof:
    return Proof(index, size, tree.leaf_hash(index), tuple(tree.inclusion_proof(index, size)), note)


def _differences(log: Log, size: int) -> list[str]:
    tree = folder_of(log).tree(size)
    places = Sequenced.objects.filter(log=log, index__lt=size).order_by("index")
    try:
        for index, commitment in places.values_list("index", "leaf__commitment").iterator(chunk_size=10_000):
            if tree.leaf_hash(index) != leaf_hash(bytes(commitment)):
                return [f"Leaf {index} in the database is not the one the log has signed."]
    except TileMissing as missing:
        return [f"A tile of the log is damaged: {missing}."]
    return []


def _lost_line(lost: Lost) -> LogLine:
    return LogLine(lost.index, bytes(lost.leaf_hash), None, "", "", "", None)
