"""What counts as gone, how payloads are packed, how texts are shown: pure, without a database."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.archive import payloads, presenting
from rostrum.areas.archive.rules import Standing, State, standing_after
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.items import Seen
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
