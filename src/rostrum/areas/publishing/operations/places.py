"""From where a post was handed in or published is kept, and public affairs is told of work from elsewhere."""

from datetime import datetime, timedelta

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.people.models import Computer, User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import pack
from rostrum.areas.publishing.models import DraftRevision, WorkPlace
from rostrum.areas.publishing.rules.confirmations import Moment
from rostrum.areas.publishing.rules.places import Place

ELSEWHERE_DUTY = "publishing.work-from-elsewhere"


def keep_place(revision: DraftRevision, moment: Moment, place: Place, *, actor: User, now: datetime) -> str:
    """Keep from where it was done, in the caller's act, and flag work from elsewhere to public affairs once per draft.

    Returns ``trusted`` or ``elsewhere``; "" where no clause in force asks.
    """
    clause = pack.place_clause()
    if not clause:
        return ""
    WorkPlace.objects.create(
        revision=revision,
        moment=moment,
        person=actor,
        computer=Computer.objects.filter(public_id=place.computer).first() if place.computer else None,
        browser=place.browser,
        network=place.network,
        is_on_network=place.is_on_network,
        is_trusted=place.is_trusted,
        reason="" if place.is_trusted else place.reason.strip(),
        clause=clause,
        at=now,
    )
    if place.is_trusted:
        return "trusted"
    draft = revision.draft
    if not duty_queries.open_duties(kind=ELSEWHERE_DUTY, subject=draft.public_id):
        duties.open_duty(
            kind=ELSEWHERE_DUTY,
            title=f"{actor.name} worked on a post away from the body's computers: look at the reason"[:300],
            owner_role=Role.PUBLIC_AFFAIRS,
            due_at=now + timedelta(hours=pack.attention_hours()),
            subject=draft.public_id,
            clause=clause,
            clock="hours set by the body (local choice)",
            actor=actor.public_id,
            now=now,
        )
    return "elsewhere"
