"""`rostrum people`: what only the installer does about persons, at the machine."""

import argparse
import json
import sys

from rostrum.kernel.decisions import InvalidInput

HELP = "what only the installer does about persons: reset-factors"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    words = "take away the second factors of somebody who lost them all, where no two others are left to do it"
    reset = commands.add_parser("reset-factors", help=words, description=words)
    reset.add_argument("email", metavar="EMAIL", help="the person's work e-mail address")
    reset.add_argument(
        "--confirm", metavar="EMAIL", help="the address once more; without it, it is asked for at the terminal"
    )
    reset.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Reset a person's factors after the address was given twice.

    Raises `InvalidInput` for an address that nobody has or that is not confirmed, `Refused` where persons can do it.
    """
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from django.utils import timezone

    from rostrum.areas.people import operations
    from rostrum.areas.people.models import User

    person = User.objects.filter(email__iexact=arguments.email.strip()).first()
    if person is None:
        raise InvalidInput("EMAIL", f"nobody here has the address {arguments.email!r}")
    now = timezone.now()
    operations.decide_installer_reset(person=person, actor="system", now=now).or_refuse()
    _confirm(arguments.confirm, person.email, person.name)
    ended = operations.reset_by_installer(person=person, actor="system", now=now)
    if arguments.json:
        print(json.dumps({"person": person.public_id, "factors": ended}))
    else:
        print(
            f"{len(ended)} second {'factor' if len(ended) == 1 else 'factors'} of {person.name} are gone, and all "
            "sessions ended. It stands in the ledger, and a mail says so. A new one is set up at the next sign-in."
        )
    return 0


def _confirm(given: str | None, email: str, name: str) -> None:
    if given is None and sys.stdin.isatty():
        print(
            f"This takes away every second factor and recovery code of {name} and ends all sessions.\n"
            "Be sure that it is really this person who asks. Recorded in the ledger; they are told by mail.",
            file=sys.stderr,
        )
        given = input("Type the address once more to confirm: ")
    if given is None:
        raise InvalidInput("--confirm", "give the address once more, to confirm")
    if given.strip().casefold() != email.casefold():
        raise InvalidInput("--confirm", "this is not the same address; nothing was done")
