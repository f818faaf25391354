"""What the worker does for custody: signs in with a deposited log-in, notices a change, ends what was not seen in time.

Kinds: ``channels.test-log-in`` {credential}, ``channels.notice-change`` {entry}, ``channels.notice-no-change`` {entry},
``channels.expire-disclosures`` {} (by the clock).
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from rostrum.areas.channels import queries
from rostrum.areas.channels.models import Channel, Credential
from rostrum.areas.channels.operations import note_connection
from rostrum.areas.channels.operations.custody import deny_change, report_change
from rostrum.areas.channels.operations.log_in_disclosure import expire_disclosure
from rostrum.areas.channels.operations.log_in_tests import note_log_in_test
from rostrum.areas.channels.queries.custody import open_change
from rostrum.areas.channels.queries.log_in_disclosure import expired_disclosures
from rostrum.areas.ledger.models import Entry
from rostrum.connectors.interface import ConnectorError, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused

_SYSTEM = "system"
# What the platform says about the log-in itself; any other trouble says nothing about it, so the job tries again.
_ABOUT_THE_LOG_IN = (Trouble.LOST_TOKEN, Trouble.REFUSED)


def test_log_in(args: dict[str, Any], *, now: datetime) -> None:
    """Sign in with the log-in in custody and note how that went; tried again while the platform cannot be asked.

    Raises `ConnectorError` and `Refused`: without its key there is nothing to be noted about a log-in.
    """
    credential = Credential.objects.select_related("channel__platform").get(public_id=args["credential"])
    if credential.replaced_at is not None:
        return
    channel = credential.channel
    connector = queries.connector_for(channel)
    trouble = ""
    try:
        connector.sign_in()
    except ConnectorError as error:
        if error.kind not in _ABOUT_THE_LOG_IN:
            raise
        trouble = error.kind
    finally:
        connector.close()
    del now
    note_log_in_test(credential_id=credential.public_id, trouble=trouble, actor=_SYSTEM, now=timezone.now())
    if trouble != Trouble.REFUSED:
        note_connection(channel_id=channel.public_id, trouble=trouble, actor=_SYSTEM, now=timezone.now())


def notice_change(args: dict[str, Any], *, now: datetime) -> None:
    """The platform no longer takes a log-in (entry of a lost connection): perhaps it was changed there."""
    entry = Entry.objects.get(public_id=args["entry"])
    if entry.body["trouble"] != Trouble.LOST_TOKEN:
        return
    channel = queries.channel_by_id(str(entry.body["channel"]))
    credential = queries.credential_in_force(channel)
    if credential is None or credential.deposited_at > entry.at or open_change(channel) is not None:
        return
    try:
        report_change(channel_id=channel.public_id, changed_at=entry.at, actor=None, now=now)
    except Refused:
        # Closed meanwhile, or reported by a person in this moment: nothing is owed beyond that.
        return


def notice_no_change(args: dict[str, Any], *, now: datetime) -> None:
    """The connection works again (entry): with the log-in that was there before, nothing had been changed."""
    entry = Entry.objects.get(public_id=args["entry"])
    try:
        channel = queries.channel_by_id(str(entry.body["channel"]))
    except Channel.DoesNotExist:
        return
    report = open_change(channel)
    credential = queries.credential_in_force(channel)
    if report is None or report.reported_by is not None or credential is None:
        return
    if credential.deposited_at < report.reported_at:
        try:
            deny_change(
                channel_id=channel.public_id, reason="The platform takes the log-in again.", actor=None, now=now
            )
        except (Refused, InvalidInput):
            return


def expire_disclosures(args: dict[str, Any], *, now: datetime) -> None:
    """End every request to see a log-in whose time has passed."""
    del args
    for disclosure in expired_disclosures(now):
        expire_disclosure(disclosure_id=disclosure.public_id, actor=_SYSTEM, now=now)
