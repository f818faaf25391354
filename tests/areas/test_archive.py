"""Storing what was seen: versions, sightings, tombstones, gaps; twice changes nothing; nothing half stored."""

import io
import json
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from rostrum.areas.archive import controls, queries
from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Capture, CaptureCursor, Gap, Item, Media, Sighting, Source, Version
from rostrum.areas.archive.operations import rows
from rostrum.areas.archive.operations.storing import SourceChanged
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.archive.rules import Cause
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry, Leaf
from rostrum.connectors.blobs import LocalBlobs
from rostrum.connectors.interface import CapturePage, Lost
from rostrum.evidence.commitments import commit
from rostrum.kernel.decisions import Refused
from rostrum.kernel.items import Access, Fault, Kind, MediaFile, Route, Seen, Visibility
from tests.archive import NOW, PUBLISHED, make_channel, make_item, minutes

pytestmark = pytest.mark.django_db


def medium(content: bytes = b"png", alt: str = "A bridge", name: str = "bridge.png") -> MediaFile:
    return MediaFile(name=name, mime="image/png", alt=alt, open=lambda: io.BytesIO(content))


def store(channel, *items, now=NOW, route=Route.API, **kwargs):
    return archive.store_batch(channel=channel, items=items, route=route, actor="system", now=now, **kwargs)


def notice(native_id: str, seen: Seen, **fields):
    return make_item(native_id, "", seen=seen, raw=b'{"gone": true}', **fields)


def everything() -> list[tuple]:
    """All rows of the archive and the ledger, to see that nothing changed."""
    return [
        tuple(model.objects.order_by("pk").values_list())
        for model in (Capture, Item, Version, Media, Sighting, Source, Gap, Entry, Leaf)
    ]


def test_a_version_is_stored_whole_committed_and_found() -> None:
    channel = make_channel()
    item = make_item(
        "p1", "Flood on Main\x00", media=(medium(),), url="https://square.example/p1", version_key="v1", lang="en",
        parent_id="p0", root_id="p0", visibility=Visibility.UNLISTED, extra={"card_title": "Detours"},
    )  # fmt: skip
    report = store(channel, item)
    assert (report.recognised, report.stored, report.unchanged, report.faults) == ({"post": 1}, 1, 0, [])

    row = Item.objects.get()
    version = queries.latest_version(row)
    assert (row.native_id, row.state, row.version_count, row.sorted_at) == ("p1", "present", 1, PUBLISHED)
    assert version.text == "Flood on Main\ufffd"
    assert queries.raw_of(version) == item.raw
    assert bytes(version.raw_sha256) == sha256(item.raw).digest()
    assert [(m.sha256, m.alt, m.size_bytes) for m in version.media.all()] == [
        (sha256(b"png").hexdigest(), "A bridge", 3)
    ]
    assert queries.blobs().read(version.media.get().sha256) == b"png"

    entry = Entry.objects.get(public_id=report.entry)
    assert entry.kind == "archive.capture-stored.v1"
    assert entry.body["versions"] == 1
    assert "Flood" not in entry.body_text
    assert list(entry.leaves.filter(kind="version").values_list("commitment", flat=True)) == [version.commitment]
    parts = queries.parts_of(version)
    assert commit(parts, bytes(version.seed)) == bytes(version.commitment)
    assert [part.name for part in parts] == [
        "record", "author", "url", "raw", "extra", "media/0", "alt/0", "text/0", "text/1", "text/2",
    ]  # fmt: skip
    assert "".join(part.value.decode() for part in parts if part.name.startswith("text/")) == version.text
    assert [hit.item for hit in queries.search_for(SearchQuery(text="flood"))] == [row]


@pytest.mark.proves("capture.all-items")
def test_what_anyone_writes_on_a_channel_is_captured_and_found() -> None:
    channel = make_channel()
    picture = medium(alt="Where the water stands")
    written = [
        make_item("p", "Flood warning"),
        make_item(
            "c", "Is my street flooded? My opinion: act!", kind=Kind.COMMENT, parent_id="p", author_id="resident"
        ),
        make_item(
            "r", "Answering as the city: flood maps attached", kind=Kind.COMMENT, parent_id="c", media=(picture,)
        ),
        make_item(
            "m", "A private word about the flood", kind=Kind.MESSAGE, access=Access.RESTRICTED, author_id="resident"
        ),
        make_item("s", "Shared: flood notice", kind=Kind.SHARE, author_id="somebody"),
    ]
    assert store(channel, *written).stored == 5
    found = queries.search_for(SearchQuery(text="flood OR flooded", include_restricted=True))
    assert {hit.item.native_id for hit in found} == {"p", "c", "r", "m", "s"}
    assert found.count() == 5
    evidence = {control.id: control.evidence() for control in controls.CONTROLS}
    assert evidence["capture.all-items"].count == 5


