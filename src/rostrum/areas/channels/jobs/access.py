"""What the worker does about who and what may act on channels: reads it, or asks for the looks that time calls for.

Kinds: ``channels.watch-access`` {} (daily), ``channels.read-access`` {channel}, ``channels.read-access-of-leaver``
{entry}. Each may run twice.
"""

from contextlib import closing
from datetime import datetime
from typing import Any

import structlog
from django.utils import timezone

from rostrum.areas.channels import pack
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import AdministratorList, ApplicationCheck, Channel, SettingsCheck
from rostrum.areas.channels.operations import access as operations
from rostrum.areas.channels.operations import note_connection
from rostrum.areas.channels.queries import access as queries
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.areas.governance import queries as governance
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger.models import Entry
from rostrum.connectors.interface import ConnectorError, TellsAccess, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused

_SYSTEM = "system"
log = structlog.get_logger("rostrum.channels")


def watch_access(args: dict[str, Any], *, now: datetime) -> None:
    """Queue a reading where a connector may tell; open the duties of the looks that are due."""
    del args
    if governance.activation() is None:
        return
    policy = governance.policy()
    for channel in queries.channels_to_look_at(AdministratorList, days=pack.roster_check_days(), now=now):
        jobs.enqueue(
            "channels.read-access", {"channel": channel.public_id}, now=now, unique_key=f"access:{channel.public_id}"
        )
    for kind, control, model, days in (
        (operations.APPS_DUTY, "channel.apps-allow-list", ApplicationCheck, pack.apps_check_days()),
        (operations.SETTINGS_DUTY, "channel.privacy-settings", SettingsCheck, pack.settings_check_days()),
    ):
        if policy.bound_to(control):
            for channel in queries.channels_to_look_at(model, days=days, now=now):
                operations.ask_for_look(channel_id=channel.public_id, kind=kind, actor=_SYSTEM, now=now)


def read_access(args: dict[str, Any], *, now: datetime) -> None:
    """Read who and what may act on one channel (``{"channel": id}``); where nothing tells, ask a person."""
    channel = channels.channel_by_id(args["channel"])
    if channel.state not in OFFICIAL_STATES:
        return
    if not _read(channel):
        operations.ask_for_look(channel_id=channel.public_id, kind=operations.LIST_DUTY, actor=_SYSTEM, now=now)


def read_access_of_leaver(args: dict[str, Any], *, now: datetime) -> None:
    """After somebody left (``{"entry": id}``): where the platform tells, see whether they still can get in there.

    Where it does not tell, a person confirms it: that duty is opened by the separation itself.
    """
    del now
    entry = Entry.objects.get(public_id=args["entry"])
    for public_id in entry.body["channels"]:
        channel = channels.channel_by_id(public_id)
        if channel.state in OFFICIAL_STATES:
            _read(channel)


def _read(channel: Channel) -> bool:
    try:
        connector = channels.connector_for(channel)
    except (Refused, InvalidInput):
        return False
    with closing(connector):
        if not isinstance(connector, TellsAccess):
            return False
        try:
            access = connector.access()
        except ConnectorError as problem:
            log.warning("access-not-read", channel=channel.slug, trouble=problem.kind.value)
            if problem.kind is Trouble.LOST_TOKEN:
                note_connection(
                    channel_id=channel.public_id, trouble=problem.kind.value, actor=_SYSTEM, now=timezone.now()
                )
            return False
    operations.record_access(channel_id=channel.public_id, access=access, actor=_SYSTEM, now=timezone.now())
    return True
