"""`rostrum duties`: what is owed, by whom, until when."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from rostrum.kernel.decisions import InvalidInput

if TYPE_CHECKING:
    from rostrum.areas.agenda.queries import Row

HELP = "what is owed, by whom, until when"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = commands.add_parser("list", help="the open duties, soonest first")
    state = listing.add_mutually_exclusive_group()
    state.add_argument("--overdue", action="store_true", help="only what is overdue, the longest first")
    state.add_argument("--closed", action="store_true", help="what was closed, the latest first")
    listing.add_argument("--kind", metavar="KIND", default="", help="only this kind, such as request.respond")
    listing.add_argument("--role", metavar="ROLE", default="", help="only what this role owes")
    listing.add_argument("--json", action="store_true", help="one JSON object per line")


def run(arguments: argparse.Namespace) -> int:
    """List duties; the exit code is 1 when `--overdue` finds any, for use in scripts that watch."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.agenda import queries
    from rostrum.areas.agenda.queries import Filters

    _refuse_unknown(arguments.kind, arguments.role)
    now = timezone.now()
    state = "overdue" if arguments.overdue else "closed" if arguments.closed else "open"
    found = queries.every(Filters(state=state, kind=arguments.kind, role=arguments.role), now=now)
    count = 0
    for rows in queries.in_rows(found, now=now):
        for row in rows:
            count += 1
            print(json.dumps(_record(row), ensure_ascii=False) if arguments.json else _line(row))
    if not arguments.json:
        print(f"{count} {'duty' if count == 1 else 'duties'}", file=sys.stderr)
    return 1 if arguments.overdue and count else 0


def _refuse_unknown(kind: str, role: str) -> None:
    """Raise `InvalidInput` for a kind or role that is none: a watching script would take a slip for all well."""
    from rostrum.areas.duties.kinds import declared
    from rostrum.areas.duties.models import Duty
    from rostrum.areas.people.rules import Role

    if kind and kind not in declared() and not Duty.objects.filter(kind=kind).exists():
        raise InvalidInput("--kind", f"there is no kind {kind!r}; known are {', '.join(sorted(declared()))}")
    if role and role not in list(Role):
        raise InvalidInput("--role", f"there is no role {role!r}; known are {', '.join(sorted(Role))}")


def _record(row: "Row") -> dict[str, Any]:
    duty = row.duty

    def instant(at: Any) -> str | None:
        return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None

    return {
        "id": duty.public_id,
        "kind": duty.kind,
        "title": duty.title,
        "owner": duty.owner.public_id if duty.owner else None,
        "role": duty.owner_role,
        "unit": duty.unit or None,
        "subject": duty.subject,
        "opened_at": instant(duty.opened_at),
        "due_at": instant(duty.due_at),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "other_on": duty.other_on.isoformat() if duty.other_on else None,
        "clock": duty.clock or None,
        "clause": duty.clause or None,
        "is_overdue": row.is_overdue,
        "closed_at": instant(duty.closed_at),
        "evidence": duty.evidence or None,
        "was_late": row.was_late if duty.closed_at else None,
    }


def _line(row: "Row") -> str:
    duty = row.duty
    due = f"by {row.due_on}" if row.due_on else f"{duty.due_at:%Y-%m-%d %H:%M} UTC" if duty.due_at else "no date"
    state = "OVERDUE " if row.is_overdue else "late " if row.was_late else ""
    return f"{state}{due}  {duty.public_id}  {duty.kind}  {row.whose}: {duty.title}"
