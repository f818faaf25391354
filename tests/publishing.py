"""What tests about posts start from: a draft at any point of its life, on channels of the sample square."""

from datetime import date, datetime, timedelta
from typing import Any

from rostrum.areas.channels.models import Channel, RightRequest
from rostrum.areas.governance import operations as governance
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.rules import Right
from rostrum.areas.publishing import jobs, operations, queries
from rostrum.areas.publishing.models import DisclosureAuthorization, Draft, Publication
from tests.channels import NOW, Staff
from tests.people import LONG_AGO, a_person

TEXT = "The splash pad opens on Saturday at 10 a.m."
TOPIC = {"official_topic": "parks"}
# One grey point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def speaks_on(person: User, *channels: Channel) -> None:
    """Give the person the right to speak on these channels, designated and issued long ago."""
    office = a_person(name="An Office")
    for channel in channels:
        request = RightRequest.objects.create(
            state="issued",
            person=person,
            right=Right.SPEAK.value,
            unit=channel.unit,
            channel=channel,
            need="Speaks for the department",
            job_duty="Writes its news",
            asked_by=office,
            asked_at=LONG_AGO,
            designated_by=office,
            designated_at=LONG_AGO,
            issued_by=office,
            issued_at=LONG_AGO,
        )
        ChannelGrant.objects.create(
            person=person,
            channel=channel.public_id,
            right=Right.SPEAK.value,
            starts_at=LONG_AGO,
            basis=request.public_id,
        )


def a_draft(staff: Staff, *channels: Channel, **overrides: Any) -> Draft:
    """A clean draft of the spokesperson for these channels."""
    values: dict[str, Any] = {
        "unit": staff.unit,
        "text": TEXT,
        "channels": channels,
        "answers": TOPIC,
        "actor": staff.spokesperson,
        "now": NOW,
    }
    return operations.create_draft(**(values | overrides))


def edit(draft: Draft, actor: User, now: datetime = NOW, **overrides: Any) -> None:
    """Save the draft again with something else in it."""
    revision = queries.current_revision(draft)
    content = queries.content_of(revision)
    values: dict[str, Any] = {
        "text": content.text,
        "channels": list(revision.channels.all()),
        "answers": dict(content.answers),
        "about": content.about,
        "publish_at": content.publish_at,
    }
    operations.save_revision(draft_id=draft.public_id, actor=actor, now=now, **(values | overrides))


def a_submitted_draft(staff: Staff, *channels: Channel, **overrides: Any) -> Draft:
    """A draft in review."""
    draft = a_draft(staff, *channels, **overrides)
    return operations.submit_draft(
        draft_id=draft.public_id, confirmed=queries.all_reminders(), actor=staff.spokesperson, now=NOW
    )


def approved(staff: Staff, draft: Draft) -> Draft:
    """The draft approved by the department's head, as it stands."""
    digest = queries.current_revision(draft).digest
    operations.approve_draft(draft_id=draft.public_id, digest=digest, actor=staff.head, now=NOW)
    draft.refresh_from_db()
    return draft


def a_scheduled_draft(staff: Staff, *channels: Channel, **overrides: Any) -> tuple[Draft, list[Publication]]:
    """An approved draft with its publications waiting."""
    draft = approved(staff, a_submitted_draft(staff, *channels, **overrides))
    publications = operations.schedule_publication(
        draft_id=draft.public_id, confirmed=queries.all_reminders(), actor=staff.spokesperson, now=NOW
    )
    draft.refresh_from_db()
    return draft, publications


def work(publications: list[Publication], now: datetime = NOW) -> None:
    """Do what the worker does when their time has come."""
    for publication in publications:
        jobs.publish({"publication": publication.public_id}, now=now)
        publication.refresh_from_db()


def an_authorization(staff: Staff, **overrides: Any) -> DisclosureAuthorization:
    """Leave of the department's head for the spokesperson to disclose health records, for a day."""
    values: dict[str, Any] = {
        "person": staff.spokesperson,
        "unit": staff.unit,
        "covers": ["MKE-VI-04b"],
        "what": "That the lifeguard rescued on May 2 has left hospital",
        "basis": "Her written consent of November 20, kept with the clerk",
        "ends_at": NOW + timedelta(days=1),
        "actor": staff.head,
        "now": NOW,
    }
    return operations.authorize_disclosure(**(values | overrides))


def under_dma() -> None:
    """Put the DMA pack in force over a body that worked under chapter 480 until now."""
    governance.activate_packs(
        packs=("dma-2.110",),
        effective_on={"dma-2.110": date(2026, 1, 1)},
        reference="Order 26-002",
        actor="system",
        now=NOW,
    )
