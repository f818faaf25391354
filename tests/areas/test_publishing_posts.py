"""Publishing in the tables: intent, call, receipt; at most once; what is unclear goes to a person; compared, corrected,
withdrawn."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rostrum.areas.archive import operations as archive
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import ChannelGrant
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import jobs, operations, queries
from rostrum.areas.publishing.models import DraftRevision, Publication
from rostrum.areas.publishing.operations.after import DIFFERENCE_DUTY
from rostrum.areas.publishing.operations.publication import FAILED_DUTY, UNCLEAR_DUTY
from rostrum.areas.publishing.rules import MOST_ATTEMPTS, Compared, DraftState, Outcome
from rostrum.connectors.interface import ConnectorError
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person
from tests.publishing import TEXT, a_scheduled_draft, a_submitted_draft, approved, edit, speaks_on, work
from tests.simulators import misbehaving

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def channel(staff: Staff, square: Square) -> Channel:
    made = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, made)
    return made


def last_entry() -> Entry:
    return Entry.objects.filter(kind__startswith="publishing.").latest("pk")


def entries(kind: str) -> list[Entry]:
    return list(Entry.objects.filter(kind=f"publishing.{kind}.v1"))


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.proves("publish.with-record", "publish.responsible-unit", "publish.bound-identity")
def test_an_approved_post_is_published_once_with_its_whole_record(
    staff: Staff, square: Square, channel: Channel
) -> None:
    draft, publications = a_scheduled_draft(staff, channel)

    work(publications)
    work(publications)

    (publication,) = publications
    assert square.posts() == [TEXT]
    assert (publication.outcome, publication.attempts) == (Outcome.PUBLISHED, 1)
    assert publication.native_id
    assert publication.url
    assert publication.receipt["raw_sha256"]
    draft.refresh_from_db()
    assert draft.state == DraftState.PUBLISHED
    (intended,), (published,) = entries("publication-intended"), entries("post-published")
    assert intended.body["digest"] == published.body["digest"] == publication.digest
    assert published.body["unit"] == staff.unit.public_id
    assert published.body["author"] == published.body["publisher"] == staff.spokesperson.public_id
    assert published.body["approvers"] == [staff.head.public_id]
    channel.refresh_from_db()
    assert channel.last_connected_at is not None


def test_what_is_published_is_what_the_approved_bytes_say(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    DraftRevision.objects.update(text="Somebody changed the column")
    work(publications)
    assert square.posts() == [TEXT]


@pytest.mark.proves("publish.with-record")
def test_altered_bytes_are_not_published(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    body = bytes(DraftRevision.objects.get().body).replace(b"Saturday", b"Sunday")
    DraftRevision.objects.update(body=body)
    work(publications)
    assert square.posts() == []
    assert (publications[0].outcome, publications[0].failure) == (Outcome.FAILED, "not-approved")


def test_a_post_is_published_at_its_time_and_not_before(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel, publish_at=LATER)
    job = Job.objects.get(kind="publishing.publish")
    assert job.run_after == LATER
    work(publications, now=LATER - timedelta(seconds=1))
    assert square.posts() == []
    work(publications, now=LATER)
    assert square.posts() == [TEXT]


def test_scheduling_needs_the_approval_of_these_bytes(staff: Staff, channel: Channel) -> None:
    draft = a_submitted_draft(staff, channel)
    with pytest.raises(Refused) as refusal:
        operations.schedule_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["wrong-state", "not-approved"]


def test_a_time_that_passed_before_scheduling_is_refused(staff: Staff, channel: Channel) -> None:
    draft = approved(staff, a_submitted_draft(staff, channel, publish_at=LATER))
    with pytest.raises(Refused) as refusal:
        operations.schedule_publication(
            draft_id=draft.public_id, actor=staff.spokesperson, now=LATER + timedelta(seconds=1)
        )
    assert codes(refusal) == ["time-passed"]


@pytest.mark.proves("grant.required")
def test_who_lost_the_right_to_speak_neither_schedules_nor_publishes(
    staff: Staff, square: Square, channel: Channel
) -> None:
    draft = approved(staff, a_submitted_draft(staff, channel))
    ChannelGrant.objects.update(ends_at=NOW)
    with pytest.raises(Refused) as refusal:
        operations.schedule_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert "no-right-to-speak" in codes(refusal)
    assert "WAU-auth-01c" in {reason.clause for reason in refusal.value.reasons}

    ChannelGrant.objects.update(ends_at=LATER)
    publications = operations.schedule_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    work(publications, now=LATER)
    assert square.posts() == []
    assert publications[0].outcome == Outcome.FAILED


@pytest.mark.proves("grant.designated-spokesperson")
def test_a_department_without_a_designated_spokesperson_publishes_nothing(
    staff: Staff, square: Square, channel: Channel
) -> None:
    """Not even the office that may publish everywhere by its role."""
    draft = approved(staff, a_submitted_draft(staff, channel))
    other = approved(staff, a_submitted_draft(staff, channel, text="The slide opens on Sunday."))
    publications = operations.schedule_publication(draft_id=draft.public_id, actor=staff.public_affairs, now=NOW)
    ChannelGrant.objects.update(ends_at=NOW)

    work(publications)

    assert square.posts() == []
    assert (publications[0].outcome, publications[0].failure) == (Outcome.FAILED, "no-spokesperson")
    with pytest.raises(Refused) as refusal:
        operations.schedule_publication(draft_id=other.public_id, actor=staff.public_affairs, now=NOW)
    assert [(reason.code, reason.clause) for reason in refusal.value.reasons] == [("no-spokesperson", "WAU-auth-01a")]


@pytest.mark.proves("grant.required")
def test_under_chapter_480_a_right_without_an_approved_request_publishes_nothing(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_body("wi-hrh-480", name="A state agency")
    staff = a_staff()
    channel = a_live_channel(staff, token=square.token)
    bare = ChannelGrant.objects.create(
        person=staff.spokesperson, channel=channel.public_id, right="speak", starts_at=NOW - timedelta(days=1)
    )
    draft = a_submitted_draft(staff, channel)
    operations.approve_draft(
        draft_id=draft.public_id,
        digest=queries.current_revision(draft).digest,
        answers=dict.fromkeys(("WI480-040-04c", "WI480-040-05b1"), "Looked at"),
        actor=staff.head,
        now=NOW,
    )
    for actor in (staff.spokesperson, staff.public_affairs):
        with pytest.raises(Refused) as refusal:
            operations.schedule_publication(
                draft_id=draft.public_id, confirmed=queries.all_reminders(), actor=actor, now=NOW
            )
        assert codes(refusal) == ["no-approved-request"]
        assert refusal.value.reasons[0].clause == "WI480-040-00b"

    bare.delete()
    speaks_on(staff.spokesperson, channel)
    publications = operations.schedule_publication(
        draft_id=draft.public_id, confirmed=queries.all_reminders(), actor=staff.spokesperson, now=NOW
    )
    ChannelGrant.objects.update(basis="")
    work(publications)
    assert (square.posts(), publications[0].failure) == ([], "no-approved-request")


@pytest.mark.proves("custody.deposit-before-posting")
def test_nothing_is_scheduled_on_a_channel_without_a_log_in_in_custody(staff: Staff, channel: Channel) -> None:
    draft = approved(staff, a_submitted_draft(staff, channel))
    channel.credentials.update(replaced_at=NOW)
    with pytest.raises(Refused) as refusal:
        operations.schedule_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["no-credential"]
    assert refusal.value.reasons[0].clause == "WAU-own-02c"


def test_a_paused_channel_publishes_nothing(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel, publish_at=LATER)
    channels.pause_channel(channel_id=channel.public_id, reason="Spam", actor=staff.coordinator, now=NOW)
    work(publications, now=LATER)
    assert square.posts() == []
    assert publications[0].failure == "channel-not-live"
    assert Duty.objects.get(kind=FAILED_DUTY).subject == publications[0].public_id


def lose_the_answer(square: Square) -> None:
    """The next post is published, but its answer is lost, and so is the look that the connector takes at once."""
    square.transport.next(misbehaving.answer_dropped, "POST", "/api/posts")
    square.transport.next(misbehaving.unreachable, "GET", "/api/posts/by-key", times=9)


def test_an_answer_lost_on_the_way_is_found_by_the_connectors_own_look(
    staff: Staff, square: Square, channel: Channel
) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.answer_dropped, "POST", "/api/posts")
    work(publications)
    work(publications)
    assert square.posts() == [TEXT]
    assert publications[0].outcome == Outcome.PUBLISHED


def test_a_dropped_answer_is_unclear_and_never_sent_again(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    lose_the_answer(square)

    work(publications)
    work(publications)

    assert square.posts() == [TEXT]
    assert publications[0].outcome == Outcome.UNCLEAR
    duty = Duty.objects.get(kind=UNCLEAR_DUTY)
    assert duty.owner == staff.spokesperson
    with pytest.raises(Refused) as refusal:
        operations.retry_publication(publication_id=publications[0].public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["unclear"]
    assert len([one for one in square.transport.requests if one.startswith("POST")]) == 1


def test_a_look_at_the_platform_finds_the_unclear_post(staff: Staff, square: Square, channel: Channel) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    lose_the_answer(square)
    work(publications)
    square.transport.behave()
    job = Job.objects.get(kind="publishing.look")
    assert job.run_after > job.enqueued_at

    jobs.look({"publication": publications[0].public_id}, now=LATER)
    jobs.look({"publication": publications[0].public_id}, now=LATER)

    publications[0].refresh_from_db()
    draft.refresh_from_db()
    assert (publications[0].outcome, draft.state) == (Outcome.PUBLISHED, DraftState.PUBLISHED)
    assert Duty.objects.get(kind=UNCLEAR_DUTY).closed_at == LATER
    assert len(entries("post-published")) == 1
    assert square.posts() == [TEXT]


def test_a_look_that_finds_nothing_leaves_it_to_a_person(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.silent, "POST", "/api/posts")
    work(publications)
    jobs.look({"publication": publications[0].public_id}, now=LATER)
    publications[0].refresh_from_db()
    assert publications[0].outcome == Outcome.UNCLEAR
    assert Duty.objects.get(kind=UNCLEAR_DUTY).closed_at is None


@pytest.mark.parametrize("published", [True, False])
def test_a_person_settles_what_is_unclear(staff: Staff, square: Square, channel: Channel, published: bool) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.silent, "POST", "/api/posts")
    work(publications)
    settling = {"publication_id": publications[0].public_id, "published": published, "now": LATER}
    with pytest.raises(Refused):
        operations.resolve_unclear(**settling, url="http://square.test/p1", actor=a_person(Role.EMPLOYEE))  # type: ignore[arg-type]
    if published:
        with pytest.raises(InvalidInput):
            operations.resolve_unclear(**settling, actor=staff.spokesperson)  # type: ignore[arg-type]

    settled = operations.resolve_unclear(
        **settling,  # type: ignore[arg-type]
        url="http://square.test/p1" if published else "",
        actor=staff.spokesperson,
    )

    assert settled.outcome == (Outcome.PUBLISHED if published else Outcome.NOT_PUBLISHED)
    assert settled.resolved_by == staff.spokesperson
    assert last_entry().body["published"] is published
    assert Duty.objects.get(kind=UNCLEAR_DUTY).evidence == settled.public_id
    draft.refresh_from_db()
    assert draft.state == (DraftState.PUBLISHED if published else DraftState.SCHEDULED)
    with pytest.raises(Refused) as refusal:
        operations.resolve_unclear(**settling, url="x", actor=staff.spokesperson)  # type: ignore[arg-type]
    assert codes(refusal) == ["not-unclear"]


def test_a_worker_stopped_between_intent_and_answer_leaves_an_unclear_outcome(
    staff: Staff, square: Square, channel: Channel
) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    assert operations.intend_publication(publication_id=publications[0].public_id, actor="system", now=NOW)

    work(publications)

    assert square.posts() == []
    assert publications[0].outcome == Outcome.UNCLEAR


@pytest.mark.parametrize("gave_up", ["a second worker", "a person"])
def test_a_receipt_that_comes_late_counts_and_nothing_is_sent_again(
    staff: Staff, square: Square, channel: Channel, gave_up: str
) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    (publication,) = publications
    intent = operations.intend_publication(publication_id=publication.public_id, actor="system", now=NOW)
    assert intent is not None
    work(publications)
    if gave_up == "a person":
        operations.resolve_unclear(
            publication_id=publication.public_id, published=False, actor=staff.spokesperson, now=NOW
        )
    receipt = channel_queries.connector_for(channel).publish(intent.post, idempotency_key=intent.idempotency_key)
    for _ in range(2):
        operations.note_receipt(publication_id=publication.public_id, receipt=receipt, actor="system", now=LATER)

    publication.refresh_from_db()
    draft.refresh_from_db()
    assert (publication.outcome, draft.state) == (Outcome.PUBLISHED, DraftState.PUBLISHED)
    assert len(entries("post-published")) == 1
    assert not Duty.objects.filter(kind=UNCLEAR_DUTY, closed_at=None).exists()
    assert square.posts() == [TEXT]


def test_a_clear_answer_that_comes_late_makes_an_unclear_post_a_failed_one(
    staff: Staff, square: Square, channel: Channel
) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    operations.intend_publication(publication_id=publications[0].public_id, actor="system", now=NOW)
    work(publications)
    for _ in range(2):
        operations.note_failure(
            publication_id=publications[0].public_id, trouble="refused", detail="Too long", actor="system", now=LATER
        )
    publications[0].refresh_from_db()
    assert publications[0].outcome == Outcome.FAILED
    assert list(Duty.objects.filter(closed_at=None, kind__startswith="publishing.").values_list("kind", flat=True)) == [
        FAILED_DUTY
    ]
    operations.note_unclear(publication_id=publications[0].public_id, detail="", actor="system", now=LATER)
    publications[0].refresh_from_db()
    assert publications[0].outcome == Outcome.FAILED


def test_a_fault_of_ours_during_the_call_is_unclear_too(
    staff: Staff, square: Square, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rostrum.connectors.square.client import SquareConnector

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(SquareConnector, "publish", broken)
    _, publications = a_scheduled_draft(staff, channel)
    with pytest.raises(RuntimeError):
        work(publications)
    publications[0].refresh_from_db()
    assert (publications[0].outcome, publications[0].failure_detail) == (Outcome.UNCLEAR, "RuntimeError")


def test_a_busy_platform_is_asked_again_later_and_publishes_once(
    staff: Staff, square: Square, channel: Channel
) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.rate_limited, "POST", "/api/posts")
    work(publications)
    assert (publications[0].outcome, publications[0].failure) == (Outcome.SCHEDULED, "rate_limited")
    due_at = publications[0].due_at
    assert Job.objects.filter(kind="publishing.publish", state="ready").latest("pk").run_after is not None
    work(publications, now=due_at)
    assert square.posts() == [TEXT]
    assert (publications[0].attempts, publications[0].failure) == (2, "")


def test_a_platform_that_stays_broken_becomes_a_persons_business(
    staff: Staff, square: Square, channel: Channel
) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.unreachable, "POST", "/api/posts", times=MOST_ATTEMPTS)
    for _ in range(MOST_ATTEMPTS):
        assert publications[0].outcome == Outcome.SCHEDULED
        work(publications, now=max(publications[0].due_at, NOW))
    assert (publications[0].outcome, publications[0].failure) == (Outcome.FAILED, "platform_error")
    assert Duty.objects.get(kind=FAILED_DUTY).closed_at is None

    operations.retry_publication(publication_id=publications[0].public_id, actor=staff.spokesperson, now=LATER)
    publications[0].refresh_from_db()
    assert Duty.objects.get(kind=FAILED_DUTY).closed_at == LATER
    work(publications, now=LATER)
    assert square.posts() == [TEXT]


def test_a_lost_token_fails_the_post_and_marks_the_channel(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.lost_token, "POST", "/api/posts")
    work(publications)
    channel.refresh_from_db()
    assert (publications[0].outcome, channel.trouble) == (Outcome.FAILED, "lost_token")
    assert Duty.objects.filter(kind=channels.CONNECTION_DUTY, closed_at=None).count() == 1


def test_a_scheduled_post_is_called_off_and_scheduled_again_on_the_same_row(
    staff: Staff, square: Square, channel: Channel
) -> None:
    draft, publications = a_scheduled_draft(staff, channel, publish_at=LATER)
    operations.call_off_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    work(publications, now=LATER)
    assert square.posts() == []
    assert publications[0].outcome == Outcome.CANCELLED

    operations.schedule_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)

    assert Publication.objects.count() == 1
    work(publications, now=LATER)
    assert square.posts() == [TEXT]
    with pytest.raises(Refused):
        operations.call_off_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=LATER)


def test_what_may_have_been_sent_is_not_called_off(staff: Staff, square: Square, channel: Channel) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.silent, "POST", "/api/posts")
    work(publications)
    with pytest.raises(Refused) as refusal:
        operations.call_off_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=LATER)
    assert codes(refusal) == ["under-way"]


def captured(channel: Channel) -> None:
    """Capture the channel and do what the capture's entry starts."""
    connector = channel_queries.connector_for(channel)
    for page in connector.capture(None):
        archive.store_batch(
            channel=channel, items=page.items, route="api", actor="system", now=LATER, container=page.container
        )
        for entry in Entry.objects.filter(kind="archive.capture-stored.v1"):
            jobs.compare({"entry": entry.public_id}, now=LATER)


