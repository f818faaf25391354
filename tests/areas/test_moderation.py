"""The life of a comment in the tables and on a real square: evidence, grounds, removal, restoration, referral."""

import json

import pytest

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Sighting
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.duties import queries as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.moderation import operations, queries
from rostrum.areas.moderation.controls import CONTROLS
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.rules import ElementAnswer, GroundAnswer
from rostrum.areas.moderation.states import Measure, Outcome
from rostrum.areas.people.rules import Role
from rostrum.areas.retention.models import HeldItem, Hold
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Access
from tests.channels import NOW
from tests.moderation import (
    COMMENT,
    LATER,
    Talk,
    a_removal,
    an_answer,
    an_assessment,
    assessed,
    hidden,
    talk,
    work,
)
from tests.people import a_person
from tests.simulators import misbehaving

__all__ = ["talk"]
pytestmark = pytest.mark.django_db


# Those that a removal alone makes speak.
_ABOUT_REMOVALS = [one for one in CONTROLS if one.id not in ("page.not-legal-notice", "removal.notice-in-place")]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def entries(kind: str) -> list[dict[str, object]]:
    found = Entry.objects.filter(kind=f"moderation.{kind}.v1").order_by("pk")
    return [{"actor": entry.actor, **entry.body} for entry in found]


def evidence_of(assessment: Assessment) -> dict[str, object]:
    found: dict[str, object] = json.loads(archive.blobs().read(assessment.evidence_digest))
    return found


# Evidence


def test_opening_takes_the_comment_with_its_versions_and_thread_as_evidence(talk: Talk) -> None:
    talk.square.store.edit(talk.resident, talk.comment, COMMENT + " Edited.")

    assessment = an_assessment(talk)

    told = evidence_of(assessment)
    assert [version["text"] for version in told["comment"]] == [COMMENT, COMMENT + " Edited."]
    assert [version["native_id"] for version in told["thread"]] == [talk.post]
    assert (told["reread"], assessment.reread, assessment.thread_size) == ("ok", "ok", 2)
    assert assessment.version.number == 2
    assert entries("evidence-taken") == [
        {
            "actor": talk.moderator.public_id,
            "assessment": assessment.public_id,
            "item": talk.item.public_id,
            "commitment": bytes(assessment.version.commitment).hex(),
            "evidence_digest": assessment.evidence_digest,
            "thread_size": 2,
            "reread": "ok",
        }
    ]


@pytest.mark.parametrize("fault", [misbehaving.lost_token, misbehaving.unreachable, misbehaving.garbage])
def test_evidence_is_taken_from_what_was_captured_when_the_platform_cannot_be_asked(
    talk: Talk, fault: misbehaving.Fault
) -> None:
    talk.square.transport.next(fault, "GET", "/api/items/")

    assert evidence_of(an_assessment(talk))["reread"] == "not possible"


def test_evidence_says_when_the_comment_was_gone_already(talk: Talk) -> None:
    talk.square.store.delete(talk.resident, talk.comment)

    assessment = an_assessment(talk)

    assert evidence_of(assessment)["reread"] == "gone"
    assert evidence_of(assessment)["comment"][0]["text"] == COMMENT


def test_only_open_comments_of_others_are_assessed_and_each_once_at_a_time(talk: Talk) -> None:
    post = Item.objects.get(native_id=talk.post)
    with pytest.raises(Refused) as own:
        operations.look_and_open(item_id=post.public_id, actor=talk.moderator, now=NOW)
    with pytest.raises(Refused) as stranger:
        operations.look_and_open(item_id=talk.item.public_id, actor=a_person(Role.POSTER), now=NOW)
    an_assessment(talk)
    with pytest.raises(Refused) as twice:
        an_assessment(talk)
    Assessment.objects.all().delete()
    Item.objects.filter(native_id=talk.comment).update(access=Access.RESTRICTED)
    with pytest.raises(Refused) as message:
        an_assessment(talk)

    assert [codes(one) for one in (own, stranger, twice, message)] == [
        ["own-post"],
        ["no-role"],
        ["open-already"],
        ["restricted"],
    ]


