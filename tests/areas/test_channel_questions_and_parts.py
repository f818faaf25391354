"""Questions to the coordinator with their answers; the parts of a channel with their dated entries."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from rostrum.areas.channels.jobs import parts as jobs
from rostrum.areas.channels.models import ChannelPart, ChannelQuestion
from rostrum.areas.channels.operations import questions as operations
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.queries import questions as queries
from rostrum.areas.channels.rules.parts import MAX_EXPORT_BYTES, Part
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.proves("channel.ask-coordinator")
def test_a_question_stands_beside_the_rules_and_is_kept_with_its_answer(staff: Staff) -> None:
    employee, other = a_person(name="Eve Employee"), a_person(name="Otto Other")
    page = signed_in(employee).get("/desk/channels/questions/")
    assert "WAU-own-02a" in page.text  # the policy's part on who owns and creates a channel
    answer = signed_in(employee).post("/desk/channels/questions/", {"text": "May I open one for the choir?"})
    assert answer.status_code == 302
    question = ChannelQuestion.objects.get()
    duty = Duty.objects.get(kind=operations.QUESTION_DUTY)
    assert (duty.subject, duty.clause, duty.due_at) == (
        question.public_id,
        "WAU-own-03",
        question.asked_at + timedelta(hours=48),
    )
    assert not queries.visible_questions(other, now=NOW).exists()

    with pytest.raises(Refused) as refusal:
        operations.answer_question(question_id=question.public_id, answer="Yes", actor=staff.head, now=NOW)
    assert codes(refusal) == ["not-yours"]
    for values, where in (({"answer": " "}, "answer"), ({"answer": "No", "clause": "WAU-own-99"}, "clause")):
        with pytest.raises(InvalidInput) as problem:
            operations.answer_question(question_id=question.public_id, actor=staff.coordinator, now=NOW, **values)  # type: ignore[arg-type]
        assert problem.value.where == where
    answered = operations.answer_question(
        question_id=question.public_id,
        answer="Ask for one first.",
        clause="WAU-own-02a",
        actor=staff.coordinator,
        now=NOW,
    )

    assert (answered.answered_by, answered.answered_from) == (staff.coordinator, "WAU-own-02a")
    duty.refresh_from_db()
    assert duty.closed_by == staff.coordinator.public_id
    assert queries.visible_questions(other, now=NOW).get() == question
    assert "choir" not in "".join(Entry.objects.values_list("body_text", flat=True))
    with pytest.raises(Refused) as refusal:
        operations.answer_question(question_id=question.public_id, answer="No", actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["answered"]


def test_an_empty_question_is_none(staff: Staff) -> None:
    with pytest.raises(InvalidInput):
        operations.ask_coordinator(text="  ", actor=staff.head, now=NOW)


@pytest.mark.proves("channel.components")
def test_each_part_of_a_channel_has_a_dated_entry(staff: Staff) -> None:
    channel = a_live_channel(staff)
    export = b"handle,since\nann,2024\nraj,2025\n"
    entry = operations.record_part(
        channel_id=channel.public_id,
        part="followers",
        count=2,
        export=export,
        export_name="followers.csv",
        taken_on=date(2026, 11, 20),
        actor=staff.coordinator,
        now=NOW,
    )
    assert entry.export == sha256(export).hexdigest()
    assert pages.blobs().read(entry.export) == export
    recorded = Entry.objects.get(kind="channels.part-recorded.v1").body
    assert (recorded["part"], recorded["export"], recorded["taken_on"]) == ("followers", entry.export, "2026-11-20")
    standing = {one.part: one for one in queries.parts_of(channel)}
    assert list(standing) == list(Part)
    assert standing[Part.LOG_IN].at == NOW
    assert standing[Part.FOLLOWERS].words == "followers.csv; 2 in all"
    assert standing[Part.CONTACTS].at is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"part": "followers"}, "no-export"),
        ({"part": "marks"}, "empty-entry"),
        ({"part": "log-in", "note": "x"}, "kept-elsewhere"),
        ({"part": "marks", "note": "The seal", "taken_on": date(2026, 11, 24)}, "dated-ahead"),
    ],
)
def test_an_entry_that_says_nothing_is_refused(staff: Staff, values: dict[str, object], code: str) -> None:
    channel = a_live_channel(staff)
    with pytest.raises(Refused) as refusal:
        operations.record_part(channel_id=channel.public_id, actor=staff.coordinator, now=NOW, **values)  # type: ignore[arg-type]
    assert codes(refusal) == [code]
    assert not ChannelPart.objects.exists()


def test_only_who_manages_a_channel_keeps_its_inventory(staff: Staff) -> None:
    channel = a_live_channel(staff)
    with pytest.raises(Refused):
        operations.record_part(channel_id=channel.public_id, part="marks", note="x", actor=staff.spokesperson, now=NOW)
    for part, export, where in (("crown", b"", "part"), ("followers", b"0" * (MAX_EXPORT_BYTES + 1), "export")):
        with pytest.raises(InvalidInput) as problem:
            operations.record_part(
                channel_id=channel.public_id, part=part, export=export, actor=staff.coordinator, now=NOW
            )
        assert problem.value.where == where


@pytest.mark.proves("channel.components")
def test_missing_parts_are_owed_until_their_entries_are_made(staff: Staff) -> None:
    channel = a_live_channel(staff)
    for _ in range(2):
        jobs.watch_parts({}, now=NOW)
    duty = Duty.objects.get(kind=operations.PARTS_DUTY)
    assert (duty.subject, duty.clause, duty.due_at) == (channel.public_id, "WAU-own-01c", NOW + 30 * DAY)
    for part, values in (
        ("followers", {"export": b"ann", "export_name": "followers.csv"}),
        ("contacts", {"note": "The platform gives no list of contacts"}),
        ("marks", {"note": "The city seal as picture, and the name Wausau Parks"}),
    ):
        duty.refresh_from_db()
        assert duty.is_open
        operations.record_part(
            channel_id=channel.public_id,
            part=part,
            actor=staff.coordinator,
            now=NOW,
            **values,  # type: ignore[arg-type]
        )
    duty.refresh_from_db()
    assert not duty.is_open
    jobs.watch_parts({}, now=NOW + 364 * DAY)
    assert Duty.objects.filter(kind=operations.PARTS_DUTY).count() == 1
    jobs.watch_parts({}, now=NOW + 367 * DAY)
    assert Duty.objects.filter(kind=operations.PARTS_DUTY, closed_at=None).count() == 1


def test_nothing_is_owed_where_no_pack_asks(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    from rostrum.areas.governance import queries as governance

    a_live_channel(staff)
    monkeypatch.setattr(governance, "activation", lambda: None)
    jobs.watch_parts({}, now=NOW)
    assert not Duty.objects.filter(kind=operations.PARTS_DUTY).exists()


def test_an_export_is_given_back_to_those_who_manage_the_channel_only(staff: Staff) -> None:
    channel = a_live_channel(staff)
    entry = operations.record_part(
        channel_id=channel.public_id, part="contacts", export=b"ann@example", actor=staff.coordinator, now=NOW
    )
    address = f"/desk/channels/{channel.slug}/parts/{entry.public_id}"
    answer = signed_in(staff.coordinator).get(address)
    assert answer.content == b"ann@example"
    assert answer["Content-Disposition"].startswith("attachment")
    assert signed_in(staff.spokesperson).get(address).status_code == 403
    page = signed_in(staff.spokesperson).get(f"/desk/channels/{channel.slug}/parts")
    assert page.status_code == 200
    assert address not in page.text
