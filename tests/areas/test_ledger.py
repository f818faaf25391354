"""The ledger: an entry lives and dies with its act, cannot be changed, and is proven by the signed log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import DatabaseError, connection, transaction

from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger import append_only, queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.models import Entry, Leaf, Log, Sequenced, Waiting
from rostrum.evidence.checkpoints import Checkpoint, VerifierKey, open_checkpoint
from rostrum.evidence.commitments import recommit
from rostrum.evidence.merkle import leaf_hash, verify_consistency, verify_inclusion
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.events import Event

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class LeafletPosted(Event):
    kind: ClassVar[str] = "testing.leaflet-posted.v1"
    leaflet: str
    copies: int = 1


@pytest.fixture
def subscribed() -> Iterator[None]:
    from rostrum.worker.subscriptions import EVENTS

    ledger.subscribe({"testing.leaflet-posted.v1": ("testing.count",)})
    yield
    ledger.subscribe(EVENTS)


def record(leaflet: str = "lft-1", leaves: Sequence[bytes] = ()) -> Entry:
    with transaction.atomic():
        return ledger.record(LeafletPosted(leaflet=leaflet), actor="per-1", now=NOW, leaves=leaves)


def sequenced() -> Checkpoint:
    checkpoint = ledger.sequence(NOW)
    assert checkpoint is not None
    return checkpoint


def test_an_entry_holds_who_when_what_and_under_which_policy() -> None:
    ledger.stamp_policy("wausau-city@1")
    entry = record()
    entry.refresh_from_db()
    assert (entry.kind, entry.at, entry.actor, entry.pack_version) == (
        "testing.leaflet-posted.v1",
        NOW,
        "per-1",
        "wausau-city@1",
    )
    assert entry.body_text == '{"copies":1,"leaflet":"lft-1"}'
    assert entry.body == {"leaflet": "lft-1", "copies": 1}


def test_the_entrys_commitment_can_be_recomputed_and_each_part_withheld() -> None:
    entry = record()
    (commitment,) = entry.leaves.values_list("commitment", flat=True)
    shown = queries.disclosed(entry)
    assert recommit(shown) == bytes(commitment)
    assert [part["name"] for part in shown] == ["id", "kind", "at", "actor", "pack", "body"]
    hidden = queries.disclosed(entry, withheld={"actor", "body"})
    assert recommit(hidden) == bytes(commitment)
    assert "per-1" not in str(hidden)
    assert "lft-1" not in str(hidden)


def test_an_act_brings_one_leaf_for_itself_and_one_per_version_in_order() -> None:
    versions = [sha256(bytes([number])).digest() for number in range(3)]
    entry = record(leaves=versions)
    rows = Leaf.objects.filter(entry=entry).order_by("position")
    assert [row.kind for row in rows] == ["entry", "version", "version", "version"]
    assert [bytes(row.commitment) for row in rows][1:] == versions
    assert entry.leaf_ids == [row.pk for row in rows]


@pytest.mark.django_db(transaction=True)
def test_no_entry_outside_an_act() -> None:
    with pytest.raises(ledger.NotInAnAct):
        ledger.record(LeafletPosted(leaflet="lft-1"), actor="system", now=NOW)


def test_an_entry_vanishes_with_its_act(subscribed: None) -> None:
    with transaction.atomic():
        record()
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert not Leaf.objects.exists()
    assert not Waiting.objects.exists()
    assert not Job.objects.exists()


def test_a_leaf_that_is_no_commitment_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        record(leaves=[b"short"])


def test_a_subscribed_job_is_queued_with_the_entry(subscribed: None) -> None:
    entry = record()
    job = Job.objects.get()
    assert (job.kind, job.args) == ("testing.count", {"entry": entry.public_id})


@pytest.mark.parametrize("table", append_only.TABLES)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_ledger_rows_can_neither_be_changed_nor_deleted(table: str, verb: str) -> None:
    record()
    sequenced()
    if table == "ledger_lost":
        with connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO ledger_lost (log_id, "index", leaf_hash, found_at) SELECT id, 9, %s, %s FROM ledger_log',
                [bytes(32), NOW.isoformat()],
            )
    statement = f"UPDATE {table} SET id = id" if verb == "update" else f"DELETE FROM {table}"
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_removed_protection_is_noticed() -> None:
    assert append_only.missing_triggers(connection) == []
    append_only.unprotect(connection)
    assert len(append_only.missing_triggers(connection)) == 2 * len(append_only.TABLES)


def test_every_leaf_gets_its_index_and_a_proof_under_a_signed_checkpoint() -> None:
    versions = [sha256(b"%d" % number).digest() for number in range(300)]
    first, second = record("lft-1", versions), record("lft-2")
    checkpoint = sequenced()
    assert checkpoint.size == 302
    for public_id, index in ((first.public_id, 0), (second.public_id, 301)):
        proof = queries.entry_proof(public_id)
        assert proof is not None
        assert (proof.index, proof.size) == (index, 302)
    proofs = queries.leaf_proofs(versions)
    key = VerifierKey.parse(queries.verifier_keys().strip())
    for number, commitment in enumerate(versions):
        proof = proofs[commitment]
        signed = open_checkpoint(proof.checkpoint.encode(), [key])
        assert proof.index == number + 1
        assert verify_inclusion(leaf_hash(commitment), proof.index, signed.size, proof.hashes, signed.root)


def test_checkpoints_grow_and_each_extends_the_one_before() -> None:
    seen: list[Checkpoint] = []
    for number in range(20):
        record(f"lft-{number}", [sha256(f"{number}/{leaf}".encode()).digest() for leaf in range(number * 3)])
        seen.append(sequenced())
    assert [row.size for row in queries.checkpoints()] == [one.size for one in reversed(seen)]
    for old, new in pairwise(seen):
        steps = queries.consistency(old.size, new.size)
        assert verify_consistency(old.size, old.root, new.size, new.root, steps)


def test_nothing_new_means_no_new_checkpoint() -> None:
    record()
    assert queries.has_work(NOW)
    sequenced()
    assert not queries.has_work(NOW)
    assert ledger.sequence(NOW) is None
    assert queries.checkpoints().count() == 1


def test_an_entry_that_commits_late_is_not_skipped() -> None:
    late = record("late")
    Waiting.objects.filter(entry=late).delete()  # as another transaction sees it: not committed yet
    record("early")
    sequenced()
    Waiting.objects.create(entry=late)
    sequenced()
    proof = queries.entry_proof(late.public_id)
    assert proof is not None
    assert proof.index == 1


def test_an_entry_that_waits_has_no_proof_yet_and_an_unknown_one_is_an_error() -> None:
    entry = record()
    assert queries.entry_proof(entry.public_id) is None
    with pytest.raises(Entry.DoesNotExist):
        queries.entry_proof("ent-0")
    assert queries.leaf_proof(bytes(32)) is None


def test_the_log_is_listed_without_saying_what_its_entries_are() -> None:
    record()
    entry = record("lft-2")
    sequenced()
    (line,) = list(queries.entries(1))
    assert (line.index, line.entry, line.lost) == (1, entry.public_id, False)
    assert line.commitment is not None
    assert line.leaf_hash == leaf_hash(line.commitment)


def test_a_proof_beyond_the_log_is_refused_with_its_size() -> None:
    record()
    with pytest.raises(InvalidInput, match="nothing has been published"):
        queries.proof(0)
    sequenced()
    for ask in (lambda: queries.proof(1), lambda: queries.proof(0, 2), lambda: queries.consistency(2, 1)):
        with pytest.raises(InvalidInput):
            ask()


def test_an_older_size_has_its_own_proof() -> None:
    record()
    old = sequenced()
    record()
    record()
    sequenced()
    proof = queries.proof(0, 1)
    assert proof.hashes == ()
    assert proof.checkpoint.splitlines()[1] == str(old.size)
    assert queries.proof(0, 2).checkpoint == ""


def test_a_healthy_log_says_so_and_a_changed_tile_is_found(settings: object) -> None:
    record(leaves=[sha256(b"x").digest()])
    sequenced()
    assert queries.health().troubles == ()
    folder = queries.tiles_folder()
    assert folder is not None
    tile = next((folder / "tile" / "0").rglob("2"))
    tile.write_bytes(bytes(64))
    assert any("Leaf 0" in trouble for trouble in queries.health().troubles)


def test_an_entry_taken_out_of_the_queue_is_found() -> None:
    entry = record()
    Waiting.objects.all().delete()
    assert list(queries.unindexed_entries()) == [entry]


def test_the_private_key_is_readable_by_its_owner_only(settings: object) -> None:
    record()
    sequenced()
    (key,) = Path(settings.KEYS_FOLDER).glob("log-*.key")  # type: ignore[attr-defined]
    assert key.stat().st_mode & 0o077 == 0
    assert Log.objects.get().verifier_key not in key.read_text()


def test_index_rows_are_one_per_leaf() -> None:
    record(leaves=[sha256(b"x").digest()])
    sequenced()
    assert Sequenced.objects.count() == Leaf.objects.count() == 2
