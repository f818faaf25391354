import json
from datetime import date
from enum import Enum, StrEnum
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from rostrum.evidence.canonical import (
    DEEPEST,
    NotCanonical,
    NotJson,
    canonical_json,
    parse_json,
    plain_canonical_json,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=30,
)


@given(values)
def test_both_writers_give_the_bytes_of_the_reference_implementation(value: Any) -> None:
    assert canonical_json(value) == plain_canonical_json(value) == rfc8785.dumps(value)


@given(values)
def test_canonical_bytes_read_back_to_the_same_value(value: Any) -> None:
    assert parse_json(canonical_json(value)) == value


def test_keys_beyond_the_basic_plane_sort_by_utf16_units() -> None:
    value = {"\U0001f600": 1, "\ufb33": 2, "a": 3}
    assert canonical_json(value) == plain_canonical_json(value) == '{"a":3,"\U0001f600":1,"\ufb33":2}'.encode()


def test_the_string_example_of_the_rfc() -> None:
    assert canonical_json('\u20ac$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


class Colour(StrEnum):
    RED = "red"


class Size(Enum):
    SMALL = "small"


class Text(str):
    __slots__ = ()


class Fields(dict[str, int]):
    pass


@pytest.mark.parametrize("write", [canonical_json, plain_canonical_json])
def test_tuples_are_arrays_and_string_codes_their_text(write: Any) -> None:
    assert write({"of": (1, Colour.RED), Colour.RED: []}) == b'{"of":[1,"red"],"red":[]}'


@pytest.mark.parametrize("write", [canonical_json, plain_canonical_json])
def test_a_value_of_a_subclass_is_written_as_the_value_it_is(write: Any) -> None:
    value = {"a": Fields(z=1, b=2), "b": [Text("é"), True], "c": Text("\U0001f600"), Text("d"): HTTPStatus.OK}
    assert write(value) == '{"a":{"b":2,"z":1},"b":["é",true],"c":"\U0001f600","d":200}'.encode()


def test_a_long_list_of_small_objects_is_written_whole() -> None:
    one = {"a": [1], "é": None}
    assert canonical_json([one] * 40_000) == ("[" + ",".join(['{"a":[1],"é":null}'] * 40_000) + "]").encode()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": [1, {"b": 1.0}]}, "$.a[1].b"),
        # These orjson would write in a way of its own, or not at all.
        ({"a": [UUID(int=0)]}, "$.a[0]"),
        ([{"on": date(2026, 11, 20)}], "$[0].on"),
        (["x", Size.SMALL], "$[1]"),
        ([1, float("nan")], "$[1]"),
        (UUID(int=0), "$"),
        ([2**53], "$[0]"),
        ([-(2**53)], "$[0]"),
        ({1: "x"}, "$"),
        ({"x": {1, 2}}, "$.x"),
        ([b"bytes"], "$[0]"),
        (["\ud800"], "$"),
        pytest.param(10**400, "$", id="huge"),
    ],
)
@pytest.mark.parametrize("write", [canonical_json, plain_canonical_json])
def test_what_has_no_canonical_bytes_is_refused_with_its_place(write: Any, value: Any, where: str) -> None:
    with pytest.raises(NotCanonical) as refusal:
        write(value)
    assert refusal.value.where == where


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotCanonical, match="nested"):
        canonical_json(value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"a":2}', "twice"),
        (b"[1.5]", "not an integer"),
        (b"[NaN]", "not an integer"),
        (b"\xff", "not UTF-8"),
        (b'{"a":', "line 1, column 6"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b"[" * 100_000, "nested|recursion"),
        (b"1" * 5000, "digits"),
        (b"", "line 1"),
        (b'{"a":1}x', "line 1, column 8: Extra data"),
        (b'{"a":1}\n{}', "line 2, column 1: Extra data"),
        (b'{"a":1}\n\x00', "Extra data"),
        (b'{"a":{"b":1,"b":1}}\n', "twice"),
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NotJson, match=why):
        parse_json(data)


@pytest.mark.parametrize("around", [("", ""), ("", "\n"), ("", " \r\n\t\n"), ("\n ", "\n")])
def test_white_space_around_a_value_is_passed_over(around: tuple[str, str]) -> None:
    assert parse_json(f'{around[0]}{{"a":1}}{around[1]}'.encode()) == {"a": 1}


def test_ordinary_json_is_read() -> None:
    value = {"a": [1, None, True, "x"], "b": {"c": -5}}
    assert parse_json(json.dumps(value, indent=2).encode()) == value


@pytest.mark.parametrize("write", [canonical_json, plain_canonical_json])
def test_both_writers_stop_at_the_same_depth(write: Any) -> None:
    value: Any = 1
    for _ in range(DEEPEST):
        value = [value]
    assert parse_json(write(value)) == value
    with pytest.raises(NotCanonical, match="nested"):
        write([value])
