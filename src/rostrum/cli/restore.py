"""`rostrum restore FILE`: put a backup back, after checking every byte, and say how the ledger stands then."""

import argparse
import json
from pathlib import Path

HELP = "restore a backup"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a file written by `rostrum backup`")
    parser.add_argument("--force", action="store_true", help="replace the database that is there")
    parser.add_argument("--json", action="store_true", help="print what was restored as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Restore; the exit code is 1 when the ledger needs a person."""
    from rostrum.cli.main import start_django

    start_django()
    from django.utils import timezone

    from rostrum.areas.ledger import operations as ledger
    from rostrum.areas.ledger import queries
    from rostrum.cli.backups import restore_backup

    manifest = restore_backup(arguments.file, force=arguments.force)
    health = queries.health()
    if queries.can_continue():
        # What the log has signed and this database forgot is entered as lost now, not at some later act.
        ledger.sequence(timezone.now())
        health = queries.health()
    if arguments.json:
        print(
            json.dumps(
                {
                    "files": len(manifest["files"]),
                    "made_at": manifest["made_at"],
                    "origin": health.origin,
                    "signed": health.signed,
                    "lost": health.lost,
                    "troubles": list(health.troubles),
                }
            )
        )
    else:
        print(f"Restored {len(manifest['files'])} files of {manifest['made_at']}.")
        print(f"Log {health.origin or '(none yet)'}: {health.signed} leaves signed, {health.lost} lost.")
        for trouble in health.troubles:
            print(f"- {trouble}")
    return 1 if health.troubles or health.lost else 0
