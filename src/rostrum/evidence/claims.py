"""What the objects in a bundle claim, read strictly: places in the log, lines of the scope, dispositions."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rostrum.evidence.bundle import DISPOSED_FIELD, DISPOSITION_KIND
from rostrum.evidence.canonical import parse_json
from rostrum.evidence.commitments import Disclosure, from_hex, read_disclosure
from rostrum.evidence.merkle import InclusionChecker, leaf_hash

RECORD_KEYS = frozenset({"format", "id", "commitment", "leaf_index", "proof", "parts", "files", "derived"})
ENTRY_KEYS = frozenset({"id", "commitment", "leaf_index", "proof", "parts"})
SCOPE_KEYS = frozenset({"format", "statement", "query", "count", "covers_log"})
GAP_KEYS = frozenset({"channel", "since", "until", "cause", "detail"})
_LINE_KEYS = frozenset({"id", "commitment", "leaf_index", "folder"})


class Wrong(ValueError):
    """Something about one object is not as it must be; the message says what."""


class Proved(NamedTuple):
    """What a record's or an entry's JSON says about its place in the log."""

    id: str
    commitment: bytes
    leaf_index: int
    disclosure: Disclosure


class InScope(NamedTuple):
    """One line of the scope's list."""

    id: str
    commitment: bytes
    leaf_index: int
    folder: str | None
    line: int


def proved(value: Mapping[str, Any], keys: frozenset[str], checker: InclusionChecker | None) -> Proved:
    """Recompute a commitment from its parts and follow its proof to the root. Raises ValueError."""
    if value.keys() != keys:
        raise Wrong(f"has the keys {_few(value)} instead of {_few(keys)}")
    if not isinstance(value["id"], str) or type(value["leaf_index"]) is not int:
        raise Wrong("its id is not text or its leaf index not a number")
    if not isinstance(value["parts"], list):
        raise Wrong("its parts are not a list")
    disclosure = read_disclosure(value["parts"])
    if disclosure.commitment != _named_hash(value, "commitment"):
        raise Wrong("its parts do not recompute its commitment")
    proof = hashes(value["proof"])
    if checker is None:
        raise Wrong("there is no checkpoint to prove it against")
    # RFC 9162, section 2.1.3.2.
    if not checker.holds(leaf_hash(disclosure.commitment), value["leaf_index"], proof):
        raise Wrong("its inclusion proof does not lead to the checkpoint's root")
    return Proved(value["id"], disclosure.commitment, value["leaf_index"], disclosure)


def disposed_by(shown: Mapping[str, bytes]) -> list[bytes]:
    """Return the commitments that a disclosed entry says were disposed of. Raises ValueError."""
    if shown.get("kind") != DISPOSITION_KIND.encode() or "body" not in shown:
        return []
    body = parse_json(shown["body"])
    named = body.get(DISPOSED_FIELD) if isinstance(body, dict) else None
    if not isinstance(named, list):
        raise Wrong(f"is a disposition, but its body has no list {DISPOSED_FIELD!r}")
    return hashes(named)


def scope_line(line: Mapping[str, Any], number: int) -> InScope:
    """Return what a line of the scope's list says. Raises ValueError."""
    if line.keys() != _LINE_KEYS:
        raise Wrong(f"has the keys {_few(line)} instead of {_few(_LINE_KEYS)}")
    folder = line["folder"]
    if not isinstance(line["id"], str) or type(line["leaf_index"]) is not int:
        raise Wrong("its id is not text or its leaf index not a number")
    if folder is not None and not (isinstance(folder, str) and folder.isascii() and folder.isdigit()):
        raise Wrong("its folder is not a number")
    return InScope(line["id"], _named_hash(line, "commitment"), line["leaf_index"], folder, number)


def calling_for_files(shown: Mapping[str, bytes]) -> list[str]:
    """Return the parts that hold the digest of a file. A medium that was never obtained has an empty part."""
    return [
        name
        for name, value in shown.items()
        # The length first: nearly all parts are words.
        if len(value) in (32, 64) and (name == "raw" or name.startswith("media/"))
    ]


def _named_hash(value: Mapping[str, Any], name: str) -> bytes:
    try:
        return from_hex(value[name], 32)
    except ValueError as problem:
        raise Wrong(f"its {name} {problem}") from None


def hashes(value: Any) -> list[bytes]:
    """Return the hashes in a JSON list. Raises ValueError."""
    if not isinstance(value, list):
        raise Wrong("its list of hashes is not a list")
    try:
        # One reading for all of them; only lengths are looked at one by one.
        joined = from_hex("".join(value), 32 * len(value)) if value else b""
        if {*map(len, value)} - {64}:
            raise ValueError("is not 64 hexadecimal digits")
    except (ValueError, TypeError) as problem:
        raise Wrong(f"a hash in its list {problem}") from None
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]


def _few(keys: Any) -> str:
    return ", ".join(sorted(str(key)[:40] for key in keys)[:10])
