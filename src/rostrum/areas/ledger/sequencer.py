"""The sequencer: gives every committed leaf its index, integrates it into the tree, signs, publishes (design §11.6).

Four steps, each durable before the next, under one lock:

1. indices are committed in the database;
2. the tiles are written and synced;
3. the signed high-water mark is synced outside the database;
4. the checkpoint is published.

Killed between any two of them, the next run takes up where it stopped: steps 2 to 4 only repeat what step 1 has fixed.
Nothing is ever signed that does not extend the high-water mark, whatever happened to the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from rostrum.areas.ledger import events, rules
from rostrum.areas.ledger.log_folder import LogFolder, newest_log_in, sole_sequencer
from rostrum.areas.ledger.models import Leaf, Log, LogState, Lost, PublishedCheckpoint, Sequenced, Waiting
from rostrum.areas.ledger.recording import record
from rostrum.areas.ledger.rules import Course, LogFacts
from rostrum.evidence.checkpoints import Checkpoint, VerifierKey
from rostrum.evidence.merkle import leaf_hash
from rostrum.evidence.tiles import TileConflict, TileMissing
from rostrum.kernel.ids import new_id

_ENTRIES_PER_ROUND = 5_000
_LEAVES_PER_APPEND = 65_536
# Any number, as long as nothing else in this database locks the same one.
_ADVISORY_LOCK = 0x526F7374


def folder_of(log: Log) -> LogFolder:
    """The files of a log."""
    return LogFolder(settings.LOG_FOLDER, settings.KEYS_FOLDER, log.public_id)


def next_index(log: Log) -> int:
    """The first index the database knows nothing about."""
    last = -1
    for table in (Sequenced, Lost):
        found: int | None = table.objects.filter(log=log).aggregate(last=Max("index"))["last"]
        last = max(last, -1 if found is None else found)
    return last + 1


def log_facts(log: Log) -> LogFacts:
    """What is left of the log, for the decision how to go on."""
    folder = folder_of(log)
    mark = folder.high_water(VerifierKey.parse(log.verifier_key))
    return LogFacts(
        has_key=folder.signer() is not None,
        signed=None if mark is None else mark.size,
        indexed=next_index(log),
        agrees=mark is None or _last_leaf_agrees(log, folder, mark),
    )


def sequence(now: datetime) -> Checkpoint | None:
    """Sequence everything that waits; return the new checkpoint, or None when nothing was there to do.

    Must not be called inside an act: what is signed cannot be rolled back.
    """
    with _one_at_a_time():
        log = _log_to_write(now)
        _give_indices(log)
        try:
            return _sign(log, now)
        except _Disagreement:
            log = _restart(log, now)
            _give_indices(log)
            return _sign(log, now)


class _Disagreement(Exception):
    """Key, mark, tiles and the database's leaves do not lead to one another: this tree cannot be continued."""


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with sole_sequencer(settings.LOG_FOLDER):
        if connection.vendor != "postgresql":
            yield
            return
        # The folder's lock holds one machine; this one holds all that share the database.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def _log_to_write(now: datetime) -> Log:
    """The log in use, after making good whatever a crash or a restore has left behind."""
    state = LogState.objects.select_related("log").filter(pk=1).first()
    log = state.log if state is not None else None
    if log is None:
        log = _adopt_or_begin(now)
    facts = log_facts(log)
    course = rules.decide_course(facts)
    try:
        if course is Course.CONTINUE_WITH_LOSSES and facts.signed is not None:
            _report_losses(log, facts.indexed, facts.signed, now)
    except TileMissing:
        course = Course.RESTART  # it cannot even be said what was lost
    return _restart(log, now) if course is Course.RESTART else log


def _adopt_or_begin(now: datetime) -> Log:
    """The first log of this database; if the folder holds one already, this database has replaced another one."""
    known = newest_log_in(settings.LOG_FOLDER)
    if known is not None:
        folder = LogFolder(settings.LOG_FOLDER, settings.KEYS_FOLDER, known)
        key = folder.verifier()
        if key is not None:
            with transaction.atomic(durable=True):
                log = Log.objects.create(
                    public_id=known, origin=key.name, verifier_key=str(key), started_at=now, previous_checkpoint=""
                )
                LogState.objects.update_or_create(pk=1, defaults={"log": log})
            return log
    with transaction.atomic(durable=True):
        return _new_log("", now)


def _new_log(previous_checkpoint: str, now: datetime) -> Log:
    log_id = new_id("log")
    # C2SP wants an origin that nobody else uses; the random id makes it one, and a new one for each restart.
    origin = f"rostrum/{log_id}"
    key = LogFolder(settings.LOG_FOLDER, settings.KEYS_FOLDER, log_id).begin(origin)
    log = Log.objects.create(
        public_id=log_id,
        origin=origin,
        verifier_key=str(key),
        started_at=now,
        previous_checkpoint=previous_checkpoint,
    )
    LogState.objects.update_or_create(pk=1, defaults={"log": log})
    return log


def _restart(old: Log, now: datetime) -> Log:
    """Begin a new log whose first entry cites the last checkpoint known of the old one; the old leaves follow."""
    with transaction.atomic(durable=True):
        previous = _last_known_note(old)
        log = _new_log(previous, now)
        entry = record(
            events.LogRestarted(
                log=log.public_id, origin=log.origin, verifier_key=log.verifier_key, previous_checkpoint=previous
            ),
            actor="system",
            now=now,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO {Sequenced._meta.db_table} (log_id, "index", leaf_id) '
                "SELECT %s, row_number() OVER (ORDER BY CASE WHEN entry_id = %s THEN 0 ELSE 1 END, entry_id, position)"
                f" - 1, id FROM {Leaf._meta.db_table}",
                [log.pk, entry.pk],
            )
        Waiting.objects.all().delete()
    return log


