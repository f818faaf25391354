"""Reviews of activity by sample, once or on an interval; readings of user content with their purpose."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rostrum.areas.archive.models import Item
from rostrum.areas.assurance import operations
from rostrum.areas.assurance.models import ActivityReview, ContentReading
from rostrum.areas.assurance.queries import reviews
from rostrum.areas.assurance.rules import draw
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing.models import Publication
from rostrum.areas.publishing.rules import Compared, Outcome
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import a_body, a_staff
from tests.people import a_person, a_unit
from tests.publishing import a_draft
from tests.reviews import FROM, NOW, TO, a_busy_channel, a_review

pytestmark = pytest.mark.django_db


def judged(review: ActivityReview, now: datetime = NOW) -> ActivityReview:
    for item in review.sample.all():
        operations.judge_sample(
            review_id=review.public_id, position=item.position, found="in-order", actor=review.reviewer, now=now
        )
    return review


def completed(review: ActivityReview, now: datetime = NOW) -> ActivityReview:
    judged(review, now)
    return operations.complete_review(
        review_id=review.public_id, conclusion="In order.", actor=review.reviewer, now=now
    )


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def under_dma() -> User:
    a_body("dma-2.110", name="Department of Military Affairs")
    return a_person(Role.PUBLIC_AFFAIRS, name="Pat Affairs")


@pytest.mark.proves("audit.activity-review")
def test_a_sample_is_drawn_by_a_recorded_seed_and_drawn_again_the_same() -> None:
    affairs = under_dma()
    channel = a_busy_channel()
    made = a_review(affairs, channel)

    population = list(reviews.activity([channel], FROM, TO).values_list("public_id", flat=True))
    assert made.population == len(population) == 12  # neither messages, nor what is restricted, nor what is older
    sample = [one.item for one in made.sample.all()]
    assert sample == draw(made.seed, population, 5) == draw(made.seed, reversed(population), 5)
    assert set(sample) <= set(population)
    assert a_review(affairs, channel).seed != made.seed
    entry = Entry.objects.filter(kind="assurance.review-opened.v1").order_by("pk")[0]
    assert (entry.body["seed"], entry.body["sample"]) == (made.seed, sample)
    assert entry.body["population_digest"] == made.population_digest

    judged(made)
    with pytest.raises(Refused) as refusal:
        operations.complete_review(review_id=made.public_id, conclusion=" ", actor=affairs, now=NOW)
    assert codes(refusal) == [("no-conclusion", "DMA-II-B-11")]
    done = operations.complete_review(review_id=made.public_id, conclusion="In order.", actor=affairs, now=NOW)
    assert (done.role, done.completed_at) == ("public_affairs_office", NOW)
    assert not Duty.objects.filter(kind=operations.DUTY).exists()


@pytest.mark.proves("audit.activity-review")
@pytest.mark.parametrize(
    ("completed_at", "days", "due_at"),
    [
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), 90, datetime(2027, 3, 1, 6, 0, tzinfo=UTC)),
        # Over the begin of summer time: midnight is an hour earlier in UTC.
        (datetime(2027, 3, 1, 16, 0, tzinfo=UTC), 30, datetime(2027, 4, 1, 5, 0, tzinfo=UTC)),
        # Over a leap day and from late in the evening where the body is.
        (datetime(2028, 2, 28, 4, 0, tzinfo=UTC), 2, datetime(2028, 3, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_review_on_an_interval_is_owed_again_and_closed_by_the_next(
    completed_at: datetime, days: int, due_at: datetime
) -> None:
    affairs = under_dma()
    channel = a_busy_channel()
    first = completed(a_review(affairs, channel, every_days=days), completed_at)
    duty = Duty.objects.get(kind=operations.DUTY)
    assert (duty.subject, duty.due_at, duty.owner, duty.clause) == (first.public_id, due_at, affairs, "DMA-II-B-11")

    following = a_review(affairs, channel, now=completed_at + timedelta(days=1), follows_id=first.public_id)
    with pytest.raises(Refused) as refusal:
        a_review(affairs, channel, now=completed_at + timedelta(days=1), follows_id=first.public_id)
    assert codes(refusal) == [("followed", "DMA-II-B-11")]
    completed(following, completed_at + timedelta(days=1))
    duty.refresh_from_db()
    assert duty.evidence == following.public_id
    assert not Duty.objects.filter(kind=operations.DUTY, closed_at=None).exists()


def test_an_interval_is_ended_with_a_reason() -> None:
    affairs = under_dma()
    first = completed(a_review(affairs, a_busy_channel(), every_days=30))
    with pytest.raises(InvalidInput):
        operations.end_review_interval(review_id=first.public_id, reason="", actor=affairs, now=NOW)
    operations.end_review_interval(review_id=first.public_id, reason="The channel closes", actor=affairs, now=NOW)
    assert Duty.objects.get(kind=operations.DUTY).closed_at == NOW
    with pytest.raises(Refused):
        operations.end_review_interval(review_id=first.public_id, reason="Again", actor=affairs, now=NOW)


def test_the_three_offices_review_and_nobody_else() -> None:
    under_dma()
    parks = a_unit("parks", "Parks")
    channel = a_busy_channel(unit=parks)
    for role in (Role.PUBLIC_AFFAIRS, Role.IT_DIRECTOR, Role.AGENCY_HEAD):
        assert a_review(a_person(role), channel).role == role
    head = a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks)
    assert a_review(head, channel).role == Role.DEPARTMENT_HEAD
    other = a_person(Role.DEPARTMENT_HEAD, over=a_unit("library", "Library"))
    with pytest.raises(InvalidInput):
        a_review(other, channel)
    for role in (Role.POSTER, Role.MODERATOR, Role.HR, Role.EMPLOYEE):
        with pytest.raises((Refused, InvalidInput)):
            a_review(a_person(role), channel)
    assert list(reviews.reviews(head, now=NOW)) == list(ActivityReview.objects.filter(reviewer=head))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"from_at": TO, "to_at": FROM}, "no-time"),
        ({"from_at": NOW + timedelta(days=1), "to_at": NOW + timedelta(days=2)}, "in-future"),
        ({"wanted": 0}, "no-sample"),
        ({"wanted": 201}, "no-sample"),
        ({"every_days": 0}, "no-interval"),
        ({"from_at": FROM - timedelta(days=30), "to_at": FROM}, "nothing-there"),
    ],
)
def test_a_review_of_nothing_is_refused(given: dict[str, Any], code: str) -> None:
    affairs = under_dma()
    with pytest.raises(Refused) as refusal:
        a_review(affairs, a_busy_channel(), **given)
    assert (code, "DMA-II-B-11") in codes(refusal)


def test_nobody_reviews_what_they_wrote_themselves() -> None:
    a_body()
    staff = a_staff()
    channel = a_busy_channel(unit=staff.unit)
    revision = a_draft(staff).revisions.get()
    Publication.objects.create(
        revision=revision,
        channel=channel,
        digest=revision.digest,
        idempotency_key="own",
        outcome=Outcome.PUBLISHED,
        scheduled_by=staff.head,
        due_at=NOW,
        intent_at=NOW,
        native_id="p1",
        url="https://square.test/p1",
        compared=Compared.NOT_YET,
    )
    own = Item.objects.get(native_id="p1").public_id
    assert own not in [one.item for one in a_review(staff.head, channel, wanted=50).sample.all()]
    assert own in [one.item for one in a_review(staff.public_affairs, channel, wanted=50).sample.all()]


def test_a_finding_says_what_it_is_and_only_the_reviewer_looks() -> None:
    affairs = under_dma()
    made = a_review(affairs, a_busy_channel())
    values: dict[str, Any] = {"review_id": made.public_id, "position": 1, "actor": affairs, "now": NOW}
    with pytest.raises(InvalidInput):
        operations.judge_sample(**values, found="finding", note=" ")
    with pytest.raises(InvalidInput):
        operations.judge_sample(**values, found="lovely")
    with pytest.raises(Refused):
        operations.judge_sample(**(values | {"actor": a_person(Role.AUDITOR)}), found="in-order")
    assert operations.judge_sample(**values, found="finding", note="No signature line").note == "No signature line"
    with pytest.raises(Refused) as refusal:
        operations.complete_review(review_id=made.public_id, conclusion="Good", actor=affairs, now=NOW)
    assert codes(refusal) == [("not-seen", "DMA-II-B-11")]
    with pytest.raises(IntegrityError), transaction.atomic():
        made.sample.filter(position=1).update(note="")


@pytest.mark.proves("audit.user-content")
def test_what_users_wrote_is_read_for_a_purpose_and_every_item_is_logged() -> None:
    a_body()
    coordinator = a_person(Role.COORDINATOR)
    channel = a_busy_channel(60)
    values: dict[str, Any] = {
        "purpose": "Complaints about the pool",
        "channel_ids": [channel.public_id],
        "from_at": FROM,
        "to_at": TO,
        "actor": coordinator,
        "now": NOW,
    }
    with pytest.raises(Refused) as refusal:
        operations.open_reading(**(values | {"purpose": " "}))
    assert codes(refusal) == [("no-purpose", "WAU-legal-05b")]
    with pytest.raises(Refused):
        operations.open_reading(**(values | {"actor": a_person(Role.POSTER)}))
    with pytest.raises(InvalidInput):
        operations.open_reading(**(values | {"channel_ids": []}))
    made = operations.open_reading(**values)

    assert operations.show_user_content(reading_id=made.public_id, actor=coordinator, now=NOW) == 20
    later = NOW + timedelta(minutes=1)
    assert operations.show_user_content(reading_id=made.public_id, actor=coordinator, now=later) == 10
    assert operations.show_user_content(reading_id=made.public_id, actor=coordinator, now=later) == 0
    logged = Entry.objects.filter(kind="assurance.user-content-shown.v1").order_by("pk")
    shown = [item for entry in logged for item in entry.body["items"]]
    comments = Item.objects.filter(kind="comment", access="open").values_list("public_id", flat=True)
    assert sorted(shown) == sorted(comments)  # every comment once; nothing of the channel's own, nothing restricted
    opened_entry = Entry.objects.get(kind="assurance.content-reading-opened.v1")
    assert opened_entry.body["purpose"] == "Complaints about the pool"

    with pytest.raises(Refused):
        operations.show_user_content(reading_id=made.public_id, actor=a_person(Role.COORDINATOR), now=later)
    operations.end_reading(reading_id=made.public_id, actor=coordinator, now=later)
    with pytest.raises(Refused):
        operations.show_user_content(reading_id=made.public_id, actor=coordinator, now=later)
    assert ContentReading.objects.get().ended_at == later
    # The log is read by who reviews everything; others see their own.
    assert reviews.readings(a_person(Role.AUDITOR), now=NOW).count() == 1
    assert reviews.readings(a_person(Role.DEPARTMENT_HEAD, over=a_unit()), now=NOW).count() == 0


def test_an_item_disposed_of_since_is_missing_from_the_review_and_named_as_such() -> None:
    affairs = under_dma()
    made = a_review(affairs, a_busy_channel())
    sample = list(made.sample.all())
    assert len(reviews.texts_of(sample)) == 5
    sample[0].item = "itm-gone"
    assert len(reviews.texts_of(sample)) == 4