def test_the_same_page_stored_twice_changes_nothing_but_the_looks() -> None:
    channel = make_channel()
    page = [make_item("p1", media=(medium(),)), make_item("p2", "Park closed", version_key="v")]
    window = (PUBLISHED, NOW)
    store(channel, *page, window=window)
    before = everything()
    again = store(channel, *page, now=NOW + minutes(15), window=(NOW, NOW + minutes(15)))
    assert (again.stored, again.unchanged, again.entry, again.capture) == (0, 2, "", "")
    capture = Capture.objects.get()
    assert (capture.looks, capture.window_from, capture.window_to) == (2, PUBLISHED, NOW + minutes(15))
    assert everything()[1:] == before[1:]


def test_a_look_that_leaves_a_stretch_unseen_is_a_capture_of_its_own() -> None:
    channel = make_channel()
    store(channel, make_item(), window=(PUBLISHED, NOW))
    store(channel, make_item(), now=NOW + minutes(60), window=(NOW + minutes(50), NOW + minutes(60)))
    assert Capture.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        ({"likes": 7}, False),
        ({"text": "Water main repaired"}, True),
        ({"media": (medium(alt="Another text"),)}, True),
        ({"media": (medium(b"other"),)}, True),
        ({"media": (MediaFile("bridge.png", "image/png", "A bridge", missing="not in the page"),)}, False),
        ({"media": ()}, True),
        ({"visibility": Visibility.FOLLOWERS}, True),
        ({"visibility": Visibility.FOLLOWERS, "route": Route.OWNER_EXPORT}, False),
        ({"extra": {"like_count": "9", "client": "web"}}, False),
        ({"extra": {"like_count": "3", "client": "app"}}, True),
        ({"author_name": "City of Example, Wis."}, False),
        ({"version_key": "v2"}, False),
        ({"edited_at": NOW}, False),
    ],
)
def test_a_version_is_new_where_it_says_something_else(change: dict, is_new: bool) -> None:
    channel = make_channel()
    first = {"media": (medium(),), "extra": {"like_count": "3", "client": "web"}}
    store(channel, make_item("p1", **first))
    report = store(channel, make_item("p1", **(first | change)), now=NOW + minutes(1))
    assert (report.stored, Version.objects.count()) == ((1, 2) if is_new else (0, 1))
    assert Item.objects.get().version_count == Version.objects.count()


def test_the_platforms_own_version_key_decides_also_out_of_order() -> None:
    channel = make_channel()
    store(channel, make_item("p1", "one", version_key="v1"), make_item("p1", "two", version_key="v2"))
    assert store(channel, make_item("p1", "one", version_key="v1")).stored == 0
    assert store(channel, make_item("p1", "two", version_key="v3")).stored == 1
    assert [v.text for v in queries.versions_of(Item.objects.get())] == ["one", "two", "two"]
    assert [s.seen for s in Sighting.objects.all()] == ["edited", "edited"]


def test_a_profile_changes_with_its_name_too() -> None:
    channel = make_channel()
    store(channel, make_item("me", "We serve.", kind=Kind.PROFILE))
    assert store(channel, make_item("me", "We serve.", kind=Kind.PROFILE, author_name="New Name")).stored == 1


def test_an_id_twice_in_one_batch_is_one_item() -> None:
    channel = make_channel()
    report = store(channel, make_item("p1", "one"), make_item("p1", "one"), make_item("p1", "two"))
    assert (report.stored, report.unchanged) == (2, 1)
    assert Item.objects.get().version_count == 2


def test_the_same_id_in_two_channels_is_two_items() -> None:
    store(make_channel("one"), make_item("p1"))
    store(make_channel("two"), make_item("p1"))
    assert Item.objects.count() == 2


def test_instants_go_into_the_rows_as_the_framework_writes_them() -> None:
    adapt = rows.instants()
    for at in (NOW, NOW.replace(microsecond=7), datetime(1969, 7, 20, 20, 17, tzinfo=timezone(timedelta(hours=-5)))):
        assert adapt(at) == connection.ops.adapt_datetimefield_value(at)
    assert adapt(None) is None


