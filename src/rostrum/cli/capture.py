"""`rostrum capture`: look at the channels now, once or in their cadence."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rostrum.cli.main import start_in_data_folder
from rostrum.kernel.decisions import InvalidInput

if TYPE_CHECKING:
    from rostrum.areas.archive.capturing import Look
    from rostrum.areas.channels.models import Channel

_PAUSE_SECONDS = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--channel", metavar="SLUG", help="only this channel (default: every watched channel)")
    parser.add_argument(
        "--once", action="store_true", help="one look at each, then stop (default: go on in their cadence)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per look")


def run(arguments: argparse.Namespace) -> int:
    """Look; the exit code is 0 when every channel was seen whole, 1 when not, 2 for a channel that cannot be looked at.

    Without ``--once`` it goes on until it is interrupted. A channel that breaks does not keep the others from theirs.
    """
    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.archive.capturing import due_channels, look_at
    from rostrum.areas.channels import queries
    from rostrum.areas.ledger import operations as ledger

    only = _channel(arguments.channel) if arguments.channel else None
    is_first = True
    while True:
        if is_first:
            channels = [only] if only else list(queries.watched_channels().distinct())
        else:
            channels = [one for one in due_channels(now=timezone.now()) if only is None or one.pk == only.pk]
        is_first = False
        all_whole = True
        for channel in channels:
            all_whole &= _look(channel, partial(look_at, channel, clock=timezone.now), arguments.json)
        if channels:
            ledger.sequence(timezone.now())
        if arguments.once:
            return 0 if all_whole else 1
        time.sleep(_PAUSE_SECONDS)


def _channel(slug: str) -> "Channel":
    from rostrum.areas.channels import queries
    from rostrum.areas.channels.models import Channel
    from rostrum.areas.channels.rules import OFFICIAL_STATES

    try:
        channel = queries.channel_by_slug(slug)
    except Channel.DoesNotExist:
        raise InvalidInput("--channel", f"there is no channel {slug!r}") from None
    if channel.state not in OFFICIAL_STATES:
        raise InvalidInput("--channel", f"{slug!r} is not open: there is nothing to capture")
    return channel


def _look(channel: "Channel", look: "Callable[[], Look]", as_json: bool) -> bool:
    """Look at one channel and say what came of it; whether it was seen whole."""
    try:
        seen = look()
    except Exception as broken:  # the others still have their turn
        print(f"{channel.slug}: {type(broken).__name__}: {broken}", file=sys.stderr)
        return False
    if as_json:
        print(json.dumps(seen.to_json(), ensure_ascii=False), flush=True)
    else:
        trouble = f"; {seen.trouble.replace('_', ' ')}, stated as a gap" if seen.trouble else ""
        print(f"{channel.slug}: {seen.stored} new, {seen.unchanged} known{trouble}", flush=True)
    for fault in seen.faults:
        print(f"  {fault.where}: {fault.why}", file=sys.stderr)
    return seen.was_whole