def test_what_comes_back_is_compared_with_what_was_approved(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    work(publications)
    captured(channel)
    publications[0].refresh_from_db()
    assert publications[0].compared == Compared.SAME
    assert last_entry().body["result"] == "same"

    author = square.store.channel_of_token(square.token)
    assert author is not None
    square.store.edit(author, publications[0].native_id, "The splash pad is closed for good.")
    captured(channel)
    captured(channel)

    publications[0].refresh_from_db()
    assert publications[0].compared == Compared.DIFFERENT
    assert len(entries("publication-compared")) == 2
    assert Duty.objects.get(kind=DIFFERENCE_DUTY).subject == publications[0].public_id


def test_a_post_captured_before_its_receipt_was_noted_is_compared_all_the_same(
    staff: Staff, square: Square, channel: Channel
) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    intent = operations.intend_publication(publication_id=publications[0].public_id, actor="system", now=NOW)
    assert intent is not None
    connector = channel_queries.connector_for(channel)
    receipt = connector.publish(intent.post, idempotency_key=intent.idempotency_key)
    captured(channel)
    operations.note_receipt(publication_id=intent.publication, receipt=receipt, actor="system", now=NOW)
    assert Job.objects.filter(kind="publishing.compare", unique_key__endswith=intent.publication).exists()
    jobs.compare({"publication": intent.publication}, now=LATER)
    publications[0].refresh_from_db()
    assert publications[0].compared == Compared.SAME


def test_a_correction_is_a_further_post_and_the_first_stays(staff: Staff, square: Square, channel: Channel) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    with pytest.raises(Refused) as refusal:
        operations.correct_post(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["not-published"]
    work(publications)

    correction = operations.correct_post(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)

    assert correction.corrects == draft
    assert last_entry().body["corrects"] == draft.public_id
    with pytest.raises(Refused) as refusal:
        operations.correct_post(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    assert codes(refusal) == ["correction-open"]
    corrected_text = "Correction: we wrote Saturday by mistake. The splash pad opens on Sunday at 10 a.m."
    edit(correction, staff.spokesperson, text=corrected_text, answers={"official_topic": "parks"})
    operations.submit_draft(draft_id=correction.public_id, actor=staff.spokesperson, now=NOW)
    approved(staff, correction)
    work(operations.schedule_publication(draft_id=correction.public_id, actor=staff.spokesperson, now=NOW))
    draft.refresh_from_db()
    assert draft.state == DraftState.CORRECTED
    assert sorted(square.posts()) == sorted([TEXT, corrected_text])
    assert last_entry().body["corrects"] == draft.public_id


def test_a_withdrawn_post_is_taken_down_and_its_record_kept(staff: Staff, square: Square, channel: Channel) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    work(publications)
    captured(channel)
    with pytest.raises(Refused) as refusal:
        operations.withdraw_post(draft_id=draft.public_id, reason=" ", actor=staff.spokesperson, now=LATER)
    assert codes(refusal) == ["no-reason"]

    operations.withdraw_post(draft_id=draft.public_id, reason="The pad is broken", actor=staff.spokesperson, now=LATER)
    square.transport.next(misbehaving.answer_dropped, "DELETE")
    with pytest.raises(ConnectorError):
        jobs.take_down({"publication": publications[0].public_id}, now=LATER)
    jobs.take_down({"publication": publications[0].public_id}, now=LATER)
    jobs.take_down({"publication": publications[0].public_id}, now=LATER)

    draft.refresh_from_db()
    publications[0].refresh_from_db()
    assert square.posts() == []
    assert (draft.state, publications[0].outcome) == (DraftState.WITHDRAWN, Outcome.WITHDRAWN)
    assert len(entries("post-taken-down")) == 1
    assert queries.content_of(publications[0].revision).text == TEXT
    assert channel.items.get().versions.count() == 1


def test_withdrawing_calls_off_what_still_waits_elsewhere(staff: Staff, square: Square, channel: Channel) -> None:
    token = square.store.create_channel("wausau-pools", "Pools", "Pools")
    pools = a_live_channel(staff, token=token, handle="wausau-pools", name="Wausau Pools")
    speaks_on(staff.spokesperson, pools)
    draft, publications = a_scheduled_draft(staff, channel, pools)
    work(publications[:1])
    operations.withdraw_post(draft_id=draft.public_id, reason="Wrong pad", actor=staff.spokesperson, now=LATER)
    work(publications[1:])
    assert publications[1].outcome == Outcome.CANCELLED
    assert square.store.posts("wausau-pools") == []


def test_the_history_of_a_post_is_its_entries_in_order(staff: Staff, square: Square, channel: Channel) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    work(publications)
    assert [entry.kind.removeprefix("publishing.") for entry in queries.history(draft)] == [
        "draft-created.v1",
        "draft-submitted.v1",
        "draft-approved.v1",
        "publication-scheduled.v1",
        "publication-intended.v1",
        "post-published.v1",
    ]


def test_every_control_of_publishing_answers_for_itself(staff: Staff, square: Square, channel: Channel) -> None:
    from rostrum.areas.publishing.controls import CONTROLS

    before = {control.id: control.evidence().count for control in CONTROLS}
    _, publications = a_scheduled_draft(staff, channel)
    work(publications)
    answers = {control.id: control.evidence() for control in CONTROLS}
    assert all(answer.summary and answer.link for answer in answers.values())
    for control in ("approval.second-person", "publish.with-record", "publish.responsible-unit", "grant.required"):
        assert (before[control], answers[control].count) == (0, 1)
    assert "0 of them by an author" in answers["approval.second-person"].summary
    assert answers["publish.with-record"].summary.startswith("1 of 1 ")
