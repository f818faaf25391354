"""`rostrum backup --out FILE`: the database and the blobs in one file, checked by its own manifest."""

import argparse
import json
from pathlib import Path

HELP = "write a backup of the database and blobs"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--out", metavar="FILE", required=True, type=Path, help="the file to write; it must not exist")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.cli.backups import write_backup

    manifest = write_backup(arguments.out, now=timezone.now())
    written = {
        "file": str(arguments.out),
        "files": len(manifest["files"]),
        "bytes": arguments.out.stat().st_size,
        "made_at": manifest["made_at"],
    }
    if arguments.json:
        print(json.dumps(written))
    else:
        print(f"{written['file']}: {written['files']} files, {written['bytes']} bytes.")
        print("Keys and the log's folder are not in it: copy DATA/keys and DATA/log to a place of their own.")
    return 0