def test_without_the_comments_media_there_is_no_evidence(talk: Talk) -> None:
    version = archive.latest_version(talk.item)
    version.media.create(position=0, mime="image/png", missing="the platform answered 500")

    with pytest.raises(Refused) as refusal:
        operations.open_assessment(item_id=talk.item.public_id, actor=talk.moderator, now=NOW)

    assert codes(refusal) == ["media-missing"]


# Assessment


@pytest.mark.proves("removal.ground")
@pytest.mark.parametrize("ground", [str(number) for number in range(1, 13)])
def test_each_ground_asks_for_its_elements_and_its_facts(talk: Talk, ground: str) -> None:
    assessment = an_assessment(talk)
    facts = queries.grounds()[ground]
    whole = an_answer(ground)

    for need in facts.needs:
        lacking = GroundAnswer(ground, whole.elements, {**whole.needs, need: " "})
        with pytest.raises(Refused) as refusal:
            assessed(talk, assessment=assessment, answers=[lacking])
        assert codes(refusal) == ["need-missing"]
    with pytest.raises(Refused) as refusal:
        assessed(talk, assessment=assessment, answers=[an_answer(ground, met=False)])
    assert codes(refusal) == ["no-ground-met"]

    made = assessed(talk, ground, assessment=assessment)
    assert made.grounds[0]["needs"] == dict(whole.needs)
    assert {one["why"] for one in made.grounds[0]["elements"].values()} == {"In its first sentence."}
    assert entries("comment-assessed") == [
        {
            "actor": talk.moderator.public_id,
            "assessment": made.public_id,
            "channel": made.item.channel.public_id,
            "grounds": [ground],
            "measure": "hide",
        }
    ]


@pytest.mark.proves("removal.closed-list")
def test_discretion_and_unlisted_grounds_cannot_be_chosen(talk: Talk) -> None:
    assessment = an_assessment(talk)
    unlisted = GroundAnswer("discretion", {"None": ElementAnswer(True, "Inappropriate.")})

    assert "discretion" not in queries.grounds()
    for overrides, expected in (
        ({"answers": [unlisted]}, ["unknown-ground", "no-ground-met"]),
        ({"answers": []}, ["no-ground-met"]),
        ({"reason": " "}, ["no-reason"]),
    ):
        with pytest.raises(Refused) as refusal:
            assessed(talk, assessment=assessment, **overrides)
        assert codes(refusal) == expected
    assert not Removal.objects.exists()


def test_a_ground_the_body_left_off_cannot_be_chosen(talk: Talk) -> None:
    coordinator = a_person(Role.COORDINATOR)
    governance.set_choice(
        key="removal.open_grounds", value=["1", "4"], reason="Counsel", actor=coordinator.public_id, now=NOW
    )

    assert list(queries.grounds()) == ["1", "4"]


def test_a_marked_passage_must_stand_in_the_comment(talk: Talk) -> None:
    assessment = an_assessment(talk)

    with pytest.raises(Refused) as refusal:
        assessed(talk, assessment=assessment, answers=[an_answer("6", passage="Cheap windows")])
    made = assessed(talk, assessment=assessment, answers=[an_answer("6", passage="“CHEAP  gutters”")])

    assert codes(refusal) == ["passage-not-there"]
    assert made.state == "assessed"


def test_a_listed_status_is_chosen_from_the_thirteen(talk: Talk) -> None:
    assessment = an_assessment(talk)
    assert len(queries.grounds()["2"].choices["status"]) == 13

    with pytest.raises(Refused) as refusal:
        assessed(talk, assessment=assessment, answers=[an_answer("2", status="hair colour")])

    assert codes(refusal) == ["need-not-listed"]


