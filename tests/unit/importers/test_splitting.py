"""Cutting a JSON file into exact slices: whatever the layout, wherever the reads end, and when an element is broken."""

import hashlib
import io
import json
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.importers import splitting
from rostrum.importers.splitting import Element, SplitError, Splitter, read_value
from tests.simulators.exports import tweet, ytd

OPEN = re.compile(rb"\[")


class Drip(io.RawIOBase):
    """A stream that gives as few bytes per read as it is told."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        super().__init__()
        self._content, self._sizes, self._at, self._turn = content, sizes, 0, 0

    def read(self, size: int = -1) -> bytes:
        step = min(self._sizes[self._turn % len(self._sizes)], size if size >= 0 else len(self._content))
        self._turn += 1
        block = self._content[self._at : self._at + step]
        self._at += len(block)
        return block


def split(content: bytes, sizes: list[int] | None = None, **options: Any) -> tuple[list[Element], Splitter]:
    splitter = Splitter(Drip(content, sizes or [1 << 16]), **options)  # type: ignore[arg-type]
    assert splitter.seek(OPEN) is not None
    elements = list(splitter.elements())
    assert splitter.finish() == hashlib.sha256(content).hexdigest()
    return elements, splitter


# Strings full of what confuses a scanner: brackets, quotes, backslashes, commas, key-like words.
nasty = st.text(st.sampled_from('[]{},:"\\ \n\t tweeté😀')) | st.text(max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | nasty,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(nasty, inner, max_size=4),
    max_leaves=12,
)
objects = st.lists(st.fixed_dictionaries({"tweet": values, "b": values}), max_size=8)
spaces = st.text(st.sampled_from(" \n\t\r"), max_size=5)


@given(st.lists(values, max_size=8) | objects, st.data(), st.lists(st.integers(1, 40), min_size=1, max_size=5))
@settings(deadline=None)
def test_slices_are_the_elements_as_written_whatever_the_layout_and_the_reads(
    elements: list[Any], data: st.DataObject, sizes: list[int]
) -> None:
    indent = data.draw(st.sampled_from([None, 0, 1, 2, "\t"]))
    ascii_only = data.draw(st.booleans())
    written = [json.dumps(one, indent=indent, ensure_ascii=ascii_only).encode() for one in elements]
    content = b"window.YTD.x.part0 = ["
    for number, one in enumerate(written):
        content += data.draw(spaces).encode() + (b"," if number else b"") + data.draw(spaces).encode() + one
    content += data.draw(spaces).encode() + b"]" + data.draw(spaces).encode() + b";"

    found, splitter = split(content, sizes)

    assert [one.raw for one in found] == written
    assert [one.value for one in found] == elements
    assert [one.error for one in found] == [""] * len(elements)
    assert all(content[one.start : one.end] == one.raw for one in found)
    assert splitter.trailing == b""


@given(objects, st.integers(0, 400), st.binary(min_size=1, max_size=4), st.booleans())
@settings(deadline=None)
def test_damage_at_any_place_never_costs_the_bytes_before_it_nor_raises_anything_else(
    elements: list[Any], place: int, noise: bytes, indented: bool
) -> None:
    content = json.dumps(elements, indent=2 if indented else None).encode()
    place = min(place, len(content) - 1)
    broken = content[: place + 1] + noise + content[place + 1 :]
    splitter = Splitter(io.BytesIO(broken))
    splitter.seek(OPEN)
    found: list[Element] = []
    with suppress(SplitError):
        found.extend(splitter.elements())
    assert all(broken[one.start : one.end] == one.raw for one in found)
    assert splitter.finish() == hashlib.sha256(broken).hexdigest()
    whole = [one for one in found if one.end <= place]
    assert [one.value for one in whole] == elements[: len(whole)]


@pytest.mark.parametrize("indented", [True, False])
@pytest.mark.parametrize(
    ("find", "put"),
    [
        (b'"lang"', b"lang"),  # an unquoted key
        (b"Notice 3:", b'Notice "3:'),  # a quote that ends the text too early
        (b'3: the bridge on Main Street is open again"', b"3: the bridge"),  # a text that never ends
        (b"Notice 3:", b"Notice \xff3:"),  # not UTF-8
        (b'"truncated"', b'{"truncated"'),  # a bracket too many
        (b'"symbols": []', b'"symbols": ['),  # a bracket too few
        (b'"symbols": []', b'"symbols": ]'),
    ],
)
def test_a_broken_element_costs_itself_alone(indented: bool, find: bytes, put: bytes) -> None:
    written = [json.dumps(tweet(number), indent=2 if indented else None).encode() for number in range(6)]
    assert find in written[3]
    written[3] = written[3].replace(find, put)
    content = b"[" + b", \n".join(written) + b"]"

    found, _ = split(content)

    good = [one.value["tweet"]["id"] for one in found if not one.error]
    assert good == [tweet(number)["tweet"]["id"] for number in (0, 1, 2, 4, 5)]
    broken = [one for one in found if one.error]
    assert all(content.index(written[3]) <= one.start < one.end <= content.index(written[4]) for one in broken)


def test_a_broken_first_element_costs_itself_alone() -> None:
    content = ytd("tweets", [tweet(1), tweet(2), tweet(3)]).replace(b'"lang" : "en"', b'"lang" : ', 1)
    found, _ = split(content)
    assert [bool(one.error) for one in found] == [True, False, False]


def test_invalid_utf8_is_told_with_its_byte() -> None:
    content = ytd("tweets", [tweet(1), tweet(2, "caf\u00e9"), tweet(3)]).replace("é".encode(), b"\xe9")
    found, _ = split(content)
    assert [bool(one.error) for one in found] == [False, True, False]
    assert found[1].error == f"invalid UTF-8 at byte {content.index(bytes([0xE9]))}"


def test_a_list_cut_off_keeps_what_came_before() -> None:
    content = ytd("tweets", [tweet(1), tweet(2), tweet(3)])[:-300]
    splitter = Splitter(io.BytesIO(content))
    splitter.seek(OPEN)
    walk = splitter.elements()
    assert [next(walk).error, next(walk).error] == ["", ""]
    with pytest.raises(SplitError, match="broken or cut off"):
        next(walk)


def test_a_list_that_ends_between_elements_is_told() -> None:
    splitter = Splitter(io.BytesIO(b'[{"a": 1}, '))
    splitter.seek(OPEN)
    walk = splitter.elements()
    assert next(walk).value == {"a": 1}
    with pytest.raises(SplitError, match="the file ends inside the list"):
        next(walk)


def test_an_element_over_the_ceiling_is_not_read_into_memory() -> None:
    content = b'[{"a": 1}, {"a": "' + b"x" * 3_000_000 + b'"}]'
    splitter = Splitter(io.BytesIO(content), element_bytes=1 << 20)
    splitter.seek(OPEN)
    walk = splitter.elements()
    next(walk)
    with pytest.raises(SplitError, match="longer than 1048576 bytes"):
        next(walk)


def test_what_follows_the_list_is_shown() -> None:
    _, splitter = split(b"[1, 2] ;\n")
    assert splitter.trailing == b""
    _, splitter = split(b"[1, 2] , 3]")
    assert splitter.trailing == b", 3]"
    assert splitter.last == b"]"


def test_a_file_broken_everywhere_does_not_cost_its_size_squared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "_SCAN_BUDGET", 1000)
    content = b"[" + b", ".join([b'{"tweet": {"text": "never ends}}'] * 200 + [b'{"tweet": 1}']) + b"]"
    found, _ = split(content)
    assert sum(bool(one.error) for one in found) >= 100
    assert found[-1].value == {"tweet": 1}


def test_seeking_finds_a_pattern_across_reads_and_tells_when_there_is_none() -> None:
    pattern = re.compile(rb'"items"\s*:\s*\[')
    splitter = Splitter(Drip(b'{"a": "b", "items" : [1]}', [3]))  # type: ignore[arg-type]
    assert splitter.seek(pattern) == b'{"a": "b", "items" : ['
    assert [one.value for one in splitter.elements()] == [1]
    assert splitter.seek(pattern) is None


def test_a_pattern_far_into_the_file_is_found_with_flat_memory() -> None:
    splitter = Splitter(io.BytesIO(b" " * 2_000_000 + b'"items":[7]'))
    lead = splitter.seek(re.compile(rb'"items"\s*:\s*\['))
    assert lead is not None
    assert len(lead) < 600_000
    assert next(splitter.elements()).start == 2_000_009


@pytest.mark.parametrize(
    ("raw", "value", "error"),
    [
        (b'{"a": 1}', {"a": 1}, ""),
        (rb'"\ud83d"', "\ufffd", ""),
        (rb'{"\udc00": ["\ud83d\ude00", "x\ud800y"]}', {"\ufffd": ["😀", "x\ufffdy"]}, ""),
        (b"NaN", None, "broken JSON: NaN is not a JSON value"),
        (b"[" * 5000, None, "broken JSON"),
        (b'{"a" 1}', None, "broken JSON at byte 105: Expecting ':' delimiter"),
        (b'"\xff"', None, "invalid UTF-8 at byte 101"),
    ],
)
def test_one_value_is_read_strictly(raw: bytes, value: Any, error: str) -> None:
    read, why = read_value(raw, 100)
    assert read == value
    assert why.startswith(error)
    assert bool(why) is bool(error)
