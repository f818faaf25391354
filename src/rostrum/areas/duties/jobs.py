"""What other rooms' events ask of somebody: a log that lost entries, or had to be begun anew, wants a person."""

from datetime import datetime, timedelta
from typing import Any

from rostrum.areas.duties import operations
from rostrum.areas.ledger.models import Entry


def explain_ledger_trouble(args: dict[str, Any], *, now: datetime) -> None:
    """Open the IT director's duty to explain lost entries or a restarted log, named in the ledger's own entry."""
    entry = Entry.objects.get(public_id=args["entry"])
    operations.open_duty(
        kind="ledger.explain-trouble",
        title=_TITLES[entry.kind],
        owner_role="it_director",
        due_at=entry.at + timedelta(days=1),
        subject=entry.public_id,
        actor="system",
        now=now,
    )


_TITLES = {
    "ledger.entries-lost.v1": "Explain the ledger entries lost with a restored backup; enter again what is known",
    "ledger.log-restarted.v1": "Explain why the ledger's log was begun anew, and publish its new key",
}
