"""Reviews of rights: begun in time, decided with reasons, escalated openly, and nothing suspended without notice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rostrum.areas.channels.jobs import reviews as jobs
from rostrum.areas.channels.models import Channel, ReviewDecision, RightsReview
from rostrum.areas.channels.operations import reviews
from rostrum.areas.channels.operations.reviews import Verdict
from rostrum.areas.channels.queries import reviews as queries
from rostrum.areas.duties import queries as duties
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Staff, a_body, a_staff, an_opened_channel
from tests.people import a_person, a_unit
from tests.rights import an_issued_right

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHICAGO = ZoneInfo("America/Chicago")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def channel(staff: Staff) -> Channel:
    made = an_opened_channel(staff)
    an_issued_right(staff, made)
    return made


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    sent: list[tuple[str, str, str]] = []

    class Remembering:
        def send(self, to: str, subject: str, text: str) -> None:
            sent.append((to, subject, text))

    monkeypatch.setattr(jobs, "mailer", lambda *_: Remembering())
    return sent


def the_grant() -> ChannelGrant:
    return ChannelGrant.objects.get()


def keep(grant: ChannelGrant, **overrides: str) -> Verdict:
    values = {"need": "The season begins", "job_duty": "Writes about the pools"} | overrides
    return Verdict(grant.public_id, keeps=True, **values)


def may_publish(staff: Staff, channel: Channel, at: datetime) -> bool:
    return people_queries.may(
        staff.spokesperson, Permission.PUBLISH, unit=staff.unit, channel=channel.public_id, now=at
    ).allowed


@pytest.mark.proves("grant.review-duty")
def test_a_review_is_begun_in_time_and_owed_by_the_departments_head(staff: Staff, channel: Channel) -> None:
    due_at = queries.due_at(staff.unit, now=NOW)
    assert due_at is not None
    # 180 days after November 23 is Saturday, May 22: due by the end of that day, in summer time by then.
    assert due_at.astimezone(CHICAGO).strftime("%Y-%m-%d %H:%M %Z") == "2027-05-23 00:00 CDT"
    opens_at = due_at - 21 * DAY

    jobs.tend_reviews({}, now=opens_at - timedelta(seconds=1))
    assert not RightsReview.objects.exists()
    for _ in range(2):
        jobs.tend_reviews({}, now=opens_at)

    review = RightsReview.objects.get()
    (duty,) = duties.open_duties(subject=review.public_id)
    assert (duty.owner_role, duty.unit, duty.due_at) == ("department_head", staff.unit.public_id, due_at)
    assert duty.clause == "WAU-auth-02a"


def test_the_next_review_counts_from_the_last(staff: Staff, channel: Channel) -> None:
    review = reviews.begin_review(unit=staff.unit, actor=staff.head, now=NOW + DAY)
    reviews.decide_rights(review_id=review.public_id, verdicts=[keep(the_grant())], actor=staff.head, now=NOW + 2 * DAY)

    due_at = queries.due_at(staff.unit, now=NOW + 3 * DAY)

    assert due_at is not None
    assert due_at - timedelta(days=180) > NOW + 2 * DAY


@pytest.mark.proves("grant.review-reasons")
def test_a_right_is_kept_for_a_need_and_a_job_duty_or_ended(staff: Staff, channel: Channel) -> None:
    an_issued_right(staff, channel, right=Right.MODERATE)
    speak, moderate = ChannelGrant.objects.order_by("pk")
    review = reviews.begin_review(unit=staff.unit, actor=staff.head, now=NOW)

    with pytest.raises(Refused) as bare:
        reviews.decide_rights(
            review_id=review.public_id, verdicts=[keep(speak, need="", job_duty=" ")], actor=staff.head, now=NOW
        )
    assert codes(bare) == ["no-need", "no-job-duty"]
    assert {reason.clause for reason in bare.value.reasons} == {"WAU-auth-02b"}
    with pytest.raises(InvalidInput):
        reviews.decide_rights(review_id=review.public_id, verdicts=[], actor=staff.head, now=NOW)

    reviews.decide_rights(review_id=review.public_id, verdicts=[keep(speak)], actor=staff.head, now=NOW)
    assert RightsReview.objects.get().closed_at is None
    with pytest.raises(Refused) as twice:
        reviews.decide_rights(review_id=review.public_id, verdicts=[keep(speak)], actor=staff.head, now=NOW)
    assert codes(twice) == ["decided"]
    ends = Verdict(moderate.public_id, keeps=False)
    reviews.decide_rights(review_id=review.public_id, verdicts=[ends], actor=staff.head, now=NOW + DAY)

    moderate.refresh_from_db()
    assert moderate.ends_at == NOW + DAY
    kept = ReviewDecision.objects.get(keeps=True)
    assert (kept.need, kept.job_duty, kept.was_unused) == ("The season begins", "Writes about the pools", True)
    assert RightsReview.objects.get().closed_at == NOW + DAY
    assert not duties.open_duties(subject=review.public_id).exists()
    assert Entry.objects.filter(kind="channels.rights-reviewed.v1").latest("pk").body["finished"] is True


def test_nobody_reviews_their_own_right_and_the_coordinator_is_asked_for_the_heads(
    staff: Staff, channel: Channel
) -> None:
    authority = a_person(Role.AGENCY_HEAD)
    own = an_issued_right(staff_with_head(staff, authority), channel, person=staff.head, actor=authority)
    grant = ChannelGrant.objects.get(basis=own.public_id)

    review = reviews.begin_review(unit=staff.unit, actor="system", now=NOW)

    kinds = {(duty.kind, duty.owner_role) for duty in duties.open_duties(subject=review.public_id)}
    assert ("channels.review-rights-of-heads", "social_media_coordinator") in kinds
    with pytest.raises(Refused) as refusal:
        reviews.decide_rights(review_id=review.public_id, verdicts=[keep(grant)], actor=staff.head, now=NOW)
    assert codes(refusal) == ["own-right"]
    reviews.decide_rights(review_id=review.public_id, verdicts=[keep(grant)], actor=staff.coordinator, now=NOW)


def staff_with_head(staff: Staff, head: User) -> Staff:
    return Staff(staff.unit, staff.spokesperson, staff.coordinator, head, staff.public_affairs)


def test_a_department_reviews_its_own_rights_only(staff: Staff, channel: Channel) -> None:
    review = reviews.begin_review(unit=staff.unit, actor="system", now=NOW)
    police = a_unit("police", "Police")
    other = a_person(Role.DEPARTMENT_HEAD, over=police)

    for actor in (other, a_person(Role.AUDITOR), staff.spokesperson):
        with pytest.raises(Refused):
            reviews.decide_rights(review_id=review.public_id, verdicts=[keep(the_grant())], actor=actor, now=NOW)
    assert list(queries.visible_reviews(other, now=NOW)) == []
    assert list(queries.visible_reviews(staff.head, now=NOW)) == [review]
    with pytest.raises(Refused) as nothing:
        reviews.begin_review(unit=police, actor=staff.coordinator, now=NOW)
    assert codes(nothing) == ["nothing-to-review"]
    with pytest.raises(Refused) as open_already:
        reviews.begin_review(unit=staff.unit, actor=staff.coordinator, now=NOW)
    assert codes(open_already) == ["review-open"]


@pytest.mark.proves("grant.review-duty")
def test_a_lapsed_review_escalates_and_suspends_only_after_the_announced_time(
    staff: Staff, channel: Channel, mails: list[tuple[str, str, str]]
) -> None:
    authority = a_person(Role.AGENCY_HEAD, email="mayor@example.gov")
    review = reviews.begin_review(unit=staff.unit, actor="system", now=NOW)
    due_at = review.due_at

    def tend(at: datetime) -> list[str]:
        jobs.tend_reviews({}, now=at)
        review.refresh_from_db()
        return sorted({duty.owner_role for duty in duties.open_duties(subject=review.public_id)})

    assert tend(due_at - timedelta(seconds=1)) == ["department_head"]
    assert tend(due_at) == ["department_head", "social_media_coordinator"]
    assert review.suspend_at is not None
    assert review.suspend_at - due_at >= 14 * DAY
    jobs.tell_review({"review": review.public_id, "step": "lapse"}, now=due_at)
    assert {to for to, _, _ in mails} == {staff.spokesperson.email, staff.head.email, staff.coordinator.email}
    assert all("is suspended after" in text for _, _, text in mails)

    half = due_at + (review.suspend_at - due_at) / 2
    assert tend(half - timedelta(seconds=1)) == ["department_head", "social_media_coordinator"]
    assert tend(half) == ["agency_head", "department_head", "social_media_coordinator"]
    jobs.tell_review({"review": review.public_id, "step": "escalate"}, now=half)
    assert authority.email in {to for to, _, _ in mails}

    tend(review.suspend_at - timedelta(seconds=1))
    assert may_publish(staff, channel, review.suspend_at - timedelta(seconds=1))
    tend(review.suspend_at)
    assert not may_publish(staff, channel, review.suspend_at)
    assert the_grant().ends_at is None

    reviews.decide_rights(
        review_id=review.public_id, verdicts=[keep(the_grant())], actor=staff.head, now=review.suspend_at + DAY
    )
    assert may_publish(staff, channel, review.suspend_at + DAY)
    assert not duties.open_duties(subject=review.public_id).exists()


def test_a_worker_that_was_down_for_months_suspends_nothing_without_notice(staff: Staff, channel: Channel) -> None:
    review = reviews.begin_review(unit=staff.unit, actor="system", now=NOW)
    back = review.due_at + 100 * DAY

    jobs.tend_reviews({}, now=back)
    review.refresh_from_db()
    assert review.lapsed_at == back
    assert review.suspend_at is not None
    assert review.suspend_at > back + 13 * DAY
    # Down again until after the announced time: the authority hears of it first.
    late = review.suspend_at + 30 * DAY
    jobs.tend_reviews({}, now=late)
    jobs.tend_reviews({}, now=late)
    assert may_publish(staff, channel, late)
    jobs.tend_reviews({}, now=late + DAY)
    assert not may_publish(staff, channel, late + DAY)


def test_a_review_in_which_every_right_ended_otherwise_is_finished(staff: Staff, channel: Channel) -> None:
    review = reviews.begin_review(unit=staff.unit, actor="system", now=NOW)
    ChannelGrant.objects.update(ends_at=NOW + DAY)

    jobs.tend_reviews({}, now=NOW + 2 * DAY)

    review.refresh_from_db()
    assert review.closed_at == NOW + 2 * DAY
    assert not duties.open_duties(subject=review.public_id).exists()


@pytest.mark.proves("grant.necessity")
def test_rights_that_were_not_used_since_the_last_review_are_marked(staff: Staff, channel: Channel) -> None:
    an_issued_right(staff, channel, right=Right.APPROVE)
    speak, approve = ChannelGrant.objects.order_by("pk")
    first = reviews.begin_review(unit=staff.unit, actor=staff.head, now=NOW)
    reviews.decide_rights(
        review_id=first.public_id, verdicts=[keep(speak), keep(approve)], actor=staff.head, now=NOW + DAY
    )
    ChannelGrant.objects.filter(pk=speak.pk).update(last_used_at=NOW + 2 * DAY)
    ChannelGrant.objects.filter(pk=approve.pk).update(last_used_at=NOW)
    second = reviews.begin_review(unit=staff.unit, actor=staff.head, now=NOW + 3 * DAY)

    rows = {row.grant.pk: row.is_unused for row in queries.rows(second, person=staff.head, now=NOW + 3 * DAY)}

    assert rows == {speak.pk: False, approve.pk: True}


def test_the_days_between_reviews_are_the_bodys_own(staff: Staff, channel: Channel) -> None:
    governance.set_choice(key="grant.review_days", value=30, reason="Turnover", actor="system", now=NOW)

    due_at = queries.due_at(staff.unit, now=NOW)

    assert due_at is not None
    assert due_at.astimezone(CHICAGO).date().isoformat() == "2026-12-24"


@pytest.mark.parametrize(
    ("issued_at", "due"),
    [
        # Across the spring change: the day has 23 hours, the review is due at the end of the civil day all the same.
        (datetime(2026, 9, 16, 17, 0, tzinfo=UTC), "2027-03-16 00:00"),
        # Across a leap day.
        (datetime(2027, 10, 1, 17, 0, tzinfo=UTC), "2028-03-30 00:00"),
        # Over the end of a year.
        (datetime(2026, 7, 6, 17, 0, tzinfo=UTC), "2027-01-03 00:00"),
        # Memorial Day: the last day moves to the next.
        (datetime(2026, 12, 2, 18, 0, tzinfo=UTC), "2027-06-02 00:00"),
    ],
)
def test_the_due_date_is_the_end_of_a_legal_day(staff: Staff, issued_at: datetime, due: str) -> None:
    made = an_opened_channel(staff)
    an_issued_right(staff, made, now=issued_at)

    due_at = queries.due_at(staff.unit, now=issued_at)

    assert due_at is not None
    assert due_at.astimezone(CHICAGO).strftime("%Y-%m-%d %H:%M") == due