@pytest.mark.proves("capture.deletion-kept")
def test_a_platforms_announcement_makes_a_tombstone_at_once_and_keeps_the_content() -> None:
    channel = make_channel()
    store(channel, make_item("p1"))
    deleted_at = NOW + minutes(3)
    gone = notice("p1", Seen.GONE, deleted_at=deleted_at, route=Route.FIREHOSE)
    report = store(channel, gone, now=NOW + minutes(5), route=Route.FIREHOSE)
    item = Item.objects.get()
    assert (report.stored, report.sightings, item.state, item.version_count) == (0, 1, "deleted", 1)
    sighting = Sighting.objects.get()
    assert (sighting.seen, sighting.announced, sighting.at) == ("gone", True, deleted_at)
    assert queries.blobs().read(sighting.notice) == gone.raw
    assert Entry.objects.get(public_id=report.entry).body["sightings"] == [{"item": item.public_id, "seen": "gone"}]
    before = everything()
    store(channel, make_item("p1"), gone, now=NOW + minutes(5), route=Route.FIREHOSE)
    assert everything()[1:] == before[1:]


@pytest.mark.proves("capture.deletion-kept")
def test_one_absence_is_a_sighting_and_the_second_in_a_row_a_tombstone() -> None:
    channel = make_channel()
    store(channel, make_item("p1"), make_item("p2", "other"))

    def look(*native_ids: str, at: float):
        return archive.record_absences(channel=channel, native_ids=native_ids, actor="system", now=NOW + minutes(at))

    assert look("p1", "p2", "unknown", at=1) == []
    assert {i.native_id: (i.state, i.absences) for i in Item.objects.all()} == {
        "p1": ("present", 1), "p2": ("present", 1),
    }  # fmt: skip
    store(channel, make_item("p2", "other"), now=NOW + minutes(2))
    assert [item.native_id for item in look("p1", "p2", at=3)] == ["p1"]
    assert {i.native_id: (i.state, i.absences) for i in Item.objects.all()} == {
        "p1": ("deleted", 2), "p2": ("present", 1),
    }  # fmt: skip
    assert look("p1", at=4) == []
    assert [e.body["gone"] for e in Entry.objects.filter(kind="archive.absences-recorded.v1")] == [
        [], [Item.objects.get(native_id="p1").public_id],
    ]  # fmt: skip


def test_a_reread_that_finds_nothing_counts_as_an_absence() -> None:
    channel = make_channel()
    store(channel, make_item("p1"))
    store(channel, notice("p1", Seen.GONE), now=NOW + minutes(1))
    assert Item.objects.get().state == "present"
    store(channel, notice("p1", Seen.GONE), now=NOW + minutes(2))
    assert Item.objects.get().state == "deleted"
    store(channel, make_item("p1"), now=NOW + minutes(3))
    assert Item.objects.get().state == "present"
    assert [s.seen for s in Sighting.objects.all()] == ["gone", "gone", "present"]


def test_hidden_and_shown_again() -> None:
    channel = make_channel()
    store(channel, make_item("p1"))
    item = archive.mark_hidden(item=Item.objects.get(), actor="system", now=NOW + minutes(1), note="Ground 3")
    assert item.state == "hidden"
    entries = Entry.objects.count()
    archive.mark_hidden(item=item, actor="system", now=NOW + minutes(2))
    # A page that both shows it and says that it is hidden leaves it hidden.
    store(channel, make_item("p1"), notice("p1", Seen.HIDDEN), now=NOW + minutes(3))
    assert Item.objects.get().state == "hidden"
    assert Entry.objects.count() == entries
    assert archive.mark_shown(item=item, actor="system", now=NOW + minutes(4)).state == "present"


def test_a_deleted_post_of_an_export_keeps_its_text_as_a_tombstone() -> None:
    channel = make_channel()
    deleted = make_item("p1", "Gone", seen=Seen.GONE, deleted_at=NOW, route=Route.OWNER_EXPORT)
    store(channel, deleted, route=Route.OWNER_EXPORT)
    item = Item.objects.get()
    assert (item.state, queries.latest_version(item).text) == ("deleted", "Gone")
    store(channel, make_item("p1", "Gone", route=Route.OWNER_EXPORT), route=Route.OWNER_EXPORT)
    assert Item.objects.get().state == "deleted"


