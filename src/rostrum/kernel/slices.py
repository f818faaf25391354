"""Byte-exact slices of JSON: where in a page a value stands, so that an Item's own bytes can be kept as they came.

A parsed and re-serialised value is no longer what the platform sent; its span in the page is. Bytes in, spans out.
"""

import json
import re

# Inside a container only these bytes matter; UTF-8's continuation bytes are never among them.
_STRUCTURE = re.compile(rb'["{}\[\]]')
_STRING_END = re.compile(rb'(?:[^"\\]|\\.)*"', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*")
_SCALAR = re.compile(rb"[^,\]} \t\r\n]+")

Span = tuple[int, int]
Step = str | int


class NotFound(Exception):
    """The page has no value at that path."""


def value_span(page: bytes, *path: Step) -> Span:
    """Return the (start, end) of the value at `path` in a well-formed JSON page, end exclusive.

    Of a key written twice the last one counts, as in `json.loads`. Raises `NotFound`, or `ValueError` when the page is
    not JSON.
    """
    json.loads(page.decode("utf-8-sig"))  # the scanner below trusts well-formed input
    return _descend(page, _skip_space(page, _after_mark(page)), path)


def element_slices(page: bytes, *path: Step) -> list[bytes]:
    """Return the exact bytes of each element of the array at `path`, in order.

    Raises `NotFound` when there is no array at that path, `ValueError` when the page is not JSON.
    """
    start, _ = value_span(page, *path)
    if page[start : start + 1] != b"[":
        raise NotFound(f"no array at {_named(path)}")
    return [page[a:b] for _, a, b in _members(page, start)]


def _descend(page: bytes, start: int, path: tuple[Step, ...]) -> Span:
    for depth, step in enumerate(path):
        opening = page[start : start + 1]
        wanted = b"{" if isinstance(step, str) else b"["
        spans = [(a, b) for key, a, b in _members(page, start) if key == step] if opening == wanted else []
        if not spans:
            raise NotFound(f"nothing at {_named(path[: depth + 1])}")
        start = spans[-1][0]
    return start, _end_of_value(page, start)


def _members(page: bytes, start: int) -> list[tuple[Step, int, int]]:
    """List (key or index, start, end) of the members of the container that opens at `start`."""
    in_object = page[start : start + 1] == b"{"
    members: list[tuple[Step, int, int]] = []
    at = _skip_space(page, start + 1)
    while page[at : at + 1] not in (b"}", b"]"):
        key: Step = len(members)
        if in_object:
            key_end = _end_of_value(page, at)
            key = json.loads(page[at:key_end])
            at = _skip_space(page, _skip_space(page, key_end) + 1)
        end = _end_of_value(page, at)
        members.append((key, at, end))
        at = _skip_space(page, end)
        if page[at : at + 1] == b",":
            at = _skip_space(page, at + 1)
    return members


def _end_of_value(page: bytes, start: int) -> int:
    first = page[start : start + 1]
    if first == b'"':
        return _end_of_string(page, start)
    if first not in (b"{", b"["):
        scalar = _SCALAR.match(page, start)
        return scalar.end() if scalar else start
    depth, at = 1, start + 1
    while depth:
        mark = _STRUCTURE.search(page, at)
        if mark is None:
            raise ValueError("unbalanced JSON")
        byte = mark.group()
        if byte == b'"':
            at = _end_of_string(page, mark.start())
            continue
        depth += 1 if byte in b"{[" else -1
        at = mark.end()
    return at


def _end_of_string(page: bytes, start: int) -> int:
    string = _STRING_END.match(page, start + 1)
    if string is None:
        raise ValueError("unterminated JSON string")
    return string.end()


def _skip_space(page: bytes, at: int) -> int:
    space = _SPACE.match(page, at)
    return space.end() if space else at


def _after_mark(page: bytes) -> int:
    return 3 if page.startswith(b"\xef\xbb\xbf") else 0


def _named(path: tuple[Step, ...]) -> str:
    return "/" + "/".join(str(step) for step in path)
