"""`rostrum verify`: verify a bundle, with the same verdicts and exit codes as `rostrum-verify`."""

import argparse
from pathlib import Path

HELP = "verify a bundle"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = (
        "Verify a bundle of public records, with the verdicts and exit codes of rostrum-verify: 0 complete and intact, "
        "1 not, 2 unreadable, 3 no key was given that it is signed with."
    )
    parser.add_argument("bag", type=Path, metavar="BAG", help="the bundle: a folder, or a zip file of one")
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the log's public key, one per line (may be repeated)",
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, with a result per record")


def run(arguments: argparse.Namespace) -> int:
    """Verify. This installation's own keys are not used: who verifies says which key they trust."""
    from rostrum.evidence import verify

    return verify.answer(arguments.bag, arguments.key, as_json=arguments.json)