def test_answers_of_any_length_or_with_zero_bytes_are_refused_as_input(talk: Talk) -> None:
    assessment = an_assessment(talk)
    for given in ("x" * 501, "a\0b"):
        with pytest.raises(InvalidInput):
            assessed(talk, assessment=assessment, answers=[an_answer("6", entity=given)])


def test_a_kept_comment_is_recorded_and_left_alone(talk: Talk) -> None:
    made = assessed(talk, answers=[], measure=Measure.KEEP, reason="It is an opinion.")

    assert (made.state, talk.is_hidden(), work()) == ("kept", False, 0)
    assert [one["assessment"] for one in entries("comment-kept")] == [made.public_id]


def test_an_assessment_that_is_given_up_leaves_its_evidence_and_frees_the_comment(talk: Talk) -> None:
    assessment = an_assessment(talk)
    with pytest.raises(InvalidInput):
        operations.drop_assessment(assessment_id=assessment.public_id, reason=" ", actor=talk.moderator, now=NOW)

    operations.drop_assessment(
        assessment_id=assessment.public_id, reason="Wrong comment", actor=talk.moderator, now=NOW
    )

    assessment.refresh_from_db()
    assert (assessment.state, assessment.dropped_reason) == ("dropped", "Wrong comment")
    assert archive.blobs().has(assessment.evidence_digest)
    assert an_assessment(talk).pk != assessment.pk
    assert len(entries("assessment-dropped")) == 1


# Second person


@pytest.mark.proves("removal.second-person")
@pytest.mark.parametrize("ground", ["5", "7", "12"])
def test_a_ground_sensitive_to_viewpoint_needs_a_second_person(talk: Talk, ground: str) -> None:
    made = assessed(talk, ground)

    with pytest.raises(Refused) as alone:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)
    with pytest.raises(Refused) as same:
        operations.second_assessment(assessment_id=made.public_id, actor=talk.moderator, now=NOW)
    assert (codes(alone), codes(same)) == (["second-person"], ["own-assessment"])
    assert not Removal.objects.exists()

    operations.second_assessment(assessment_id=made.public_id, actor=talk.other, now=NOW)
    removal = operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)

    assert removal.ground_ids == [ground]
    assert entries("assessment-seconded") == [
        {
            "actor": talk.other.public_id,
            "assessment": made.public_id,
            "assessed_by": talk.moderator.public_id,
        }
    ]


# Removal


@pytest.mark.proves("removal.record")
def test_the_removal_record_holds_times_poster_remover_and_reason(talk: Talk) -> None:
    removal = hidden(talk)

    removal = Removal.objects.get(pk=removal.pk)
    assert removal.posted_at == talk.item.published_at
    assert (removal.decided_at, removal.applied_at is not None) == (NOW, True)
    assert (removal.poster_id, removal.poster_name) == (talk.item.author_id, "Ann Sorensen")
    assert removal.remover == talk.moderator
    assert removal.reason == "It sells gutters under a post about the splash pad."
    assert (removal.ground_ids, removal.outcome) == (["6"], Outcome.APPLIED)
    assert entries("removal-decided") == [
        {
            "actor": talk.moderator.public_id,
            "assessment": removal.assessment.public_id,
            "channel": talk.channel.public_id,
            "removal": removal.public_id,
            "measure": "hide",
            "grounds": ["6"],
            "evidence_digest": removal.assessment.evidence_digest,
        }
    ]
    assert entries("removal-applied") == [
        {
            "actor": "system",
            "removal": removal.public_id,
            "confirmed_by": "system",
            "receipt": removal.receipt,
        }
    ]
    assert b"hidden" in archive.blobs().read(removal.receipt)


@pytest.mark.proves("removal.record")
def test_without_a_known_poster_there_is_no_removal(talk: Talk) -> None:
    made = assessed(talk)
    Item.objects.filter(native_id=talk.comment).update(author_id="")
    made.version.__class__.objects.filter(pk=made.version_id).update(author_name="", author_handle="")

    with pytest.raises(Refused) as refusal:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)

    assert codes(refusal) == ["poster-unknown"]