def test_a_notice_about_what_was_never_captured_is_reported_missing() -> None:
    report = store(make_channel(), notice("p9", Seen.GONE, deleted_at=NOW))
    assert report.missing == ["p9: said to be gone, never captured"]
    assert Item.objects.count() == 0


def test_what_cannot_be_stored_is_a_fault_and_the_rest_goes_on() -> None:
    channel = make_channel()
    naive = make_item("p3", published_at=PUBLISHED.replace(tzinfo=None))
    report = store(
        channel,
        Fault("tweets\x00.js", "broken"),
        make_item("p5", lang="e\x00"),
        make_item(""),
        make_item("x" * 501),
        naive,
        make_item("p4"),
    )
    assert [fault.why for fault in report.faults] == [
        "broken", "its language holds a character that cannot be stored", "it has no id",
        "its id is longer than 500 characters", "one of its times has no zone",
    ]  # fmt: skip
    assert [item.native_id for item in Item.objects.all()] == ["p4"]
    assert len(Capture.objects.get().faults) == 5


def test_a_medium_that_cannot_be_read_is_missing_with_its_reason() -> None:
    def fails():
        raise OSError("checksum")

    channel = make_channel()
    report = store(channel, make_item("p1", media=(MediaFile("a.png", "image/png", open=fails),)))
    assert report.missing == ["p1: a.png: could not be read: checksum"]
    assert Media.objects.get().missing == "could not be read: checksum"
    assert store(channel, make_item("p1", media=(medium(alt=""),))).stored == 1


def test_a_large_payload_is_a_blob() -> None:
    raw = json.dumps({"text": "x" * 100_000}).encode()
    store(make_channel(), make_item("p1", raw=raw))
    version = Version.objects.get()
    assert (version.raw_packing, version.raw) == ("blob", None)
    assert queries.raw_of(version) == raw


def test_an_import_keeps_its_files_and_a_second_run_leaves_no_trace(tmp_path) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(b"PK...")
    info = archive.SourceInfo(
        "archive.zip", "x-archive", 5, sha256(b"PK...").hexdigest(), (("data/tweets.js", 3, "ab" * 32),), path
    )
    channel = make_channel()
    items = [make_item(f"p{n}", f"post {n}", route=Route.OWNER_EXPORT) for n in range(450)]
    seen: list[int] = []
    report = store(channel, *items, route=Route.OWNER_EXPORT, sources=(info,), progress=seen.append)
    assert (report.stored, Leaf.objects.filter(kind="version").count()) == (450, 450)
    assert seen == [200, 400, 450]
    entry = Entry.objects.get()
    assert (entry.kind, entry.body["sources"]) == ("archive.import-stored.v1", [info.sha256])
    source = Source.objects.get()
    assert queries.blobs().read(source.sha256) == b"PK..."
    assert queries.blobs().read(source.manifest) == b"ab" * 32 + b" 3 data/tweets.js\n"
    before = everything()
    again = store(channel, *items, route=Route.OWNER_EXPORT, sources=(info,), now=NOW + minutes(1))
    assert (again.stored, again.unchanged) == (0, 450)
    assert everything() == before


def test_a_file_that_changes_while_it_is_read_stores_nothing(tmp_path) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(b"PK-other")
    info = archive.SourceInfo("archive.zip", "x-archive", 5, "ab" * 32, (), path)
    with pytest.raises(SourceChanged):
        store(make_channel(), make_item(), sources=(info,))
    assert (Item.objects.count(), Source.objects.count(), Capture.objects.count()) == (0, 0, 0)


def test_an_error_midway_stores_nothing_at_all() -> None:
    def items():
        yield from (make_item(f"p{n}", f"post {n}") for n in range(250))
        raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        archive.store_batch(channel=make_channel(), items=items(), route=Route.API, actor="system", now=NOW)
    assert (Item.objects.count(), Version.objects.count(), Entry.objects.count()) == (0, 0, 0)
    assert queries.search_for(SearchQuery()).count() == 0


def page(*items, cursor="c1", **fields) -> CapturePage:
    values = {"window_from": PUBLISHED, "window_to": NOW, "container": b"{...}", "container_type": "application/json"}
    return CapturePage(items=tuple(items), cursor=cursor, **(values | fields))


