"""Trainings: assigned by role and right, due, completed with evidence, renewed; bulletins; asked before a right."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rostrum.areas.channels.operations import grants
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import jobs, operations, queries
from rostrum.areas.governance.models import TrainingAssignment, TrainingCompletion
from rostrum.areas.governance.queries import training
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import a_body, a_staff
from tests.governance import NOW, PAPER, TODAY
from tests.people import a_person, a_unit
from tests.rights import a_request, designated, issued

pytestmark = pytest.mark.django_db
SHARING, THREATS = "information-sharing", "threats"
TOPICS = ("what", "with-whom", "what-not")


def a_trained_body() -> None:
    a_body("wi-best-practices", "wausau-city")


def complete(person: User, key: str = SHARING, now: datetime = NOW, **overrides: Any) -> TrainingCompletion:
    topics = [topic.id for topic in training.training_called(key).topics]
    values: dict[str, Any] = {"confirmed": topics, "actor": person}
    return operations.complete_training(person=person, key=key, **(values | overrides), now=now)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.proves("training.information-sharing")
def test_no_right_is_given_before_the_training_in_all_three_topics() -> None:
    a_trained_body()
    person = a_person()
    assert [(one.code, one.clause) for one in queries.may_be_granted(person, now=NOW).against] == [
        ("training", "BP-5-04")
    ]
    for left_out in TOPICS:
        with pytest.raises(Refused) as refusal:
            complete(person, confirmed=[one for one in TOPICS if one != left_out])
        assert codes(refusal) == ["topic-missing"]

    done = complete(person)
    assert done.topics == list(TOPICS)
    assert queries.may_be_granted(person, now=NOW).allowed
    # It runs out with its renewal: a year later a new right waits for it again.
    assert done.renew_by is not None
    assert queries.may_be_granted(person, now=done.renew_by).allowed
    assert not queries.may_be_granted(person, now=done.renew_by + timedelta(seconds=1)).allowed


@pytest.mark.proves("training.information-sharing")
def test_a_right_is_not_issued_to_who_is_not_trained() -> None:
    a_trained_body()
    staff = a_staff()
    request = designated(staff, a_request(staff, None))
    with pytest.raises(Refused) as refusal:
        issued(staff, request)
    assert codes(refusal) == ["training"]
    complete(staff.spokesperson)
    assert grants.issue_right(request_id=request.public_id, actor=staff.coordinator, now=NOW).state == "issued"


@pytest.mark.parametrize(
    ("completed_at", "renew_by"),
    [
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), datetime(2027, 12, 1, 6, 0, tzinfo=UTC)),
        # Across a leap day, 365 days end a day earlier in the year; across summer time, at midnight all the same.
        (datetime(2028, 2, 29, 16, 0, tzinfo=UTC), datetime(2029, 3, 1, 6, 0, tzinfo=UTC)),
        (datetime(2027, 7, 4, 16, 0, tzinfo=UTC), datetime(2028, 7, 4, 5, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), datetime(2028, 1, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_training_counts_for_as_long_as_the_body_chose(completed_at: datetime, renew_by: datetime) -> None:
    a_trained_body()
    assert complete(a_person(), now=completed_at).renew_by == renew_by


@pytest.mark.proves("training.threats")
def test_whoever_gets_a_right_is_assigned_the_training_and_renews_it() -> None:
    a_trained_body()
    holder, other = a_person(speaks_on="chn-1"), a_person()
    jobs.tend({}, now=NOW)
    jobs.tend({}, now=NOW)
    owed = TrainingAssignment.objects.get(person=holder, training=THREATS)
    assert not TrainingAssignment.objects.filter(person=other).exists()
    duty = Duty.objects.get(kind="governance.train", subject=owed.public_id)
    # Thirty days on, at the end of the civil day.
    assert duty.due_at == owed.due_at == datetime(2026, 12, 31, 6, 0, tzinfo=UTC)
    assert (duty.owner, duty.clause) == (holder, "BP-5-01")

    done = complete(holder, THREATS)
    duty.refresh_from_db()
    assert duty.evidence == done.public_id
    assert done.renew_by is not None
    # Assigned again a month before it runs out, due when it does.
    before = done.renew_by - timedelta(days=31)
    jobs.tend({}, now=before)
    assert not queries.open_assignments(holder).filter(training=THREATS).exists()
    jobs.tend({}, now=before + timedelta(days=2))
    again = queries.open_assignments(holder).get(training=THREATS)
    assert (again.is_renewal, again.due_at) == (True, done.renew_by)
    late = done.renew_by + timedelta(seconds=1)
    assert again in queries.overdue_assignments(now=late)


@pytest.mark.proves("training.threats")
def test_a_bulletin_goes_to_every_holder_of_a_right_and_its_reading_is_logged() -> None:
    a_trained_body()
    holder, other, it = a_person(speaks_on="chn-1"), a_person(), a_person(Role.IT_DIRECTOR)
    with pytest.raises(Refused):
        operations.issue_bulletin(title="Fake pages", text="Look at the address.", actor=holder, now=NOW)
    made = operations.issue_bulletin(title="Fake pages", text="Look at the address.", actor=it, now=NOW)

    (letter,) = Job.objects.filter(kind="governance.send-letter")
    assert letter.args["person"] == holder.public_id
    assert queries.unread_bulletins(holder, now=NOW) == [made]
    assert queries.unread_bulletins(other, now=NOW) == []
    operations.confirm_bulletin(bulletin_id=made.public_id, actor=holder, now=NOW)
    operations.confirm_bulletin(bulletin_id=made.public_id, actor=holder, now=NOW)
    assert queries.unread_bulletins(holder, now=NOW) == []
    assert made.readings.get().person == holder
    assert Entry.objects.filter(kind="governance.bulletin-read.v1").count() == 1


def test_a_training_given_elsewhere_is_recorded_with_what_shows_it() -> None:
    a_trained_body()
    hr, person = a_person(Role.HR), a_person()
    for code, given in {
        "no-role": {"actor": a_person(Role.POSTER)},
        "no-date": {"completed_on": None},
        "in-future": {"completed_on": date(2026, 12, 1)},
        "no-evidence": {"evidence": " "},
    }.items():
        values = {"actor": hr, "completed_on": TODAY, "evidence": "List of those present, room 3"} | given
        with pytest.raises(Refused) as refusal:
            complete(person, **values)
        assert code in codes(refusal)
    done = complete(person, actor=hr, completed_on=date(2026, 11, 20), evidence="List of those present", file=PAPER)
    assert (done.completed_on, done.recorded_by, done.file_type) == (date(2026, 11, 20), hr, "application/pdf")


def test_a_body_words_a_packs_training_anew_but_leaves_no_topic_out() -> None:
    a_trained_body()
    hr = a_person(Role.HR)
    values: dict[str, Any] = {
        "key": SHARING,
        "title": "What we share",
        "topics": [("What", "Facts."), ("With whom", "Everybody."), ("What not", "Secrets."), ("Our desk", "Ask.")],
        "assigned": ["hr"],
        "due_days": 14,
        "renewal_days": 730,
        "actor": hr,
        "now": NOW,
    }
    for given in (
        {"topics": [("What", "Facts.")]},
        {"topics": [("What", "")]},
        {"title": " "},
        {"key": "Not A Key"},
        {"due_days": 0},
        {"assigned": ["nobody-known"]},
    ):
        with pytest.raises(InvalidInput):
            operations.enter_training(**(values | given))
    operations.enter_training(**values)
    given_now = training.training_called(SHARING)
    assert [topic.id for topic in given_now.topics] == [*TOPICS, "topic-4"]
    assert (given_now.before_grant, given_now.assigned) == ("BP-5-04", ("grant-holders", "hr"))
    assert queries.may_be_granted(hr, now=NOW).against[0].clause == "BP-5-04"

    operations.retire_training(key=SHARING, reason="Back to the guideline's", actor=hr, now=NOW)
    assert training.training_called(SHARING).title == "What to share, with whom, and what not"
    with pytest.raises(Refused):
        operations.retire_training(key=SHARING, reason="Again", actor=hr, now=NOW)


def test_a_training_of_the_bodys_own_is_assigned_by_role_and_class() -> None:
    a_body()
    hr = a_person(Role.HR)
    operations.enter_training(
        key="camera",
        title="Using the camera",
        topics=[("Permission", "Ask before you take a picture.")],
        assigned=["intern", "moderator"],
        due_days=10,
        before_grant=True,
        actor=hr,
        now=NOW,
    )
    intern = a_person(employment_class="intern", unit=a_unit())
    moderator, clerk = a_person(Role.MODERATOR), a_person()
    jobs.tend({}, now=NOW)
    assert set(TrainingAssignment.objects.values_list("person", flat=True)) == {intern.pk, moderator.pk}
    assert [one.code for one in queries.may_be_granted(clerk, now=NOW).against] == ["training"]
    done = complete(clerk, "camera")
    assert done.renew_by is None
    assert queries.may_be_granted(clerk, now=NOW + timedelta(days=9999)).allowed


def test_who_leaves_owes_no_training() -> None:
    a_trained_body()
    holder = a_person(speaks_on="chn-1")
    jobs.tend({}, now=NOW)
    User.objects.filter(pk=holder.pk).update(is_active=False, left_at=NOW)
    jobs.tend({}, now=NOW + timedelta(minutes=1))
    assert not queries.open_assignments(holder).exists()
    assert not Duty.objects.filter(kind="governance.train", closed_at=None).exists()
