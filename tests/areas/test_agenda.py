"""The agenda: handing over, reminders that neither storm nor nag, escalation, departures, calendars."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.agenda import jobs, operations, queries
from rostrum.areas.agenda.models import CalendarFeed, Escalation, Notice
from rostrum.areas.agenda.queries import Filters
from rostrum.areas.duties import kinds
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties.kinds import DutyKind
from rostrum.areas.duties.models import Duty, HandOver
from rostrum.areas.governance import operations as governance
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.mail import ConsoleMailer
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import a_body
from tests.people import a_person, a_unit

# A Friday noon in Wausau.
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def a_duty(**overrides: Any) -> Duty:
    fields: dict[str, Any] = {
        "kind": "channels.restore-connection",
        "title": "Restore the connection of Wausau Parks",
        "owner_role": Role.COORDINATOR,
        "due_at": NOW,
        "subject": f"chn-{Duty.objects.count()}",
        "actor": "system",
        "now": NOW - 72 * HOUR,
    }
    return duties.open_duty(**(fields | overrides))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """The mails that went out: to, subject, text."""
    mails: list[tuple[str, str, str]] = []

    def take(self: ConsoleMailer, to: str, subject: str, text: str) -> None:
        mails.append((to, subject, text))

    monkeypatch.setattr(ConsoleMailer, "send", take)
    return mails


def tell(now: datetime) -> None:
    """What the worker does at that instant."""
    jobs.remind({}, now=now)
    for job in Job.objects.filter(kind="agenda.send-digest", state="ready").order_by("id"):
        jobs.send_digest(job.args if isinstance(job.args, dict) else {}, now=now)
        job.delete()


# Handing over


def test_a_duty_is_handed_over_with_its_reason_and_its_history_tells_it() -> None:
    coordinator, other = a_person(Role.COORDINATOR, name="Casey"), a_person(Role.COORDINATOR, name="Robin")
    duty = a_duty(owner=coordinator)

    operations.hand_over(duty_id=duty.public_id, to=other, reason="On leave", actor=coordinator, now=NOW)

    duty.refresh_from_db()
    assert duty.owner == other
    assert (duty.change_count, duty.changed_at) == (1, NOW)
    entry = Entry.objects.get(kind="duties.duty-handed-over.v1")
    assert (entry.actor, entry.body["to_person"], entry.body["reason"]) == (
        coordinator.public_id,
        other.public_id,
        "On leave",
    )
    steps = [(step.words, step.who, step.note) for step in queries.history(duty)]
    assert steps == [("Opened", "Rostrum", ""), ("Handed over to Robin", "Casey", "On leave")]


def test_a_duty_of_a_role_is_taken_by_one_of_its_holders_and_given_back() -> None:
    coordinator = a_person(Role.COORDINATOR)
    duty = a_duty()
    operations.hand_over(duty_id=duty.public_id, to=coordinator, reason="I do it", actor=coordinator, now=NOW)
    duty = operations.hand_over(duty_id=duty.public_id, to=None, reason="Called away", actor=coordinator, now=NOW)
    assert duty.owner_id is None
    assert HandOver.objects.count() == 2


def test_nobody_hands_over_what_they_do_not_see() -> None:
    duty = a_duty(owner=a_person(Role.COORDINATOR))
    with pytest.raises(Refused) as refusal:
        operations.hand_over(duty_id=duty.public_id, to=None, reason="x", actor=a_person(Role.POSTER), now=NOW)
    assert refusal.value.reasons[0].code == "no-such-duty"


def test_a_duty_is_not_handed_to_somebody_who_has_nothing_to_do_with_it() -> None:
    coordinator = a_person(Role.COORDINATOR)
    duty = a_duty(owner=coordinator)
    with pytest.raises(Refused) as refusal:
        operations.hand_over(duty_id=duty.public_id, to=a_person(Role.HR), reason="x", actor=coordinator, now=NOW)
    assert [reason.code for reason in refusal.value.reasons] == ["not-theirs-to-do"]


def test_handing_over_needs_a_reason() -> None:
    coordinator = a_person(Role.COORDINATOR)
    duty = a_duty(owner=coordinator)
    with pytest.raises(InvalidInput):
        operations.hand_over(duty_id=duty.public_id, to=None, reason=" ", actor=coordinator, now=NOW)


def test_a_department_head_hands_over_what_is_their_departments_and_nothing_else() -> None:
    parks, water = a_unit(), a_unit("water", "Water Works")
    head = a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks)
    worker = a_person(Role.POSTER, unit=parks, over=parks)
    theirs = a_duty(owner=a_person(Role.POSTER, unit=parks, over=parks), owner_role=Role.POSTER, unit=parks.public_id)
    others = a_duty(owner=a_person(Role.POSTER, unit=water), owner_role=Role.POSTER, unit=water.public_id)

    assert operations.hand_over(duty_id=theirs.public_id, to=worker, reason="Sick", actor=head, now=NOW).owner == worker
    with pytest.raises(Refused):
        operations.hand_over(duty_id=others.public_id, to=worker, reason="Sick", actor=head, now=NOW)


def test_a_duty_that_nothing_else_closes_is_closed_by_saying_what_was_done() -> None:
    director = a_person(Role.IT_DIRECTOR)
    duty = a_duty(kind="ledger.explain-trouble", owner_role=Role.IT_DIRECTOR)
    operations.close_by_statement(
        duty_id=duty.public_id, statement="Restored from Monday's backup", actor=director, now=NOW + HOUR
    )
    duty.refresh_from_db()
    assert (duty.evidence, duty.closed_by) == ("Restored from Monday's backup", director.public_id)
    assert [step.words for step in queries.history(duty)][-1] == "Closed late"
    with pytest.raises(Refused):
        operations.close_by_statement(duty_id=duty.public_id, statement="Again", actor=director, now=NOW)


def test_a_duty_that_its_own_page_closes_is_not_closed_by_a_statement() -> None:
    duty = a_duty()
    with pytest.raises(Refused) as refusal:
        operations.close_by_statement(
            duty_id=duty.public_id, statement="Done", actor=a_person(Role.COORDINATOR), now=NOW
        )
    assert [reason.code for reason in refusal.value.reasons] == ["closed-elsewhere"]


# Departures


def test_who_leaves_owes_nothing_their_duties_go_to_the_role_and_personal_ones_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        kinds, "declared", lambda: {"people.sign": DutyKind("people.sign", "Sign", "Signed", is_personal=True)}
    )
    leaver, hr = a_person(Role.COORDINATOR, name="Lee"), a_person(Role.HR)
    shared = a_duty(owner=leaver)
    personal = a_duty(kind="people.sign", owner=leaver, owner_role=Role.EMPLOYEE)

    people.deactivate_person(person=leaver, actor=hr, now=NOW)

    shared.refresh_from_db()
    personal.refresh_from_db()
    assert (shared.owner_id, shared.is_open) == (None, True)
    assert (personal.is_open, personal.evidence) == (False, leaver.public_id)
    entry = Entry.objects.get(kind="duties.duty-handed-over.v1")
    assert (entry.body["by_departure"], entry.body["to_person"]) == (True, "")


def test_who_is_only_planned_to_leave_still_owes_what_they_owe() -> None:
    leaver, hr = a_person(Role.COORDINATOR), a_person(Role.HR)
    duty = a_duty(owner=leaver)
    leaver = people.plan_leaving(person=leaver, left_at=NOW + HOUR, actor=hr, now=NOW)
    duty.refresh_from_db()
    assert duty.owner == leaver
    people.deactivate_person(person=leaver, actor=hr, now=NOW + HOUR)
    duty.refresh_from_db()
    assert duty.owner_id is None


# Reminders


def test_a_person_is_told_before_at_and_after_the_instant_once_each(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    casey = a_person(Role.COORDINATOR, name="Casey Coordinator")
    a_duty(due_at=NOW)

    for hours, mails in [(-49, 0), (-48, 1), (-47, 1), (-1, 1), (0, 2), (1, 2), (20, 2), (168, 3), (169, 3), (336, 4)]:
        tell(NOW + hours * HOUR)
        assert len(sent) == mails, f"{hours} hours after the instant"
    assert {to for to, _, _ in sent} == {casey.email}
    assert [subject for _, subject, _ in sent[:2]] == ["Duties: 1 due soon", "Duties: 1 due or overdue"]
    assert Entry.objects.filter(kind="agenda.person-reminded.v1").count() == 4


def test_a_mail_names_the_kind_and_never_what_the_duty_is_called(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    a_person(Role.COORDINATOR)
    a_duty(title="Restore the connection of a channel nobody should read about")
    tell(NOW)
    ((_, _, text),) = sent
    assert "Restore a connection" in text
    assert "nobody should read" not in text
    assert "- Restore a connection, due Friday, November 20, 12:00 p.m. CST\n" in text


def test_many_duties_are_one_mail_per_person(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    for _ in range(2):
        a_person(Role.COORDINATOR)
    for _ in range(30):
        a_duty()
    tell(NOW)
    tell(NOW)
    assert len(sent) == 2
    assert "And 10 more." in sent[0][2]
    assert Notice.objects.count() == 60


def test_after_a_time_without_a_worker_only_the_latest_stage_is_told(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    a_person(Role.COORDINATOR)
    a_duty()
    tell(NOW + 400 * HOUR)
    assert list(Notice.objects.values_list("stage", flat=True)) == ["again-2"]
    assert len(sent) == 1


def test_the_same_run_twice_and_a_crash_between_rows_and_mail_lose_and_repeat_nothing() -> None:
    a_body()
    a_person(Role.COORDINATOR)
    a_duty()
    jobs.remind({}, now=NOW)
    jobs.remind({}, now=NOW)
    assert Job.objects.filter(kind="agenda.send-digest").count() == 1
    assert Notice.objects.count() == 1


def test_what_was_closed_before_the_mail_went_out_is_not_told(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    a_person(Role.COORDINATOR)
    duty = a_duty()
    jobs.remind({}, now=NOW)
    duties.close_duty(duty_id=duty.public_id, evidence="ent-1", actor="system", now=NOW)
    jobs.send_digest({"batch": Notice.objects.get().batch}, now=NOW)
    assert sent == []


def test_somebody_who_left_is_told_nothing_and_their_duties_go_to_the_role(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    leaver, stayer = a_person(Role.COORDINATOR), a_person(Role.COORDINATOR)
    duty = a_duty(owner=leaver)
    # Left without the product's own act: such as by an import.
    User.objects.filter(pk=leaver.pk).update(is_active=False, left_at=NOW - HOUR)

    tell(NOW)

    duty.refresh_from_db()
    assert duty.owner_id is None
    assert [to for to, _, _ in sent] == [stayer.email]


def test_somebody_who_left_between_the_rows_and_the_mail_gets_none(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    person = a_person(Role.COORDINATOR)
    a_duty()
    jobs.remind({}, now=NOW)
    User.objects.filter(pk=person.pk).update(left_at=NOW + HOUR)
    jobs.send_digest({"batch": Notice.objects.get().batch}, now=NOW + 2 * HOUR)
    assert sent == []


def test_a_duty_without_an_instant_is_never_told_of(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    a_person(Role.COORDINATOR)
    a_duty(due_at=None)
    tell(NOW + 9999 * HOUR)
    assert sent == []


def test_before_the_body_is_set_up_nothing_is_told(sent: list[tuple[str, str, str]]) -> None:
    a_person(Role.COORDINATOR)
    a_duty()
    tell(NOW)
    assert sent == []


def test_an_overdue_duty_goes_up_the_chain_and_the_ledger_says_so(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    parks = a_unit()
    poster = a_person(Role.POSTER, unit=parks, over=parks)
    head = a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks)
    a_person(Role.DEPARTMENT_HEAD, unit=a_unit("water", "Water"), over=a_unit("water", "Water"))
    coordinator, mayor = a_person(Role.COORDINATOR), a_person(Role.AGENCY_HEAD)
    duty = a_duty(owner=poster, owner_role=Role.POSTER, unit=parks.public_id)

    told: list[set[str]] = []
    for hours in (0, 23, 24, 25, 48, 72, 73, 100):
        before = len(sent)
        tell(NOW + hours * HOUR)
        told.append({to for to, _, _ in sent[before:]})

    assert told == [{poster.email}, set(), {head.email}, set(), {coordinator.email}, {mayor.email}, set(), set()]
    entries = Entry.objects.filter(kind="agenda.duty-escalated.v1").order_by("at")
    assert [(one.body["level"], one.body["role"], one.body["persons"]) for one in entries] == [
        (1, "department_head", [head.public_id]),
        (2, "social_media_coordinator", [coordinator.public_id]),
        (3, "agency_head", [mayor.public_id]),
    ]
    assert [step.words for step in queries.history(duty)][-1] == "Told as the next in line"


def test_an_empty_chair_in_the_chain_is_passed_over() -> None:
    a_body()
    mayor = a_person(Role.AGENCY_HEAD)
    a_duty(owner=a_person(Role.COORDINATOR))
    jobs.remind({}, now=NOW + 24 * HOUR)
    assert Escalation.objects.get().role == "agency_head"
    assert Notice.objects.filter(person=mayor).count() == 1


def test_the_body_chooses_when_it_reminds_and_whom_it_asks_next(sent: list[tuple[str, str, str]]) -> None:
    a_body()
    for key, value in (
        ("duty.remind_before_hours", 2),
        ("duty.escalate_after_hours", 1),
        ("duty.escalate_to", ["agency_head"]),
    ):
        governance.set_choice(key=key, value=value, reason="Ours", actor="system", now=NOW)
    a_person(Role.COORDINATOR)
    mayor = a_person(Role.AGENCY_HEAD)
    a_duty()
    tell(NOW - 3 * HOUR)
    assert sent == []
    tell(NOW - 2 * HOUR)
    assert len(sent) == 1
    tell(NOW + HOUR)
    assert {to for to, _, _ in sent[1:]} >= {mayor.email}
    assert list(Escalation.objects.values_list("role", flat=True)) == ["agency_head"]


# The register


def test_everybody_sees_their_own_duties_and_their_roles_and_overseers_see_all() -> None:
    parks = a_unit()
    poster = a_person(Role.POSTER, unit=parks, over=parks)
    head = a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks)
    mine = a_duty(owner=poster, owner_role=Role.POSTER)
    ours = a_duty(owner_role=Role.POSTER, unit=parks.public_id)
    theirs = a_duty(owner_role=Role.POSTER, unit=a_unit("water", "Water").public_id)
    custodians = a_duty(owner_role=Role.RECORDS_CUSTODIAN)

    def seen(person: User) -> set[Duty]:
        return set(queries.visible_duties(person, now=NOW))

    assert seen(poster) == {mine, ours}
    assert seen(head) == {mine, ours}
    assert seen(a_person(Role.RECORDS_CUSTODIAN)) == {custodians}
    assert seen(a_person(Role.COORDINATOR)) == seen(a_person(Role.AUDITOR)) == {mine, ours, theirs, custodians}
    assert seen(a_person(Role.EMPLOYEE)) == set()


def test_the_filters_choose_by_whose_state_kind_role_department_and_person() -> None:
    parks = a_unit()
    coordinator = a_person(Role.COORDINATOR, unit=parks)
    mine = a_duty(owner=coordinator, due_at=NOW - HOUR)
    role = a_duty(due_at=NOW + HOUR)
    other = a_duty(kind="archive.fill-gap", owner_role=Role.RECORDS_CUSTODIAN, due_at=None)
    done = a_duty(owner=coordinator)
    duties.close_duty(duty_id=done.public_id, evidence="e", actor="system", now=NOW)

    def found(**filters: str) -> list[Duty]:
        return list(queries.chosen(coordinator, Filters(**filters), now=NOW))

    assert found() == [mine, role, other]
    assert found(whose="mine") == [mine]
    assert found(whose="roles") == [role]
    assert found(whose="department") == [mine]
    assert found(state="overdue") == [mine]
    assert found(state="closed") == [done]
    assert set(found(state="all")) == {mine, role, other, done}
    assert found(kind="archive.fill-gap") == [other]
    assert found(role="records_custodian") == [other]
    assert found(person=coordinator.public_id) == [mine]
    assert found(person="none") == [role, other]
    assert found(unit=parks.public_id) == [mine]
    assert found(unit="none") == [role, other]
    assert found(kind="no.such") == []


def test_what_is_overdue_whose_and_since_when_the_oldest_first() -> None:
    parks = a_unit()
    ada = a_person(Role.POSTER, name="Ada", unit=parks)
    bob = a_person(Role.COORDINATOR, name="Bob")
    a_duty(owner=ada, owner_role=Role.POSTER, due_at=NOW - 2 * HOUR)
    a_duty(owner=ada, owner_role=Role.POSTER, due_at=NOW - 9 * HOUR)
    a_duty(due_at=NOW - 5 * HOUR, unit=parks.public_id)
    a_duty(owner_role=Role.HR, due_at=NOW - HOUR)
    a_duty(owner=ada, due_at=NOW + HOUR)

    def groups(by: str) -> list[tuple[str, int, int, str]]:
        return [
            (one.name, one.count, int((NOW - one.since) / HOUR), one.note)
            for one in queries.overdue_by(bob, by, now=NOW)
        ]

    assert groups("person") == [
        ("Ada", 2, 9, ""),
        ("Anyone: Social media coordinator", 1, 5, "Bob"),
        ("Anyone: Human resources", 1, 1, "Nobody holds this role"),
    ]
    assert groups("role") == [
        ("Authorized poster", 2, 9, ""),
        ("Social media coordinator", 1, 5, ""),
        ("Human resources", 1, 1, ""),
    ]
    assert groups("department") == [("Parks and Recreation", 3, 9, ""), ("The whole body", 1, 1, "")]
    for by in ("person", "role", "department"):
        for one in queries.overdue_by(bob, by, now=NOW):
            shown = queries.chosen(bob, Filters(state="overdue", **one.filters), now=NOW)
            assert shown.count() == one.count, (by, one)


def test_a_row_says_how_the_clock_counts_in_words() -> None:
    a_body()
    a_duty(clock="respond_target")
    a_duty(clock="PT48H")
    a_duty(clock="hours set by the body (local choice)")
    words = [row.counting for row in queries.rows(list(Duty.objects.order_by("pk")), now=NOW)]
    assert words == [
        "Target for answering a request: 10 days; Saturdays, Sundays and legal holidays do not count",
        "48 hours by the clock, day and night",
        "Hours set by the body (local choice)",
    ]


# Calendars


def test_a_calendar_is_found_by_its_secret_which_is_kept_nowhere() -> None:
    person = a_person(Role.COORDINATOR)
    feed, secret = operations.make_calendar(actor=person, now=NOW)
    assert queries.feed_at(secret, now=NOW) == feed
    assert queries.feed_at(secret + "x", now=NOW) is None
    assert secret not in str(list(CalendarFeed.objects.values())) + str(list(Entry.objects.values()))
    assert len(secret) >= 43


def test_a_new_calendar_ends_the_old_and_revoking_ends_it_too() -> None:
    person = a_person(Role.COORDINATOR)
    _, first = operations.make_calendar(actor=person, now=NOW)
    _, second = operations.make_calendar(actor=person, now=NOW)
    assert queries.feed_at(first, now=NOW) is None
    assert queries.feed_at(second, now=NOW) is not None
    operations.revoke_calendar(actor=person, now=NOW)
    assert queries.feed_at(second, now=NOW) is None
    with pytest.raises(Refused):
        operations.revoke_calendar(actor=person, now=NOW)


def test_the_calendar_of_somebody_who_left_opens_nothing() -> None:
    person = a_person(Role.COORDINATOR)
    _, secret = operations.make_calendar(actor=person, now=NOW)
    people.deactivate_person(person=person, actor=a_person(Role.HR), now=NOW)
    assert queries.feed_at(secret, now=NOW) is None
