"""Writing and review in the tables: revisions, findings, clearances, consent, approval of exact bytes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostrum.areas.channels.models import Channel
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import checks, operations, queries
from rostrum.areas.publishing.models import Approval, Check, Clearance, Draft, DraftMedia, DraftRevision, FindingCount
from rostrum.areas.publishing.operations import MediaInput
from rostrum.areas.publishing.rules import DraftState, digest_of, finding_key
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.findings import Finding, Strength
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.people import a_person, a_unit
from tests.publishing import PNG, TEXT, TOPIC, a_draft, a_submitted_draft, approved, edit, speaks_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def channel(staff: Staff) -> Channel:
    made = a_live_channel(staff)
    speaks_on(staff.spokesperson, made)
    return made


def last_entry() -> Entry:
    return Entry.objects.filter(kind__startswith="publishing.").latest("pk")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def finding(draft: Draft, control: str) -> Finding:
    return next(one for one in queries.findings_now(queries.current_revision(draft)) if one.control == control)


def test_a_draft_keeps_its_exact_bytes_and_its_check(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, text="Line one\r\nLine two")

    revision = queries.current_revision(draft)
    assert revision.digest == digest_of(bytes(revision.body))
    assert b"Line one\\nLine two" in bytes(revision.body)
    assert queries.content_of(revision).channels == (channel.public_id,)
    entry = last_entry()
    assert entry.kind == "publishing.draft-created.v1"
    assert entry.body["digest"] == revision.digest
    assert "Line one" not in entry.body_text
    check = Check.objects.get()
    assert entry.body["check"] == check.public_id
    assert checks.is_replay_equal(check)


def test_every_saving_is_a_further_revision_and_the_first_stays(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel)
    first = queries.current_revision(draft)
    edit(draft, staff.spokesperson, text="The splash pad opens on Sunday.")
    assert [one.number for one in DraftRevision.objects.all()] == [1, 2]
    first.refresh_from_db()
    assert queries.content_of(first).text == TEXT
    assert last_entry().body["revision"] == 2
    with pytest.raises(InvalidInput, match="nothing was changed"):
        edit(draft, staff.spokesperson)


@pytest.mark.parametrize(
    ("overrides", "where"),
    [
        ({"text": "a" * 50_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"publish_at": NOW.replace(tzinfo=None)}, "publish_at"),
        ({"media": [MediaInput(data=b"<svg/>", name="x.svg")]}, "media 1"),
        ({"media": [MediaInput(data=b"RIFF0000WAVE", name="x.webp")]}, "media 1"),
        ({"media": [MediaInput(blob="0" * 64)]}, "media 1"),
        ({"media": [MediaInput(data=PNG)] * 11}, "media"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_is_kept(
    staff: Staff, channel: Channel, overrides: dict[str, object], where: str
) -> None:
    with pytest.raises(InvalidInput) as problem:
        a_draft(staff, channel, **overrides)
    assert problem.value.where == where
    assert not Draft.objects.exists()


def test_media_are_kept_by_their_bytes_and_carried_to_the_next_revision(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, media=[MediaInput(data=PNG, name="pad.png", mime="text/html")])
    first = DraftMedia.objects.get()
    assert (first.mime, first.size_bytes, first.alt) == ("image/png", len(PNG), "")

    edit(draft, staff.spokesperson, media=[MediaInput(blob=first.blob, alt="Children under the fountain")])

    second = queries.current_revision(draft).media.get()
    assert (second.blob, second.name, second.alt) == (first.blob, "pad.png", "Children under the fountain")


def test_nobody_writes_for_another_department_or_on_a_channel_without_the_right(staff: Staff, channel: Channel) -> None:
    with pytest.raises(Refused) as refusal:
        a_draft(staff, channel, unit=a_unit("police", "Police Department"))
    assert "out-of-reach" in codes(refusal)
    other = a_person(Role.POSTER, unit=staff.unit, over=staff.unit)
    with pytest.raises(Refused) as refusal:
        a_draft(staff, channel, actor=other)
    assert codes(refusal) == ["no-right-to-speak"]
    assert refusal.value.reasons[0].clause == "WAU-auth-01c"
    assert a_draft(staff, actor=other).state == DraftState.DRAFT


@pytest.mark.proves("draft.personal-data")
def test_a_residents_phone_number_stops_the_submission(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, text="Call Mrs. Novak at 715-555-0142 about the lost dog.")
    found = finding(draft, "draft.personal-data")
    text = queries.content_of(queries.current_revision(draft)).text
    assert text[found.start : found.end] == "715-555-0142"
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["blocked"]
    assert refusal.value.reasons[0].clause == "WAU-use-05d"
    assert FindingCount.objects.filter(control="draft.personal-data", strength="block").count() == 1


@pytest.mark.proves("draft.alt-text")
def test_an_image_without_alternative_text_stops_the_submission(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, media=[MediaInput(data=PNG, name="pad.png")])
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert finding(draft, "draft.alt-text").message in str(refusal.value)
    edit(
        draft,
        staff.spokesperson,
        media=[MediaInput(blob=DraftMedia.objects.get().blob, alt="Children run under the fountain of the splash pad")],
    )
    assert operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW).state == "in_review"


@pytest.mark.proves("draft.length")
def test_text_over_a_platforms_limit_is_found_for_that_channel_only(staff: Staff, channel: Channel) -> None:
    bluesky = a_live_channel_on_bluesky(staff)
    long = "The splash pad opens. " * 15
    assert not _has(a_draft(staff, channel, text=long), "draft.length")
    draft = a_draft(staff, channel, bluesky, text=long)
    assert "Bluesky" in finding(draft, "draft.length").message
    with pytest.raises(Refused):
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)


def a_live_channel_on_bluesky(staff: Staff) -> Channel:
    from rostrum.areas.channels import operations as channels
    from tests.channels import a_reviewed_channel, let_it_speak

    made = a_reviewed_channel(staff, platform="bluesky", handle="parks.wausau.test", name="Wausau Parks on Bluesky")
    channels.approve_channel(channel_id=made.public_id, actor=staff.coordinator, now=NOW)
    channels.open_channel(
        channel_id=made.public_id,
        registered_email="parks@wausau.example.gov",
        connection={"service": "http://pds.test"},
        actor=staff.head,
        now=NOW,
    )
    channels.deposit_credential(
        channel_id=made.public_id,
        secret={"identifier": "parks.wausau.test", "password": "long enough to be taken"},
        actor=staff.coordinator,
        now=NOW,
    )
    live = let_it_speak(made, staff)
    speaks_on(staff.spokesperson, live)
    return live


def _has(draft: Draft, control: str) -> bool:
    return any(one.control == control for one in queries.findings_now(queries.current_revision(draft)))


@pytest.mark.proves("draft.hashtags")
def test_an_unreadable_hashtag_is_a_warning_that_an_approver_must_clear(staff: Staff, channel: Channel) -> None:
    draft = a_submitted_draft(staff, channel, text=f"{TEXT} #communitycleanup")
    found = finding(draft, "draft.hashtags")
    assert found.strength is Strength.WARN
    with pytest.raises(Refused) as refusal:
        approved(staff, draft)
    assert codes(refusal) == ["warning-open"]

    operations.clear_finding(
        draft_id=draft.public_id, finding=finding_key(found), reason="The campaign's tag", actor=staff.head, now=NOW
    )

    assert last_entry().body["still_needed"] == 0
    assert approved(staff, draft).state == DraftState.APPROVED


def test_a_block_is_cleared_only_by_two_persons_and_an_edit_asks_for_both_again(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, text="Our own desk answers at 715-555-0142.")
    key = finding_key(finding(draft, "draft.personal-data"))
    custodian = a_person(Role.RECORDS_CUSTODIAN)

    def clear(person: object, reason: str = "It is the office's own number") -> Clearance:
        return operations.clear_finding(
            draft_id=draft.public_id,
            finding=key,
            reason=reason,
            actor=person,  # type: ignore[arg-type]
            now=NOW,
        )

    clear(staff.public_affairs)
    with pytest.raises(Refused) as refusal:
        clear(staff.public_affairs)
    assert codes(refusal) == ["cleared-once"]
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["blocked"]
    with pytest.raises(Refused) as refusal:
        clear(staff.head)
    assert "no-role" in codes(refusal)
    with pytest.raises(Refused) as refusal:
        clear(custodian, reason=" ")
    assert codes(refusal) == ["no-reason"]
    clear(custodian)
    assert operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW).state == "in_review"

    edit(draft, staff.spokesperson, text="Our own desk answers at 715-555-0142 today.")
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["blocked"]


def test_authors_clear_nothing_of_their_own(staff: Staff, channel: Channel) -> None:
    speaks_on(staff.public_affairs, channel)
    draft = a_draft(staff, channel, text=f"{TEXT} #communitycleanup", actor=staff.public_affairs)
    with pytest.raises(Refused) as refusal:
        operations.clear_finding(
            draft_id=draft.public_id,
            finding=finding_key(finding(draft, "draft.hashtags")),
            reason="Mine",
            actor=staff.public_affairs,
            now=NOW,
        )
    assert codes(refusal) == ["own-draft"]
    with pytest.raises(Refused) as refusal:
        operations.clear_finding(draft_id=draft.public_id, finding="none", reason="x", actor=staff.head, now=NOW)
    assert codes(refusal) == ["no-finding"]


@pytest.mark.proves("draft.other-unit", "approval.other-party")
def test_material_about_another_department_waits_for_its_consent(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, text="The Police Department closes Grant Street for the parade.")
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert refusal.value.reasons[0].clause in ("WAU-use-03a", "WAU-use-03c")
    assert queries.parties_of(draft) == ("Police Department",)

    operations.record_consent(
        draft_id=draft.public_id,
        party="police department",
        given_by="Chief Barnes",
        given_on=date(2026, 11, 20),
        how="E-mail of November 20",
        actor=staff.spokesperson,
        now=NOW,
    )

    assert last_entry().body["party"] == "Police Department"
    assert operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW).state == "in_review"


def test_consent_names_a_party_of_the_draft_a_giver_and_a_day_not_to_come(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, about=["Public Library"])
    for changes, where in (
        ({"party": "Metro Ride"}, "party"),
        ({"given_by": " "}, "given_by"),
        ({"given_on": date(2027, 1, 1)}, "given_on"),
    ):
        values = {"party": "Public Library", "given_by": "A. Director", "given_on": date(2026, 11, 1), "how": "Letter"}
        with pytest.raises(InvalidInput) as problem:
            operations.record_consent(
                draft_id=draft.public_id,
                actor=staff.spokesperson,
                now=NOW,
                **(values | changes),  # type: ignore[arg-type]
            )
        assert problem.value.where == where


@pytest.mark.proves("draft.business-topic")
def test_a_draft_without_an_official_topic_is_not_handed_in(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, answers={})
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert refusal.value.reasons[0].clause == "WAU-use-01a"


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"text": " ", "answers": TOPIC}, "empty"),
        ({"publish_at": NOW - timedelta(minutes=1)}, "time-passed"),
    ],
)
def test_what_is_empty_or_too_late_is_not_handed_in(
    staff: Staff, channel: Channel, overrides: dict[str, object], code: str
) -> None:
    draft = a_draft(staff, channel, **overrides)
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert code in codes(refusal)


def test_a_draft_needs_a_live_channel(staff: Staff, channel: Channel) -> None:
    from rostrum.areas.channels import operations as channels

    draft, without = a_draft(staff, channel), a_draft(staff)
    channels.pause_channel(channel_id=channel.public_id, reason="Spam", actor=staff.coordinator, now=NOW)
    for one, code in ((draft, "channel-not-live"), (without, "no-channel")):
        with pytest.raises(Refused) as refusal:
            operations.submit_draft(draft_id=one.public_id, actor=staff.spokesperson, now=NOW)
        assert codes(refusal) == [code]


@pytest.mark.proves("approval.second-person")
def test_nobody_approves_what_they_wrote_edited_or_handed_in(staff: Staff, channel: Channel) -> None:
    speaks_on(staff.head, channel)
    own = a_draft(staff, channel, actor=staff.head)
    operations.submit_draft(draft_id=own.public_id, actor=staff.head, now=NOW)
    edited = a_draft(staff, channel)
    edit(edited, staff.head, text="The splash pad opens on Sunday.")
    operations.submit_draft(draft_id=edited.public_id, actor=staff.spokesperson, now=NOW)
    for draft in (own, edited):
        with pytest.raises(Refused) as refusal:
            approved(staff, draft)
        assert codes(refusal) == ["own-draft"]
    assert not Approval.objects.exists()


def test_an_approval_binds_the_bytes_that_were_shown(staff: Staff, channel: Channel) -> None:
    draft = a_submitted_draft(staff, channel)
    shown = queries.current_revision(draft).digest
    edit(draft, staff.spokesperson, text="The splash pad opens on Sunday.")
    operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.approve_draft(draft_id=draft.public_id, digest=shown, actor=staff.head, now=NOW)
    assert codes(refusal) == ["changed"]

    approval = approved(staff, draft) and Approval.objects.get()

    assert approval.digest == queries.current_revision(draft).digest == last_entry().body["digest"]
    assert approval.facts["approver"] == staff.head.public_id
    assert approval.facts["authors"] == [staff.spokesperson.public_id]


def test_an_edit_voids_the_approval(staff: Staff, channel: Channel) -> None:
    draft = approved(staff, a_submitted_draft(staff, channel))
    edit(draft, staff.spokesperson, text="The splash pad opens on Sunday.")
    draft.refresh_from_db()
    assert draft.state == DraftState.DRAFT
    assert Approval.objects.get().voided_at == NOW
    assert last_entry().body["approvals_voided"] == 1
    assert queries.approval_in_force(draft) is None


def test_a_spokesperson_approves_nothing_and_another_departments_head_neither(staff: Staff, channel: Channel) -> None:
    draft = a_submitted_draft(staff, channel)
    police = a_unit("police", "Police Department")
    for person in (
        a_person(Role.POSTER, unit=staff.unit, over=staff.unit),
        a_person(Role.DEPARTMENT_HEAD, over=police),
    ):
        with pytest.raises(Refused):
            operations.approve_draft(
                draft_id=draft.public_id,
                digest=queries.current_revision(draft).digest,
                actor=person,
                now=NOW,
            )


@pytest.mark.proves("approval.checklist")
def test_the_approver_answers_the_packs_checklist() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    draft = a_submitted_draft_without_channel(staff)
    digest = queries.current_revision(draft).digest
    with pytest.raises(Refused) as refusal:
        operations.approve_draft(draft_id=draft.public_id, digest=digest, actor=staff.head, now=NOW)
    asked = {reason.clause for reason in refusal.value.reasons if reason.code == "unanswered"}
    assert asked == {"DMA-II-A-01b", "DMA-II-B-08a", "WI480-040-04c", "WI480-040-05b1"}

    operations.approve_draft(
        draft_id=draft.public_id, digest=digest, answers=dict.fromkeys(asked, "yes"), actor=staff.head, now=NOW
    )

    assert last_entry().body["answers"] == dict.fromkeys(asked, "yes")


def a_submitted_draft_without_channel(staff: Staff) -> Draft:
    # What is asked of an approver depends on no channel; under DMA's route opening one takes many steps.
    draft = a_draft(staff, answers={})
    Draft.objects.filter(pk=draft.pk).update(
        state=DraftState.IN_REVIEW, submitted_by=staff.spokesperson, submitted_at=NOW
    )
    draft.refresh_from_db()
    return draft


@pytest.mark.proves("draft.signature")
def test_under_dma_the_authors_name_and_title_are_part_of_the_approved_bytes() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    staff.spokesperson.title = "Captain"
    staff.spokesperson.save()
    draft = a_draft(staff, answers={})
    content = queries.content_of(queries.current_revision(draft))
    assert content.published_text == f"{TEXT}\nSam Spokesperson, Captain"
    assert not _has(draft, "draft.signature")


def test_a_draft_is_returned_with_a_note(staff: Staff, channel: Channel) -> None:
    draft = approved(staff, a_submitted_draft(staff, channel))
    with pytest.raises(Refused) as refusal:
        operations.return_draft(draft_id=draft.public_id, note=" ", actor=staff.head, now=NOW)
    assert codes(refusal) == ["no-note"]
    returned = operations.return_draft(draft_id=draft.public_id, note="Say which Saturday", actor=staff.head, now=NOW)
    assert (returned.state, returned.returned_note) == (DraftState.DRAFT, "Say which Saturday")
    assert last_entry().body["approvals_voided"] == 1


def test_a_check_after_a_choice_of_the_body_finds_what_it_added(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel)
    before = Check.objects.get()
    governance.set_choice(
        key="words.non_public", value=["splash pad"], reason="Not announced yet", actor="system", now=NOW
    )
    after = operations.check_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert after.pack_version != before.pack_version
    assert last_entry().kind == "publishing.draft-checked.v1"
    with pytest.raises(InvalidInput):
        checks.is_replay_equal(before)
    assert checks.is_replay_equal(after)


def test_drafts_are_seen_by_their_unit_and_by_nobody_elses_spokesperson(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel)
    police = a_unit("police", "Police Department")
    stranger = a_person(Role.POSTER, unit=police, over=police)
    speaks_on(stranger, channel)
    sees = {
        "author": staff.spokesperson,
        "colleague": a_person(Role.POSTER, unit=staff.unit, over=staff.unit),
        "head": staff.head,
        "public affairs": staff.public_affairs,
        "custodian": a_person(Role.RECORDS_CUSTODIAN),
    }
    for who, person in sees.items():
        assert list(queries.visible_drafts(person, now=NOW)) == [draft], who
    for person in (stranger, a_person(Role.EMPLOYEE), a_person(Role.DEPARTMENT_HEAD, over=police)):
        assert not queries.visible_drafts(person, now=NOW).exists()
    with pytest.raises(Refused):
        operations.check_draft(draft_id=draft.public_id, actor=stranger, now=NOW)


def test_who_has_left_sees_and_does_nothing(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel)
    staff.spokesperson.left_at = NOW
    staff.spokesperson.save()
    assert not queries.visible_drafts(staff.spokesperson, now=NOW).exists()
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert "not-present" in codes(refusal)


def test_what_waits_for_review_is_everybody_elses_and_asks_as_often_for_many_as_for_one(
    staff: Staff, channel: Channel, django_assert_max_num_queries: Any
) -> None:
    first = a_submitted_draft(staff, channel)
    with CaptureQueriesContext(connection) as asked:
        assert queries.waiting_for_review(staff.head, now=NOW) == [first]
    assert queries.waiting_for_review(staff.spokesperson, now=NOW) == []

    second = a_submitted_draft(staff, channel, text="The pool opens on Sunday.")
    speaks_on(staff.head, channel)
    edited = a_draft(staff, channel, text="The library opens late.")
    edit(edited, staff.head, text="The library opens late on Monday.")
    operations.submit_draft(
        draft_id=edited.public_id, confirmed=queries.all_reminders(), actor=staff.spokesperson, now=NOW
    )

    with django_assert_max_num_queries(len(asked)):
        waiting = queries.waiting_for_review(staff.head, now=NOW)
    # Whoever wrote on a draft does not approve it.
    assert set(waiting) == {first, second}
