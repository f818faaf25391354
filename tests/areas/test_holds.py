"""Holds: placed by one, ended by two, and not before their matter is closed and the law's day has come."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from rostrum.areas.archive.models import Item
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.disclosure import operations as disclosure
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.areas.retention import operations, queries
from rostrum.areas.retention.models import Hold, HoldKind
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.disclosure import NOW, City, a_city, decide, determined, in_review, later, produced, release_rest
from tests.people import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return a_city()


def a_hold(city: City, **fields) -> Hold:
    values = {
        "kind": HoldKind.LEGAL, "matter": "case-1", "items": Item.objects.all(), "reason": "A suit is expected",
        "actor": city.custodian.public_id, "now": NOW,
    }  # fmt: skip
    return operations.place_hold(**(values | fields))[0]


def refusals(act, **fields) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(**fields)
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.proves("hold.on-request")
def test_a_search_holds_everything_it_finds_and_nothing_else(city: City) -> None:
    request = in_review(city, SearchQuery(text="repairs"))

    hold = queries.hold_of(kind=HoldKind.REQUEST, matter=request.public_id)
    assert hold is not None
    assert (hold.placed_by, hold.matter_is_open) == ("system", True)
    assert [held.item.native_id for held in hold.held.all()] == ["p1"]
    assert [found.public_id for found in queries.holds_on(Item.objects.get(native_id="p1"))] == [hold.public_id]
    assert not queries.holds_on(Item.objects.get(native_id="c1")).exists()

    disclosure.run_search(
        request_id=request.public_id, query=SearchQuery(text="pool"), actor=city.custodian, now=later(5)
    )
    assert hold.held.count() == 3
    assert Entry.objects.filter(kind="retention.hold-placed.v1").count() == 2


def test_placing_a_hold_again_changes_nothing(city: City) -> None:
    hold = a_hold(city)

    again, added = operations.place_hold(
        kind=HoldKind.LEGAL, matter="case-1", items=Item.objects.all(), reason="x", actor="system", now=later(1)
    )

    assert (again, added) == (hold, 0)
    assert Entry.objects.filter(kind="retention.hold-placed.v1").count() == 1


def test_ending_a_hold_takes_two_people_with_the_right(city: City) -> None:
    hold = a_hold(city)
    act = {"hold_id": hold.public_id, "now": later(1)}
    assert refusals(operations.release_hold, **act, actor=city.custodian) == ["release-not-asked"]
    assert refusals(operations.ask_release, **act, actor=a_person(Role.POSTER), reason="Over") == ["no-role"]

    operations.ask_release(**act, actor=city.custodian, reason="The suit was settled")
    assert refusals(operations.ask_release, **act, actor=city.second, reason="Yes") == ["release-asked"]
    assert refusals(operations.release_hold, **act, actor=city.custodian) == ["second-person"]
    operations.release_hold(**act, actor=city.second)

    hold.refresh_from_db()
    assert (hold.release_asked_by, hold.released_by) == (city.custodian, city.second)
    body = Entry.objects.get(kind="retention.hold-released.v1").body
    assert body == {"hold": hold.public_id, "asked_by": city.custodian.public_id, "items": 3}
    assert not queries.open_holds().exists()
    assert refusals(operations.release_hold, **act, actor=city.second) == ["hold-ended"]


@pytest.mark.parametrize("reason", ["", " ", "x" * 501, "a\0"])
def test_an_end_is_asked_for_with_a_reason(city: City, reason: str) -> None:
    with pytest.raises(InvalidInput, match="reason"):
        operations.ask_release(hold_id=a_hold(city).public_id, reason=reason, actor=city.custodian, now=NOW)


def test_the_database_itself_refuses_one_person_ending_a_hold(city: City) -> None:
    hold = a_hold(city)

    for changed in (
        {"released_by": city.custodian, "released_at": NOW},
        {"release_asked_by": city.custodian, "released_by": city.custodian, "released_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(pk=hold.pk).update(**changed)


@pytest.mark.proves("hold.on-request")
def test_the_hold_of_a_request_outlives_it_and_after_a_denial_the_law_s_sixty_days(city: City) -> None:
    request = in_review(city)
    hold = Hold.objects.get(matter=request.public_id)
    ask = {"hold_id": hold.public_id, "reason": "Answered", "actor": city.custodian}
    assert refusals(operations.ask_release, **ask, now=later(4)) == ["matter-open"]

    for record in request.records.all():
        decide(city, record, "withhold", exemptions=["security"], reason="Shows how the pool is guarded")
    determined(city, request)
    assert refusals(operations.ask_release, **ask, now=later(11)) == ["matter-open"]
    disclosure.close_request(request_id=request.public_id, actor=city.custodian, now=later(12))

    hold.refresh_from_db()
    assert (hold.released_at, hold.not_before_on) == (None, date(2027, 2, 23))
    assert refusals(operations.ask_release, **ask, now=later(days=91)) == ["too-early"]
    operations.ask_release(**ask, now=later(days=92))
    operations.release_hold(hold_id=hold.public_id, actor=city.second, now=later(days=92))


def test_the_hold_of_a_granted_request_stays_until_two_people_end_it(city: City) -> None:
    request = in_review(city)
    release_rest(city, request)
    produced(city, determined(city, request))
    disclosure.close_request(request_id=request.public_id, actor=city.custodian, now=later(14))

    hold = Hold.objects.get(matter=request.public_id)
    assert (hold.released_at, hold.matter_is_open, hold.not_before_on) == (None, False, None)
    operations.ask_release(hold_id=hold.public_id, reason="Produced", actor=city.custodian, now=later(15))


def test_a_matter_without_a_hold_has_nothing_to_settle(city: City) -> None:
    assert (
        operations.settle_matter(kind="request_hold", matter="req-x", not_before_on=None, actor="system", now=NOW)
        is None
    )
    assert not Entry.objects.filter(kind="retention.matter-settled.v1").exists()
