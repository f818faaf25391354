"""The AT Protocol's bytes and names: repositories, keys, facets, frames. Pure; no server."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.connectors.bluesky import names, repository, richtext
from rostrum.connectors.bluesky.cursor import Cursor
from rostrum.connectors.bluesky.identity import Directory
from rostrum.connectors.bluesky.repository import BadRepository
from rostrum.connectors.bluesky.stream import FutureCursor, read_frame, read_instant
from rostrum.connectors.interface import ConnectorError, Trouble
from rostrum.kernel.decisions import InvalidInput

# The specification's own examples of the encoding: integer zero, and a valid key.
ZERO_TID = "2222222222222"


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def cid_of(block: bytes) -> bytes:
    return b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()


def link(cid: bytes) -> bytes:
    return b"\xd8\x2a\x58\x25\x00" + cid


def car_of(*blocks: bytes, root: bytes | None = None) -> bytes:
    """Write a CAR over blocks; the first one is the root."""
    header = b"\xa2" + repository.encode("roots") + b"\x81" + link(root or cid_of(blocks[0]))
    header += repository.encode("version") + b"\x01"
    body = b"".join(varint(36 + len(block)) + cid_of(block) + block for block in blocks)
    return varint(len(header)) + header + body


def node(*entries: tuple[str, bytes], left: bytes | None = None) -> bytes:
    """Write a tree node; keys share prefixes as in real repositories."""
    written, before = b"", b""
    for path, cid in entries:
        key = path.encode()
        shared = next((at for at in range(len(key)) if key[at : at + 1] != before[at : at + 1]), len(key))
        written += b"\xa4" + repository.encode("k") + repository.encode(key[shared:])
        written += repository.encode("p") + repository.encode(shared)
        written += repository.encode("t") + b"\xf6" + repository.encode("v") + link(cid)
        before = key
    entries_field = repository.encode("e") + bytes([0x80 + len(entries)]) + written
    return b"\xa2" + entries_field + repository.encode("l") + (link(left) if left else b"\xf6")


POST = repository.encode({"text": "Hello", "$type": names.POST})
PATHS = [f"app.bsky.feed.post/3k{letter}2222222222" for letter in "abc"]
BELOW = node((PATHS[0], cid_of(POST)))
TOP = node((PATHS[1], cid_of(POST)), (PATHS[2], cid_of(POST)), left=cid_of(BELOW))


def test_a_car_gives_its_blocks_and_records_in_order() -> None:
    car = repository.read_car(car_of(TOP, BELOW, POST))

    assert [path for path, _ in repository.records(car, car.root)] == PATHS
    assert [repository.find_record(car, car.root, path) for path in PATHS] == [cid_of(POST)] * 3
    assert repository.find_record(car, car.root, "app.bsky.feed.post/3kb3333333333") is None
    assert car.blocks[cid_of(POST)] == POST


def test_every_changed_byte_of_a_block_is_found() -> None:
    whole = car_of(TOP, BELOW, POST)
    body_starts = len(whole) - len(POST)
    for at in range(body_starts, len(whole)):
        broken = bytearray(whole)
        broken[at] ^= 1
        with pytest.raises(BadRepository):
            repository.read_car(bytes(broken))


@pytest.mark.parametrize("cut", [0, 1, 10, 60, -1])
def test_a_car_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(BadRepository):
        repository.read_car(car_of(TOP, BELOW, POST)[:cut])


def test_a_missing_node_is_not_taken_for_absence() -> None:
    car = repository.read_car(car_of(TOP, POST))
    with pytest.raises(BadRepository):
        repository.find_record(car, car.root, PATHS[0])


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(data: bytes) -> None:
    with pytest.raises(BadRepository):
        repository.read_car(data)


def test_a_cid_has_the_text_everyone_uses() -> None:
    text = "bafyreihpvk2dtrmupia4clnescth7qbpbjeetfjl7knlppicosgvlo3yym"
    assert repository.cid_text(repository.cid_bytes(text)) == text


def test_a_record_key_is_the_same_at_every_attempt_and_tells_the_instant() -> None:
    at = datetime(2026, 11, 21, 3, 0, 0, 123456, tzinfo=UTC)
    rkey = names.record_key("publication-7", at)

    assert rkey == names.record_key("publication-7", at)
    assert names.instant_of_key(rkey) == at
    assert rkey != names.record_key("publication-8", at)
    assert names.record_key("publication-7", None) == names.record_key("publication-7", None)


def test_record_keys_sort_as_their_instants_do() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    keys = [names.record_key(str(n), start + timedelta(milliseconds=n)) for n in range(50)]
    assert keys == sorted(keys)


def test_a_tid_is_read_as_the_specification_says() -> None:
    assert names.instant_of_key(ZERO_TID) == datetime(1970, 1, 1, tzinfo=UTC)
    assert names.instant_of_key("self") is None


@pytest.mark.parametrize(
    "uri", ["", "at://handle.test/app.bsky.feed.post/3k", "https://x", "at://did:plc:a/app.bsky.feed.post"]
)
def test_only_uris_of_records_in_a_dids_repository_are_read(uri: str) -> None:
    assert names.parse_uri(uri) is None


def marks(text: str) -> list[tuple[str, str]]:
    """List (marked text, kind) as a reader's program finds them, by bytes."""
    encoded = text.encode()
    found = []
    for facet in richtext.facets_of(text, lambda handle: "did:plc:x" if handle.endswith(".gov") else None):
        index, (feature,) = facet["index"], facet["features"]  # type: ignore[misc]
        kind = feature["$type"].rpartition("#")[2]
        found.append((encoded[index["byteStart"] : index["byteEnd"]].decode(), kind))  # type: ignore[index]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://example.gov/a.", [("https://example.gov/a", "link")]),
        ("(https://example.gov/a_(b))", [("https://example.gov/a_(b)", "link")]),
        ("Ünïcode 🚧 #RoadWork!", [("#RoadWork", "tag")]),
        ("#2026 is no tag, #Budget2026 is", [("#Budget2026", "tag")]),
        ("Thanks @clerk.example.gov, and @nobody.example.com", [("@clerk.example.gov", "mention")]),
        ("mail clerk@example.gov", []),
        ("https://example.gov/#top", [("https://example.gov/#top", "link")]),
        ("no marks here", []),
    ],
)
def test_links_mentions_and_tags_are_marked_by_bytes(text: str, expected: list[tuple[str, str]]) -> None:
    assert marks(text) == expected


