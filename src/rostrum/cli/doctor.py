"""`rostrum doctor`: is what is needed here, and does everything that should run, run? Says what to do where not."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HELP = "check that this machine has what is needed"

_LEAST_SQLITE = (3, 35, 0)  # RETURNING, which the job table needs
_LEAST_POSTGRES = 140000  # CREATE OR REPLACE TRIGGER, which the ledger's migration needs
_LEAST_FREE_BYTES = 1 << 30
_LONGEST_WAIT = timedelta(minutes=5)
_LARGEST_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found and, when it is not well, what to do."""

    name: str
    is_well: bool
    found: str
    todo: str = ""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.add_argument(
        "--retry-dead", action="store_true", help="first give dead jobs a fresh start (when their cause is removed)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; the exit code is 1 when something wants a person."""
    from rostrum.cli.main import start_django

    start_django()
    from django.utils import timezone

    now = timezone.now()
    if arguments.retry_dead:
        from rostrum.areas.jobs import operations as jobs

        print(f"{jobs.retry_dead(now=now)} dead jobs start afresh.", file=sys.stderr)
    checks = look(now)
    if arguments.json:
        print(json.dumps([asdict(check) for check in checks]))
    else:
        for check in checks:
            print(f"{'well ' if check.is_well else 'WRONG'}  {check.name}: {check.found}")
            if check.todo:
                print(f"       {check.todo}")
    return 0 if all(check.is_well for check in checks) else 1


def look(now: datetime) -> list[Check]:
    """Every check, in the order of what depends on what; a database that is not there ends it early."""
    checks = [_python(), *_folders(), _disk(), _keys()]
    database = _database()
    checks.append(database)
    if not database.is_well:
        return checks
    tables = _tables()
    checks.append(tables)
    if tables.is_well:
        rest: tuple[Callable[[datetime], Check], ...] = (
            _clock,
            _ledger,
            _protection,
            _policy,
            _dead_jobs,
            _backlog,
            _custody,
            _duties,
        )
        checks += [check(now) for check in rest]
    return checks


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    well = sys.version_info >= (3, 11)
    return Check("Python", well, version, "" if well else "Install Python 3.11 or newer.")


def _folders() -> Iterator[Check]:
    from django.conf import settings

    for name in ("DATA_FOLDER", "BLOBS_FOLDER", "LOG_FOLDER", "KEYS_FOLDER"):
        folder = Path(getattr(settings, name))
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        well = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
        todo = "" if well else f"Let the user that runs Rostrum write to {nearest}."
        yield Check(name.removesuffix("_FOLDER").capitalize() + " folder", well, str(folder), todo)


def _disk() -> Check:
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA_FOLDER).free
    well = free >= _LEAST_FREE_BYTES
    todo = "" if well else "Make room: capture and the ledger stop when the disk is full."
    return Check("Free disk", well, f"{free / 1e9:.1f} GB", todo)


def _is_open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _keys() -> Check:
    from django.conf import settings

    folder = Path(settings.KEYS_FOLDER)
    keys = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    open_to_others = [path.name for path in keys if _is_open_to_others(path)]
    if open_to_others:
        return Check("Keys", False, f"readable by others: {', '.join(open_to_others)}", f"chmod 600 {folder}/*")
    return Check("Keys", True, f"{len(keys)} files, for their owner only")


def _database() -> Check:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                import sqlite3

                cursor.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
                has_search = cursor.fetchone() is not None
                well = sqlite3.sqlite_version_info >= _LEAST_SQLITE and has_search
                found = f"SQLite {sqlite3.sqlite_version}, {'with' if has_search else 'without'} FTS5"
                todo = "" if well else "Use a Python whose SQLite is 3.35 or newer and has FTS5."
                place = Path(connection.settings_dict["NAME"])
                if well and place.is_file() and _is_open_to_others(place):
                    well, found, todo = False, f"{found}, readable by others", f"chmod 600 {place}*"
            else:
                cursor.execute("SHOW server_version_num")
                version = int(cursor.fetchone()[0])
                well = version >= _LEAST_POSTGRES
                found = f"PostgreSQL {version // 10000}"
                todo = "" if well else "Use PostgreSQL 14 or newer."
    except DatabaseError as trouble:
        return Check("Database", False, type(trouble).__name__, "Start the database, or correct DATABASE_URL.")
    return Check("Database", well, found, todo)


def _tables() -> Check:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Check("Tables", False, f"{len(missing)} migrations to run", "Start `rostrum up` once: it migrates.")
    return Check("Tables", True, "up to date")


