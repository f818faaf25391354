"""Commitments: 32 bytes that bind to a content made of parts and tell nothing about it.

    salts       16 bytes per part, in order, from SHAKE-256("rostrum/salts/1\\0" + seed)
    part hash   SHA-256("rostrum/part/1\\0" + salt + value)
    commitment  SHA-256("rostrum/parts/1\\0" + number of parts as 4 bytes + names joined by "\\n" + "\\0" + part hashes)

The names are bound by the commitment itself, so a withheld part is known to be, say, ``text/3`` and nothing else. Any
part can be withheld by showing its hash instead of salt and value. Sixteen bytes of salt are enough: they need only be
unguessable (2**128), since binding rests on SHA-256 alone; and shown salts tell nothing about the others, as they are
disjoint outputs of SHAKE-256 with a 512-bit capacity. The 32-byte seed is destroyed when the content is disposed of.
"""

import base64
import binascii
import os
import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import sha256, shake_256
from struct import iter_unpack
from typing import Any, NamedTuple

SALT_SIZE = 16
MOST_PARTS = 2**20

_SALTS = b"rostrum/salts/1\0"
_PART = b"rostrum/part/1\0"
_PARTS = b"rostrum/parts/1\0"
_NAME = re.compile(r"[a-z0-9_.:/-]{1,100}")


class Part(NamedTuple):
    """One part of a content: a name (``[a-z0-9_.:/-]``, unique in its content) and its bytes."""

    name: str
    value: bytes


class BadDisclosure(ValueError):
    """Disclosed parts that cannot be read; the message names the part."""


def new_seed() -> bytes:
    """Return 32 fresh random bytes, from which the salts of one content come."""
    return os.urandom(32)


@lru_cache(maxsize=4096)
def _header(names: tuple[str, ...]) -> bytes:
    """Return the bytes that bind the number, the names and the order of the parts. Raises ValueError."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name of a part")
    if len(set(names)) != len(names):
        raise ValueError("two parts have the same name")
    if not 0 < len(names) <= MOST_PARTS:
        raise ValueError(f"a content has 1 to {MOST_PARTS} parts, not {len(names)}")
    return b"".join((_PARTS, len(names).to_bytes(4, "big"), "\n".join(names).encode(), b"\0"))


def _salts(seed: bytes, count: int) -> bytes:
    if len(seed) != 32:
        raise ValueError("a seed has 32 bytes")
    return shake_256(_SALTS + seed).digest(SALT_SIZE * count)


def commit(parts: Sequence[Part], seed: bytes) -> bytes:
    """Return the 32-byte commitment to the parts, in order. Raises ValueError for bad names or a bad seed."""
    names, values = zip(*parts, strict=True) if parts else ((), ())
    return commit_values(names, values, seed)


def commit_values(names: tuple[str, ...], values: Sequence[bytes], seed: bytes) -> bytes:
    """Do what `commit` does for parts whose names and values stand apart, which spares an object for each part.

    A text has a part for every word: hashing them is most of what storing it costs. Raises ValueError as `commit`.
    """
    if len(names) != len(values):
        raise ValueError(f"{len(names)} names do not name {len(values)} values")
    salts = iter_unpack(f"{SALT_SIZE}s", _salts(seed, len(values)))
    hashes = [sha256(_PART + salt + value).digest() for (salt,), value in zip(salts, values, strict=True)]
    return sha256(_header(names) + b"".join(hashes)).digest()


def disclose(parts: Sequence[Part], seed: bytes, withheld: Collection[int] = ()) -> list[dict[str, str]]:
    """Return the parts as JSON objects; those at the `withheld` positions show only their hash.

    Shown: ``{"name", "text" or "base64", "salt"}``; withheld: ``{"name", "hash"}``. Raises ValueError as `commit`.
    """
    _header(tuple(part.name for part in parts))
    outside = [position for position in withheld if not 0 <= position < len(parts)]
    if outside:
        raise ValueError(f"there is no part at position {outside[0]}")
    salts = _salts(seed, len(parts))
    disclosed: list[dict[str, str]] = []
    for position, (name, value) in enumerate(parts):
        salt = salts[position * SALT_SIZE : (position + 1) * SALT_SIZE]
        if position in withheld:
            disclosed.append({"name": name, "hash": sha256(_PART + salt + value).hexdigest()})
            continue
        try:
            disclosed.append({"name": name, "text": value.decode(), "salt": salt.hex()})
        except UnicodeDecodeError:
            disclosed.append({"name": name, "base64": base64.b64encode(value).decode(), "salt": salt.hex()})
    return disclosed


class Disclosure(NamedTuple):
    """What disclosed parts amount to: the commitment they recompute, the values shown, the names withheld."""

    commitment: bytes
    shown: dict[str, bytes]
    withheld: tuple[str, ...]


_SHOWN_TEXT = {"name", "text", "salt"}
_SHOWN_BYTES = {"name", "base64", "salt"}
_WITHHELD = {"name", "hash"}


def read_disclosure(disclosed: Iterable[Any]) -> Disclosure:
    """Recompute the commitment from disclosed parts. Raises `BadDisclosure` naming the part that cannot be read."""
    names: list[str] = []
    hashes: list[bytes] = []
    shown: dict[str, bytes] = {}
    withheld: list[str] = []
    for position, part in enumerate(disclosed):
        try:
            name = part["name"]
            keys = part.keys()
            if keys == _SHOWN_TEXT:
                shown[name] = value = part["text"].encode()
                hashes.append(sha256(_PART + from_hex(part["salt"], SALT_SIZE) + value).digest())
            elif keys == _SHOWN_BYTES:
                value = from_base64(part["base64"])
                hashes.append(sha256(_PART + from_hex(part["salt"], SALT_SIZE) + value).digest())
                shown[name] = value
            elif keys == _WITHHELD:
                hashes.append(from_hex(part["hash"], 32))
                withheld.append(name)
            else:
                raise ValueError(f"has the keys {sorted(keys)}")
            names.append(name)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise BadDisclosure(f"parts[{position}]: {_reason(problem)}") from None
    try:
        header = _header(tuple(names))
    except (ValueError, TypeError) as problem:
        raise BadDisclosure(f"parts: {problem}") from None
    return Disclosure(sha256(header + b"".join(hashes)).digest(), shown, tuple(withheld))


def recommit(disclosed: Iterable[Any]) -> bytes:
    """Return the commitment that disclosed parts recompute. Raises `BadDisclosure`."""
    return read_disclosure(disclosed).commitment


def _reason(problem: Exception) -> str:
    if isinstance(problem, KeyError):
        return f"lacks {problem}"
    if isinstance(problem, UnicodeError):
        return "contains a lone surrogate"
    return str(problem) if type(problem) is ValueError else "is not an object of strings"


def from_hex(text: Any, size: int) -> bytes:
    """Return `size` bytes from lower-case hexadecimal; raises ValueError for anything else."""
    if type(text) is not str or len(text) != 2 * size:
        raise ValueError(f"is not {2 * size} hexadecimal digits")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    # bytes.fromhex also takes upper case and spaces; one value has one spelling here.
    if data.hex() != text:
        raise ValueError(f"is not {2 * size} lower-case hexadecimal digits")
    return data


def from_base64(text: Any) -> bytes:
    """Return the bytes of standard base64 in its one canonical spelling; raises ValueError for anything else."""
    if type(text) is not str:
        raise ValueError("is not base64")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("is not base64") from None
    # The last digit has unused bits: several spellings, one value.
    if base64.b64encode(data).decode() != text:
        raise ValueError("is not canonical base64")
    return data
