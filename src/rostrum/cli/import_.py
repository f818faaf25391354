"""`rostrum import`: platforms' own data exports into a channel's archive."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from rostrum.cli.progress import Progress
from rostrum.kernel.decisions import InvalidInput

if TYPE_CHECKING:
    from rostrum.areas.archive.operations import BatchReport
    from rostrum.importers import Export

HELP = "import platforms' data exports"
_MOST_SHOWN = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="the files of one export (all parts of it together)")
    parser.add_argument("--channel", metavar="SLUG", required=True, help="the channel whose archive it belongs to")
    parser.add_argument("--kind", metavar="KIND", help="what the export is, where it cannot be told by itself")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Import; 0 when all of it could be read, 1 when there are faults, 2 when nothing of it can be used."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.archive import operations as archive
    from rostrum.areas.channels.models import Channel
    from rostrum.importers import detect
    from rostrum.kernel.items import Route

    channel = Channel.objects.filter(slug=arguments.channel).first()
    if channel is None:
        known = ", ".join(Channel.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise InvalidInput("--channel", f"There is no channel {arguments.channel!r}. Known are: {known}.")
    _keep_memory_flat()
    progress = Progress()
    with detect(arguments.files, arguments.kind) as export:
        if export.platform != channel.platform_id:
            print(f"note: an export of {export.platform} goes to a channel on {channel.platform_id}", file=sys.stderr)
        export.seal(
            lambda done, total: progress.say(f"reading: {done * 100 // max(total, 1)} % of {total / 1e6:,.1f} MB")
        )
        report = archive.store_batch(
            channel=channel,
            items=export.read(),
            route=Route.OWNER_EXPORT,
            actor="system",
            now=timezone.now(),
            sources=[
                archive.SourceInfo(
                    name=source.name,
                    kind=export.kind,
                    size_bytes=source.size_bytes,
                    sha256=source.sha256,
                    members=[(member.name, member.size_bytes, member.sha256) for member in source.members],
                    path=container.path,
                )
                for source, container in zip(export.sources, export.containers, strict=True)
            ],
            progress=lambda count: progress.say(f"storing: {count:,}"),
        )
        progress.done()
        _tell(report, export, as_json=arguments.json)
    return 1 if report.faults else 0


def _keep_memory_flat() -> None:
    """Let the database keep less in memory than a server would: an import writes once and reads little again."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -8192")


def _tell(report: "BatchReport", export: "Export", *, as_json: bool) -> None:
    missing = list(dict.fromkeys([*export.missing, *report.missing]))
    if as_json:
        told = {
            "kind": export.kind,
            "recognised": report.recognised,
            "stored": report.stored,
            "unchanged": report.unchanged,
            "ignored": export.ignored,
            "missing": missing,
            "faults": [{"where": fault.where, "why": fault.why} for fault in report.faults],
            "entry": report.entry,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    kinds = ", ".join(f"{count} {kind}s" for kind, count in sorted(report.recognised.items())) or "nothing"
    print(f"recognised: {kinds}")
    print(f"stored: {report.stored} versions; unchanged: {report.unchanged}")
    _listing("not imported by design", export.ignored)
    _listing("missing", missing)
    _listing("faults", [f"{fault.where}: {fault.why}" for fault in report.faults])


def _listing(title: str, lines: list[str]) -> None:
    if lines:
        print(f"{title} ({len(lines)}):")
        for line in lines[:_MOST_SHOWN]:
            print(f"  {line}")
        if len(lines) > _MOST_SHOWN:
            print(f"  and {len(lines) - _MOST_SHOWN} more (all of them with --json)")
