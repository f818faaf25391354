"""`rostrum capture`: look at the channels now, once or in their cadence."""

import argparse
import json
import sys
import time

from rostrum.cli.main import start_django
from rostrum.kernel.decisions import InvalidInput

_PAUSE_SECONDS = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--channel", metavar="SLUG", help="only this channel (default: every watched channel)")
    parser.add_argument(
        "--once", action="store_true", help="one look at each, then stop (default: go on in their cadence)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per look")


def run(arguments: argparse.Namespace) -> int:
    """Look; the exit code is 1 when a channel could not be seen whole."""
    start_django()
    from django.utils import timezone

    from rostrum.areas.archive.capturing import look_at
    from rostrum.areas.channels import queries
    from rostrum.areas.channels.models import Channel
    from rostrum.areas.ledger import operations as ledger

    code = 0
    due: dict[str, float] = {}
    while True:
        if arguments.channel:
            try:
                channels = [queries.channel_by_slug(arguments.channel)]
            except Channel.DoesNotExist:
                raise InvalidInput("--channel", f"there is no channel {arguments.channel!r}") from None
        else:
            channels = list(queries.watched_channels().distinct())
        for channel in channels:
            if due.get(channel.slug, 0) > time.monotonic():
                continue
            look = look_at(channel, clock=timezone.now)
            due[channel.slug] = time.monotonic() + channel.cadence_minutes * 60
            if look.trouble or look.faults:
                code = 1
            if arguments.json:
                print(json.dumps(look.to_json(), ensure_ascii=False), flush=True)
            else:
                trouble = f"; {look.trouble.replace('_', ' ')}, stated as a gap" if look.trouble else ""
                print(f"{channel.slug}: {look.stored} new, {look.unchanged} known{trouble}", flush=True)
            for fault in look.faults:
                print(f"  {fault.where}: {fault.why}", file=sys.stderr)
        ledger.sequence(timezone.now())
        if arguments.once:
            return code
        time.sleep(_PAUSE_SECONDS)
