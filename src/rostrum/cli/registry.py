"""`rostrum registry`: the register of official channels from the command line."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rostrum.cli.progress import Progress
from rostrum.kernel.decisions import InvalidInput, Refused

if TYPE_CHECKING:
    from rostrum.areas.channels.lists import ReadRow
    from rostrum.areas.channels.models import ChannelList
    from rostrum.areas.people.models import Unit

HELP = "official channels: add, list, import, decide, export, verify"
_MOST_SHOWN = 40
_LONGEST_UNIT = 200


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands and their arguments."""
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def add(name: str, help_text: str, run_action: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.add_argument("--json", action="store_true", help="print JSON")
        sub.set_defaults(run_action=run_action)
        return sub

    one = add("add", "register a channel that exists already, as found: not approved yet", _add)
    one.add_argument("--platform", required=True, metavar="NAME", help="the platform, such as facebook, x or bluesky")
    one.add_argument("--handle", default="", metavar="HANDLE", help="its handle, with or without @")
    one.add_argument("--url", default="", metavar="URL", help="the address of its page; one of the two is enough")
    one.add_argument("--name", required=True, metavar="NAME", help="its name, as people read it")
    one.add_argument("--unit", required=True, metavar="NAME", help="the department that keeps it; added if it is new")
    one.add_argument("--slug", default="", metavar="SLUG", help="what commands call it (default: from its name)")
    one.add_argument("--why-alike", default="", metavar="REASON", help="why it is like another channel's handle")
    add("list", "every channel that was not declined", _list)
    taken = add("import", "take in a list of channels that exist (CSV, however it is kept), as found", _import)
    taken.add_argument("file", metavar="FILE", help="the list, a table as text")
    taken.add_argument(
        "--preview", action="store_true", help="say row by row what would become of it; keep nothing of it"
    )
    taken.add_argument(
        "--covers",
        default="all",
        metavar="WHAT",
        help="what the list claims to name: all channels (default), part of them, or a department's",
    )
    taken.add_argument("--unit", default="", metavar="NAME", help="the department of rows that name none")
    taken.add_argument("--add-units", action="store_true", help="add the departments that the list names")
    decided = add("decide", "decide on a list that is held because it misses many known channels", _decide)
    decided.add_argument("list", metavar="LIST", help="the list's id")
    choice = decided.add_mutually_exclusive_group(required=True)
    choice.add_argument("--take", action="store_true", help="take in what it names; nothing is closed")
    choice.add_argument("--set-aside", action="store_true", help="take nothing from it")
    decided.add_argument("--reason", required=True, metavar="TEXT", help="why; it is recorded")
    written = add("export", "write the registry as a signed file that anyone can check offline", _export)
    written.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to write it")
    checked = add("verify", "check such a file offline; exit 0 intact, 1 altered, 2 unreadable, 3 untrusted", _verify)
    checked.add_argument("file", type=Path, metavar="FILE", help="the file")
    checked.add_argument(
        "--key", type=Path, action="append", default=[], metavar="FILE", help="the ledger's public key"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen action; return the exit code."""
    code: int = arguments.run_action(arguments)
    return code


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _add(arguments: argparse.Namespace) -> int:
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder(set_up=True)
    from django.db import transaction
    from django.utils import timezone

    from rostrum.areas.channels import operations
    from rostrum.areas.channels.naming import platform_called
    from rostrum.areas.channels.platforms import PLATFORMS

    platform = platform_called(arguments.platform)
    if platform is None:
        raise InvalidInput(
            "--platform", f"there is no platform called {arguments.platform!r}. Known are: {', '.join(PLATFORMS)}."
        )
    now = timezone.now()
    try:
        # A department is added with its first channel, or not at all.
        with transaction.atomic():
            channel = operations.register_found(
                platform=platform,
                name=arguments.name,
                unit=_unit(arguments.unit, now=now),
                handle=arguments.handle,
                url=arguments.url,
                slug=arguments.slug,
                why_alike=arguments.why_alike,
                found_in="the command line",
                actor="system",
                now=now,
            )
    except Refused as refusal:
        if any(reason.code == "looks-alike" for reason in refusal.reasons):
            print("Give the reason with --why-alike REASON.", file=sys.stderr)
        raise
    if arguments.json:
        _print_json({"id": channel.public_id, "slug": channel.slug, "state": channel.state, "name": channel.name})
    else:
        print(f"{channel.slug}: {channel.name} on {channel.platform.name} is registered as found, not approved.")
        print(f"Its archive can be imported now: rostrum import FILE --channel {channel.slug}")
    return 0


def _unit(name: str, *, now: Any) -> "Unit":
    """The department by its name or slug; a new one is added and said so."""
    from django.db import transaction
    from django.utils.text import slugify

    from rostrum.areas.people import operations as people
    from rostrum.areas.people.models import Unit

    wanted = name.strip()
    known = Unit.objects.filter(name__iexact=wanted).first() or Unit.objects.filter(slug=slugify(wanted)).first()
    if known is not None:
        return known
    if not slugify(wanted):
        raise InvalidInput("--unit", "name the department that keeps the channel")
    if len(wanted) > _LONGEST_UNIT:
        raise InvalidInput("--unit", f"a department's name has at most {_LONGEST_UNIT} characters")
    # Said only when it is so: what comes after may still be refused, and the department with it.
    transaction.on_commit(lambda: print(f"The department {wanted} is new here: added.", file=sys.stderr))
    return people.add_unit(slug=_free_unit_slug(slugify(wanted)), name=wanted, actor="system", now=now)


def _free_unit_slug(base: str) -> str:
    """What no department is called yet: two long names may begin alike."""
    from rostrum.areas.people.models import Unit

    slug, number = base[:50], 1
    while Unit.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base[:45]}-{number}"
    return slug


def _list(arguments: argparse.Namespace) -> int:
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from rostrum.areas.channels import queries

    rows = [
        {
            "slug": one.slug,
            "name": one.name,
            "platform": one.platform_id,
            "handle": one.handle,
            "url": one.url,
            "unit": one.unit.name,
            "state": one.state,
        }
        for one in queries.known_channels()
    ]
    if arguments.json:
        _print_json(rows)
        return 0
    for row in rows:
        print(f"{row['slug']}  {row['state']}  {row['platform']}  {row['handle'] or row['url']}  ({row['unit']})")
    if not rows:
        print("no channels yet")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    """Take a list in, or with --preview say what would be; 1 when something of it waits for a person."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder(set_up=True)
    from django.utils import timezone

    from rostrum.areas.channels.operations import lists as operations
    from rostrum.areas.channels.queries import lists as queries
    from rostrum.importers.reading import shown_name

    path = Path(arguments.file)
    content = path.read_bytes()
    now = timezone.now()
    covers = arguments.covers if arguments.covers in (queries.ALL, queries.PART) else _known(arguments.covers).public_id
    if arguments.preview:
        return _preview(arguments, content)
    if arguments.add_units:
        _add_units(_read(content, ""), now=now)
    progress = Progress()
    found = operations.receive_list(
        name=shown_name(path),
        content=content,
        covers=covers,
        default_unit=_known(arguments.unit) if arguments.unit else None,
        actor="system",
        now=now,
        reads_at_once=True,
        progress=lambda done, total: progress.say(f"reading: {done:,} of {total:,} rows"),
    )
    return _take(found, progress, as_json=arguments.json)


def _take(found: "ChannelList", progress: Progress, *, as_json: bool) -> int:
    from django.utils import timezone

    from rostrum.areas.channels.operations import lists as operations
    from rostrum.areas.channels.rules.lists import ListState

    taken, left = 0, found.state in (ListState.READY, ListState.TAKING, ListState.TAKEN)
    while left:
        step = operations.take_in_list(list_id=found.public_id, actor="system", now=timezone.now())
        taken, left = taken + len(step.channels), bool(step.left)
        progress.say(f"taking in: {taken:,} of {taken + step.left:,} channels")
    progress.done()
    found.refresh_from_db()
    return _report(found, as_json=as_json)


def _report(found: "ChannelList", *, as_json: bool) -> int:
    from rostrum.areas.channels.queries import lists as queries
    from rostrum.areas.channels.rules.lists import LIST_STATE_TITLES, ListState

    figures = queries.figures(found)
    missing = [one.slug for one in queries.missing_channels(found)]
    if as_json:
        waiting = queries.finds_of(found, ("decide",))
        _print_json(
            {
                "list": found.public_id,
                "state": found.state,
                "reason": found.decision_reason,
                "rows": figures.rows,
                "addresses": figures.finds,
                "known": found.known_count,
                "missing": missing,
                "to_decide": [
                    {"row": one.row.number, "written": one.written, "why": [why for _, why in one.why]}
                    for one in waiting
                ],
                "unclear": [
                    {"row": row.number, "text": row.text, "why": [why for _, why in row.why]}
                    for row in found.rows.filter(kind="unclear", settled_at=None)
                ],
            }
        )
    else:
        print(f"{found.public_id}: {LIST_STATE_TITLES[ListState(found.state)]}. {found.decision_reason}".rstrip())
        print(f"rows: {_counted(figures.rows)}")
        print(f"addresses: {_counted(figures.finds)}")
        if missing:
            print(f"not in the list, and left as they are: {len(missing)} of {found.known_count} known channels")
            _shown(f"  {slug}" for slug in missing)
        if found.state == ListState.HELD:
            print("Held: it misses many known channels. Decide with: rostrum registry decide LIST --take|--set-aside")
        elif figures.to_decide:
            print(f"{figures.to_decide} wait for a person: Channels, Lists taken in, on the desk (or --json).")
    return 1 if figures.to_decide or found.state in (ListState.HELD, ListState.REFUSED) else 0


def _decide(arguments: argparse.Namespace) -> int:
    """Decide on a held list."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.channels.operations import lists as operations

    act = operations.release_list if arguments.take else operations.set_list_aside
    found = act(list_id=arguments.list, reason=arguments.reason, actor="system", now=timezone.now())
    return _take(found, Progress(), as_json=arguments.json)


def _preview(arguments: argparse.Namespace, content: bytes) -> int:
    """Say row by row what would become of a list."""
    rows = _read(content, _known(arguments.unit).public_id if arguments.unit else "")
    outcomes = Counter(find.outcome.value for row in rows for find in row.finds)
    kinds = Counter(row.kind.value for row in rows)
    if arguments.json:
        _print_json(
            {
                "rows": [_row_as_json(row) for row in rows],
                "counts": {"rows": dict(kinds), "addresses": dict(outcomes)},
            }
        )
    else:
        for row in rows:
            _print_row(row)
        print(f"rows: {_counted(kinds)}")
        print(f"addresses: {_counted(outcomes)}")
    return 1 if outcomes["decide"] or kinds["unclear"] else 0


def _row_as_json(row: "ReadRow") -> dict[str, Any]:
    return {
        "row": row.number,
        "text": row.text,
        "kind": row.kind,
        "why": [why.text for why in row.why],
        "addresses": [
            {
                "outcome": find.outcome,
                "platform": find.platform,
                "handle": find.handle,
                "url": find.url,
                "name": find.name,
                "unit": find.unit_text,
                "why": [why.text for why in find.why],
            }
            for find in row.finds
        ],
    }


def _print_row(row: "ReadRow") -> None:
    if not row.finds:
        print(f"{row.number:>6}  {row.kind.value:<8}  {' '.join(why.text for why in row.why)}".rstrip())
    for find in row.finds:
        address = f"{find.platform or '?'} {find.handle or find.url or find.written}"
        print(f"{row.number:>6}  {find.outcome.value:<8}  {address}  {' '.join(why.text for why in find.why)}".rstrip())


def _read(content: bytes, default_unit: str) -> "list[ReadRow]":
    from rostrum.areas.channels.lists import read_list
    from rostrum.areas.channels.queries import lists as queries
    from rostrum.importers.tables import read_table

    return list(
        read_list(
            read_table(content),
            units=queries.units_by_name(),
            known=queries.known_for_lists(),
            default_unit=default_unit,
        )
    )


def _add_units(rows: "list[ReadRow]", *, now: datetime) -> None:
    """Add each department that rows name and nobody here knows, once for all its spellings."""
    from rostrum.areas.channels.queries import lists as queries

    for name in dict.fromkeys(find.unit_text for row in rows for find in row.finds if find.unit_text and not find.unit):
        if not queries.units_by_name().called(name):
            _unit(name, now=now)


def _known(name: str) -> "Unit":
    """The department of this name. Raises `InvalidInput` when none is called so."""
    from rostrum.areas.channels.queries import lists as queries
    from rostrum.areas.people.models import Unit

    called = queries.units_by_name().called(name)
    if not called:
        known = ", ".join(Unit.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise InvalidInput(f"department {name!r}", f"is not known here. Known are: {known}.")
    return Unit.objects.get(public_id=called)


_WORDS = {
    "add": "to add",
    "here": "already here",
    "repeated": "repeated in the list",
    "decide": "for a person",
    "taken": "taken in",
    "left": "left out by a person",
    "channels": "with channels",
    "heading": "headings",
    "title": "titles",
}


def _counted(counts: "dict[str, int] | Counter[str]") -> str:
    return ", ".join(f"{count:,} {_WORDS.get(str(name), name)}" for name, count in sorted(counts.items())) or "none"


def _shown(lines: Iterable[str]) -> None:
    listed = list(lines)
    print("\n".join(listed[:_MOST_SHOWN]))
    if len(listed) > _MOST_SHOWN:
        print(f"  and {len(listed) - _MOST_SHOWN:,} more (all of them with --json)")


def _export(arguments: argparse.Namespace) -> int:
    """Write the registry, with the proof that its digest is in the ledger."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.ledger import operations as ledger
    from rostrum.areas.portal import operations, queries

    made = operations.export_registry(actor="system", now=timezone.now())
    ledger.sequence(timezone.now())
    found = queries.signed_export(made)
    if found is None:
        raise InvalidInput("log", "the export has no place in the log yet; see rostrum doctor")
    arguments.out.write_bytes(found)
    count = len(json.loads(made.text)["channels"])
    if arguments.json:
        _print_json({"file": str(arguments.out), "channels": count, "entry": made.entry})
    else:
        print(f"{arguments.out}: {count} channels. Check it with: rostrum registry verify {arguments.out} --key KEYS")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    """Check a file; needs no data folder and trusts no key but those given."""
    from rostrum.evidence.verify import answer_registry

    return answer_registry(arguments.file, arguments.key, as_json=arguments.json)
