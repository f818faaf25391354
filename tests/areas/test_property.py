"""Whose it is: what staff make on the body's channels is stamped with its owner, on the record and on exports."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rostrum.areas.archive.models import Item
from rostrum.areas.archive.operations import store_batch
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries.property import is_made_by_channel, stamp_of
from rostrum.areas.ledger.models import Entry
from rostrum.kernel.items import Route
from tests.archive import make_item
from tests.areas.test_productions import text_of, unpacked
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.disclosure import a_city, determined, in_review, produced, record_of, release_rest
from tests.publishing import a_scheduled_draft, speaks_on, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


def store(channel: Channel, *items: Any) -> None:
    store_batch(channel=channel, items=items, route=Route.API, actor="system", now=NOW)


def stamps() -> dict[str, tuple[str, str]]:
    return {item.native_id: (item.property_holder, item.property_kind) for item in Item.objects.all()}


@pytest.mark.proves("custody.property-stamp")
@pytest.mark.parametrize(
    ("packs", "kind", "clauses"),
    [
        (("wausau-city",), "property", {"WAU-legal-06a"}),
        (("dma-2.110",), "copyright", {"DMA-II-B-05a", "DMA-II-B-05b"}),
    ],
)
def test_what_the_channel_itself_says_is_stamped_and_what_others_say_is_not(
    packs: tuple[str, ...], kind: str, clauses: set[str]
) -> None:
    a_body(*packs)
    channel = Channel(handle="wausau-parks", owner="City of Wausau", copyright_holder="City of Wausau")
    stamp = stamp_of(channel)
    assert stamp is not None
    assert (stamp.holder, stamp.kind, set(stamp.clauses)) == ("City of Wausau", kind, clauses)


@pytest.mark.proves("custody.property-stamp")
def test_the_stamp_is_on_every_item_of_the_channels_own(staff_and_channel: tuple[Staff, Channel]) -> None:
    _, channel = staff_and_channel
    store(
        channel,
        make_item(native_id="post", author_handle="wausau-parks"),
        make_item(native_id="reply-of-ours", author_handle="@Wausau-Parks"),
        make_item(native_id="comment", author_handle="vera"),
        make_item(native_id="look-alike", author_handle="wausau-parks2"),
        make_item(native_id="nobody", author_handle=""),
    )
    ours, others = ("City of Wausau", "property"), ("", "")
    assert stamps() == {
        "post": ours,
        "reply-of-ours": ours,
        "comment": others,
        "look-alike": others,
        "nobody": others,
    }


@pytest.fixture
def staff_and_channel(square: Square) -> tuple[Staff, Channel]:
    a_body()
    staff = a_staff()
    return staff, a_live_channel(staff, token=square.token)


def test_where_the_platform_gives_ids_the_handle_alone_is_not_enough() -> None:
    channel = Channel(handle="parks.example.gov", native_id="did:plc:ours")
    assert is_made_by_channel(channel, author_id="did:plc:ours", author_handle="renamed.example.gov")
    assert not is_made_by_channel(channel, author_id="did:plc:thief", author_handle="parks.example.gov")
    assert not is_made_by_channel(Channel(handle=""), author_id="", author_handle="")


def test_without_a_clause_that_asks_nothing_is_stamped() -> None:
    a_body("milwaukee-personal", name="City of Milwaukee")
    assert stamp_of(Channel(handle="x", owner="City", copyright_holder="City")) is None


@pytest.mark.proves("custody.property-stamp")
def test_a_published_post_is_stamped_on_its_record_and_in_the_ledger(
    staff_and_channel: tuple[Staff, Channel],
) -> None:
    staff, channel = staff_and_channel
    speaks_on(staff.spokesperson, channel)
    _, publications = a_scheduled_draft(staff, channel)
    work(publications)
    published = publications[0]
    assert (published.property_holder, published.property_kind) == ("City of Wausau", "property")
    body = Entry.objects.get(kind="publishing.post-published.v1").body
    assert (body["property_holder"], body["property_kind"]) == ("City of Wausau", "property")


@pytest.mark.proves("custody.property-stamp")
def test_the_stamp_stands_on_every_readable_export(tmp_path: Path) -> None:
    city = a_city()
    request = in_review(city)
    Item.objects.filter(native_id="p1").update(property_holder="City of Wausau", property_kind="copyright property")
    release_rest(city, request)
    folder = unpacked(produced(city, determined(city, request)), tmp_path)
    readable = folder / "data/readable"
    with (readable / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        owners = {row["record"]: row["owner"] for row in csv.DictReader(file)}
    lines = (readable / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert owners == {row["record"]: row["owner"] for row in map(json.loads, lines)}
    ours = record_of(request, "p1").public_id
    assert {record for record, owner in owners.items() if owner} == {ours}
    assert owners[ours] == "City of Wausau"
    assert "Copyright and property" in text_of(readable / "records.pdf")
