"""Byte-exact slices of JSON, and what counts as one character."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.kernel.graphemes import count_graphemes
from rostrum.kernel.slices import NotFound, element_slices, value_span

PAGE = b'\n{ "a" : [ 1 , {"b":"]}\\"\xc3\xbc"} ,[ ], "x" ] , "n": {"deep": [{"y": null }]}, "a2":true}'


def value_at(page: bytes, *path: str | int) -> bytes:
    start, end = value_span(page, *path)
    return page[start:end]


def test_slices_are_the_exact_bytes_between_commas() -> None:
    assert element_slices(PAGE, "a") == [b"1", b'{"b":"]}\\"\xc3\xbc"}', b"[ ]", b'"x"']
    assert value_at(PAGE, "n", "deep", 0) == b'{"y": null }'
    assert value_at(PAGE, "a2") == b"true"
    assert element_slices(b"[]") == []


def test_a_key_written_twice_counts_as_its_last() -> None:
    assert value_at(b'{"a": 1, "a": 2}', "a") == b"2"


def test_an_escaped_key_is_found_by_what_it_says() -> None:
    assert value_at(b'{"\\u0061": 1}', "a") == b"1"


def test_a_byte_order_mark_does_not_shift_the_slices() -> None:
    with pytest.raises(NotFound):
        element_slices(b"\xef\xbb\xbf" + PAGE, "zzz")
    assert element_slices(b"\xef\xbb\xbf[7]") == [b"7"]


@pytest.mark.parametrize("path", [("zzz",), ("a", 9), ("a", "b"), (0,), ("a2", "x")])
def test_what_is_not_there_is_not_found(path: tuple[str | int, ...]) -> None:
    with pytest.raises(NotFound):
        value_span(PAGE, *path)


@pytest.mark.parametrize("page", [b"", b"{", b"[1,", b"nonsense", b'{"a":1}x', b"\xff"])
def test_what_is_not_json_is_refused(page: bytes) -> None:
    with pytest.raises(ValueError):
        value_span(page, "a")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=5), st.booleans(), st.sampled_from([None, 2]))
def test_every_slice_parses_to_its_element(values: list[object], ascii_only: bool, indent: int | None) -> None:
    page = json.dumps({"before": "[{", "items": values, "after": 1}, ensure_ascii=ascii_only, indent=indent).encode(
        "utf-8", "surrogatepass"
    )
    try:
        slices = element_slices(page, "items")
    except UnicodeDecodeError:
        return  # lone surrogates have no UTF-8
    assert [json.loads(part) for part in slices] == values
    assert all(part in page for part in slices)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("plain", 5),
        ("e\u0301", 1),
        ("👍🏽", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("❤️", 1),
        ("🇺🇸🇩🇪", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("1️⃣", 1),
        ("\r\n", 1),
        ("\n\n", 2),
        ("한국어", 3),
        ("각", 1),
        ("नमस्ते", 4),
        ("日本", 2),
    ],
)
def test_what_a_reader_calls_one_character_counts_once(text: str, count: int) -> None:
    assert count_graphemes(text) == count
