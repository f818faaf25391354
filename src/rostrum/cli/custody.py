"""`rostrum custody …`: how the log-ins are kept, and their key: looked at, changed, dropped, made anew after a loss."""

import argparse
import json
import sys
from dataclasses import asdict, dataclass

HELP = "the key of custody: status, rekey, drop-key, make-key"


@dataclass(frozen=True, slots=True)
class Shown:
    """How one log-in stands, for people and for machines; never anything of the log-in itself."""

    channel: str
    platform: str
    key: str
    readable: bool
    why_not: str
    deposited_at: str
    tested_at: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    status = actions.add_parser("status", help="which log-ins are in custody, and whether each can be read")
    status.add_argument("--json", action="store_true", help="print JSON")
    actions.add_parser(
        "rekey", help="make a new key and seal every log-in again under it; run it again if it was interrupted"
    ).add_argument("--same-key", action="store_true", help="make no new key: only seal again what another key sealed")
    drop = actions.add_parser("drop-key", help="let go of a former key: what it sealed, backups too, opens never again")
    drop.add_argument("key", metavar="KEY", help="the key's id, as `rostrum custody status` names it")
    make = actions.add_parser("make-key", help="make a key where there is none")
    make.add_argument("--lost", action="store_true", help="although log-ins are sealed under one that is gone for good")
    for action in actions.choices.values():
        # Also after the action's name, where people put it.
        action.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="the data folder")


def run(arguments: argparse.Namespace) -> int:
    """Do it; exit code 1 when a log-in cannot be read, 3 when a rule refuses."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    act = {"status": _status, "rekey": _rekey, "drop-key": _drop_key, "make-key": _make_key}[arguments.action]
    return act(arguments)


def _status(arguments: argparse.Namespace) -> int:
    from rostrum.areas.channels import custody
    from rostrum.areas.channels.queries import custody as reads

    place = custody.open_custody()
    reading = place.reading()
    unreadable = {one.credential.pk: one for one in reads.unreadable_log_ins(thoroughly=True)}
    rows = [
        Shown(
            channel=credential.channel.name,
            platform=credential.channel.platform.name,
            key=credential.key_id,
            readable=credential.pk not in unreadable,
            why_not=custody.as_reason(unreadable[credential.pk].trouble).message if credential.pk in unreadable else "",
            deposited_at=credential.deposited_at.isoformat(timespec="seconds"),
            tested_at=credential.tested_at.isoformat(timespec="seconds") if credential.tested_at else "",
        )
        for credential in reads.in_force()
    ]
    troubles = {code: trouble.what for code, trouble in reading.troubles.items() if _matters(code, place.store.code)}
    current = place.store.current() if place.store.code not in reading.troubles else ""
    if arguments.json:
        answer = {"store": place.store.code, "current_key": current, "keys": sorted(reading.keys)}
        print(json.dumps(answer | {"troubles": troubles, "log_ins": [asdict(row) for row in rows]}))
    else:
        print(f"Keys lie in: {'a file' if place.store.code == 'file' else 'a key server'}")
        for key in sorted(reading.keys):
            used = sum(1 for row in rows if row.key == key)
            print(f"  {key}  {'current' if key == current else 'former '}  {used} log-ins")
        for what in troubles.values():
            print(f"  WRONG: {what}")
        for row in rows:
            mark = "well " if row.readable else "WRONG"
            tested = f"tested {row.tested_at}" if row.tested_at else "not tested"
            print(f"{mark}  {row.channel} ({row.platform}): deposited {row.deposited_at}, {tested}")
            if row.why_not:
                print(f"       {row.why_not}")
        print(f"{len(rows)} log-ins, {len(unreadable)} unreadable", file=sys.stderr)
    return 1 if unreadable or place.store.code in reading.troubles else 0


def _matters(code: str, store: str) -> bool:
    # The place that does not seal may well be empty.
    return code == store


def _rekey(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from rostrum.areas.channels import custody
    from rostrum.areas.channels.operations.rekeying import make_custody_key, reseal_credentials
    from rostrum.areas.channels.queries import custody as reads

    place = custody.open_custody()
    current = custody.or_refuse(place.store.current)
    # What was interrupted is gone on with, instead of making one more key.
    begun = reads.to_reseal(current).exists()
    if not arguments.same_key and not begun:
        current = make_custody_key(actor="system", now=timezone.now())
        print(f"New key: {current}", file=sys.stderr)
    total, done = reads.to_reseal(current).count(), 0
    while sealed := reseal_credentials(actor="system", now=timezone.now()):
        done += len(sealed)
        print(f"{done} of {total} log-ins sealed again", file=sys.stderr)
    former = sorted(place.reading().keys - {current})
    print(f"Every log-in is sealed under {current}.")
    if former:
        print(f"Former keys still here: {', '.join(former)}.")
        print("Backups made until now open with them only. When those are gone: rostrum custody drop-key KEY")
    return 0


def _drop_key(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from rostrum.areas.channels.operations.rekeying import drop_custody_key

    drop_custody_key(key_id=arguments.key, actor="system", now=timezone.now())
    print(f"Dropped: {arguments.key}. Secrets that it sealed are still recognised when they are used again.")
    return 0


def _make_key(arguments: argparse.Namespace) -> int:
    from rostrum.areas.channels import custody
    from rostrum.areas.channels.queries import custody as reads
    from rostrum.connectors.keystore import KeyStoreTrouble, Trouble
    from rostrum.kernel.decisions import Refused

    place = custody.open_custody()
    try:
        raise Refused.because("custody-key-there", f"There is a key already: {place.store.current()}.")
    except KeyStoreTrouble as trouble:
        if trouble.kind is not Trouble.MISSING:
            raise Refused((custody.as_reason(trouble),)) from trouble
    sealed = reads.in_force().count()
    if sealed and not arguments.lost:
        raise Refused.because(
            "custody-key-lost",
            f"{sealed} log-ins are sealed under a key that is not here: put it back. If it is gone for good, say so "
            "with --lost; then each of them has to be deposited again.",
        )
    place.make()
    print(f"Key: {custody.or_refuse(place.store.current)}. Keep a copy of it apart from the data and its backups.")
    if sealed:
        print(f"{sealed} log-ins have to be deposited again; until then nothing is published or captured on them.")
    return 0