@pytest.mark.proves("removal.evidence-first")
def test_nothing_is_removed_whose_evidence_cannot_be_read_back(talk: Talk) -> None:
    made = assessed(talk)
    archive.blobs().delete(made.evidence_digest)

    with pytest.raises(Refused) as refusal:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)

    assert codes(refusal) == ["evidence-missing"]
    assert (work(), talk.is_hidden(), Removal.objects.exists()) == (0, False, False)


@pytest.mark.proves("removal.evidence-first")
def test_nothing_is_removed_whose_pictures_are_lost(talk: Talk) -> None:
    digest = archive.blobs().put(b"a picture")
    archive.latest_version(talk.item).media.create(position=0, mime="image/png", sha256=digest, size_bytes=9)
    opened = operations.open_assessment(item_id=talk.item.public_id, actor=talk.moderator, now=NOW)
    made = assessed(talk, assessment=opened)
    archive.blobs().delete(digest)

    with pytest.raises(Refused) as refusal:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)

    assert codes(refusal) == ["evidence-missing"]


def test_a_comment_that_changed_is_assessed_anew(talk: Talk) -> None:
    made = assessed(talk)
    talk.square.store.edit(talk.resident, talk.comment, "Never mind.")
    talk.look()

    with pytest.raises(Refused) as removing:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)
    with pytest.raises(Refused) as assessing:
        assessed(talk, assessment=made)

    assert codes(removing) == ["comment-changed"]
    assert "comment-changed" in codes(assessing)


def test_under_another_policy_the_comment_is_assessed_anew(talk: Talk) -> None:
    made = assessed(talk)
    governance.set_choice(key="removal.decision_hours", value=48, reason="x", actor="system", now=NOW)

    with pytest.raises(Refused) as refusal:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)

    assert codes(refusal) == ["policy-changed"]


def test_what_its_author_deleted_is_not_removed_by_us(talk: Talk) -> None:
    made = assessed(talk)
    talk.square.store.delete(talk.resident, talk.comment)
    talk.look()

    with pytest.raises(Refused) as refusal:
        operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)

    assert codes(refusal) == ["gone-already"]


def test_the_platforms_answer_is_kept_also_when_capture_saw_it_first(talk: Talk) -> None:
    removal = a_removal(talk)
    talk.square.store.set_hidden(talk.square.handle, talk.comment, hidden=True)
    talk.look()
    work()

    removal.refresh_from_db()
    assert (talk.item.state, removal.outcome, Sighting.objects.count()) == ("hidden", "applied", 1)
    assert archive.blobs().has(removal.receipt)


def test_a_hidden_comment_stays_in_the_archive_findable_and_marked(talk: Talk) -> None:
    removal = hidden(talk)

    assert talk.is_hidden()
    assert talk.item.state == "hidden"
    assert [hit.item.native_id for hit in archive.search_for(SearchQuery(text="gutters"))] == [talk.comment]
    sighting = Sighting.objects.get(item=talk.item)
    assert (sighting.seen, sighting.announced, sighting.note) == ("hidden", True, f"Removal {removal.public_id}")
    assert archive.blobs().has(sighting.notice)
    talk.look()
    assert (talk.item.state, talk.item.version_count, Sighting.objects.count()) == ("hidden", 1, 1)


# Trouble on the platform


def trouble_duties(removal: Removal) -> int:
    return duties.open_duties(kind="moderation.removal-trouble", subject=removal.public_id).count()


def test_a_platform_that_asks_to_wait_is_asked_again_by_the_queue(talk: Talk) -> None:
    removal = a_removal(talk)
    talk.square.transport.next(misbehaving.rate_limited, "POST", "/hide")

    assert work() == 1
    removal.refresh_from_db()
    assert (removal.outcome, talk.is_hidden(), trouble_duties(removal)) == ("intended", False, 0)
    later = Job.objects.get(kind="moderation.apply-removal")
    assert (later.args["tries"], (later.run_after - NOW).total_seconds()) == (2, 10)

    assert work(LATER) == 1
    removal.refresh_from_db()
    assert (removal.outcome, talk.is_hidden()) == ("applied", True)


