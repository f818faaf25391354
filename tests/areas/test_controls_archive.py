"""The controls of the archive that look at what is stored: read back, found again, kept when people leave."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive import queries
from rostrum.areas.archive.models import Item, Media, ReadBack, Version
from rostrum.areas.archive.operations import checking
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people.rules import Role
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.items import Kind, MediaFile, Route
from tests.archive import NOW, make_channel, make_item, minutes
from tests.channels import a_body
from tests.disclosure import a_city, in_review
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db


def stored(count: int = 3, **fields: Any) -> None:
    items = [make_item(f"p{number}", f"Notice {number} of the flood", **fields) for number in range(count)]
    archive.store_batch(channel=make_channel(), items=items, route=Route.API, actor="system", now=NOW)


def read_back(**fields: Any) -> ReadBack:
    found = archive.read_back(actor="system", now=fields.pop("now", NOW), **fields)
    assert found is not None
    return found


@pytest.mark.proves("record.integrity-job")
def test_a_round_reads_every_record_back_and_finds_a_sample_again() -> None:
    stored(25)
    done = read_back()

    assert (done.checked, done.failures, done.searched, done.found) == (25, 0, 2, 2)
    assert Entry.objects.filter(kind="archive.records-read-back.v1").get().body["checked"] == 25
    assert not Duty.objects.filter(kind="archive.restore-record").exists()


def test_a_round_goes_on_where_it_stopped_and_the_next_begins_a_day_later() -> None:
    stored(5)

    assert [read_back(at_once=2).checked for _ in range(3)] == [2, 4, 5]
    assert archive.read_back(actor="system", now=NOW + timedelta(hours=23)) is None
    assert read_back(now=NOW + timedelta(days=1)).checked == 5
    assert ReadBack.objects.count() == 2


def change(sql: str, *values: object) -> None:
    """Change a row behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.proves("record.integrity")
@pytest.mark.parametrize("column", ["text", "author_name", "url"])
def test_a_record_changed_behind_the_products_back_is_found_and_opens_a_duty(column: str) -> None:
    stored(2)
    change(f"UPDATE archive_version SET {column} = %s WHERE number = 1", "changed")

    done = read_back()

    assert done.failures == 2
    duties = Duty.objects.filter(kind="archive.restore-record", closed_at=None)
    assert {duty.subject for duty in duties} == {
        f"{one}/v1" for one in Item.objects.values_list("public_id", flat=True)
    }
    assert {duty.owner_role for duty in duties} == {"it_director"}
    assert "changed" not in Entry.objects.order_by("-pk")[0].body_text


@pytest.mark.proves("record.integrity")
def test_a_lost_or_changed_file_is_found() -> None:
    medium = MediaFile("a.png", "image/png", "A bridge", open=lambda: io.BytesIO(b"bridge"))
    archive.store_batch(
        channel=make_channel(), items=[make_item(media=(medium,))], route=Route.API, actor="system", now=NOW
    )
    LocalBlobs(settings.BLOBS_FOLDER).delete(Media.objects.get().sha256)

    assert read_back().failures == 1


@pytest.mark.proves("record.integrity-job")
def test_a_record_that_the_search_lost_opens_a_duty_until_it_is_found_again() -> None:
    stored(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "is_found", lambda version, word: False)
        lost = read_back()
    assert (lost.failures, lost.searched, lost.found) == (1, 1, 0)
    assert Duty.objects.get(kind="archive.restore-record").closed_at is None

    again = read_back(now=NOW + timedelta(days=1))

    assert (again.failures, again.found) == (0, 1)
    assert Duty.objects.get(kind="archive.restore-record").evidence == again.public_id


def test_the_search_is_asked_for_the_very_version() -> None:
    stored(2)
    version = Version.objects.order_by("pk")[0]

    assert checking.is_found(version, "flood")
    assert not checking.is_found(version, "drought")


@pytest.mark.proves("record.integrity")
def test_a_change_on_the_platform_is_a_further_version_and_the_first_stays() -> None:
    channel = make_channel()
    for text in ("The bridge is open", "The bridge is closed"):
        archive.store_batch(
            channel=channel,
            items=[make_item("p1", text)],
            route=Route.API,
            actor="system",
            now=NOW + minutes(len(text)),
        )

    assert [one.text for one in queries.versions_of(Item.objects.get())] == [
        "The bridge is open",
        "The bridge is closed",
    ]
    assert read_back(now=NOW + timedelta(days=2)).failures == 0


@pytest.mark.proves("record.owned-by-unit")
def test_when_a_person_leaves_all_records_and_who_wrote_them_stay_and_are_found() -> None:
    city = a_city()
    hr = a_person(Role.HR)
    before = [(item.native_id, item.author_name) for item in queries.items_matching(SearchQuery(text="pool"))]
    request = in_review(city)
    people.deactivate_person(person=city.custodian, actor=hr, now=NOW)

    after = [(item.native_id, item.author_name) for item in queries.items_matching(SearchQuery(text="pool"))]
    assert after == before != []
    assert request.searches.get().run_by == city.custodian
    assert Entry.objects.filter(actor=city.custodian.public_id).exists()


@pytest.mark.proves("record.fixed-public", "capture.all-items")
@pytest.mark.parametrize(
    ("pack", "clause"), [("wausau-city", "WAU-use-10b"), ("wi-hrh-480", "WI480-060-00a"), ("dma-2.110", "DMA-II-B-09i")]
)
def test_everything_on_a_hosted_page_is_a_public_record_without_anybodys_choice(pack: str, clause: str) -> None:
    a_body(pack)
    channel = make_channel()
    post = make_item("p1", "The council is wrong, if you ask me")
    comment = make_item("c1", "I agree", kind=Kind.COMMENT, author_id="resident", parent_id="p1")
    archive.store_batch(channel=channel, items=[post, comment], route=Route.API, actor="system", now=NOW)
    desk = signed_in(a_person(Role.RECORDS_CUSTODIAN))

    assert clause in queries.public_record_clauses()
    assert "WAU-use-10a" not in queries.public_record_clauses()
    for item in Item.objects.all():
        page = desk.get(reverse("archive-item", args=[item.public_id])).content.decode()
        assert "Yes, as everything on this channel" in page
        assert clause in page
    # Nothing of an Item says whether it is one: there is nothing to set.
    assert not [field.name for field in Item._meta.get_fields() if "public_record" in field.name]
