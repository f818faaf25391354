"""What the worker does about rights on channels: reach new channels, and note what is used.

Kinds: ``channels.extend-unit-rights`` {entry}, ``channels.note-use`` {entry}.
"""

from datetime import datetime
from typing import Any

from rostrum.areas.channels.operations import grants as operations
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people.rules import Right

# Which entry shows the use of which right.
_USES: dict[str, Right] = {
    "channels.credential-deposited.v1": Right.CREDENTIAL,
    "moderation.comment-assessed.v1": Right.MODERATE,
    "moderation.removal-decided.v1": Right.MODERATE,
    "publishing.draft-approved.v1": Right.APPROVE,
    "publishing.publication-scheduled.v1": Right.SPEAK,
}


def extend_unit_rights(args: dict[str, Any], *, now: datetime) -> None:
    """Give the rights over all channels of a department on the channel that it opened (``{"entry": id}``)."""
    entry = Entry.objects.get(public_id=args["entry"])
    operations.extend_unit_rights(channel_id=str(entry.body["channel"]), actor=people.SYSTEM, now=now)


def note_use(args: dict[str, Any], *, now: datetime) -> None:
    """Note, for the reviews, that a right was used (``{"entry": id}``), at the time of its entry."""
    del now
    entry = Entry.objects.get(public_id=args["entry"])
    body = entry.body
    channels = [str(one) for one in body.get("channels", ())] or [str(body.get("channel", ""))]
    people.note_use(person=entry.actor, channels=channels, right=_USES[entry.kind], actor=people.SYSTEM, now=entry.at)
