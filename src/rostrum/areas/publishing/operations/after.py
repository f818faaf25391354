"""After publishing: captured back and compared, set right by a further post, or withdrawn. Every version stays."""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Version
from rostrum.areas.duties import operations as duties
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import checks, events, pack, queries, rules
from rostrum.areas.publishing.models import Draft, Publication
from rostrum.areas.publishing.operations.drafting import MediaInput, begin
from rostrum.areas.publishing.rules import (
    DRAFT_MACHINE,
    OUTCOME_MACHINE,
    Compared,
    DraftAct,
    DraftState,
    Outcome,
)

DIFFERENCE_DUTY = "publishing.explain-difference"
TAKE_DOWN_JOB = "publishing.take-down"


@transaction.atomic
def compare_captured(*, publication_id: str, actor: str, now: datetime) -> Publication:
    """Compare the archive's newest version of a published post with the bytes that were approved.

    The same version is compared once: without a new one nothing happens. A difference opens a duty for a person.
    """
    publication = queries.locked_publication(publication_id)
    version = _newest_version(publication)
    if version is None or bytes(version.commitment).hex() == publication.captured_version:
        return publication
    content = queries.content_of(publication.revision)
    result = rules.compare(content.published_text, version.text)
    publication.compared = result
    publication.compared_at = now
    publication.captured_version = bytes(version.commitment).hex()
    publication.save(update_fields=["compared", "compared_at", "captured_version"])
    archive.note_posted_from_here(item=version.item, actor=actor, now=now)
    ledger.record(
        events.PublicationCompared(
            draft=publication.revision.draft.public_id,
            publication=publication.public_id,
            result=result,
            version=publication.captured_version,
        ),
        actor=actor,
        now=now,
    )
    if result is Compared.DIFFERENT:
        duties.open_duty(
            kind=DIFFERENCE_DUTY,
            title=f"A post on {publication.channel.name} differs from what was approved: find out why",
            owner_role=Role.PUBLIC_AFFAIRS,
            owner=publication.scheduled_by,
            due_at=now + timedelta(hours=pack.attention_hours()),
            subject=publication.public_id,
            clock="hours set by the body (local choice)",
            actor=actor,
            now=now,
        )
    return publication


def _newest_version(publication: Publication) -> Version | None:
    if publication.outcome != Outcome.PUBLISHED or not publication.native_id:
        return None
    return (
        Version.objects.filter(item__channel=publication.channel, item__native_id=publication.native_id)
        .select_related("item")
        .order_by("-number")
        .first()
    )


@transaction.atomic
def correct_post(*, draft_id: str, actor: User, now: datetime) -> Draft:
    """Begin the correction of a published post: a new draft with its content, linked to it. Both are kept.

    The post counts as corrected when the correction is published. Raises `Refused`.
    """
    draft = queries.locked_draft(draft_id)
    rules.decide_correction(queries.correction_facts(draft, actor=actor, now=now)).or_refuse()
    revision = queries.current_revision(draft)
    content = queries.content_of(revision)
    correction = Draft(
        author=actor,
        unit=draft.unit,
        state=DRAFT_MACHINE.initial,
        corrects=draft,
        created_at=now,
        changed_at=now,
    )
    media = [
        MediaInput(alt=one.alt, has_captions=one.has_captions, name=one.name, mime=one.mime, blob=one.blob)
        for one in revision.media.all()
    ]
    return begin(
        correction,
        rules.for_correction(content, checks.signature_for(actor)),
        media,
        list(revision.channels.all()),
        actor=actor,
        now=now,
    )


@transaction.atomic
def withdraw_post(*, draft_id: str, reason: str, actor: User, now: datetime) -> Draft:
    """Order a published post off its channels, with a reason; the archive keeps every version. Raises `Refused`.

    What waits on other channels is called off. The platform is asked by a job, which may repeat safely.
    """
    draft = queries.locked_draft(draft_id)
    rules.decide_withdrawal(queries.withdraw_facts(draft, reason, actor=actor, now=now)).or_refuse()
    ordered = []
    for publication in Publication.objects.select_for_update().filter(revision__draft=draft):
        if publication.outcome == Outcome.PUBLISHED:
            publication.removal_asked_at = now
            publication.save(update_fields=["removal_asked_at"])
            jobs.enqueue(
                TAKE_DOWN_JOB,
                {"publication": publication.public_id},
                now=now,
                priority=10,
                unique_key=f"{TAKE_DOWN_JOB}:{publication.public_id}",
            )
            ordered.append(publication.public_id)
        elif OUTCOME_MACHINE.allows(Outcome(publication.outcome), "call-off"):
            publication.outcome = OUTCOME_MACHINE.next_state(Outcome(publication.outcome), "call-off")
            publication.save(update_fields=["outcome"])
    draft.state = DRAFT_MACHINE.next_state(DraftState(draft.state), DraftAct.WITHDRAW)
    draft.withdrawn_reason = reason.strip()
    draft.changed_at = now
    draft.save(update_fields=["state", "withdrawn_reason", "changed_at"])
    ledger.record(
        events.PostWithdrawn(draft=draft.public_id, reason=reason.strip(), publications=ordered),
        actor=actor.public_id,
        now=now,
    )
    return draft


@transaction.atomic
def note_taken_down(*, publication_id: str, actor: str, now: datetime) -> Publication:
    """Note that the platform confirmed the removal of a withdrawn post; nothing when that was noted before."""
    publication = queries.locked_publication(publication_id)
    if publication.outcome != Outcome.PUBLISHED:
        return publication
    publication.outcome = OUTCOME_MACHINE.next_state(Outcome.PUBLISHED, "take-down")
    publication.removed_at = now
    publication.save(update_fields=["outcome", "removed_at"])
    ledger.record(
        events.PostTakenDown(draft=publication.revision.draft.public_id, publication=publication.public_id),
        actor=actor,
        now=now,
    )
    return publication
