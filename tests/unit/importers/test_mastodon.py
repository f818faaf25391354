"""Exports of Mastodon: what becomes which Item, who could see it, what is missing, and broken outboxes."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.importers import Export, detect
from rostrum.importers.splitting import read_value
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Access, Fault, Item, Kind, Route, Seen, Visibility
from tests.simulators.exports import (
    ACTOR,
    FOLLOWERS,
    HOST,
    PNG,
    PUBLIC,
    XArchive,
    activity,
    announce,
    attachment,
    mastodon_members,
    note_id,
    write_tar_gz,
    write_zip,
)
from tests.unit.importers.test_x_archive import anything, places, replaced


def read(*paths: Path, kind: str | None = None) -> tuple[list[Item], list[Fault], Export]:
    with detect(paths, kind) as export:
        things = list(export.read())
        for item in (one for one in things if isinstance(one, Item)):
            for medium in item.media:
                if medium.open:
                    with medium.open() as stream:
                        assert stream.read() == PNG
    return [t for t in things if isinstance(t, Item)], [t for t in things if isinstance(t, Fault)], export


def one_item(tmp_path: Path, one: dict[str, Any], media: dict[str, bytes] | None = None) -> Item:
    (item,), faults, export = read(write_tar_gz(tmp_path / "archive.tar.gz", mastodon_members([one], media)))
    assert faults == []
    assert export.missing == []
    return item


def test_a_note_becomes_an_item_with_its_own_bytes(tmp_path: Path) -> None:
    item = one_item(tmp_path, activity(1))
    assert (item.platform, item.kind, item.route) == ("mastodon", Kind.POST, Route.OWNER_EXPORT)
    assert item.native_id == note_id(1)
    assert item.text == "The library opens at nine"
    assert read_value(item.raw) == (activity(1), "")
    assert item.url == f"{HOST}/@city/109000000000000001"
    assert (item.author_id, item.author_handle, item.author_name) == (ACTOR, "city@social.example", "City of Sample")
    assert item.published_at == datetime(2023, 1, 1, 12, 1, tzinfo=UTC)
    assert (item.lang, item.seen, item.edited_at) == ("en", Seen.PRESENT, None)
    assert item.extra == {"status_id": "109000000000000001"}
    assert item.root_id.startswith("tag:social.example")


@pytest.mark.parametrize(
    ("to", "cc", "visibility", "kind", "access"),
    [
        ([PUBLIC], [FOLLOWERS], Visibility.PUBLIC, Kind.POST, Access.OPEN),
        (["as:Public"], [], Visibility.PUBLIC, Kind.POST, Access.OPEN),
        (PUBLIC, FOLLOWERS, Visibility.PUBLIC, Kind.POST, Access.OPEN),
        ([FOLLOWERS], [PUBLIC], Visibility.UNLISTED, Kind.POST, Access.OPEN),
        ([FOLLOWERS], [], Visibility.FOLLOWERS, Kind.POST, Access.OPEN),
        (["https://a.example/users/b"], [], Visibility.DIRECT, Kind.MESSAGE, Access.RESTRICTED),
        ([], [], Visibility.DIRECT, Kind.MESSAGE, Access.RESTRICTED),
        (None, None, Visibility.DIRECT, Kind.MESSAGE, Access.RESTRICTED),
    ],
)
def test_visibility_comes_from_the_addressees(
    tmp_path: Path, to: object, cc: object, visibility: Visibility, kind: Kind, access: Access
) -> None:
    item = one_item(tmp_path, activity(1, to=to, cc=cc))
    assert (item.visibility, item.kind, item.access) == (visibility, kind, access)


def test_a_reply_is_a_comment_and_a_share_points_to_what_it_shares(tmp_path: Path) -> None:
    parent = "https://other.example/users/resident/statuses/4"
    path = write_tar_gz(tmp_path / "a.tar.gz", mastodon_members([activity(1, inReplyTo=parent), announce(2)]))
    (reply, share), faults, export = read(path)
    assert faults == []
    assert (reply.kind, reply.parent_id) == (Kind.COMMENT, parent)
    assert share.kind is Kind.SHARE
    assert share.native_id == f"{note_id(2)}/activity"
    assert share.quoted_id == share.url == "https://other.example/users/county/statuses/5"
    assert (share.text, share.author_id) == ("", ACTOR)
    assert export.recognised == {"comment": 1, "share": 1}


def test_an_edited_note_says_so(tmp_path: Path) -> None:
    item = one_item(tmp_path, activity(1, updated="2023-01-02T08:00:00Z"))
    assert item.seen is Seen.EDITED
    assert item.edited_at == datetime(2023, 1, 2, 8, 0, tzinfo=UTC)


def test_a_content_warning_and_a_polls_options_are_part_of_the_text(tmp_path: Path) -> None:
    item = one_item(
        tmp_path,
        activity(
            1,
            "<p>Which day?</p>",
            type="Question",
            summary="Survey",
            oneOf=[{"type": "Note", "name": "Monday"}, {"type": "Note", "name": "Friday"}],
        ),
    )
    assert item.text == "Survey\n\nWhich day?\n\n- Monday\n- Friday"
    assert item.extra["content_warning"] == "Survey"
    assert item.extra["poll"] == "one"


@pytest.mark.parametrize("pack", [write_tar_gz, write_zip])
@pytest.mark.parametrize("folder", ["", "archive-20240701/"])
def test_attachments_are_found_below_the_bucket_in_either_packing(tmp_path: Path, pack: Any, folder: str) -> None:
    name = "109/000/1/original/a.png"
    members = mastodon_members([activity(1, attachment=[attachment(name)])], {f"media_attachments/files/{name}": PNG})
    (item,), faults, export = read(pack(tmp_path / "a.bin", {folder + key: value for key, value in members.items()}))
    assert (faults, export.missing) == ([], [])
    (medium,) = item.media
    assert (medium.name, medium.mime, medium.alt) == ("a.png", "image/png", "A heron on the river bank")
    assert medium.open is not None


def test_attachments_that_are_absent_and_files_nobody_names_are_told(tmp_path: Path) -> None:
    members = mastodon_members(
        [activity(1, attachment=[attachment("1/a.png", alt=None)])], {"media_attachments/files/2/b.png": PNG}
    )
    (item,), _, export = read(write_tar_gz(tmp_path / "a.tar.gz", members))
    assert item.media[0].missing == "not in the export"
    assert item.media[0].alt == ""
    assert export.missing == [f"media_attachments/files/1/a.png: named by {note_id(1)}, not in the export"]
    assert export.ignored == [
        "likes.json: account data, not imported",
        "bookmarks.json: account data, not imported",
        "avatar.png: account data, not imported",
        "media_attachments: 1 file, media that no post names",
    ]


def test_the_announced_total_is_never_used_as_a_check(tmp_path: Path) -> None:
    members = mastodon_members([activity(number) for number in range(1, 40)])
    assert json.loads(members["outbox.json"])["totalItems"] == 10
    items, faults, export = read(write_tar_gz(tmp_path / "a.tar.gz", members))
    assert (len(items), faults, export.missing) == (39, [], [])


def test_an_outbox_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "outbox.json"
    path.write_bytes(mastodon_members([activity(1)])["outbox.json"])
    (item,), faults, export = read(path)
    assert (export.kind, faults) == ("mastodon", [])
    assert (item.author_id, item.author_handle) == (ACTOR, "")


def test_an_outbox_under_another_name_is_read_when_told_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "posts-of-2023.json"
    path.write_bytes(mastodon_members([activity(1)])["outbox.json"])
    items, faults, _ = read(path, kind="mastodon")
    assert (len(items), faults) == (1, [])


def test_being_told_the_wrong_kind_is_a_fault_and_imports_nothing(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7 words")
    items, faults, _ = read(path, kind="mastodon")
    assert items == []
    assert faults[0] == Fault("letter.pdf", "holds no list of the kind its name promises")


def test_a_files_name_may_hold_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.tar.gz")
    items, faults, export = read(write_tar_gz(path, mastodon_members([activity(1), activity(1)])))
    assert (len(items), len(faults), export.sources[0].name) == (1, 1, "caf?.tar.gz")


def test_a_zip_of_something_else_is_not_taken_for_an_export_because_somebody_says_so(tmp_path: Path) -> None:
    archive = XArchive().write(tmp_path / "x.zip")
    with pytest.raises(InvalidInput, match=r"x\.zip: holds no outbox\.json"):
        detect([archive], "mastodon")


def test_other_activities_are_counted_as_ignored(tmp_path: Path) -> None:
    likes = [{"type": "Like", "id": str(number), "object": "x"} for number in range(3)]
    items, _, export = read(write_tar_gz(tmp_path / "a.tar.gz", mastodon_members([activity(1), *likes])))
    assert len(items) == 1
    assert "3 activities of the type Like" in export.ignored


def test_notes_that_occur_twice_are_told(tmp_path: Path) -> None:
    path = write_tar_gz(
        tmp_path / "a.tar.gz", mastodon_members([activity(1), activity(1), activity(1, "<p>Other</p>")])
    )
    items, faults, _ = read(path)
    assert [item.text for item in items] == ["The library opens at nine", "Other"]
    assert [fault.where.partition(" (")[0] for fault in faults] == ["outbox.json, element 2", "outbox.json, element 3"]


def test_two_exports_of_different_days_are_read_as_one(tmp_path: Path) -> None:
    older = write_tar_gz(tmp_path / "a.tar.gz", mastodon_members([activity(1)]))
    newer = write_zip(tmp_path / "b.zip", mastodon_members([activity(1), activity(2)]))
    items, faults, _ = read(older, newer)
    assert [item.native_id for item in items] == [note_id(1), note_id(2)]
    assert faults == []


@pytest.mark.parametrize("date", ["0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "-2023-01-01T00:00:00Z", "soon", 7])
def test_a_date_out_of_range_is_a_fault_that_names_it(tmp_path: Path, date: object) -> None:
    path = write_tar_gz(tmp_path / "a.tar.gz", mastodon_members([activity(1, published=date), activity(2)]))
    items, faults, _ = read(path)
    assert [item.native_id for item in items] == [note_id(2)]
    assert repr(date) in faults[0].why
    assert note_id(1) in faults[0].why


def test_a_broken_activity_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    members = mastodon_members([activity(1), activity(2), activity(3)])
    members["outbox.json"] = members["outbox.json"].replace(
        f'"id":"{note_id(2)}","type":"Note"'.encode(), b'"id":"x,"type":"Note"'
    )
    items, faults, _ = read(write_tar_gz(tmp_path / "a.tar.gz", members))
    assert [item.native_id for item in items] == [note_id(1), note_id(3)]
    assert faults[0].where.startswith("outbox.json, element 2 (bytes ")


def test_a_cut_off_outbox_is_told(tmp_path: Path) -> None:
    members = mastodon_members([activity(1), activity(2)])
    members["outbox.json"] = members["outbox.json"][:-1]
    items, faults, _ = read(write_tar_gz(tmp_path / "a.tar.gz", members))
    assert len(items) == 2
    assert faults == [Fault("outbox.json", "is cut off: it does not end as a complete file does")]


@given(st.data())
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_any_place_is_an_item_or_a_fault_and_never_stops_the_import(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = activity(
        1,
        attachment=[attachment("1/a.png")],
        summary="Warning",
        type="Question",
        anyOf=[{"name": "Yes"}],
        inReplyTo="https://e.example/1",
        updated="2023-01-02T00:00:00Z",
    )
    shape = data.draw(st.sampled_from([whole, announce(2)]))
    changed = replaced(shape, data.draw(st.sampled_from(places(shape))), data.draw(anything))
    members = mastodon_members([changed, activity(9)])
    actor = json.loads(members["actor.json"])
    if data.draw(st.booleans()):
        actor = replaced(actor, data.draw(st.sampled_from(places(actor))), data.draw(anything))
        members["actor.json"] = json.dumps(actor).encode()
    items, _, _ = read(write_zip(tmp_path / "m.zip", members))
    assert items[-1].native_id == note_id(9)
