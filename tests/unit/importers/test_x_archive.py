"""Archives of X: what becomes which Item, what is matched, what is told as missing, doubled or broken."""

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
    OWNER,
    OWNER_ID,
    OWNER_NAME,
    PNG,
    XArchive,
    conversation,
    film,
    mastodon_members,
    message,
    note,
    photo,
    tweet,
    write_zip,
    x_date,
    x_id,
    ytd,
)


def read(*paths: Path, kind: str | None = None) -> tuple[list[Item], list[Fault], Export]:
    with detect(paths, kind) as export:
        things = list(export.read())
        items = [one for one in things if isinstance(one, Item)]
        for item in items:
            for medium in item.media:
                if medium.open:
                    with medium.open() as stream:
                        assert stream.read()
    return items, [one for one in things if isinstance(one, Fault)], export


def one_item(tmp_path: Path, **fields: Any) -> Item:
    archive = XArchive(**fields)
    (item,), faults, export = read(archive.write(tmp_path / "x.zip"))
    assert faults == []
    assert export.missing == []
    return item


def test_a_post_becomes_an_item_with_its_own_bytes(tmp_path: Path) -> None:
    item = one_item(tmp_path, tweets=[tweet(1)])
    assert item.platform == "x"
    assert item.kind is Kind.POST
    assert item.native_id == item.version_key == x_id(1)
    assert item.text == "Notice 1: the bridge on Main Street is open again"
    assert read_value(item.raw) == (tweet(1), "")
    assert item.raw in XArchive(tweets=[tweet(1)]).members()["data/tweets.js"]
    assert item.route is Route.OWNER_EXPORT
    assert (item.author_id, item.author_handle, item.author_name) == (OWNER_ID, OWNER, OWNER_NAME)
    assert item.url == f"https://x.com/{OWNER}/status/{x_id(1)}"
    assert item.published_at == datetime(2023, 1, 1, 12, 1, tzinfo=UTC)
    assert (item.access, item.visibility, item.seen) == (Access.OPEN, Visibility.PUBLIC, Seen.PRESENT)
    assert item.extra == {"client": "Twitter Web App"}
    assert item.lang == "en"


