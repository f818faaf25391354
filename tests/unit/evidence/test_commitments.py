import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.evidence.commitments import (
    BadDisclosure,
    Part,
    commit,
    commit_values,
    disclose,
    from_base64,
    from_hex,
    new_seed,
    read_disclosure,
    recommit,
)
from rostrum.evidence.segments import encoded_segments, text_segments

SEED = bytes(range(32))
PARTS = [Part("record", b'{"id":"1"}'), Part("text/0", b"Call "), Part("text/1", "café".encode()), Part("raw", b"\xff")]

contents = st.lists(st.binary(max_size=40), min_size=1, max_size=20).map(
    lambda values: [Part(f"part/{number}", value) for number, value in enumerate(values)]
)


def test_the_commitment_format_is_frozen() -> None:
    # Made by this code on the day the format was fixed: a change here breaks every record ever committed.
    assert commit(PARTS, SEED).hex() == "ca580fee590d5657b070f995f4a6943319b080e1be321f14bfca88a7bde17a3e"


def test_names_and_values_apart_make_the_same_commitment() -> None:
    names, values = zip(*PARTS, strict=True)
    assert commit_values(names, values, SEED) == commit(PARTS, SEED)
    for wrong in ((names[1:], values), (names, values[1:]), ((names[0], *names[:-1]), values), ((), ())):
        with pytest.raises(ValueError):
            commit_values(*wrong, SEED)


def test_two_commitments_to_the_same_content_have_nothing_in_common() -> None:
    assert commit(PARTS, new_seed()) != commit(PARTS, new_seed())


@given(contents, st.data())
def test_any_parts_can_be_withheld_and_the_rest_verifies(parts: list[Part], data: st.DataObject) -> None:
    withheld = data.draw(st.sets(st.integers(0, len(parts) - 1)))
    disclosed = json.loads(json.dumps(disclose(parts, SEED, withheld)))
    found = read_disclosure(disclosed)
    assert found.commitment == recommit(disclosed) == commit(parts, SEED)
    assert found.withheld == tuple(part.name for at, part in enumerate(parts) if at in withheld)
    assert found.shown == {part.name: part.value for at, part in enumerate(parts) if at not in withheld}


def test_a_withheld_part_shows_neither_value_nor_salt() -> None:
    shown = disclose(PARTS, SEED, {1})
    assert set(shown[1]) == {"name", "hash"}
    assert "Call" not in json.dumps(shown)


@given(contents, st.data())
def test_every_change_of_a_shown_part_changes_the_commitment(parts: list[Part], data: st.DataObject) -> None:
    disclosed = disclose(parts, SEED)
    at = data.draw(st.integers(0, len(parts) - 1))
    changed = copy.deepcopy(disclosed)
    field = data.draw(st.sampled_from(["name", "value", "salt", "drop", "swap"]))
    if field == "name":
        changed[at]["name"] += "x"
    elif field == "salt":
        changed[at]["salt"] = changed[at]["salt"][::-1]
    elif field == "value":
        changed[at] = {"name": changed[at]["name"], "text": "another value", "salt": changed[at]["salt"]}
    elif field == "drop":
        del changed[at]
    else:
        changed.insert(0, changed.pop(at))
    if changed == disclosed:
        return
    try:
        assert recommit(changed) != commit(parts, SEED)
    except BadDisclosure:
        assert not changed


def test_the_boundary_between_name_value_and_neighbour_matters() -> None:
    commitments = {
        commit([Part("a", b"bc"), Part("b", b"")], SEED),
        commit([Part("a", b"b"), Part("b", b"c")], SEED),
        commit([Part("ab", b"c"), Part("b", b"")], SEED),
        commit([Part("a", b"bc")], SEED),
    }
    assert len(commitments) == 4


@pytest.mark.parametrize(
    "parts", [[], [Part("A", b"")], [Part("a\nb", b"")], [Part("", b"")], [Part("a", b""), Part("a", b"")]]
)
def test_contents_without_proper_names_are_refused(parts: list[Part]) -> None:
    with pytest.raises(ValueError):
        commit(parts, SEED)


def test_a_short_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(PARTS, b"short")


@pytest.mark.parametrize(
    ("disclosed", "why"),
    [
        (["text"], r"parts\[0\]"),
        ([{"name": "a", "text": "x"}], r"parts\[0\]: has the keys"),
        ([{"text": "x", "salt": "00" * 16}], r"parts\[0\]: lacks 'name'"),
        ([{"name": "a", "text": 1, "salt": "00" * 16}], r"parts\[0\]"),
        ([{"name": "a", "text": "\ud800", "salt": "00" * 16}], "surrogate"),
        ([{"name": "a", "text": "x", "salt": "0" * 31}], "hexadecimal"),
        ([{"name": "a", "text": "x", "salt": "AA" * 16}], "lower-case"),
        ([{"name": "a", "hash": "zz" * 32}], "lower-case"),
        ([{"name": "a", "base64": "QQ=", "salt": "00" * 16}], "base64"),
        ([{"name": "a", "base64": "QR==", "salt": "00" * 16}], "canonical"),
        ([{"name": 5, "hash": "00" * 32}], "parts"),
        ([{"name": [], "hash": "00" * 32}], "parts"),
        ([{"name": "a", "hash": "00" * 32}] * 2, "same name"),
        ([], "1 to"),
    ],
)
def test_a_disclosure_that_cannot_be_read_names_the_part(disclosed: list[object], why: str) -> None:
    with pytest.raises(BadDisclosure, match=why):
        recommit(disclosed)


def test_one_value_has_one_spelling() -> None:
    assert from_hex("0aff", 2) == b"\x0a\xff"
    assert from_base64("QQ==") == b"A"
    for wrong in ("0AFF", "0a f", "0aff0", None):
        with pytest.raises(ValueError):
            from_hex(wrong, 2)
    for wrong in ("QR==", "QQ", "QQ==\n", "é", None):
        with pytest.raises(ValueError):
            from_base64(wrong)


@given(st.text())
def test_segments_join_back_to_the_text(text: str) -> None:
    segments = text_segments(text)
    assert "".join(segments) == text
    assert all(segments)


def test_segments_are_words_with_their_white_space_and_single_ideographs() -> None:
    assert text_segments("  Call (715) 555-0100\nnow") == ["  ", "Call ", "(715) ", "555-0100\n", "now"]
    assert text_segments("東京 へ ok") == ["東", "京 ", "へ ", "ok"]


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.characters(max_codepoint=127)))
def test_segments_in_bytes_are_the_same_segments(text: str) -> None:
    assert encoded_segments(text) == [segment.encode() for segment in text_segments(text)]


def test_every_ascii_character_separates_in_bytes_where_it_does_in_texts() -> None:
    for code in range(128):
        text = f"a{chr(code)}b {chr(code)}"
        assert encoded_segments(text) == [segment.encode() for segment in text_segments(text)]
