"""`rostrum channels`: how each channel stands: state, owner, log-in, page, administrators, who left, open duties."""

import argparse
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rostrum.kernel.decisions import InvalidInput

if TYPE_CHECKING:
    from rostrum.areas.channels.queries.standing import ChannelStanding

HELP = "how each channel stands: list, show"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = commands.add_parser("list", help="every channel that was not declined, one line each")
    showing = commands.add_parser("show", help="one channel with its page, its rights and its open duties")
    showing.add_argument("slug", metavar="SLUG", help="the channel, as `rostrum channels list` names it")
    for sub in (listing, showing):
        sub.add_argument("--json", action="store_true", help="print JSON; lists are one object per line")


def run(arguments: argparse.Namespace) -> int:
    """List channels or show one. Raises `InvalidInput` naming a slug that no channel has."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.channels.queries import standing

    now = timezone.now()
    if arguments.action == "show":
        found = standing.channel_standing(arguments.slug, now=now)
        if found is None:
            raise InvalidInput("SLUG", f"there is no channel {arguments.slug!r}; see: rostrum channels list")
        print(json.dumps(_record(found, whole=True), ensure_ascii=False, indent=1) if arguments.json else _page(found))
        return 0
    rows = standing.channel_standings(now=now)
    for row in rows:
        print(json.dumps(_record(row), ensure_ascii=False) if arguments.json else _line(row))
    if not arguments.json:
        print(f"{len(rows)} {'channel' if len(rows) == 1 else 'channels'}", file=sys.stderr)
    return 0


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _record(row: "ChannelStanding", *, whole: bool = False) -> dict[str, Any]:
    channel = row.channel
    record: dict[str, Any] = {
        "slug": channel.slug,
        "id": channel.public_id,
        "name": channel.name,
        "platform": channel.platform_id,
        "address": channel.url or channel.handle,
        "state": channel.state,
        "owner": channel.owner,
        "unit": channel.unit.name,
        "trouble": channel.trouble or None,
        "custody": {
            "state": row.custody,
            "deposited_at": _instant(row.deposited_at),
            "tested_at": _instant(row.tested_at),
            "to_be_changed_by": _instant(row.change_due_at),
        },
        "page": {"missing": channel.page_missing, "due_at": _instant(channel.page_due_at)},
        "administrators_disagree": row.disagreements,
        "open_duties": len(row.duties),
        "overdue_duties": row.overdue,
    }
    if whole:
        record["page"]["elements"] = [
            {"element": one.element.code, "clause": one.element.clause, "state": one.place.value} for one in row.page
        ]
        record["rights"] = [
            {"person": right.person.public_id, "name": right.person.name, "right": right.right} for right in row.rights
        ]
        record["duties"] = [
            {"id": duty.public_id, "kind": duty.kind, "title": duty.title, "due_at": _instant(duty.due_at)}
            for duty in row.duties
        ]
    return record


def _line(row: "ChannelStanding") -> str:
    channel = row.channel
    count = len(row.duties)
    owed = f"{count} {'duty' if count == 1 else 'duties'}" + (f", {row.overdue} OVERDUE" if row.overdue else "")
    page = (
        f"page lacks {channel.page_missing}" if channel.page_missing else "page ok" if channel.page_due_at else "page -"
    )
    return (
        f"{channel.slug}  {channel.state}  {channel.platform_id}  ({channel.unit.name})  {row.custody}  {page}  {owed}"
    )


def _disagreements(count: int) -> str:
    return "1 disagreement" if count == 1 else f"{count or 'no'} disagreements"


def _page(row: "ChannelStanding") -> str:
    channel = row.channel
    lines = [
        f"{channel.name} ({channel.slug}), {channel.platform.name}: {channel.state}",
        f"  address         {channel.url or channel.handle}",
        f"  owner           {channel.owner}",
        f"  maintained by   {channel.unit.name}",
        f"  line            {channel.trouble or 'no trouble known'}",
        f"  log-in          {row.custody}"
        + (f", to be changed by {_instant(row.change_due_at)}" if row.change_due_at else ""),
        f"  administrators  {_disagreements(row.disagreements)} with the roster",
        "  page",
        *(f"    {one.title:<22}  {one.element.words} [{one.element.clause}]" for one in row.page),
        "  rights",
        *(f"    {right.right:<12}  {right.person.name}" for right in row.rights),
        "  open duties",
        *(f"    {_instant(duty.due_at) or 'no date'}  {duty.title}" for duty in row.duties),
    ]
    return "\n".join(lines)
