"""The reminders that a person confirmed are kept with the revision: a part of handing in and of publishing."""

from datetime import datetime

from rostrum.areas.governance import queries as governance
from rostrum.areas.people.models import User
from rostrum.areas.publishing import pack
from rostrum.areas.publishing.models import Confirmation, DraftRevision
from rostrum.areas.publishing.rules.confirmations import Moment


def keep_confirmations(revision: DraftRevision, moment: Moment, *, actor: User, now: datetime) -> list[str]:
    """Keep what the packs in force had confirmed at this act, in the words shown; returns the clauses."""
    asked = pack.reminders(moment)
    if not asked:
        return []
    version = governance.policy().version
    Confirmation.objects.bulk_create(
        [
            Confirmation(
                revision=revision,
                moment=moment,
                clause=one.clause,
                notice=one.notice,
                words=one.words,
                policy_version=version,
                confirmed_by=actor,
                confirmed_at=now,
            )
            for one in asked
        ]
    )
    return [one.clause for one in asked]