def _clock(now: datetime) -> Check:
    from django.db import connection

    from rostrum.areas.ledger import queries

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there: datetime = cursor.fetchone()[0]
        if abs(there - now) > _LARGEST_SKEW:
            return Check(
                "Clock", False, f"the database's clock is {there - now} away", "Set both machines' clocks (NTP)."
            )
    newest = queries.newest_entry_at()
    if newest is not None and newest > now + _LARGEST_SKEW:
        return Check("Clock", False, f"the newest entry is of {newest.isoformat()}", "Set this machine's clock (NTP).")
    return Check("Clock", True, now.astimezone(UTC).isoformat(timespec="seconds"))


def _ledger(now: datetime) -> Check:
    del now
    from rostrum.areas.duties import queries as duties
    from rostrum.areas.ledger import queries

    health = queries.health()
    astray = queries.unindexed_entries().count()
    troubles = [*health.troubles]
    if astray:
        troubles.append(f"{astray} entries neither wait nor have an index: the database was changed by hand.")
    if duties.open_duties(kind="ledger.explain-trouble").exists():
        troubles.append(f"{health.lost} leaves lost, or the log begun anew: the duty to explain it is open.")
    if troubles:
        return Check(
            "Ledger", False, " ".join(troubles), "Read docs/operations/ledger.md before anything else is done."
        )
    found = f"{health.signed} leaves signed, {health.waiting} acts wait" if health.origin else "no entry yet"
    return Check("Ledger", True, found)


def _protection(now: datetime) -> Check:
    del now
    from django.db import connection

    from rostrum.areas.ledger import append_only

    missing = append_only.missing_triggers(connection)
    if missing:
        todo = "Somebody has removed what keeps ledger rows from being changed. Restore a backup or find out why."
        return Check("Ledger's triggers", False, f"missing: {', '.join(missing)}", todo)
    return Check("Ledger's triggers", True, "rows can only be added")


def _policy(now: datetime) -> Check:
    del now
    from rostrum.areas.governance import queries

    current = queries.activation()
    if current is None:
        return Check("Policy", True, "no pack is active yet")
    if changed := queries.changed_packs():
        todo = "An update brought other files than those that were activated: read the changes and activate them again."
        return Check("Policy", False, f"changed since activation: {', '.join(changed)}", todo)
    return Check("Policy", True, current.policy_version)


def _dead_jobs(now: datetime) -> Check:
    del now
    from rostrum.areas.jobs import queries

    dead = queries.dead_jobs()
    if not dead:
        return Check("Failed jobs", True, "none")
    first = dead[0]
    found = (
        f"{len(dead)}; the newest is {first.kind}: {first.error.splitlines()[0] if first.error else 'no error kept'}"
    )
    return Check("Failed jobs", False, found, "Remove the cause, then run `rostrum doctor --retry-dead`.")


def _backlog(now: datetime) -> Check:
    from rostrum.areas.jobs import queries

    backlog = queries.backlog(now)
    late = backlog.oldest_wait is not None and backlog.oldest_wait > _LONGEST_WAIT
    found = f"{backlog.due} due, {backlog.running} running, {backlog.later} for later"
    return Check("Jobs", not late, found, "No worker keeps up: start `rostrum up` or another worker." if late else "")


def _custody(now: datetime) -> Check:
    del now
    from rostrum.areas.channels import custody
    from rostrum.areas.channels.queries import custody as reads
    from rostrum.kernel.decisions import Refused

    log_ins = reads.in_force().count()
    try:
        place = custody.open_custody()
        unreadable = reads.unreadable_log_ins(thoroughly=True)
    except Refused as refusal:
        return Check("Custody", False, str(refusal), "Correct the settings of custody (docs/operations/custody.md).")
    if unreadable:
        named = "; ".join(f"{one.channel.name}: {custody.as_reason(one.trouble).message}" for one in unreadable)
        todo = "Nothing is published or captured on them. Read docs/operations/custody.md; nothing is lost."
        return Check("Custody", False, f"{len(unreadable)} of {log_ins} log-ins cannot be read. {named}", todo)
    others = reads.to_reseal(place.store.current()).count() if log_ins else 0
    if others:
        return Check(
            "Custody", False, f"{others} log-ins are sealed under a former key", "Run `rostrum custody rekey`."
        )
    return Check("Custody", True, f"{log_ins} log-ins, each readable")


def _duties(now: datetime) -> Check:
    from rostrum.areas.duties import queries

    late = queries.overdue(now).count()
    todo = "Open the Today page: each says who owes it." if late else ""
    return Check("Duties", not late, f"{late} overdue", todo)
