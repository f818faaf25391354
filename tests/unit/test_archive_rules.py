"""What counts as gone, how payloads are packed, how texts are shown: pure, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.archive import content, payloads, presenting
from rostrum.areas.archive.operations.known import cleaned
from rostrum.areas.archive.rules import Standing, State, standing_after
from rostrum.connectors.blobs import LocalBlobs
from rostrum.evidence.commitments import commit, commit_values
from rostrum.kernel.items import Item, Kind, Route, Seen
from rostrum.kernel.words import parse

P, H, D = State.PRESENT, State.HIDDEN, State.DELETED


@pytest.mark.parametrize(
    ("before", "seen", "announced", "after"),
    [
        (Standing(P), Seen.PRESENT, False, Standing(P)),
        (Standing(P, 1), Seen.PRESENT, False, Standing(P)),
        (Standing(H), Seen.EDITED, False, Standing(P)),
        (Standing(P), Seen.HIDDEN, True, Standing(H)),
        (Standing(P, 1), Seen.HIDDEN, True, Standing(H)),
        (Standing(P), Seen.GONE, False, Standing(P, 1)),
        (Standing(P, 1), Seen.GONE, False, Standing(D, 2)),
        (Standing(H), Seen.GONE, False, Standing(H, 1)),
        (Standing(H, 1), Seen.GONE, False, Standing(D, 2)),
        (Standing(P), Seen.GONE, True, Standing(D)),
        (Standing(D, 2), Seen.GONE, True, Standing(D)),
        (Standing(D, 2), Seen.PRESENT, False, Standing(P)),
    ],
)
def test_an_item_stands_so_after_a_look(before: Standing, seen: Seen, announced: bool, after: Standing) -> None:
    assert standing_after(before, seen, announced=announced) == after


@given(raw=st.binary(max_size=3000))
def test_a_packed_payload_comes_back_byte_for_byte(raw: bytes) -> None:
    blobs = LocalBlobs(Path("unused"))
    packing, packed = payloads.pack(raw, blobs)
    assert packing == "deflate-1"
    assert payloads.unpack(packing, packed, sha256(raw).hexdigest(), blobs) == raw


def test_the_first_packing_is_frozen() -> None:
    # Rows of every installation depend on this dictionary: a better one gets another name.
    assert sha256(payloads._DICTIONARY_1).hexdigest() == (
        "c5091b9bb4a95911b27a94fa2ce60a75b57408710716c0b875974642c62ba1af"
    )
    packed = bytes.fromhex("ab46ca6d685ad372f2f35380fd1800")
    raw = b'{"tweet" : {"full_text" : "flood"}}'
    assert payloads.unpack("deflate-1", packed, "", LocalBlobs(Path("unused"))) == raw


def test_an_unknown_packing_is_said_to_be_unknown() -> None:
    with pytest.raises(ValueError, match="deflate-9"):
        payloads.unpack("deflate-9", b"", "", LocalBlobs(Path("unused")))


@given(st.text(alphabet="flood a\n#é", max_size=60))
def test_marked_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in presenting.marked(parse("flood OR a"), text)) == text


def test_a_long_text_is_cut_around_the_first_place() -> None:
    text = "calm " * 400 + "flood " + "calm " * 400
    pieces = presenting.excerpt(parse("flood"), text)
    assert [piece.text for piece in pieces if piece.is_hit] == ["flood"]
    assert (pieces[0].text, pieces[-1].text) == ("… ", " …")
    assert sum(len(piece.text) for piece in pieces) < 720
    assert presenting.excerpt(None, "short") == [presenting.Piece("short", False)]


def test_what_a_version_commits_to_is_frozen() -> None:
    version = content.Content(
        platform="square", kind="post", native_id="p1", number=2, route="api", raw_sha256="ab" * 32,
        raw_type="application/json", captured_at=datetime(2026, 11, 2, 15, 30, tzinfo=UTC),
        published_at=datetime(2026, 11, 1, 23, 59, 59, 250, tzinfo=timezone(timedelta(hours=-6))), edited_at=None,
        parent_id="", root_id="p0", quoted_id="", visibility="public", version_key="v2", lang="en", author_id="7",
        author_handle="@rosé", author_name="Rosé", url="https://square.example/p1",
        text="Höhenweg 停水 at 5\u00a0pm\x1ftoday ", extra={"title": "Map"}, media=[("cd" * 32, "A map"), ("", "")],
    )  # fmt: skip
    parts = content.parts_of(version)
    assert parts[0].value == (
        b'{"captured_at":"2026-11-02T15:30:00.000000Z","edited_at":"","kind":"post","lang":"en","native_id":"p1",'
        b'"number":2,"parent_id":"","platform":"square","published_at":"2026-11-02T05:59:59.000250Z","quoted_id":"",'
        b'"raw_type":"application/json","root_id":"p0","route":"api","version_key":"v2","visibility":"public"}'
    )
    # A change here would make every version stored before look tampered with.
    frozen = "0e55771ea56ba3035f2f10f622ce6fb1eeb56ff28e5eace76f3f9a79d4beebc5"
    assert commit(parts, bytes(range(32))).hex() == frozen
    assert commit_values(*content.names_and_values(version), bytes(range(32))).hex() == frozen


def test_only_what_cannot_be_stored_is_replaced_in_an_item() -> None:
    item = Item(platform="square", kind=Kind.POST, native_id="p1", text="Café", raw=b"\0", route=Route.API)
    assert cleaned(item) is item
    for name in ("native_id", "text", "url", "author_id", "author_handle", "author_name", "parent_id", "root_id",
                 "quoted_id", "version_key"):  # fmt: skip
        assert cleaned(replace(item, **{name: "a\0\ud800"})) == replace(item, **{name: "a\ufffd\ufffd"})
    assert cleaned(replace(item, extra={"k\0": "v", "w": "\0"})).extra == {"k\ufffd": "v", "w": "\ufffd"}