@given(st.text(max_size=80))
def test_every_mark_lies_on_whole_characters(text: str) -> None:
    marks(f"{text} #tag https://example.gov/{text}")


def test_a_cursor_is_read_as_it_was_written_and_never_guessed() -> None:
    cursor = Cursor(seq=7, rev="3k", hidden={"3k": ["at://x"]})
    cursor.remember("at://did:plc:a/app.bsky.feed.post/1", "bafyreiabcdefghijkl")

    assert Cursor.read(cursor.write()) == cursor
    assert cursor.knows("at://did:plc:a/app.bsky.feed.post/1", "bafyreiabcdefghijkl")
    for broken in ("", "{}", "[]", '{"v":2}', cursor.write().replace("seq", "sequence")):
        with pytest.raises(InvalidInput):
            Cursor.read(broken)


def test_a_cursor_stays_small() -> None:
    cursor = Cursor()
    for number in range(2000):
        cursor.remember(f"at://did:plc:{'a' * 24}/app.bsky.feed.post/{number:013}", "bafy" + "x" * 55)
    assert len(cursor.others) == 500
    assert len(cursor.write()) < 60_000


def test_frames_tell_their_kind_or_their_trouble() -> None:
    frame = read_frame(repository.encode({"op": 1, "t": "#info"}) + repository.encode({"name": "OutdatedCursor"}))
    assert (frame.kind, frame.body["name"], frame.seq) == ("#info", "OutdatedCursor", None)
    with pytest.raises(FutureCursor):
        read_frame(repository.encode({"op": -1}) + repository.encode({"error": "FutureCursor"}))
    for broken in (b"", b"\xff", repository.encode({"op": -1}) + repository.encode({"error": "ConsumerTooSlow"})):
        with pytest.raises(ConnectorError) as trouble:
            read_frame(broken)
        assert trouble.value.kind is Trouble.PLATFORM_ERROR


@pytest.mark.parametrize("told", [None, 5, "yesterday", "2026-01-01T00:00:00"])
def test_a_time_without_zone_or_sense_is_no_time(told: object) -> None:
    assert read_instant(told) is None


@pytest.mark.parametrize(
    "address", ["http://8.8.8.8", "https://127.0.0.1", "https://[::1]", "https://10.0.0.8", "ftp:"]
)
def test_addresses_that_residents_choose_never_lead_into_private_networks(address: str) -> None:
    directory = Directory("https://plc.directory")
    with pytest.raises(ConnectorError) as refused:
        directory._check_address(address)
    assert refused.value.kind in (Trouble.REFUSED, Trouble.PLATFORM_ERROR)
    directory.close()
