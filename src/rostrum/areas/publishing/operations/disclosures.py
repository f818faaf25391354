"""Disclosure authorizations: given by who answers for a department's protected information, and taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.publishing import events, pack
from rostrum.areas.publishing.models import DisclosureAuthorization
from rostrum.areas.publishing.queries import disclosures as queries
from rostrum.areas.publishing.rules import disclosures as rules


@transaction.atomic
def authorize_disclosure(
    *,
    person: User,
    unit: Unit,
    covers: Sequence[str],
    what: str,
    basis: str,
    ends_at: datetime,
    starts_at: datetime | None = None,
    actor: User,
    now: datetime,
) -> DisclosureAuthorization:
    """Let a person disclose protected information of a department: of what, on which basis, until when.

    `covers` are clauses of the ban. Raises `Refused`: not the actor's department, oneself, nothing named, no basis, no
    kind, no end to come.
    """
    starts_at = starts_at or now
    chosen = frozenset(covers)
    rules.decide_authorizing(
        rules.AuthorizingFacts(
            actor=actor.public_id,
            holder=person.public_id,
            holder_is_present=people.is_present(person, now=now),
            may_authorize=queries.may_authorize(unit, actor=actor, now=now),
            what=what,
            basis=basis,
            covers=chosen,
            ban=pack.ban(),
            starts_at=starts_at,
            ends_at=ends_at,
            now=now,
        )
    ).or_refuse()
    made = DisclosureAuthorization.objects.create(
        person=person,
        unit=unit,
        what=what.strip(),
        basis=basis.strip(),
        covers=sorted(chosen),
        starts_at=starts_at,
        ends_at=ends_at,
        authorized_by=actor,
        authorized_at=now,
    )
    ledger.record(
        events.DisclosureAuthorized(
            authorization=made.public_id,
            person=person.public_id,
            unit=unit.public_id,
            covers=made.covers,
            starts_at=instant_text(starts_at),
            ends_at=instant_text(ends_at),
        ),
        actor=actor.public_id,
        now=now,
    )
    return made


@transaction.atomic
def withdraw_authorization(
    *, authorization_id: str, reason: str, actor: User, now: datetime
) -> DisclosureAuthorization:
    """Take leave to disclose back now; what rests on it is not published any more. Raises `Refused`."""
    found = queries.locked_authorization(authorization_id)
    rules.decide_withdrawing(queries.withdrawing_facts(found, reason=reason, actor=actor, now=now)).or_refuse()
    found.withdrawn_by, found.withdrawn_at, found.withdrawn_reason = actor, now, reason.strip()
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    ledger.record(
        events.DisclosureAuthorizationWithdrawn(
            authorization=found.public_id, person=found.person.public_id, reason=reason.strip()
        ),
        actor=actor.public_id,
        now=now,
    )
    return found