def test_a_platform_that_asks_to_wait_for_hours_is_given_to_a_person(talk: Talk) -> None:
    removal = a_removal(talk)
    talk.square.transport.next(misbehaving.rate_limited, "POST", "/hide", times=12)
    for _ in range(12):
        work(LATER)
        Job.objects.filter(kind="moderation.apply-removal").update(run_after=NOW)

    removal.refresh_from_db()
    assert (removal.outcome, removal.fault, trouble_duties(removal)) == ("failed", "rate_limited", 1)


def test_a_lost_log_in_fails_the_removal_and_a_retry_settles_it(talk: Talk) -> None:
    removal = a_removal(talk)
    talk.square.transport.next(misbehaving.lost_token, "POST", "/hide")
    work()
    removal.refresh_from_db()
    assert (removal.outcome, removal.fault, trouble_duties(removal)) == ("failed", "lost_token", 1)
    assert removal.item.channel.__class__.objects.get(pk=talk.channel.pk).trouble == "lost_token"
    assert entries("removal-failed") == [{"actor": "system", "removal": removal.public_id, "outcome": "failed"}]

    operations.retry_removal(removal_id=removal.public_id, actor=talk.other, now=NOW)
    assert trouble_duties(removal) == 1  # until the platform confirms
    work()

    removal.refresh_from_db()
    assert (removal.outcome, talk.is_hidden(), trouble_duties(removal)) == ("applied", True, 0)
    assert len(entries("removal-retried")) == 1


def test_a_dropped_answer_is_unclear_until_a_person_has_looked(talk: Talk) -> None:
    removal = a_removal(talk)
    talk.square.transport.next(misbehaving.answer_dropped, "POST", "/hide")
    work()
    removal.refresh_from_db()
    assert (removal.outcome, talk.item.state, trouble_duties(removal)) == ("unclear", "present", 1)
    with pytest.raises(Refused):
        operations.witness_outcome(removal_id=removal.public_id, actor=a_person(Role.POSTER), now=NOW)

    operations.witness_outcome(removal_id=removal.public_id, actor=talk.other, now=NOW)

    removal.refresh_from_db()
    assert (removal.outcome, talk.item.state, trouble_duties(removal)) == ("applied", "hidden", 0)
    assert entries("removal-applied")[0]["confirmed_by"] == talk.other.public_id


def test_a_removal_that_cannot_be_had_is_given_up_with_a_reason(talk: Talk) -> None:
    removal = a_removal(talk)
    with pytest.raises(Refused) as early:
        operations.abandon_removal(removal_id=removal.public_id, reason="x", actor=talk.moderator, now=NOW)
    talk.square.transport.next(misbehaving.lost_token, "POST", "/hide")
    work()

    operations.abandon_removal(
        removal_id=removal.public_id, reason="The platform closed.", actor=talk.moderator, now=NOW
    )

    removal.refresh_from_db()
    assert codes(early) == ["nothing-wrong"]
    assert (removal.outcome, removal.assessment.state, trouble_duties(removal)) == ("abandoned", "dropped", 0)
    assert len(entries("removal-abandoned")) == 1
    assert an_assessment(talk).state == "captured"


def test_an_outcome_that_was_settled_is_not_overwritten(talk: Talk) -> None:
    removal = hidden(talk)

    operations.fail_removal(removal_id=removal.public_id, outcome=Outcome.FAILED, fault="late", actor="system", now=NOW)
    operations.confirm_removal(removal_id=removal.public_id, actor="system", now=LATER)

    removal.refresh_from_db()
    assert (removal.outcome, removal.fault, trouble_duties(removal)) == ("applied", "", 0)
    assert len(entries("removal-applied")) == 1


# Notice


