"""`rostrum log …`: checkpoints, entries and proofs of the ledger, in the C2SP and RFC 6962 formats."""

import argparse
import json
import shutil
import sys
from base64 import b64encode
from pathlib import Path

HELP = "checkpoints, entries and proofs of the ledger"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    checkpoint = actions.add_parser("checkpoint", help="the newest checkpoint, a signed note")
    entries = actions.add_parser("entries", help="index and leaf hash of every entry, never what it says")
    entries.add_argument("--from", dest="start", type=int, default=0, metavar="N", help="the first index")
    proof = actions.add_parser("proof", help="the inclusion proof of an index")
    proof.add_argument("index", type=int, metavar="N")
    proof.add_argument("--size", type=int, metavar="M", help="in the log of this size (default: the newest)")
    consistency = actions.add_parser("consistency", help="the proof that the log of N leaves extends that of M")
    consistency.add_argument("old_size", type=int, metavar="M")
    consistency.add_argument("size", type=int, metavar="N")
    tiles = actions.add_parser("tiles", help="copy the tiles and the checkpoint to a folder, to be served as they are")
    tiles.add_argument("--out", type=Path, required=True, metavar="DIR")
    for action in (checkpoint, entries, proof, consistency, tiles):
        action.add_argument("--json", action="store_true", help="print JSON")
        # Also after the action's name, where people put it.
        action.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="the data folder")


def run(arguments: argparse.Namespace) -> int:
    """Answer the question; exit code 2 when the log is not that long or not there."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    answer = {
        "checkpoint": _checkpoint,
        "entries": _entries,
        "proof": _proof,
        "consistency": _consistency,
        "tiles": _tiles,
    }[arguments.action]
    answer(arguments)
    return 0


def _checkpoint(arguments: argparse.Namespace) -> None:
    from rostrum.areas.ledger import queries

    newest = queries.newest_checkpoint()
    if arguments.json:
        print(
            json.dumps(
                {
                    "origin": newest.log.origin,
                    "size": newest.size,
                    "root": b64encode(bytes(newest.root)).decode(),
                    "note": newest.note,
                    "published_at": newest.published_at.isoformat(),
                    "verifier_key": newest.log.verifier_key,
                }
            )
        )
    else:
        sys.stdout.write(newest.note)


def _entries(arguments: argparse.Namespace) -> None:
    from rostrum.areas.ledger import queries
    from rostrum.kernel.decisions import InvalidInput

    if arguments.start < 0:
        raise InvalidInput("--from", "the first index is 0")
    size = queries.published_size()
    if arguments.start > size:
        raise InvalidInput("--from", f"the log has {size} entries; the last index is {size - 1}")
    for line in queries.entries(arguments.start):
        if not arguments.json:
            print(f"{line.index}\t{line.leaf_hash.hex()}{chr(9) + 'lost' if line.lost else ''}")
            continue
        print(
            json.dumps(
                {
                    "index": line.index,
                    "leaf_hash": line.leaf_hash.hex(),
                    "commitment": line.commitment.hex() if line.commitment else None,
                    "entry": line.entry or None,
                    "leaf": line.leaf or None,
                    "kind": line.kind or None,
                    "at": line.at.isoformat() if line.at else None,
                    "lost": line.lost,
                }
            )
        )


def _proof(arguments: argparse.Namespace) -> None:
    from rostrum.areas.ledger import queries

    found = queries.proof(arguments.index, arguments.size)
    steps = [b64encode(step).decode() for step in found.hashes]
    if arguments.json:
        print(
            json.dumps(
                {
                    "index": found.index,
                    "size": found.size,
                    "leaf_hash": b64encode(found.leaf_hash).decode(),
                    "hashes": steps,
                    "checkpoint": found.checkpoint or None,
                }
            )
        )
    elif found.checkpoint:
        sys.stdout.write(found.text())
    else:
        # No checkpoint of this size was published, so there is none that the proof could carry.
        for step in steps:
            print(step)


def _consistency(arguments: argparse.Namespace) -> None:
    from rostrum.areas.ledger import queries

    steps = [b64encode(step).decode() for step in queries.consistency(arguments.old_size, arguments.size)]
    if arguments.json:
        print(json.dumps({"old_size": arguments.old_size, "size": arguments.size, "hashes": steps}))
    else:
        for step in steps:
            print(step)


def _tiles(arguments: argparse.Namespace) -> None:
    from rostrum.areas.ledger import queries
    from rostrum.kernel.decisions import InvalidInput

    newest = queries.newest_checkpoint()
    folder = queries.tiles_folder()
    if folder is None or arguments.out.exists():
        raise InvalidInput(str(arguments.out), "this folder exists; name a new one")
    shutil.copytree(folder, arguments.out, ignore=shutil.ignore_patterns("high-water", ".*"))
    # The newest one of the database: a tile of it cannot be missing, even if the log has grown since.
    (arguments.out / "checkpoint").write_text(newest.note, encoding="utf-8")
    files = sum(1 for path in (arguments.out / "tile").rglob("*") if path.is_file())
    if arguments.json:
        print(json.dumps({"out": str(arguments.out), "origin": newest.log.origin, "size": newest.size, "tiles": files}))
    else:
        print(f"{arguments.out}: {files} tiles of {newest.log.origin} at {newest.size} leaves.")