@pytest.mark.parametrize(
    ("fields", "kind", "told"),
    [
        ({"in_reply_to_status_id_str": "5", "in_reply_to_screen_name": "resident"}, Kind.COMMENT, ("5", "")),
        # The body's own thread: still a reply, to itself.
        ({"in_reply_to_status_id_str": "6", "in_reply_to_screen_name": OWNER}, Kind.COMMENT, ("6", "")),
        ({"full_text": "RT @county: Roads are icy…"}, Kind.SHARE, ("", "")),
        ({"full_text": "About RT @county: well"}, Kind.POST, ("", "")),
        (
            {"entities": {"urls": [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/a/status/77"}]}},
            Kind.POST,
            ("", "77"),
        ),
    ],
)
def test_replies_reposts_and_quotations_are_told_apart(
    tmp_path: Path, fields: dict[str, Any], kind: Kind, told: tuple[str, str]
) -> None:
    item = one_item(tmp_path, tweets=[tweet(1, **fields)])
    assert item.kind is kind
    assert (item.parent_id, item.quoted_id) == told
    if kind is Kind.SHARE:
        assert item.extra["shared_handle"] == "county"


def test_the_text_is_unescaped_and_its_addresses_expanded_while_the_raw_bytes_stay(tmp_path: Path) -> None:
    text = "Fees &amp; &lt;fines&gt; &amp;copy; https://t.co/abc and https://t.co/pic1"
    urls = [{"url": "https://t.co/abc", "expanded_url": "https://example.org/fees?a=1&b=2"}]
    item = one_item(
        tmp_path,
        tweets=[tweet(1, text, entities={"urls": urls}, extended_entities={"media": [photo(1, "a.png")]})],
        media={f"data/tweets_media/{x_id(1)}-a.png": PNG},
    )
    assert item.text == (
        "Fees & <fines> &copy; https://example.org/fees?a=1&b=2 and "
        f"https://twitter.com/{OWNER}/status/{x_id(1)}/photo/1"
    )
    assert b"&amp;copy; https://t.co/abc" in item.raw


def test_a_text_cut_inside_a_pair_of_surrogates_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    path.write_bytes(ytd("tweets", [tweet(1, "SMILE")]).replace(b"SMILE", rb"half \ud83d"))
    (item,), faults, _ = read(path)
    assert (item.text, faults) == ("half \ufffd", [])


@pytest.mark.parametrize(
    ("media", "stored", "name", "mime"),
    [
        (photo(1, "a.jpg"), "data/tweets_media/{id}-a.jpg", "a.jpg", "image/jpeg"),
        (photo(1, "a.jpg"), "data/tweet_media/{id}-a.jpg", "a.jpg", "image/jpeg"),
        (film(1, (832, "low.mp4"), (2176, "high.mp4")), "data/tweets_media/{id}-high.mp4", "high.mp4", "video/mp4"),
        # The best is not there, the next is.
        (film(1, (832, "low.mp4"), (2176, "high.mp4")), "data/tweets_media/{id}-low.mp4", "low.mp4", "video/mp4"),
    ],
)
def test_media_are_found_by_the_posts_id(
    tmp_path: Path, media: dict[str, Any], stored: str, name: str, mime: str
) -> None:
    item = one_item(
        tmp_path,
        tweets=[tweet(1, extended_entities={"media": [media]})],
        media={stored.format(id=x_id(1)): PNG},
    )
    (medium,) = item.media
    assert (medium.name, medium.mime, medium.missing) == (f"{x_id(1)}-{name}", mime, "")


def test_media_named_and_absent_are_told(tmp_path: Path) -> None:
    archive = XArchive(tweets=[tweet(1, extended_entities={"media": [photo(1, "a.jpg")]})])
    (item,), faults, export = read(archive.write(tmp_path / "x.zip"))
    assert faults == []
    assert item.media[0].missing == "not in the export"
    assert item.media[0].open is None
    assert item.media[0].url == "https://pbs.twimg.com/media/a.jpg"
    assert export.missing == [f"tweets_media/{x_id(1)}-a.jpg: named by {x_id(1)}, not in the export"]


def test_deleted_posts_are_read_as_gone_with_their_instant(tmp_path: Path) -> None:
    gone = tweet(2, deleted_at="Sat Feb 18 12:33:11 +0000 2023", extended_entities={"media": [photo(2, "b.png")]})
    archive = XArchive(tweets=[], deleted=[gone], media={f"data/deleted_tweets_media/{x_id(2)}-b.png": PNG})
    (item,), faults, export = read(archive.write(tmp_path / "x.zip"))
    assert (faults, export.missing) == ([], [])
    assert item.seen is Seen.GONE
    assert item.deleted_at == datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)
    assert not item.media[0].missing


def test_an_edited_post_is_one_item_with_versions_oldest_first(tmp_path: Path) -> None:
    ids = [x_id(1), x_id(2), x_id(3)]
    first = tweet(1, "The bridge is closd", edit_info={"initial": {"editTweetIds": ids}})
    later = [
        tweet(
            number,
            text,
            edit_info={"edit": {"initialTweetId": ids[0], "editControlInitial": {"editTweetIds": ids}}},
        )
        for number, text in ((2, "The bridge is closed"), (3, "The bridge is open"))
    ]
    archive = XArchive(tweets=[later[1], tweet(9), later[0], first])
    items, faults, export = read(archive.write(tmp_path / "x.zip"))
    assert (faults, export.missing) == ([], [])
    chain = [item for item in items if item.native_id == ids[0]]
    assert [item.version_key for item in chain] == ids
    assert [item.text for item in chain] == ["The bridge is closd", "The bridge is closed", "The bridge is open"]
    assert [item.seen for item in chain] == [Seen.PRESENT, Seen.EDITED, Seen.EDITED]
    assert {item.published_at for item in chain} == {datetime(2023, 1, 1, 12, 1, tzinfo=UTC)}
    assert [item.edited_at and item.edited_at.minute for item in chain] == [None, 2, 3]


def test_a_version_that_the_export_lacks_is_told_once(tmp_path: Path) -> None:
    ids = [x_id(1), x_id(2), x_id(3)]
    info = {"edit": {"initialTweetId": ids[0], "editControlInitial": {"editTweetIds": ids}}}
    archive = XArchive(tweets=[tweet(3, edit_info=info), tweet(2, edit_info=info)])
    items, _, export = read(archive.write(tmp_path / "x.zip"))
    assert [item.native_id for item in items] == [ids[0], ids[0]]
    assert len(export.missing) == 1
    assert f"version {ids[0]} of post {ids[0]} is not in the export" in export.missing[0]


LONG = "The council met on Tuesday and decided, after hearing eleven residents, that the bridge on Main Street " * 4


@pytest.mark.parametrize("with_id", [True, False])
@pytest.mark.parametrize("new_shape", [True, False])
def test_long_texts_are_matched_to_their_posts(tmp_path: Path, with_id: bool, new_shape: bool) -> None:
    item = one_item(
        tmp_path,
        tweets=[tweet(1, LONG[:270] + "… https://t.co/self")],
        notes=[note(1, LONG, with_id=with_id, new_shape=new_shape)],
    )
    assert item.text == LONG
    assert item.media[-1].name == "note-tweet.json"
    assert item.media[-1].open is not None
    with item.media[-1].open() as stream:
        assert read_value(stream.read())[0] == note(1, LONG, with_id=with_id, new_shape=new_shape)


def test_an_escaped_long_text_is_unescaped_only_where_its_post_shows_it(tmp_path: Path) -> None:
    item = one_item(
        tmp_path,
        tweets=[tweet(1, "Parks &amp; roads: the plan for the year… https://t.co/self")],
        notes=[note(1, "Parks &amp; roads: the plan for the year is out", with_id=False)],
    )
    assert item.text == "Parks & roads: the plan for the year is out"


def test_a_long_text_is_not_given_to_another_post_of_the_same_second(tmp_path: Path) -> None:
    archive = XArchive(tweets=[tweet(1, "Something else")], notes=[note(1, LONG, with_id=False)])
    items, faults, export = read(archive.write(tmp_path / "x.zip"))
    assert faults == []
    assert [item.text for item in items] == ["Something else", LONG]
    assert items[1].native_id == "note/7000001"
    assert items[1].id_is_derived
    assert "kept as its own post" in export.missing[0]


def test_community_posts_are_read(tmp_path: Path) -> None:
    item = one_item(tmp_path, tweets=[], community=[tweet(4, community_id="55")])
    assert item.extra["community_id"] == "55"


def test_direct_messages_are_restricted_and_keep_their_conversation(tmp_path: Path) -> None:
    archive = XArchive(
        tweets=[],
        messages=[
            conversation(
                "1-2",
                message(
                    1, "How do I appeal? https://t.co/x", urls=[{"url": "https://t.co/x", "expanded": "https://e.org"}]
                ),
            ),
            conversation("1-3"),
            conversation(
                "1-4",
                message(2, "See &amp; read", sender=OWNER_ID, mediaUrls=["https://ton.twitter.com/dm/1/2/map.png"]),
            ),
        ],
        group_messages=[
            conversation(
                "900",
                message(3, edited=True, editHistory=[{"editedText": "a"}]),
                {"joinConversation": {"initiatingUserId": "7", "createdAt": "2023-01-01T12:00:00.000Z"}},
            ),
        ],
        media={f"data/direct_messages_media/{x_id(2)}-map.png": PNG},
    )
    items, faults, export = read(archive.write(tmp_path / "x.zip"))
    assert (faults, export.missing) == ([], [])
    assert {(item.kind, item.access, item.visibility) for item in items} == {
        (Kind.MESSAGE, Access.RESTRICTED, Visibility.DIRECT)
    }
    assert [item.root_id for item in items] == ["1-2", "1-4", "900", "900"]
    assert items[0].text == "How do I appeal? https://e.org"
    assert (items[0].author_id, items[0].author_handle) == ("99", "")
    assert (items[1].text, items[1].author_handle) == ("See & read", OWNER)
    assert not items[1].media[0].missing
    assert items[2].seen is Seen.EDITED
    assert items[3].extra == {"event": "joinConversation"}
    assert items[3].id_is_derived
    assert export.recognised == {"message": 4}


def test_encrypted_chats_are_told_to_exist(tmp_path: Path) -> None:
    _, faults, export = read(XArchive(encrypted=12).write(tmp_path / "x.zip"))
    assert faults == []
    assert export.missing == ["data/message-event.js: 12 events of encrypted chats exist and cannot be read"]


def test_the_handle_is_the_one_of_the_time(tmp_path: Path) -> None:
    archive = XArchive(tweets=[tweet(1), tweet(10)], handle_changes=[("2023-01-01T12:05:00.000Z", "SampleCity", OWNER)])
    items, _, _ = read(archive.write(tmp_path / "x.zip"))
    assert [item.author_handle for item in items] == ["SampleCity", OWNER]
    assert items[0].url == f"https://x.com/SampleCity/status/{x_id(1)}"


def test_account_data_is_ignored_and_listed(tmp_path: Path) -> None:
    _, _, export = read(XArchive(media={"data/tweets_media/1-a.png": PNG}).write(tmp_path / "x.zip"))
    assert export.recognised == {"post": 2}
    assert export.ignored == [
        "data/account.js: read for the handle only",
        "data/ip-audit.js: account data, not imported",
        "data/like.js: account data, not imported",
        "data/screen-name-change.js: read for the handle only",
        "Your archive.html: 1 file, not part of the record",
        "assets/js: 1 file, not part of the record",
        "data/tweets_media: 1 file, media that no post or message names",
    ]


def test_the_manifests_counts_and_files_are_checked(tmp_path: Path) -> None:
    archive = XArchive(announced={"tweets": 5}, deleted=[tweet(3, deleted_at=x_date(4))], partial=True)
    members = archive.members()
    del members["data/deleted-tweets.js"]
    _, faults, export = read(write_zip(tmp_path / "x.zip", members))
    assert faults == []
    assert sorted(export.missing) == sorted(
        [
            f"data/deleted-tweet-headers.js: post {x_id(3)} (written {x_date(3)}, deleted 2023-01-01T12:04:00+00:00) "
            "is not in deleted-tweets",
            "data/manifest.js: the platform marked this archive as partial",
            "data/deleted-tweets.js: announced with 1 entries, not in the export",
            "data/tweets.js: announced with 5 entries, 2 could be read",
        ]
    )


@pytest.mark.parametrize("name", ["m.zip", "letter.pdf", "media.zip"])
def test_what_holds_no_list_of_an_archive_is_refused_by_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    members = {"m.zip": mastodon_members([]), "media.zip": {f"data/tweets_media/{x_id(1)}-p.png": PNG}}
    path.write_bytes(b"%PDF-1.7 words")
    if name in members:
        write_zip(path, members[name])
    with pytest.raises(InvalidInput, match=f"{name}: holds none of an X archive's lists"):
        detect([path], "x")


def test_an_archive_in_parts_is_one_export(tmp_path: Path) -> None:
    archive = XArchive(
        tweets=[tweet(1, extended_entities={"media": [photo(1, "a.png")]})], announced={"tweet-headers": 2}
    )
    members = archive.members()
    del members["data/tweet-headers.js"]
    first = write_zip(tmp_path / "part-1.zip", members)
    second = write_zip(
        tmp_path / "part-2.zip",
        {
            "data/tweets-part1.js": ytd("tweets", [tweet(2)], part=1),
            "data/tweet-headers.js": ytd(
                "tweet_headers", [{"tweet": {"tweet_id": x_id(number), "user_id": OWNER_ID}} for number in (1, 2)]
            ),
        },
    )
    third = write_zip(tmp_path / "part-3.zip", {f"data/tweets_media/{x_id(1)}-a.png": PNG})
    items, faults, export = read(first, second, third)
    assert (faults, export.missing) == ([], [])
    assert [item.native_id for item in items] == [x_id(1), x_id(2)]
    assert not items[0].media[0].missing
    assert [source.name for source in export.sources] == ["part-1.zip", "part-2.zip", "part-3.zip"]


def test_two_exports_of_one_owner_are_read_as_one(tmp_path: Path) -> None:
    older = XArchive(tweets=[tweet(1), tweet(2)], notes=[note(1, "Notice 1: long")])
    newer = XArchive(tweets=[tweet(1), tweet(2, favorite_count="9"), tweet(3)], notes=[note(1, "Notice 1: long")])
    items, faults, export = read(older.write(tmp_path / "a.zip"), newer.write(tmp_path / "b.zip"))
    assert (faults, export.missing) == ([], [])
    assert [item.native_id for item in items] == [x_id(1), x_id(2), x_id(2), x_id(3)]


def test_archives_of_different_owners_are_not_mixed(tmp_path: Path) -> None:
    first = XArchive().write(tmp_path / "a.zip")
    second = XArchive(owner_id="7").write(tmp_path / "b.zip")
    with pytest.raises(InvalidInput, match="import them one by one"):
        detect([first, second])


@pytest.mark.parametrize(
    "name", ["data/tweet.js", "tweet.js", "twitter-2019-01-01/data/tweet.js", "twitter-2019-01-01/tweet.js"]
)
def test_older_layouts_are_read(tmp_path: Path, name: str) -> None:
    folder = name.rpartition("/")[0]
    media = f"{folder}/tweet_media/" if folder else "tweet_media/"
    members = {
        name: ytd("tweet", [tweet(1, extended_entities={"media": [photo(1, "a.jpg")]})["tweet"]]),
        f"{media}{x_id(1)}-a.jpg": PNG,
    }
    (item,), faults, export = read(write_zip(tmp_path / "x.zip", members))
    assert (faults, export.missing) == ([], [])
    assert item.native_id == x_id(1)
    assert not item.media[0].missing
    assert (item.author_handle, item.url) == ("", f"https://x.com/i/web/status/{x_id(1)}")


def test_one_data_file_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    path.write_bytes(ytd("tweets", [tweet(1)]))
    items, faults, export = read(path)
    assert export.kind == "x"
    assert (len(items), faults) == (1, [])


def test_a_broken_element_is_told_with_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    members = XArchive(tweets=[tweet(1), tweet(2), tweet(3)]).members()
    content = members["data/tweets.js"].replace(f'"id" : "{x_id(2)}"'.encode(), b'"id" : ')
    members["data/tweets.js"] = content
    items, faults, export = read(write_zip(tmp_path / "x.zip", members))
    assert [item.native_id for item in items] == [x_id(1), x_id(3)]
    assert len(faults) == 1
    assert faults[0].where.startswith("data/tweets.js, element 2 (bytes ")
    assert faults[0].why.startswith("broken JSON at byte ")
    assert "data/tweets.js: announced with 3 entries, 2 could be read" in export.missing
    assert any(x_id(2) in one for one in export.missing)


def test_a_list_cut_off_inside_the_zip_keeps_what_came_before(tmp_path: Path) -> None:
    members = XArchive(tweets=[tweet(1), tweet(2)], deleted=[tweet(3, deleted_at=x_date(4))]).members()
    members["data/tweets.js"] = members["data/tweets.js"][:-100]
    items, faults, _ = read(write_zip(tmp_path / "x.zip", members))
    assert [item.native_id for item in items] == [x_id(1), x_id(3)]
    assert "the rest of this file was not read" in faults[0].why


def test_a_cut_off_conversation_list_is_told(tmp_path: Path) -> None:
    members = XArchive(tweets=[], messages=[conversation("1-2", message(1)), conversation("1-3")]).members()
    members["data/direct-messages.js"] = members["data/direct-messages.js"].rpartition(b'"messages"')[0]
    items, faults, _ = read(write_zip(tmp_path / "x.zip", members))
    assert len(items) == 1
    assert faults == [Fault("data/direct-messages.js", "is cut off: it does not end as a complete file does")]


def test_a_broken_message_does_not_move_others_into_its_conversation(tmp_path: Path) -> None:
    members = XArchive(
        tweets=[],
        messages=[conversation("1-2", message(1, "BROKEN")), conversation("1-3", message(2), message(3))],
    ).members()
    broken = members["data/direct-messages.js"].replace(b'"BROKEN"', b'"BROKEN')
    members["data/direct-messages.js"] = broken
    items, faults, _ = read(write_zip(tmp_path / "x.zip", members))
    assert faults
    assert [(item.native_id, item.root_id) for item in items] == [(x_id(3), "1-3")]


def test_a_damaged_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", XArchive(deleted=[tweet(3, deleted_at=x_date(4))]).members())
    content = bytearray(path.read_bytes())
    at = content.index(b"data/tweets.js") + len(b"data/tweets.js") + 40
    content[at] ^= 0xFF
    path.write_bytes(content)
    items, faults, export = read(path)
    assert [item.native_id for item in items] == [x_id(3)]
    assert [fault.where for fault in faults] == ["data/tweets.js"]
    assert "damaged" in faults[0].why
    assert {member.name: member.sha256 for member in export.sources[0].members}["data/tweets.js"] == ""


def test_a_post_that_occurs_twice_is_told_and_stored_once_unless_it_differs(tmp_path: Path) -> None:
    archive = XArchive(tweets=[tweet(1), tweet(1), tweet(1, "Another text")])
    items, faults, _ = read(archive.write(tmp_path / "x.zip"))
    assert [item.text[:7] for item in items] == ["Notice ", "Another"]
    assert [fault.where.partition(" (")[0] for fault in faults] == [
        "data/tweets.js, element 2",
        "data/tweets.js, element 3",
    ]
    assert "the same again, left out" in faults[0].why
    assert "different, kept as a version" in faults[1].why


@pytest.mark.parametrize(
    "date",
    [
        "Sat Feb 18 12:33:11 +0000 0000",
        "Sat Feb 18 12:33:11 +0000 99999",
        "Sat Feb 18 12:33:11 +0000 9999",
        "Sat Feb 31 12:33:11 +0000 2023",
        "-0001-01-01T00:00:00Z",
        "1830-01-01T00:00:00Z",
        "yesterday",
        -5,
    ],
)
def test_a_date_out_of_range_is_a_fault_that_names_it(tmp_path: Path, date: object) -> None:
    items, faults, _ = read(XArchive(tweets=[tweet(1, created_at=date), tweet(2)]).write(tmp_path / "x.zip"))
    assert [item.native_id for item in items] == [x_id(2)]
    assert len(faults) == 1
    assert repr(date) in faults[0].why
    assert x_id(1) in faults[0].why


def test_a_missing_date_is_taken_from_the_id(tmp_path: Path) -> None:
    archive = XArchive(tweets=[tweet(5)])
    del archive.tweets[0]["tweet"]["created_at"]
    path = tmp_path / "tweets.js"
    path.write_bytes(ytd("tweets", archive.tweets))
    (item,), _, _ = read(path)
    assert item.published_at == datetime(2023, 1, 1, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "element",
    [7, "words", [1], None, {}, {"tweet": 5}, {"tweet": {}}, {"tweet": {"id_str": "x"}}, {"tweet": {"id": "9" * 30}}],
)
def test_an_element_that_is_no_post_is_a_fault(tmp_path: Path, element: object) -> None:
    path = tmp_path / "tweets.js"
    path.write_bytes(ytd("tweets", [tweet(1), element, tweet(2)]))
    items, faults, _ = read(path)
    assert len(items) == 2
    assert len(faults) == 1
    assert faults[0].where.startswith("tweets.js, element 2")


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    path = XArchive(tweets=[tweet(1, extended_entities={"media": [photo(1, "a.jpg")]})]).write(tmp_path / "x.zip")
    with detect([path]) as export:
        first = list(export.read()), dict(export.recognised), list(export.missing), list(export.ignored)
        again = list(export.read()), dict(export.recognised), list(export.missing), list(export.ignored)
    assert first == again


anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.just([])
    | st.just({})
    | st.just([{}])
    | st.just([[1]])
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in pairs for place in places(one, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: replaced(one, path[1:], new) if key == path[0] else one for key, one in value.items()}
    return [replaced(one, path[1:], new) if key == path[0] else one for key, one in enumerate(value)]


SHAPES: dict[str, Any] = {
    "tweets": tweet(
        1,
        "Bridge https://t.co/a",
        entities={"urls": [{"url": "https://t.co/a", "expanded_url": "https://e.org"}]},
        extended_entities={"media": [film(1, (1, "a.mp4"))]},
        edit_info={"edit": {"initialTweetId": "5", "editControlInitial": {"editTweetIds": ["5", "6"]}}},
        in_reply_to_status_id_str="4",
        withheld_in_countries=["XX"],
    ),
    "deleted": tweet(2, deleted_at=x_date(3)),
    "notes": note(3, LONG, new_shape=True),
    "messages": conversation(
        "1-2",
        message(4, urls=[{"url": "a", "expanded": "b"}], mediaUrls=["https://e.org/a.png"], editHistory=[{"a": 1}]),
        {"conversationNameUpdate": {"name": "New", "initiatingUserId": "7", "createdAt": "2023-01-01T12:00:00.000Z"}},
    ),
}


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_any_place_is_an_item_or_a_fault_and_never_stops_the_import(
    tmp_path: Path, data: st.DataObject
) -> None:
    family = data.draw(st.sampled_from(sorted(SHAPES)))
    place = data.draw(st.sampled_from(places(SHAPES[family])))
    changed = replaced(SHAPES[family], place, data.draw(anything))
    archive = XArchive(tweets=[tweet(8)])
    members = archive.members()
    file = {"tweets": "tweets", "deleted": "deleted-tweets", "notes": "note-tweet", "messages": "direct-messages"}[
        family
    ]
    members[f"data/{file}.js"] = ytd("x", [SHAPES[family], changed])
    items, _, _ = read(write_zip(tmp_path / "x.zip", members))
    assert items


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_the_manifest_or_the_handles_never_stops_the_import(tmp_path: Path, data: st.DataObject) -> None:
    members = XArchive(handle_changes=[("2023-01-01T12:05:00.000Z", "SampleCity", OWNER)]).members()
    name = data.draw(st.sampled_from(["data/manifest.js", "data/account.js", "data/screen-name-change.js"]))
    value, _ = read_value(members[name][members[name].index(b"{" if "manifest" in name else b"[") :])
    value = replaced(value, data.draw(st.sampled_from(places(value))), data.draw(anything))
    members[name] = ytd("x", value) if isinstance(value, list) else ytd("x", [value])
    items, _, _ = read(write_zip(tmp_path / "x.zip", members))
    assert len(items) == 2
