"""Approved and scheduled posts of somebody who left: nothing goes out before a second person decides.

The decision is one of the usual acts: who schedules the post publishes it in their own name; who returns it drops it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import events, pack, queries, rules
from rostrum.areas.publishing.models import Draft, Publication
from rostrum.areas.publishing.rules import DRAFT_MACHINE, OUTCOME_MACHINE, DraftAct, DraftState, Outcome
from rostrum.kernel.decisions import Decision

LEAVERS_DUTY = "publishing.decide-leavers-post"


@transaction.atomic
def hold_leavers_post(*, draft_id: str, person: User, actor: str, now: datetime) -> Draft | None:
    """Call off what somebody who left had scheduled of this draft, and ask a second person to decide about it.

    None where nothing of it waits on that person: it may be looked at as often as one likes.
    """
    draft = queries.locked_draft(draft_id)
    publications = list(queries.locked_publications().filter(revision__draft=draft))
    theirs = [one for one in publications if one.outcome == Outcome.SCHEDULED and one.scheduled_by_id == person.pk]
    is_approved = draft.state == DraftState.APPROVED and draft.author_id == person.pk
    if not theirs and not is_approved:
        return None
    for publication in theirs:
        publication.outcome = OUTCOME_MACHINE.next_state(Outcome.SCHEDULED, "call-off")
        publication.save(update_fields=["outcome"])
    facts = rules.CallingOffFacts(
        DraftState(draft.state),
        Decision(),
        tuple(Outcome(one.outcome) for one in publications if one.outcome != Outcome.CANCELLED),
    )
    # What is out on another channel stays out, and the draft with it.
    if rules.decide_calling_off(facts).allowed:
        draft.state = DRAFT_MACHINE.next_state(DraftState(draft.state), DraftAct.CANCEL)
        draft.changed_at = now
        draft.save(update_fields=["state", "changed_at"])
    ledger.record(
        events.LeaversPostHeld(
            draft=draft.public_id, person=person.public_id, publications=[one.public_id for one in theirs]
        ),
        actor=actor,
        now=now,
    )
    duties.open_duty(
        kind=LEAVERS_DUTY,
        title=f"Decide about a post of {person.name}, who left: publish or return it"[:300],
        owner_role=Role.DEPARTMENT_HEAD,
        due_at=now + timedelta(hours=pack.attention_hours()),
        subject=draft.public_id,
        clause=pack.clause("person.separation-ends-access"),
        clock="hours set by the body (local choice)",
        unit=draft.unit.public_id,
        actor=actor,
        now=now,
    )
    return draft


def drafts_of_leaver(person: User) -> list[str]:
    """The drafts (public ids) of which something approved or scheduled waits on this person, oldest first."""
    scheduled = Publication.objects.filter(scheduled_by=person, outcome=Outcome.SCHEDULED)
    waiting = Draft.objects.filter(pk__in=scheduled.values("revision__draft"))
    approved = Draft.objects.filter(author=person, state=DraftState.APPROVED)
    return list((waiting | approved).order_by("created_at", "pk").values_list("public_id", flat=True))


def settle_leavers_post(draft: Draft, *, evidence: str, actor: str, now: datetime) -> None:
    """Close what was asked about the post of somebody who left: a second person has decided. A part of their act."""
    for duty in duty_queries.open_duties(kind=LEAVERS_DUTY, subject=draft.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor, now=now)
