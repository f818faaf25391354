"""Canonical JSON: one value, one sequence of bytes (RFC 8785), and the strict reading of JSON that others wrote.

The domain is smaller than JSON's: no floating-point numbers (their printing is where implementations differ) and no
integers beyond 2**53 - 1 (RFC 8785, appendix D). Platform payloads are never put through here; they are kept as bytes.
"""

import json
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any

try:
    import orjson
except ImportError:  # the stand-alone verifier has only the standard library
    orjson = None  # type: ignore[assignment]

LARGEST_INTEGER = 2**53 - 1  # RFC 8785, section 3.2.2.3: what an IEEE 754 double holds exactly
DEEPEST = 254  # orjson's own limit, so that both paths agree

_ORJSON_OPTIONS = 0 if orjson is None else orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

_CONTAINERS = frozenset({dict, list, tuple})
_MOST_CONTAINERS = 1_000_000  # a value that contains itself has no end; the plain path says so


class NotCanonical(ValueError):
    """A value that has no canonical bytes here; `where` is its path, such as ``$.media[0].size``."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class NotJson(ValueError):
    """Bytes that are not the strict JSON this project writes; the message says why and where."""


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a value of None, bool, int, str, list or tuple, and dict with str keys.

    Subclasses of str (such as StrEnum) are written as their text. Raises `NotCanonical` for anything else, for floats,
    for integers beyond 2**53 - 1 and for lone surrogates, naming the place.
    """
    containers = _containers_of(value) if orjson is not None else None
    if containers is not None:
        try:
            data: bytes = orjson.dumps(value, None, _ORJSON_OPTIONS)
        except TypeError:  # orjson.JSONEncodeError: the plain path either writes it or says what is wrong, and where
            return plain_canonical_json(value)
        # orjson sorts keys by code point, RFC 8785 by UTF-16 unit: beyond the BMP they differ, for ASCII never.
        if data.isascii() or all("".join(one).isascii() for one in containers if type(one) is dict):
            return data
    return plain_canonical_json(value)


def plain_canonical_json(value: Any) -> bytes:
    """Do what `canonical_json` does, with the standard library alone."""
    pieces: list[str] = []
    _write(value, "$", 0, pieces.append)
    try:
        return "".join(pieces).encode()
    except UnicodeEncodeError as problem:
        raise NotCanonical("$", f"contains a lone surrogate: U+{ord(problem.object[problem.start]):04X}") from None


def _containers_of(value: Any) -> list[Any] | None:
    """Return the dicts and lists of a value whose types orjson writes as RFC 8785 says; None if it has others.

    Bare loops and comparisons, because every act and every captured item passes here: with sets of types, looking took
    nearly four times as long as writing.
    """
    if type(value) not in _CONTAINERS:
        return None
    containers = [value]
    for container in containers:  # which grows as containers are found in it
        for child in container.values() if type(container) is dict else container:
            kind = type(child)
            # Exact types: orjson writes some subclasses in its own way.
            if kind is str or kind is int or kind is bool or child is None:
                continue
            if kind not in _CONTAINERS or len(containers) > _MOST_CONTAINERS:
                return None
            containers.append(child)
    return containers


def _write(value: Any, where: str, depth: int, put: Callable[[str], None]) -> None:
    if isinstance(value, str):
        put(encode_basestring(str.__str__(value)))
    elif value is None or value is True or value is False:
        put("null" if value is None else "true" if value else "false")
    elif isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise NotCanonical(where, f"an integer of {value.bit_length()} bits is beyond 2**53 - 1")
        put(int.__repr__(value))
    elif depth >= DEEPEST:
        raise NotCanonical(where, f"nested more than {DEEPEST} deep")
    elif isinstance(value, list | tuple):
        put("[")
        for position, child in enumerate(value):
            if position:
                put(",")
            _write(child, f"{where}[{position}]", depth + 1, put)
        put("]")
    elif isinstance(value, dict):
        _write_dict(value, where, depth, put)
    elif isinstance(value, float):
        raise NotCanonical(where, "floating-point numbers are not allowed; use an integer or a string")
    else:
        raise NotCanonical(where, f"{type(value).__name__} is not a JSON value")


def _write_dict(value: dict[Any, Any], where: str, depth: int, put: Callable[[str], None]) -> None:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical(where, f"the key {key!r} is not a string")
    put("{")
    # RFC 8785, section 3.2.3: keys sort by UTF-16 code units.
    for position, key in enumerate(sorted(value, key=_utf16)):
        if position:
            put(",")
        put(encode_basestring(str.__str__(key)))
        put(":")
        _write(value[key], f"{where}.{key}", depth + 1, put)
    put("}")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"the key {repeated!r} appears twice in one object")
    return found


def _no_float(text: str) -> Any:
    raise NotJson(f"the number {text[:40]} is not an integer")


_STRICT = json.JSONDecoder(object_pairs_hook=_no_repeats, parse_float=_no_float, parse_constant=_no_float)


def parse_json(data: bytes) -> Any:
    """Read UTF-8 JSON strictly: no repeated keys, no floats, no NaN, no byte order mark.

    Raises `NotJson` with line and column where known. Two readers must never see two different records in one file,
    hence no repeated keys.
    """
    try:
        text = data.decode()
        if text[:1] == "{":
            value, end = _STRICT.raw_decode(text)
            if end == len(text) or text[end:] == "\n":
                return value
        return _STRICT.decode(text)  # which looks for white space around the value
    except NotJson:
        raise
    except json.JSONDecodeError as problem:
        raise NotJson(f"line {problem.lineno}, column {problem.colno}: {problem.msg}") from None
    except UnicodeDecodeError as problem:
        raise NotJson(f"byte {problem.start} is not UTF-8") from None
    except RecursionError:
        raise NotJson("nested too deep") from None
    except ValueError as problem:
        raise NotJson(str(problem)) from None