def test_the_author_is_told_once_and_only_about_a_removal_that_happened(talk: Talk) -> None:
    removal = a_removal(talk)
    told = {"removal_id": removal.public_id, "told": True, "actor": talk.moderator, "now": NOW}
    with pytest.raises(Refused) as early:
        operations.note_notice(how="By a reply.", **told)
    work()
    with pytest.raises(InvalidInput):
        operations.note_notice(how=" ", **told)

    operations.note_notice(how="By a reply.", **told)

    removal.refresh_from_db()
    with pytest.raises(Refused) as twice:
        operations.note_notice(how="Again.", **told)
    assert (removal.notice, removal.notice_how) == ("told", "By a reply.")
    assert (codes(early), codes(twice)) == (["not-removed"], ["recorded-already"])
    assert entries("author-noticed")[0]["notice"] == "told"


# Restoration


def test_another_person_has_a_hidden_comment_shown_again(talk: Talk) -> None:
    removal = hidden(talk)
    with pytest.raises(Refused) as own:
        operations.restore_comment(removal_id=removal.public_id, reason="x", actor=talk.moderator, now=NOW)
    assert codes(own) == ["own-removal"]

    operations.restore_comment(
        removal_id=removal.public_id, reason="It names a shop, no more.", actor=talk.other, now=NOW
    )
    removal.refresh_from_db()
    assert (removal.outcome, talk.item.state) == ("restoring", "hidden")  # until the platform confirms
    work()

    removal.refresh_from_db()
    assert (removal.outcome, removal.restored_by, removal.assessment.state) == ("restored", talk.other, "restored")
    assert (talk.is_hidden(), talk.item.state) == (False, "present")
    assert entries("comment-restored") == [{"actor": "system", "removal": removal.public_id, "confirmed_by": "system"}]
    assert queries.figures().removed == 0
    assert queries.figures().restored == 1


def test_a_restoration_the_platform_did_not_do_is_owed_by_the_moderators(talk: Talk) -> None:
    removal = hidden(talk)
    talk.square.transport.next(misbehaving.answer_dropped, "POST", "/unhide")
    operations.restore_comment(removal_id=removal.public_id, reason="Ours to take back.", actor=talk.other, now=NOW)
    work()
    removal.refresh_from_db()
    assert (removal.outcome, removal.fault, trouble_duties(removal)) == ("restore_failed", "unclear_outcome", 1)
    with pytest.raises(Refused) as refusal:
        operations.abandon_removal(removal_id=removal.public_id, reason="x", actor=talk.other, now=NOW)
    assert codes(refusal) == ["decided-to-restore"]

    operations.retry_removal(removal_id=removal.public_id, actor=talk.other, now=NOW)
    work()

    removal.refresh_from_db()
    assert (removal.outcome, talk.item.state, trouble_duties(removal)) == ("restored", "present", 0)


# Referral and alert


def test_a_referral_holds_the_thread_and_is_owed_an_answer_by_the_office(talk: Talk) -> None:
    counsel = a_person(Role.PUBLIC_AFFAIRS)
    with pytest.raises(Refused) as nobody:
        assessed(talk, answers=[], measure=Measure.REFER)
    made = assessed(
        talk, answers=[], measure=Measure.REFER, refer_to=Role.PUBLIC_AFFAIRS.value, assessment=Assessment.objects.get()
    )

    hold = Hold.objects.get(matter=made.public_id)
    duty = duties.open_duties(kind="moderation.referral", subject=made.public_id).get()
    assert codes(nobody) == ["refer-to-whom"]
    assert (made.state, hold.kind, hold.matter_is_open) == ("referred", "legal_hold", True)
    assert HeldItem.objects.filter(hold=hold).count() == 2
    assert duty.owner_role == "public_affairs_office"
    with pytest.raises(Refused) as stranger:
        operations.answer_referral(assessment_id=made.public_id, answer="Fine", actor=a_person(Role.HR), now=NOW)
    operations.answer_referral(assessment_id=made.public_id, answer="We answered her.", actor=counsel, now=NOW)

    hold.refresh_from_db()
    made.refresh_from_db()
    assert codes(stranger) == ["not-yours"]
    assert (hold.matter_is_open, hold.released_at, made.awaits_answer) == (False, None, False)
    assert not duties.open_duties(subject=made.public_id).exists()
    assert len(entries("comment-referred")) == len(entries("referral-answered")) == 1


