"""Duties: opened once, closed by evidence, late by their own instant."""

from datetime import UTC, datetime, timedelta

import pytest

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries, rules
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.kernel.decisions import InvalidInput, Refused

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _open(**overrides: object) -> Duty:
    fields: dict[str, object] = {
        "kind": "request.acknowledge",
        "title": "Acknowledge the request",
        "owner_role": "records_custodian",
        "due_at": NOW + timedelta(days=1),
        "subject": "req-1",
        "clause": "WI19-35",
        "clock": "acknowledgement",
        "actor": "system",
        "now": NOW,
    }
    return duties.open_duty(**(fields | overrides))  # type: ignore[arg-type]


def test_a_duty_is_opened_with_its_entry() -> None:
    duty = _open()
    (entry,) = Entry.objects.all()
    assert entry.kind == "duties.duty-opened.v1"
    assert entry.body["duty"] == duty.public_id
    assert entry.body["due_at"] == "2026-11-22T12:00:00.000000Z"
    assert list(queries.open_duties(role="records_custodian")) == [duty]
    assert list(queries.open_duties(role="moderator")) == []


def test_the_same_cause_seen_twice_opens_one_duty() -> None:
    assert _open() == _open(title="Again", now=NOW + timedelta(hours=1))
    assert Entry.objects.count() == 1


def test_a_closed_duty_can_be_opened_anew() -> None:
    first = _open()
    duties.close_duty(duty_id=first.public_id, evidence="let-1", actor="per-1", now=NOW)
    assert _open() != first


def test_a_duty_is_closed_by_evidence_and_the_entry_says_whether_it_was_late() -> None:
    duty = _open()
    closed = duties.close_duty(
        kind="request.acknowledge", subject="req-1", evidence="let-7", actor="per-1", now=NOW + timedelta(days=2)
    )
    assert closed == duty
    assert (closed.closed_by, closed.evidence) == ("per-1", "let-7")
    entry = Entry.objects.get(kind="duties.duty-closed.v1")
    assert entry.body["was_late"] is True
    assert entry.actor == "per-1"
    assert list(queries.closed_duties(kind="request.acknowledge")) == [closed]


def test_a_duty_that_is_not_open_cannot_be_closed() -> None:
    with pytest.raises(Refused) as refusal:
        duties.close_duty(kind="x", subject="y", evidence="let-1", actor="system", now=NOW)
    assert refusal.value.reasons[0].code == "no-open-duty"


@pytest.mark.parametrize("evidence", ["", "  ", "x" * 501])
def test_a_duty_cannot_be_closed_without_evidence_that_can_be_named(evidence: str) -> None:
    duty = _open()
    with pytest.raises(InvalidInput):
        duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor="system", now=NOW)


def test_closing_asks_which_duty() -> None:
    with pytest.raises(InvalidInput):
        duties.close_duty(kind="request.acknowledge", evidence="e", actor="system", now=NOW)


def test_a_duty_needs_a_subject() -> None:
    with pytest.raises(InvalidInput):
        _open(subject=" ")


def test_overdue_duties_come_longest_late_first_and_those_without_an_instant_never() -> None:
    late = _open(subject="a", due_at=NOW - timedelta(hours=1))
    later = _open(subject="b", due_at=NOW - timedelta(hours=2))
    _open(subject="c", due_at=None)
    _open(subject="d", due_at=NOW)
    assert list(queries.overdue(NOW)) == [later, late]


def test_a_persons_duties_are_their_own_and_the_unassigned_ones_of_their_role(django_user_model: object) -> None:
    person = django_user_model.objects.create_user("a@example.test", name="A")  # type: ignore[attr-defined]
    other = django_user_model.objects.create_user("b@example.test", name="B")  # type: ignore[attr-defined]
    mine = _open(subject="a", owner=person)
    unassigned = _open(subject="b")
    _open(subject="c", owner=other)
    assert set(queries.open_duties(owner=person)) == {mine}
    assert set(queries.open_duties(owner=person, role="records_custodian")) == {mine, unassigned}


def test_a_duty_of_one_department_is_not_for_the_same_role_over_another() -> None:
    parks = _open(subject="a", owner_role="department_head", unit="unt-parks")
    whole = _open(subject="b", owner_role="department_head")
    assert set(queries.open_to_roles([("department_head", "unt-parks")])) == {parks, whole}
    assert set(queries.open_to_roles([("department_head", "unt-water")])) == {whole}
    assert set(queries.open_to_roles([("department_head", "")])) == {parks, whole}
    assert set(queries.open_to_roles([])) == set()


def test_late_is_measured_at_closing() -> None:
    due = NOW
    assert not rules.is_overdue(due_at=due, closed_at=due, now=due + timedelta(days=9))
    assert rules.is_overdue(due_at=due, closed_at=due + timedelta(seconds=1), now=due)
    assert not rules.is_overdue(due_at=None, closed_at=None, now=due)
