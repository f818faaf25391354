"""The `rostrum` command: finds the subcommand's module and runs it.

Each module of this package has `HELP` (one line), `configure(parser)` and `run(arguments) -> int` (the exit code).
Exit codes: 0 done; 1 done, and the answer is no (a fault found, a verdict not intact); 2 what was given cannot be
used; 3 refused by a rule. Modules are imported only when called, so that `rostrum --help` stays quick.
"""

import argparse
import importlib
import logging
import os
import sys

from rostrum.kernel.decisions import InvalidInput, Refused

COMMANDS: dict[str, str] = {
    "up": "rostrum.cli.up",
    "doctor": "rostrum.cli.doctor",
    "import": "rostrum.cli.import_",
    "capture": "rostrum.cli.capture",
    "search": "rostrum.cli.search",
    "duties": "rostrum.cli.duties",
    "channels": "rostrum.cli.channels",
    "people": "rostrum.cli.people",
    "bundle": "rostrum.cli.bundle",
    "verify": "rostrum.cli.verify",
    "log": "rostrum.cli.log",
    "policy": "rostrum.cli.policy",
    "registry": "rostrum.cli.registry",
    "custody": "rostrum.cli.custody",
    "backup": "rostrum.cli.backup",
    "restore": "rostrum.cli.restore",
}
SUMMARIES: dict[str, str] = {
    "up": "start the web pages and the worker",
    "doctor": "check that this machine has what is needed",
    "import": "import platforms' data exports",
    "capture": "look at the channels now",
    "search": "every match, oldest first, counted",
    "duties": "what is owed, by whom, until when",
    "channels": "how each channel stands: list, show",
    "people": "what only the installer does about persons: reset-factors",
    "bundle": "export records with their proofs",
    "verify": "verify a bundle",
    "log": "checkpoints, entries and proofs of the ledger",
    "policy": "packs: list, lint, explain, diff, coverage, check",
    "custody": "the key of custody: status, rekey, drop-key, make-key",
    "registry": "official channels: add, list, import, decide, export, verify",
    "backup": "write a backup of the database and blobs",
    "restore": "restore a backup",
}


# It does not answer, or what was given is nothing that it can keep (too long, or no text).
_OF_THE_DATABASE = {("django.db.utils", "OperationalError"), ("django.db.utils", "DataError")}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rostrum", description="Official social media, lawfully, end to end.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    for name, module_name in COMMANDS.items():
        sub = subparsers.add_parser(name, help=SUMMARIES[name], description=SUMMARIES[name])
        sub.add_argument("--data", metavar="DIR", help="the data folder (default: ROSTRUM_DATA or ./rostrum-data)")
        if name == chosen:
            importlib.import_module(module_name).configure(sub)
    return parser


def start_django() -> None:
    """Set Django up for the command that needs the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
    import django

    django.setup()
    from rostrum.web.logging import configure

    # Answers go to standard output, what is logged to standard error.
    configure(level=logging.WARNING)


def start_in_data_folder(*, set_up: bool = False) -> None:
    """Set Django up for a command that works in an existing data folder; with `set_up`, also in an empty one.

    Raises `InvalidInput` when no database was set up there, or one that this version has yet to migrate.
    """
    start_django()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        place = os.environ.get("ROSTRUM_DATA", "rostrum-data")
        if set_up and not executor.loader.applied_migrations:
            print(f"Setting up the data folder {place} (once) …", file=sys.stderr)
            call_command("migrate", verbosity=0, interactive=False)
            return
        if executor.loader.applied_migrations:
            raise InvalidInput(
                f"data folder {place}",
                "was made by an earlier version and has to be brought up to date: start `rostrum up` there once",
            )
        raise InvalidInput(
            f"data folder {place}",
            "is not set up yet: start `rostrum up` there once (with --demo for a sample city and its channels), "
            "or register a channel there with `rostrum registry add`",
        )


def _take_data(words: list[str]) -> None:
    """Take ``--data DIR`` out of the words, wherever it stands: commands with subcommands take it after them too."""
    for position, word in enumerate(words):
        if word == "--":
            return
        if word == "--data" and position + 1 < len(words):
            os.environ["ROSTRUM_DATA"] = words[position + 1]
            del words[position : position + 2]
            return
        if word.startswith("--data="):
            os.environ["ROSTRUM_DATA"] = word.partition("=")[2]
            del words[position]
            return


def main() -> int:
    """Run the command named on the command line; return its exit code."""
    _take_data(sys.argv)
    arguments = _parser().parse_args()
    if arguments.data:
        os.environ["ROSTRUM_DATA"] = arguments.data
    try:
        result: int = importlib.import_module(COMMANDS[arguments.command]).run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # A reader such as `head` has what it wanted; nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        code, lines = _explained(problem)
        for line in lines:
            print(f"rostrum {arguments.command}: {line}", file=sys.stderr)
        return code
    return result


def _explained(problem: Exception) -> tuple[int, list[str]]:
    """The exit code and what to say of a foreseeable trouble; any other is raised again."""
    if isinstance(problem, InvalidInput):
        return 2, [str(problem)]
    if isinstance(problem, Refused):
        reasons = [
            f"{reason.message} [{reason.clause}]" if reason.clause else reason.message for reason in problem.reasons
        ]
        return 3, [f"refused: {reason}" for reason in reasons]
    if isinstance(problem, OSError):
        place = f"{problem.filename}: " if problem.filename else ""
        return 2, [f"{place}{problem.strerror or problem}"]
    # Told by name, so that Django is loaded only by the commands that need it.
    if (type(problem).__module__, type(problem).__name__) in _OF_THE_DATABASE:
        return 2, [f"the database: {problem}"]
    raise problem


if __name__ == "__main__":
    sys.exit(main())