def _last_known_note(log: Log) -> str:
    """The signed checkpoint of the largest size that folder or database still know."""
    known = PublishedCheckpoint.objects.filter(log=log).order_by("-size").first()
    folder = folder_of(log)
    mark = folder.high_water(VerifierKey.parse(log.verifier_key))
    if mark is not None and (known is None or mark.size > known.size):
        note = folder.high_water_note()
        if note is not None:
            return note.decode()
    return known.note if known is not None else ""


def _report_losses(log: Log, first: int, end: int, now: datetime) -> None:
    tree = folder_of(log).tree(end)
    lost = [Lost(log=log, index=index, leaf_hash=tree.leaf_hash(index), found_at=now) for index in range(first, end)]
    with transaction.atomic(durable=True):
        Lost.objects.bulk_create(lost, batch_size=200)
        record(events.EntriesLost(log=log.public_id, first=first, end=end), actor="system", now=now)


def _last_leaf_agrees(log: Log, folder: LogFolder, mark: Checkpoint) -> bool:
    last = (
        Sequenced.objects.filter(log=log, index__lt=mark.size)
        .order_by("-index")
        .values_list("index", "leaf__commitment")
        .first()
    )
    if last is None:
        return True
    try:
        return folder.tree(mark.size).leaf_hash(last[0]) == leaf_hash(bytes(last[1]))
    except TileMissing:
        return False


def _give_indices(log: Log) -> None:
    """Step 1: index every committed entry that has none, also one that committed late."""
    while True:
        with transaction.atomic(durable=True):
            waiting = list(Waiting.objects.order_by("pk").values_list("pk", flat=True)[:_ENTRIES_PER_ROUND])
            if not waiting:
                return
            start = next_index(log)
            leaves = Leaf.objects.filter(entry_id__in=waiting).order_by("entry_id", "position")
            rows = [(log.pk, start + at, leaf) for at, leaf in enumerate(leaves.values_list("pk", flat=True))]
            with connection.cursor() as cursor:
                cursor.executemany(
                    f'INSERT INTO {Sequenced._meta.db_table} (log_id, "index", leaf_id) VALUES (%s, %s, %s)', rows
                )
            Waiting.objects.filter(pk__in=waiting).delete()


def _sign(log: Log, now: datetime) -> Checkpoint | None:
    folder = folder_of(log)
    signer = folder.signer()
    mark = folder.high_water(VerifierKey.parse(log.verifier_key))
    if signer is None or mark is None:
        raise _Disagreement
    checkpoint = mark
    if next_index(log) > mark.size:
        # Step 2.
        head_size, root = _integrate(log, folder, mark)
        checkpoint = Checkpoint(log.origin, head_size, root)
        # Step 3. Before this line nobody has seen a signature over the new leaves; after it nobody can undo it.
        folder.set_high_water(checkpoint.signed(signer))
    # Step 4.
    return _publish(log, folder, checkpoint, now)


def _integrate(log: Log, folder: LogFolder, mark: Checkpoint) -> tuple[int, bytes]:
    """Step 2: write the tiles of all leaves beyond the mark; return the new size and root."""
    known = PublishedCheckpoint.objects.filter(log=log, size__gt=mark.size).order_by("size").last()
    try:
        try:
            return _append(log, folder, mark, known)
        except TileConflict:
            # Left by a crash before anything was signed over it, by a database that was restored since.
            folder.drop_unsigned(mark.size)
            return _append(log, folder, mark, known)
    except TileMissing as missing:
        raise _Disagreement from missing


def _append(log: Log, folder: LogFolder, mark: Checkpoint, known: PublishedCheckpoint | None) -> tuple[int, bytes]:
    tree = folder.tree(mark.size)
    commitments = _leaves_from(log, mark.size)
    if known is not None:
        # The mark has gone back (an old copy of the folder): what was published since must come out again.
        head = tree.append(list(islice(commitments, known.size - mark.size)))
        if head != (known.size, bytes(known.root)):
            raise _Disagreement
    while batch := list(islice(commitments, _LEAVES_PER_APPEND)):
        tree.append(batch)
    return tree.size, tree.root()


def _leaves_from(log: Log, start: int) -> Iterator[bytes]:
    places = Sequenced.objects.filter(log=log, index__gte=start).order_by("index")
    expected = start
    for index, commitment in places.values_list("index", "leaf__commitment").iterator(chunk_size=10_000):
        if index != expected:
            raise _Disagreement  # a gap: those leaves are lost and cannot be integrated a second time
        expected += 1
        yield bytes(commitment)


def _publish(log: Log, folder: LogFolder, checkpoint: Checkpoint, now: datetime) -> Checkpoint | None:
    note = folder.high_water_note()
    if note is None or checkpoint.size == 0:
        return None
    fresh = folder.published_note() != note
    if fresh:
        folder.publish(note)
    _, created = PublishedCheckpoint.objects.get_or_create(
        log=log,
        size=checkpoint.size,
        defaults={"root": checkpoint.root, "note": note.decode(), "published_at": now},
    )
    return checkpoint if fresh or created else None
