"""Checks a commit's signature against the keys its DID document names."""

import hashlib
from typing import TYPE_CHECKING

from rostrum.connectors.bluesky.repository import Commit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SECP256K1 = b"\xe7\x01"
_P256 = b"\x80\x24"


def is_signed_by(commit: Commit, multibase_keys: tuple[str, ...]) -> bool:
    """Whether one of the keys signed the commit. A key the identity has since replaced does not count."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    if len(commit.signature) != 64:
        return False
    signature = utils.encode_dss_signature(
        int.from_bytes(commit.signature[:32], "big"), int.from_bytes(commit.signature[32:], "big")
    )
    digest = hashlib.sha256(commit.unsigned).digest()
    for multibase in multibase_keys:
        try:
            curve, point = _read_key(multibase)
            key = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
            key.verify(signature, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        except (ValueError, InvalidSignature):
            continue
        return True
    return False


def _read_key(multibase: str) -> "tuple[ec.EllipticCurve, bytes]":
    from cryptography.hazmat.primitives.asymmetric import ec

    if not multibase.startswith("z"):
        raise ValueError("not base58")
    data = _from_base58(multibase[1:])
    if data.startswith(_SECP256K1):
        return ec.SECP256K1(), data[2:]
    if data.startswith(_P256):
        return ec.SECP256R1(), data[2:]
    # The older form of key names its curve elsewhere and is an uncompressed point: secp256k1 in practice.
    return ec.SECP256K1(), data


def _from_base58(text: str) -> bytes:
    value = 0
    for character in text:
        value = value * 58 + _BASE58.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + value.to_bytes((value.bit_length() + 7) // 8, "big")