@pytest.mark.proves("removal.safety-alert")
@pytest.mark.parametrize("ground", ["4", "11"])
@pytest.mark.parametrize("measure", [Measure.HIDE, Measure.REFER])
def test_a_threat_raises_an_alert_and_holds_the_thread(talk: Talk, ground: str, measure: Measure) -> None:
    made = assessed(talk, ground, measure=measure, refer_to="hr" if measure is Measure.REFER else "")

    duty = duties.open_duties(subject=made.public_id).get()
    assert (duty.kind, duty.owner_role) == ("moderation.safety-alert", "social_media_coordinator")
    assert duty.clause == queries.grounds()[ground].clause
    assert HeldItem.objects.filter(hold__matter=made.public_id, hold__kind="legal_hold").count() == 2
    assert [one["grounds"] for one in entries("safety-alert-raised")] == [[ground]]
    if measure is Measure.HIDE:
        assessed(talk, ground, assessment=made)  # assessed again before it is carried out
        assert len(entries("safety-alert-raised")) == 1


@pytest.mark.proves("page.not-legal-notice")
def test_a_message_meant_as_legal_notice_gets_the_standard_reply_and_starts_no_clock(talk: Talk) -> None:
    owed = set(Duty.objects.values_list("pk", flat=True))

    answer = operations.answer_as_no_notice(
        item_id=talk.item.public_id, was_given=True, how="Under the comment", actor=talk.moderator, now=NOW
    )

    assert "Nothing sent to or from here is legal notice" in answer.reply
    assert "was not served on City of Wausau" in answer.reply
    assert "in writing to the office of the clerk" in answer.reply
    assert answer.version == archive.latest_version(talk.item)
    (entry,) = entries("notice-answered")
    assert (entry["item"], entry["was_given"]) == (talk.item.public_id, True)
    assert answer.reply not in json.dumps(entry)
    # Nothing is owed because of it, and it is no request.
    assert set(Duty.objects.values_list("pk", flat=True)) == owed
    assert not RecordsRequest.objects.exists()
    with pytest.raises(Refused) as refusal:
        operations.answer_as_no_notice(
            item_id=talk.item.public_id, was_given=True, how="Again", actor=talk.moderator, now=NOW
        )
    assert [(one.code, one.clause) for one in refusal.value.reasons] == [("answered-already", "WAU-legal-07c")]


def test_a_reply_to_a_notice_says_how_and_goes_to_others_by_those_who_may(talk: Talk) -> None:
    own = Item.objects.get(native_id=talk.post)
    for item, actor, code in ((own, talk.moderator, "own-post"), (talk.item, a_person(Role.POSTER), "no-role")):
        with pytest.raises(Refused) as refusal:
            operations.answer_as_no_notice(item_id=item.public_id, was_given=True, how="There", actor=actor, now=NOW)
        assert code in codes(refusal)
    with pytest.raises(InvalidInput) as problem:
        operations.answer_as_no_notice(
            item_id=talk.item.public_id, was_given=False, how=" ", actor=talk.moderator, now=NOW
        )
    assert problem.value.where == "how"


def test_every_control_shows_its_evidence_before_and_after_something_happened(talk: Talk) -> None:
    before = {control.id: control.evidence() for control in _ABOUT_REMOVALS}
    hidden(talk, "4")
    after = {control.id: control.evidence() for control in _ABOUT_REMOVALS}

    assert {shown.count for shown in before.values()} == {0}
    assert {name for name, shown in after.items() if not shown.count} == {"removal.second-person"}
    assert all(shown.summary and shown.link for shown in after.values())