def test_a_page_and_its_cursor_are_stored_together() -> None:
    channel = make_channel()
    assert queries.capture_cursor(channel) is None
    archive.store_page(channel=channel, page=page(make_item()), route=Route.API, actor="system", now=NOW)
    assert queries.capture_cursor(channel) == "c1"
    assert LocalBlobs(settings.BLOBS_FOLDER).read(Capture.objects.get().container) == b"{...}"
    same = page(make_item(), container=b"{... later}")
    archive.store_page(channel=channel, page=same, route=Route.API, actor="system", now=NOW)
    assert len(list(LocalBlobs(settings.BLOBS_FOLDER).digests())) == 1, "pages that show nothing new are not kept"

    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        archive.store_page(
            channel=channel,
            page=page(make_item("p2", "other", media=(MediaFile("x", "image/png", open=broken),)), cursor="c2"),
            route=Route.API, actor="system", now=NOW,
        )  # fmt: skip
    assert (CaptureCursor.objects.get().cursor, Item.objects.count()) == ("c1", 1)


def test_a_gap_opens_a_duty_at_once_and_closing_it_closes_the_duty() -> None:
    channel = make_channel()
    gap = archive.open_gap(channel=channel, cause=Cause.LOST_TOKEN, from_at=NOW - minutes(30), actor="system", now=NOW)
    duty = Duty.objects.get(public_id=gap.duty)
    assert (duty.owner_role, duty.due_at, duty.subject) == (
        "social_media_coordinator", NOW + timedelta(minutes=15), gap.public_id,
    )  # fmt: skip
    entries = Entry.objects.count()
    later = archive.open_gap(
        channel=channel, cause=Cause.LOST_TOKEN, from_at=NOW - minutes(10), actor="system", now=NOW + minutes(5)
    )
    assert (later.pk, later.from_at, Entry.objects.count()) == (gap.pk, NOW - minutes(30), entries)
    assert not queries.coverage([channel])[0].is_whole

    with pytest.raises(Refused, match="what filled or explains"):
        archive.close_gap(gap_id=gap.public_id, because=" ", actor="system", now=NOW + minutes(9))
    closed = archive.close_gap(gap_id=gap.public_id, because="Connected again", actor="system", now=NOW + minutes(9))
    assert closed.to_at == NOW + minutes(9)
    assert Duty.objects.get().closed_at is not None
    with pytest.raises(Refused, match="closed already"):
        archive.close_gap(gap_id=gap.public_id, because="Again", actor="system", now=NOW + minutes(10))
    assert list(queries.gaps_between([channel], NOW - minutes(5), NOW)) == [closed]
    assert not queries.gaps_between([channel], NOW + minutes(9), None)
    assert not queries.gaps_between([channel], None, NOW - minutes(30))


def test_a_stretch_the_platform_lost_is_a_gap() -> None:
    channel = make_channel()
    lost = Lost("the stream keeps 72 hours", NOW - minutes(600), NOW - minutes(5))
    archive.store_page(channel=channel, page=page(make_item(), lost=lost), route=Route.API, actor="system", now=NOW)
    assert (Gap.objects.get().cause, Gap.objects.get().to_at) == ("stream_lost", NOW - minutes(5))


@pytest.mark.parametrize(
    ("from_at", "to_at", "says"),
    [(NOW, NOW - minutes(1), "ends before"), (NOW + minutes(1), None, "in the future")],
)
def test_a_gap_that_cannot_be_is_refused(from_at, to_at, says) -> None:
    with pytest.raises(Refused, match=says):
        archive.open_gap(
            channel=make_channel(), cause=Cause.RATE_LIMITED, from_at=from_at, to_at=to_at, actor="system", now=NOW
        )


def test_a_thread_is_its_root_and_all_that_stand_under_it() -> None:
    channel = make_channel()
    store(
        channel,
        make_item("root"),
        make_item("a", "first", parent_id="root", root_id="root", published_at=PUBLISHED + minutes(1)),
        make_item("b", "deep", parent_id="a", root_id="root", published_at=PUBLISHED + minutes(2)),
        make_item("other", "elsewhere"),
    )
    for native_id in ("root", "a", "b"):
        item = Item.objects.get(native_id=native_id)
        assert [one.native_id for one in queries.thread_of(item)] == ["root", "a", "b"]


def test_the_database_itself_refuses_a_second_item_with_the_same_id() -> None:
    channel = make_channel()
    store(channel, make_item())
    item = Item.objects.get()
    item.pk, item.public_id = None, "itm-other"
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)
