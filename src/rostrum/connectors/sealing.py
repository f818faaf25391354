"""Sealing small secrets under a key that lies outside the database: a key file, and what is derived from it.

A key file holds 32 random bytes in hex. For each purpose two keys are derived from it (HKDF-SHA-256): one seals
(AES-256-GCM), one makes keyed hashes by which a value is recognised without being kept. A sealed secret is
``0x01 ‖ nonce (12) ‖ ciphertext and tag`` and is bound to the row it belongs to: moved elsewhere it does not open.
"""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


class KeyMissing(Exception):
    """There is no key file at this place."""


class KeyUnreadable(Exception):
    """The file at this place is not a key of 32 bytes."""


class CannotUnseal(Exception):
    """Sealed under another key, altered, or moved to another row."""


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The two keys of one purpose; `key_id` tells which key file sealed something. Never shown by `repr`."""

    key_id: str
    sealing: bytes = field(repr=False)
    marking: bytes = field(repr=False)

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """Seal the bytes for the row that `bound_to` names."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + AESGCM(self.sealing).encrypt(nonce, plain, bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """The bytes again. Raises `CannotUnseal`."""
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION or len(nonce) < _NONCE_BYTES:
            raise CannotUnseal
        try:
            return AESGCM(self.sealing).decrypt(nonce, ciphertext, bound_to)
        except InvalidTag as fault:
            raise CannotUnseal from fault

    def mark(self, value: str) -> str:
        """The keyed hash (hex) of one value: equal for equal values, and nothing without the key."""
        return keyed_hash(self.marking, value)


def keyed_hash(key: bytes, value: str) -> str:
    """The keyed hash (HMAC-SHA-256, hex) of one value."""
    return hmac.new(key, value.encode(), sha256).hexdigest()


def make_key_file(path: Path) -> None:
    """Make the key file with fresh random bytes, readable by its owner only; an existing file is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
        out.flush()
        os.fsync(out.fileno())
    _sync_folder(path.parent)


def replace_file(path: Path, text: str) -> None:
    """Replace a key file whole: whoever stops in between leaves the old one or the new one, readable by its owner."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_key_file(path: Path, purpose: str) -> SealingKey:
    """Derive the keys of this purpose from the key file. Raises `KeyMissing` or `KeyUnreadable`."""
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError as fault:
        raise KeyMissing(path.name) from fault
    except (ValueError, OSError) as fault:
        raise KeyUnreadable(path.name) from fault
    if len(seed) != 32:
        raise KeyUnreadable(path.name)
    return derive_keys(seed, purpose)


def derive_keys(seed: bytes, purpose: str) -> SealingKey:
    """The keys of this purpose that follow from a seed of 32 bytes."""
    return SealingKey(
        key_id=sha256(f"rostrum {purpose} key id\n".encode() + seed).hexdigest()[:16],
        sealing=_derive(seed, f"rostrum {purpose} seal"),
        marking=_derive(seed, f"rostrum {purpose} mark"),
    )


def _derive(seed: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(seed)
