"""Publishing: intent, call, receipt. At most once per revision and channel; what is unclear goes to a person.

The intent is an act of its own, committed before the platform is called (see `jobs.publish`). Whoever finds an intent
without an outcome does not know what became of it, and says so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries.property import stamp_of
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import checks, events, pack, queries, rules
from rostrum.areas.publishing.models import Approval, Draft, Publication
from rostrum.areas.publishing.operations.confirmations import keep_confirmations
from rostrum.areas.publishing.operations.drafting import keep_check
from rostrum.areas.publishing.operations.leavers import settle_leavers_post
from rostrum.areas.publishing.operations.places import keep_place
from rostrum.areas.publishing.rules import DRAFT_MACHINE, OUTCOME_MACHINE, Compared, DraftAct, DraftState, Outcome
from rostrum.areas.publishing.rules.confirmations import Moment
from rostrum.areas.publishing.rules.places import ELSEWHERE, Place
from rostrum.connectors.interface import OutgoingPost, Receipt, Trouble
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.findings import Strength

PUBLISH_JOB = "publishing.publish"
LOOK_JOB = "publishing.look"
COMPARE_JOB = "publishing.compare"
UNCLEAR_DUTY = "publishing.resolve-unclear"
FAILED_DUTY = "publishing.retry-failed"
_AFTER_TROUBLE = timedelta(minutes=5)
# Looking whether a post is there is no second attempt; the platform may need a moment to show it.
_LOOK_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Intent:
    """A committed intent: all that the call to the platform needs."""

    publication: str
    channel: Channel
    post: OutgoingPost
    idempotency_key: str


@transaction.atomic
def schedule_publication(
    *, draft_id: str, confirmed: Collection[str] = (), place: Place = ELSEWHERE, actor: User, now: datetime
) -> list[Publication]:
    """Give the approved bytes their time (the one approved, or now) on each of their channels.

    `confirmed` are the clauses whose reminders were confirmed, `place` is from where it is done. Raises `Refused`: not
    approved, changed since, a channel not live or without a log-in, no right to speak, the time has passed, a reminder
    not confirmed, elsewhere without a reason.
    """
    draft = queries.locked_draft(draft_id)
    revision = queries.current_revision(draft)
    facts = queries.schedule_facts(draft, confirmed=confirmed, place=place, actor=actor, now=now)
    rules.decide_schedule(facts).or_refuse()

    due_at = revision.publish_at or now
    publications = []
    for channel in revision.channels.order_by("pk"):
        publication, made = Publication.objects.get_or_create(
            revision=revision,
            channel=channel,
            defaults={
                "digest": revision.digest,
                "idempotency_key": rules.idempotency_key(revision.digest, draft.public_id, channel.public_id),
                "outcome": OUTCOME_MACHINE.initial,
                "scheduled_by": actor,
                "due_at": due_at,
                "compared": Compared.NOT_YET,
            },
        )
        if not made:
            # Called off before: the same row, because a revision is published at most once per channel.
            _move(publication, "schedule", due_at=due_at, scheduled_by=actor)
        _enqueue(publication, now=now)
        publications.append(publication)
    _move_draft(draft, DraftAct.SCHEDULE, now)
    ledger.record(
        events.PublicationScheduled(
            draft=draft.public_id,
            digest=revision.digest,
            due_at=instant_text(due_at),
            publications=[one.public_id for one in publications],
            channels=[one.channel.public_id for one in publications],
            confirmed=keep_confirmations(revision, Moment.PUBLICATION, actor=actor, now=now),
            worked_from=keep_place(revision, Moment.PUBLICATION, place, actor=actor, now=now),
        ),
        actor=actor.public_id,
        now=now,
    )
    settle_leavers_post(draft, evidence=publications[0].public_id, actor=actor.public_id, now=now)
    return publications


@transaction.atomic
def publish_in_emergency(
    *,
    draft_id: str,
    digest: str,
    confirmed: Collection[str] = (),
    place: Place = ELSEWHERE,
    actor: User,
    now: datetime,
) -> list[Publication]:
    """Let the bytes with this digest out at once, on the author's own word, by their emergency right on each channel.

    What blocks, blocks here too; warnings are passed over and named in the record, which another person reviews. Raises
    `Refused`: no such right, a blocking finding, an open question, changed since it was shown, a time to come, a
    reminder not confirmed, elsewhere without a reason.
    """
    draft = queries.locked_draft(draft_id)
    revision = queries.current_revision(draft)
    check = keep_check(revision, actor=actor, now=now)
    facts = queries.emergency_facts(draft, check, shown=digest, confirmed=confirmed, place=place, actor=actor, now=now)
    rules.decide_emergency(facts).or_refuse()

    warnings = rules.standing(checks.findings_of(check), queries.cleared_counts(revision, at=now), Strength.WARN)
    Approval.objects.create(
        revision=revision,
        digest=digest,
        approver=actor,
        facts={"emergencies": list(facts.emergencies)},
        emergency=facts.emergencies[0],
        approved_at=now,
    )
    _move_draft(draft, DraftAct.LET_OUT, now)
    ledger.record(
        events.DraftLetOutInEmergency(
            draft=draft.public_id,
            digest=digest,
            check=check.public_id,
            emergency=facts.emergencies[0],
            warnings=[f"{one.control} {one.clause}" for one in warnings],
        ),
        actor=actor.public_id,
        now=now,
    )
    return schedule_publication(draft_id=draft_id, confirmed=confirmed, place=place, actor=actor, now=now)


@transaction.atomic
def call_off_publication(*, draft_id: str, actor: User, now: datetime) -> Draft:
    """Call a scheduled post off before anything was sent on any channel; it stays approved. Raises `Refused`."""
    draft = queries.locked_draft(draft_id)
    publications = list(queries.locked_publications().filter(revision__draft=draft))
    rules.decide_calling_off(queries.calling_off_facts(draft, publications, actor=actor, now=now)).or_refuse()
    waiting = [one for one in publications if OUTCOME_MACHINE.allows(Outcome(one.outcome), "call-off")]
    for publication in waiting:
        _move(publication, "call-off")
        _close_duties(publication, actor=actor.public_id, evidence="called off", now=now)
    _move_draft(draft, DraftAct.CANCEL, now)
    ledger.record(
        events.PublicationCalledOff(draft=draft.public_id, publications=[one.public_id for one in waiting]),
        actor=actor.public_id,
        now=now,
    )
    return draft


@transaction.atomic
def intend_publication(*, publication_id: str, actor: str, now: datetime) -> Intent | None:
    """Commit the intent to publish, once it is due; the caller then calls the platform and notes what came of it.

    None when there is nothing to do: published, called off or put off meanwhile, or an intent was left without an
    outcome (a worker was stopped in between), which is noted as unclear. What stands against it otherwise (a paused
    channel) makes it failed.
    """
    publication = queries.locked_publication(publication_id)
    if publication.outcome == Outcome.INTENDED:
        _note_unclear(publication, Trouble.UNCLEAR_OUTCOME, "The worker stopped before an answer came.", actor, now)
        return None
    if publication.outcome != Outcome.SCHEDULED or now < publication.due_at:
        return None
    decision = rules.decide_publication(queries.publish_facts(publication, now=now))
    _move(publication, "intend", intent_at=now, attempts=publication.attempts + 1)
    draft = publication.revision.draft
    ledger.record(
        events.PublicationIntended(
            draft=draft.public_id,
            publication=publication.public_id,
            channel=publication.channel.public_id,
            digest=publication.digest,
            attempt=publication.attempts,
        ),
        actor=actor,
        now=now,
    )
    if not decision.allowed:
        _note_failed(publication, decision.against[0].code, str(Refused(decision.against)), actor, now)
        return None
    return Intent(
        publication.public_id, publication.channel, queries.outgoing_post(publication), publication.idempotency_key
    )


@transaction.atomic
def note_receipt(*, publication_id: str, receipt: Receipt, actor: str, now: datetime) -> Publication:
    """Note the platform's receipt: published. The first publication of a draft makes the draft published.

    A receipt that comes late, after another worker or a person gave the outcome up, counts all the same.
    """
    publication = queries.locked_publication(publication_id)
    act = "receive" if publication.outcome == Outcome.INTENDED else "find"
    if OUTCOME_MACHINE.allows(Outcome(publication.outcome), act):
        _note_published(publication, act, receipt, actor, now)
    return publication


def _note_published(publication: Publication, act: str, receipt: Receipt, actor: str, now: datetime) -> None:
    stamp = stamp_of(publication.channel)
    _move(
        publication,
        act,
        published_at=receipt.at,
        property_holder=stamp.holder if stamp else "",
        property_kind=stamp.kind if stamp else "",
        native_id=receipt.native_id,
        url=receipt.url,
        receipt={
            "version_key": receipt.version_key,
            "raw_type": receipt.raw_type,
            "raw_sha256": rules.digest_of(receipt.raw),
            "raw": receipt.raw.decode("utf-8", "replace"),
        },
        failure="",
        failure_detail="",
    )
    draft = publication.revision.draft
    ledger.record(
        events.PostPublished(
            draft=draft.public_id,
            publication=publication.public_id,
            channel=publication.channel.public_id,
            digest=publication.digest,
            native_id=receipt.native_id,
            url=receipt.url,
            published_at=instant_text(receipt.at),
            unit=draft.unit.public_id,
            author=draft.author.public_id,
            approvers=queries.approvers_of(publication.revision),
            publisher=publication.scheduled_by.public_id,
            corrects=draft.corrects.public_id if draft.corrects else "",
            emergency=queries.emergency_of(publication.revision),
            property_holder=publication.property_holder,
            property_kind=publication.property_kind,
        ),
        actor=actor,
        now=now,
    )
    _after_publishing(publication, now)
    _close_duties(publication, actor=actor, evidence=publication.public_id, now=now)


def _after_publishing(publication: Publication, now: datetime) -> None:
    # A capture may have seen the post before its receipt was noted.
    jobs.enqueue(
        COMPARE_JOB,
        {"publication": publication.public_id},
        now=now,
        unique_key=f"{COMPARE_JOB}:{publication.public_id}",
    )
    draft = publication.revision.draft
    if draft.state == DraftState.SCHEDULED:
        _move_draft(draft, DraftAct.PUBLISH, now)
        corrected = draft.corrects
        if corrected and corrected.state == DraftState.PUBLISHED:
            _move_draft(corrected, DraftAct.CORRECT, now)


@transaction.atomic
def note_failure(
    *, publication_id: str, trouble: str, detail: str, actor: str, now: datetime, retry_after: timedelta | None = None
) -> Publication:
    """Note that the platform clearly published nothing: tried again later where that may help, else a duty opens.

    `trouble` is a code of `connectors.interface.Trouble` or of a refusal; `detail` is the platform's message.
    """
    publication = queries.locked_publication(publication_id)
    passing = trouble in (Trouble.RATE_LIMITED, Trouble.PLATFORM_ERROR) and publication.outcome == Outcome.INTENDED
    if passing and publication.attempts < rules.MOST_ATTEMPTS:
        due_at = now + (retry_after or _AFTER_TROUBLE)
        _move(publication, "wait", due_at=due_at, failure=trouble, failure_detail=detail[:1000])
        ledger.record(
            events.PublicationPutOff(
                draft=publication.revision.draft.public_id,
                publication=publication.public_id,
                trouble=trouble,
                due_at=instant_text(due_at),
            ),
            actor=actor,
            now=now,
        )
        _enqueue(publication, now=now)
    elif OUTCOME_MACHINE.allows(Outcome(publication.outcome), "fail"):
        _close_duties(publication, actor=actor, evidence=publication.public_id, now=now)
        _note_failed(publication, trouble, detail, actor, now)
    return publication


def _note_failed(publication: Publication, trouble: str, detail: str, actor: str, now: datetime) -> None:
    _move(publication, "fail", failure=trouble[:40], failure_detail=detail[:1000])
    draft = publication.revision.draft
    ledger.record(
        events.PublicationFailed(draft=draft.public_id, publication=publication.public_id, trouble=trouble),
        actor=actor,
        now=now,
    )
    duties.open_duty(
        kind=FAILED_DUTY,
        title=f"A post was not published on {publication.channel.name}: see to it",
        owner_role=Role.PUBLIC_AFFAIRS,
        owner=publication.scheduled_by,
        due_at=now + timedelta(hours=pack.attention_hours()),
        subject=publication.public_id,
        clock="hours set by the body (local choice)",
        actor=actor,
        now=now,
    )


@transaction.atomic
def note_unclear(*, publication_id: str, detail: str, actor: str, now: datetime) -> Publication:
    """Note that a call was made and its outcome is not known: never tried again, a person is asked to look."""
    publication = queries.locked_publication(publication_id)
    if publication.outcome == Outcome.INTENDED:
        _note_unclear(publication, Trouble.UNCLEAR_OUTCOME, detail, actor, now)
    return publication


def _note_unclear(publication: Publication, trouble: str, detail: str, actor: str, now: datetime) -> None:
    _move(publication, "lose", failure=trouble, failure_detail=detail[:1000])
    draft = publication.revision.draft
    ledger.record(
        events.PublicationUnclear(draft=draft.public_id, publication=publication.public_id, trouble=trouble),
        actor=actor,
        now=now,
    )
    duties.open_duty(
        kind=UNCLEAR_DUTY,
        title=f"Was the post published on {publication.channel.name}? Look, and say so",
        owner_role=Role.PUBLIC_AFFAIRS,
        owner=publication.scheduled_by,
        due_at=now + timedelta(hours=pack.attention_hours()),
        subject=publication.public_id,
        clock="hours set by the body (local choice)",
        actor=actor,
        now=now,
    )
    jobs.enqueue(
        LOOK_JOB,
        {"publication": publication.public_id},
        now=now,
        run_after=now + _LOOK_AFTER,
        unique_key=f"{LOOK_JOB}:{publication.public_id}",
    )


@transaction.atomic
def note_found(*, publication_id: str, receipt: Receipt, actor: str, now: datetime) -> Publication:
    """Note that a look at the platform found the post whose outcome was unclear; nothing when it was settled before."""
    publication = queries.locked_publication(publication_id)
    if publication.outcome == Outcome.UNCLEAR:
        _note_published(publication, "find", receipt, actor, now)
    return publication


@transaction.atomic
def resolve_unclear(
    *, publication_id: str, published: bool, actor: User, now: datetime, native_id: str = "", url: str = ""
) -> Publication:
    """Settle, by a person who looked, whether an unclear post is on the platform; names it by native id or URL.

    Raises `Refused` when it is not unclear or by right, `InvalidInput` when it is said to be published but not where.
    """
    publication = queries.locked_publication(publication_id)
    draft = publication.revision.draft
    rules.decide_resolution(queries.outcome_facts(publication, actor=actor, now=now)).or_refuse()
    if published and not (native_id.strip() or url.strip()):
        raise InvalidInput("url", "give the post's address or its id on the platform")
    values: dict[str, Any] = {"resolved_by": actor}
    if published:
        # The person's word is the receipt; the platform's own comes with the next capture.
        values |= {"native_id": native_id.strip(), "url": url.strip(), "published_at": publication.intent_at}
    _move(publication, "find" if published else "miss", **values)
    ledger.record(
        events.UnclearResolved(
            draft=draft.public_id,
            publication=publication.public_id,
            published=published,
            native_id=native_id.strip(),
            url=url.strip(),
        ),
        actor=actor.public_id,
        now=now,
    )
    if published:
        _after_publishing(publication, now)
    _close_duties(publication, actor=actor.public_id, evidence=publication.public_id, now=now)
    return publication


@transaction.atomic
def retry_publication(*, publication_id: str, actor: User, now: datetime) -> Publication:
    """Try a failed publication again: nothing was written, so it cannot be published twice. Raises `Refused`."""
    publication = queries.locked_publication(publication_id)
    rules.decide_retry(queries.outcome_facts(publication, actor=actor, now=now)).or_refuse()
    _move(publication, "retry", due_at=now, attempts=0, scheduled_by=actor)
    ledger.record(
        events.PublicationRetried(draft=publication.revision.draft.public_id, publication=publication.public_id),
        actor=actor.public_id,
        now=now,
    )
    _close_duties(publication, actor=actor.public_id, evidence=publication.public_id, now=now)
    _enqueue(publication, now=now)
    return publication


def _enqueue(publication: Publication, *, now: datetime) -> None:
    jobs.enqueue(
        PUBLISH_JOB,
        {"publication": publication.public_id},
        now=now,
        run_after=publication.due_at,
        priority=10,
        unique_key=f"{PUBLISH_JOB}:{publication.public_id}",
    )


def _close_duties(publication: Publication, *, actor: str, evidence: str, now: datetime) -> None:
    for kind in (UNCLEAR_DUTY, FAILED_DUTY):
        for duty in duty_queries.open_duties(kind=kind, subject=publication.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor, now=now)


def _move(publication: Publication, act: str, **values: Any) -> None:
    publication.outcome = OUTCOME_MACHINE.next_state(Outcome(publication.outcome), act)
    for name, value in values.items():
        setattr(publication, name, value)
    publication.save(update_fields=["outcome", *values])


def _move_draft(draft: Draft, act: DraftAct, now: datetime) -> None:
    draft.state = DRAFT_MACHINE.next_state(DraftState(draft.state), act)
    draft.changed_at = now
    draft.save(update_fields=["state", "changed_at"])
