"""Review: checked again, handed in, findings cleared, consent recorded, approved by another, or returned."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.publishing import checks, events, queries, rules
from rostrum.areas.publishing.models import Approval, Check, Clearance, Consent, Draft
from rostrum.areas.publishing.operations.confirmations import keep_confirmations
from rostrum.areas.publishing.operations.drafting import keep_check
from rostrum.areas.publishing.operations.leavers import settle_leavers_post
from rostrum.areas.publishing.operations.places import keep_place
from rostrum.areas.publishing.queries import disclosures
from rostrum.areas.publishing.rules import DRAFT_MACHINE, DraftAct, DraftState
from rostrum.areas.publishing.rules.confirmations import Moment
from rostrum.areas.publishing.rules.places import ELSEWHERE, Place
from rostrum.kernel.decisions import InvalidInput


@transaction.atomic
def check_draft(*, draft_id: str, actor: User, now: datetime) -> Check:
    """Check the current revision again, for example after the packs changed. Raises `Refused` without sight of it."""
    draft = queries.locked_draft(draft_id)
    queries.may_see(draft, actor=actor, now=now).or_refuse()
    revision = queries.current_revision(draft)
    check = keep_check(revision, actor=actor, now=now)
    ledger.record(
        events.DraftChecked(
            draft=draft.public_id,
            digest=revision.digest,
            check=check.public_id,
            findings={
                f"{control} {strength}": count
                for (control, strength), count in checks.counted(checks.findings_of(check)).items()
            },
        ),
        actor=actor.public_id,
        now=now,
    )
    return check


@transaction.atomic
def submit_draft(
    *, draft_id: str, confirmed: Collection[str] = (), place: Place = ELSEWHERE, actor: User, now: datetime
) -> Draft:
    """Hand the current revision in for review; it is checked under the packs in force now.

    `confirmed` are the clauses whose reminders were confirmed, `place` is from where it is done. Raises `Refused` with
    every reason: a blocking finding not cleared by two persons, a question without an answer, nothing to say, no
    channel, no right to speak, the time has passed, a reminder not confirmed, elsewhere without a reason.
    """
    draft = queries.locked_draft(draft_id)
    revision = queries.current_revision(draft)
    check = keep_check(revision, actor=actor, now=now)
    rules.decide_submission(
        queries.submit_facts(draft, check, confirmed=confirmed, place=place, actor=actor, now=now)
    ).or_refuse()

    _move(draft, DraftAct.SUBMIT, now, submitted_by=actor, submitted_at=now, returned_note="")
    kept = keep_confirmations(revision, Moment.SUBMISSION, actor=actor, now=now)
    worked_from = keep_place(revision, Moment.SUBMISSION, place, actor=actor, now=now)
    ledger.record(
        events.DraftSubmitted(
            draft=draft.public_id,
            digest=revision.digest,
            check=check.public_id,
            confirmed=kept,
            worked_from=worked_from,
        ),
        actor=actor.public_id,
        now=now,
    )
    return draft


@transaction.atomic
def approve_draft(
    *, draft_id: str, digest: str, actor: User, now: datetime, answers: Mapping[str, str] | None = None
) -> Approval:
    """Approve exactly the bytes whose digest (SHA-256, hex) was shown; the draft is checked once more.

    `answers` are the approver's answers to what the pack asks of approvers, by code. Raises `Refused` with every
    reason: an author's own draft, changed since it was shown, a finding neither heeded nor cleared, an open question.
    """
    draft = queries.locked_draft(draft_id)
    revision = queries.current_revision(draft)
    check = keep_check(revision, actor=actor, now=now)
    facts = queries.approval_facts(draft, check, shown=digest, answers=answers or {}, actor=actor, now=now)
    rules.decide_approval(facts).or_refuse()

    approval = Approval.objects.create(
        revision=revision, digest=digest, approver=actor, facts=_stored(facts), approved_at=now
    )
    _move(draft, DraftAct.APPROVE, now)
    ledger.record(
        events.DraftApproved(
            draft=draft.public_id,
            digest=digest,
            check=check.public_id,
            answers={code: value.strip() for code, value in (answers or {}).items()},
            channels=sorted(queries.current_revision(draft).channels.values_list("public_id", flat=True)),
        ),
        actor=actor.public_id,
        now=now,
    )
    return approval


def _stored(facts: rules.ApprovalFacts) -> dict[str, Any]:
    return asdict(facts) | {"may_approve": [reason.code for reason in facts.may_approve.against]}


@transaction.atomic
def return_draft(*, draft_id: str, note: str, actor: User, now: datetime) -> Draft:
    """Give a draft in review, or approved and not yet scheduled, back to its author. Raises `Refused`."""
    draft = queries.locked_draft(draft_id)
    revision = queries.current_revision(draft)
    rules.decide_return(queries.return_facts(draft, note, actor=actor, now=now)).or_refuse()

    voided = Approval.objects.filter(revision__draft=draft, voided_at=None).update(voided_at=now)
    _move(draft, DraftAct.RETURN, now, returned_note=note.strip(), submitted_by=None, submitted_at=None)
    entry = ledger.record(
        events.DraftReturned(draft=draft.public_id, digest=revision.digest, note=note.strip(), approvals_voided=voided),
        actor=actor.public_id,
        now=now,
    )
    settle_leavers_post(draft, evidence=entry.public_id, actor=actor.public_id, now=now)
    return draft


@transaction.atomic
def clear_finding(
    *, draft_id: str, finding: str, reason: str, authorization: str = "", actor: User, now: datetime
) -> Clearance:
    """Say, with a reason, that a finding (its key) does not stand in the way of this revision.

    A warning needs one person, a block two (a false positive). One about protected information that the packs let only
    an `authorization` (public id) lift needs that. Raises `Refused`: an author, no right, no such finding, the same
    person twice, no reason, an authorization that does not cover it; `InvalidInput` where there is no such one.
    """
    draft = queries.locked_draft(draft_id)
    revision = queries.current_revision(draft)
    found = queries.finding_by_key(revision, finding)
    given = disclosures.locked_authorization(authorization) if authorization else None
    facts = queries.clearing_facts(draft, finding, reason, authorization=given, actor=actor, now=now)
    rules.decide_clearing(facts).or_refuse()
    if found is None:
        raise InvalidInput("finding", "the draft has no such finding")

    clearance = Clearance.objects.create(
        revision=revision,
        finding=finding,
        control=found.control,
        strength=found.strength,
        reason=reason.strip(),
        authorization=given,
        cleared_by=actor,
        cleared_at=now,
    )
    counted = queries.cleared_counts(revision, at=now)
    ledger.record(
        events.FindingCleared(
            draft=draft.public_id,
            digest=revision.digest,
            finding=finding,
            control=found.control,
            strength=found.strength,
            reason=reason.strip(),
            still_needed=max(0, rules.PERSONS_TO_CLEAR[found.strength] - counted.get(finding, 0)),
            authorization=given.public_id if given else "",
        ),
        actor=actor.public_id,
        now=now,
    )
    return clearance


@transaction.atomic
def record_consent(
    *, draft_id: str, party: str, given_by: str, given_on: date, how: str, actor: User, now: datetime
) -> Consent:
    """Record that a group or person the draft is about agreed beforehand: who said so, on which day, by what means.

    Raises `InvalidInput` for an empty field, a day to come, or a party the draft does not name; `Refused` by right.
    """
    draft = queries.locked_draft(draft_id)
    queries.may_edit(draft, actor=actor, now=now).or_refuse()
    for name, value in (("party", party), ("given_by", given_by), ("how", how)):
        if not value.strip():
            raise InvalidInput(name, "say which group or person, who gave the consent, and how it was given")
    if given_on > now.date():
        raise InvalidInput("given_on", "consent is given before publishing, not on a day to come")
    named = queries.parties_of(draft)
    known = {one.casefold(): one for one in named}.get(party.strip().casefold())
    if known is None:
        raise InvalidInput("party", f"the draft names: {', '.join(named) or 'nobody'}")
    consent = Consent.objects.create(
        draft=draft,
        party=known,
        given_by=given_by.strip(),
        given_on=given_on,
        how=how.strip(),
        recorded_by=actor,
        recorded_at=now,
    )
    # Pages and buttons go by the last check; with the consent on file it finds less.
    keep_check(queries.current_revision(draft), actor=actor, now=now)
    ledger.record(
        events.ConsentRecorded(
            draft=draft.public_id,
            party=known,
            given_by=consent.given_by,
            given_on=given_on.isoformat(),
            how=consent.how,
        ),
        actor=actor.public_id,
        now=now,
    )
    return consent


def _move(draft: Draft, act: DraftAct, now: datetime, **values: Any) -> None:
    draft.state = DRAFT_MACHINE.next_state(DraftState(draft.state), act)
    draft.changed_at = now
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save(update_fields=["state", "changed_at", *values])
