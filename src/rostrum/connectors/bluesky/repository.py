"""Repositories as bytes: CAR files whose every block is checked against its CID, the tree of records, the signature.

A record's block is the exact evidence: its CID is the hash of its bytes, and the signed commit vouches for the CID.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CAR_TYPE = "application/vnd.ipld.car"
RECORD_TYPE = "application/vnd.ipld.dag-cbor"

_SHA256_CID = b"\x12\x20"
_DEPTH_LIMIT = 64


class BadRepository(Exception):
    """The bytes are not a repository: a hash does not fit, a block is missing, or the form is wrong."""


@dataclass(frozen=True, slots=True)
class Car:
    """A CAR file: its bytes, its first root (the commit), its blocks by CID; every block's hash has been checked."""

    data: bytes
    root: bytes
    blocks: Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Commit:
    """A repository's signed state."""

    cid: bytes
    did: str
    rev: str
    data: bytes
    signature: bytes
    unsigned: bytes


def read_car(data: bytes) -> Car:
    """Read a CAR (version 1) and check every block's hash. Raises `BadRepository`."""
    try:
        header_size, at = _varint(data, 0)
        header = decode(data[at : at + header_size])
        roots = header["roots"] if isinstance(header, dict) else []
        if not roots or not isinstance(roots[0], bytes):
            raise BadRepository("the CAR names no root")
        at += header_size
        blocks: dict[bytes, bytes] = {}
        while at < len(data):
            size, at = _varint(data, at)
            if size == 0 or at + size > len(data):
                raise BadRepository("the CAR is cut off")
            cid_size = _cid_size(data, at)
            cid, block = data[at : at + cid_size], data[at + cid_size : at + size]
            check_block(cid, block)
            blocks[cid] = block
            at += size
    except (IndexError, KeyError, TypeError) as error:
        raise BadRepository(f"not a CAR: {error!r}") from error
    return Car(data, roots[0], blocks)


def check_block(cid: bytes, block: bytes) -> None:
    """Check that a block's hash is the one in its CID. Raises `BadRepository`."""
    if cid[2:4] != _SHA256_CID or cid[4:] != hashlib.sha256(block).digest():
        raise BadRepository(f"a block does not have the hash its CID {cid_text(cid)} says")


def decode(block: bytes) -> Any:
    """Decode one DAG-CBOR block; links become the CID's bytes. Raises `BadRepository`."""
    import libipld

    try:
        return libipld.decode_dag_cbor(block)
    except Exception as error:  # the decoder raises its own, undocumented kinds
        raise BadRepository(f"not DAG-CBOR: {error}") from error


def encode(value: object) -> bytes:
    """Encode as canonical DAG-CBOR."""
    import libipld

    return bytes(libipld.encode_dag_cbor(value))


def cid_text(cid: bytes) -> str:
    """Return a CID's usual text (base32)."""
    return "b" + base64.b32encode(cid).decode().lower().rstrip("=")


def cid_bytes(text: str) -> bytes:
    """Return the bytes of a CID's base32 text. Raises `BadRepository`."""
    body = text[1:].upper()
    try:
        if not text.startswith("b"):
            raise ValueError("not base32")
        return base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError as error:
        raise BadRepository(f"not a CID: {text}") from error


def read_commit(car: Car) -> Commit:
    """Return the commit a CAR's root names. Raises `BadRepository`."""
    value = _node(car, car.root)
    try:
        unsigned = {key: part for key, part in value.items() if key != "sig"}
        # A link decodes to bytes; encoding it again must give a link, so the two links are put back by hand.
        return Commit(car.root, value["did"], value["rev"], value["data"], value["sig"], _encode_commit(unsigned))
    except (KeyError, AttributeError, TypeError) as error:
        raise BadRepository(f"the root is not a commit: {error!r}") from error


def records(car: Car, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (path, CID) of every record in the tree under `data`, in order of path. Raises `BadRepository`."""
    yield from _walk(car, data, 0)


def find_record(car: Car, data: bytes, path: str) -> bytes | None:
    """Return the CID of the record at `path`, or None when the tree proves that there is none.

    Raises `BadRepository` when the CAR has not the nodes that tell.
    """
    wanted, node_cid = path.encode(), data
    for _ in range(_DEPTH_LIMIT):
        node = _node(car, node_cid)
        below = node["l"]
        for key, cid, right in _entries(node):
            if key == wanted:
                return cid
            if key > wanted:
                break
            below = right
        if below is None:
            return None
        node_cid = below
    raise BadRepository("the tree is too deep")


def _walk(car: Car, node_cid: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    if depth > _DEPTH_LIMIT:
        raise BadRepository("the tree is too deep")
    node = _node(car, node_cid)
    if node["l"] is not None:
        yield from _walk(car, node["l"], depth + 1)
    for key, cid, right in _entries(node):
        yield key.decode("utf-8", "replace"), cid
        if right is not None:
            yield from _walk(car, right, depth + 1)


def _entries(node: dict[str, Any]) -> Iterator[tuple[bytes, bytes, bytes | None]]:
    key = b""
    for entry in node["e"]:
        # Keys are written as what they do not share with the key before.
        key = key[: entry["p"]] + entry["k"]
        yield key, entry["v"], entry["t"]


def _node(car: Car, cid: bytes) -> dict[str, Any]:
    block = car.blocks.get(cid)
    if block is None:
        raise BadRepository(f"the block {cid_text(cid)} is missing")
    value = decode(block)
    if not isinstance(value, dict):
        raise BadRepository(f"the block {cid_text(cid)} is not a node")
    return value


def _encode_commit(unsigned: dict[str, Any]) -> bytes:
    """Encode a commit without its signature, links as links (tag 42 over a zero byte and the CID)."""
    parts = []
    # DAG-CBOR orders keys by length, then by bytes.
    for key in sorted(unsigned, key=lambda name: (len(name), name)):
        value = unsigned[key]
        is_link = key in ("data", "prev") and isinstance(value, bytes)
        parts.append(
            encode(key) + (b"\xd8\x2a\x58" + bytes([len(value) + 1]) + b"\0" + value if is_link else encode(value))
        )
    return bytes([0xA0 + len(parts)]) + b"".join(parts)


def _cid_size(data: bytes, at: int) -> int:
    start = at
    version, at = _varint(data, at)
    if version != 1:
        raise BadRepository("a CID of an unknown version")
    _, at = _varint(data, at)
    _, at = _varint(data, at)
    digest_size, at = _varint(data, at)
    return at + digest_size - start


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise BadRepository("a number is too large")
