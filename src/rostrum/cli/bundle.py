"""`rostrum bundle export`: the production of a request, or everything, as a bundle that anyone can verify."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rostrum.kernel.decisions import InvalidInput, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from rostrum.areas.disclosure.models import RecordsRequest

HELP = "export records with their proofs"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser(
        "export", help="write a bundle into a new folder", description="Write a bundle into a new folder."
    )
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--request", type=int, metavar="N", help="what was released for the request with this number")
    what.add_argument("--all", action="store_true", help="the whole archive and the whole ledger")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder; must not exist yet")
    export.add_argument("--json", action="store_true", help="print JSON")
    # Also after the action's name, where people put it.
    export.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="the data folder")


def run(arguments: argparse.Namespace) -> int:
    """Write the bundle and say what is in it."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    folder = _new_folder(arguments.out)
    from rostrum.evidence.bundle import BundleRefused

    try:
        told = _export_all(folder) if arguments.all else _export_request(arguments.request, folder)
    except BundleRefused as problem:
        raise Refused.because(
            "not-what-was-committed",
            f"{problem}. What is stored is not what the ledger committed to when it was captured, so it cannot be "
            "proved: bring it back from a backup (docs/operations/backup-and-restore.md), then export again",
        ) from problem
    if arguments.json:
        print(json.dumps(told))
    else:
        print(f"{told['folder']}: {told['records']:,} records. {told['note']}")
        print("Verify it with: rostrum verify", told["folder"], "--key KEYFILE")
    return 0


def _new_folder(out: Path) -> Path:
    folder = out.resolve()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    if folder.exists():
        raise InvalidInput("--out", f"{out} exists already; name a new folder")
    if not folder.parent.is_dir():
        raise InvalidInput("--out", f"there is no folder {folder.parent}")
    return folder


def _sequenced() -> "datetime":
    """Give everything that waits its index first, so that everything can be proved."""
    from django.utils import timezone

    from rostrum.areas.ledger import operations as ledger
    from rostrum.areas.ledger import queries

    now = timezone.now()
    while queries.has_work(now) and ledger.sequence(now) is not None:
        pass  # a round takes up to some thousands of entries
    return now


def _export_all(folder: Path) -> dict[str, Any]:
    from rostrum.areas.archive.models import Version
    from rostrum.areas.disclosure.bundling import write_full_export

    now = _sequenced()
    total = Version.objects.count()
    next_at = time.monotonic() + 1

    def progress(done: int) -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            print(f"{done:,} of {total:,} records", file=sys.stderr, flush=True)
            next_at = time.monotonic() + 2

    report = write_full_export(folder, now=now, progress=progress)
    return {
        "folder": str(report.folder), "records": report.records, "entries": report.entries, "gaps": report.gaps,
        "redactions": report.redactions, "files": report.files, "size_bytes": report.size_bytes,
        "digest": report.digest,
        "note": f"{report.entries:,} ledger entries, {report.gaps} gaps stated, {report.size_bytes:,} bytes.",
    }  # fmt: skip


def _export_request(number: int, folder: Path) -> dict[str, Any]:
    from rostrum.areas.disclosure import productions, queries
    from rostrum.areas.disclosure.models import RecordsRequest

    request = RecordsRequest.objects.filter(number=number).first()
    if request is None:
        raise InvalidInput("--request", f"there is no request with the number {number}")
    ready = queries.ready_productions(request).last()
    if ready is None:
        return _build_request(request, folder)
    productions.unpack(ready, folder)
    return {
        "folder": str(folder), "records": ready.records, "production": ready.number, "zip_sha256": ready.digest,
        "note": f"Production {ready.number}, as it was handed over.",
    }  # fmt: skip


def _build_request(request: "RecordsRequest", folder: Path) -> dict[str, Any]:
    from rostrum.areas.disclosure import productions, rules
    from rostrum.areas.disclosure.models import Determination
    from rostrum.areas.disclosure.states import RequestState
    from rostrum.areas.disclosure.verifying import StillThere

    determination = Determination.objects.filter(request=request).first()
    outcome = determination.outcome if determination else ""
    rules.decide_production(RequestState(request.state), outcome, building=False).or_refuse()
    now = _sequenced()
    number = request.productions.count() + 1
    try:
        report = productions.write_folder(request, number, folder, identifier=request.public_id, now=now)
    except StillThere as problem:
        raise Refused.because("still-shown", f"{problem}; nothing was written.") from None
    return {
        "folder": str(folder), "records": report.records, "entries": report.entries, "gaps": report.gaps,
        "redactions": report.redactions, "files": report.files, "size_bytes": report.size_bytes,
        "digest": report.digest,
        "note": "Built now; it counts as handed over only once a custodian has made the production.",
    }  # fmt: skip
