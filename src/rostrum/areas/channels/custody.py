"""Custody: log-ins sealed with AES-256-GCM under a key that is a file outside the database.

The key file ``KEYS/custody-key`` holds 32 random bytes in hex. Two keys are derived from it (HKDF-SHA-256): one seals,
one makes the keyed hashes by which a secret used twice is recognised. A sealed secret is ``0x01 ‖ nonce (12) ‖
ciphertext and tag`` and is bound to its channel and credential: moved to another row it does not open.
"""

import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rostrum.kernel.decisions import Refused

KEY_NAME = "custody-key"
# The fields of a log-in that are secret, so that each value may be used only once; the others say who signs in.
SECRET_NAMES = frozenset({"password", "token"})
_VERSION = b"\x01"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class CustodyKey:
    """The two keys of custody; `key_id` tells which key file sealed something. Never shown by `repr`."""

    key_id: str
    sealing: bytes = field(repr=False)
    marking: bytes = field(repr=False)

    def seal(self, secret: dict[str, str], *, channel: str, credential: str) -> bytes:
        """Seal a log-in for this channel and credential."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(secret, ensure_ascii=False, sort_keys=True).encode()
        return _VERSION + nonce + AESGCM(self.sealing).encrypt(nonce, plain, _bound_to(channel, credential))

    def unseal(self, sealed: bytes, *, channel: str, credential: str) -> dict[str, str]:
        """The log-in again. Raises `Refused` when it was sealed under another key, or was altered or moved."""
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _VERSION:
                raise InvalidTag
            plain = AESGCM(self.sealing).decrypt(nonce, ciphertext, _bound_to(channel, credential))
        except InvalidTag as fault:
            raise Refused.because(
                "sealed-unreadable",
                "The channel's log-in cannot be unsealed: it was sealed under another key, or altered. Put the right "
                f"{KEY_NAME} back, or deposit the log-in again.",
            ) from fault
        opened: dict[str, str] = json.loads(plain)
        return opened

    def mark(self, value: str) -> str:
        """The keyed hash (hex) of one secret value: equal for equal values, and nothing without the key."""
        return hmac.new(self.marking, value.encode(), sha256).hexdigest()


def _bound_to(channel: str, credential: str) -> bytes:
    return f"rostrum custody\n{channel}\n{credential}\n".encode()


def make_key(folder: Path) -> None:
    """Make the key file with fresh random bytes, readable by its owner only; an existing file is left as it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(folder / KEY_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
        out.flush()
        os.fsync(out.fileno())
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def read_key(folder: Path) -> CustodyKey:
    """Read the key file. Raises `Refused`, saying what to do, when it is missing or no key; nothing is lost by that."""
    path = folder / KEY_NAME
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError as fault:
        raise Refused.because(
            "custody-key-missing",
            f"The custody key is missing: put {KEY_NAME} back into the keys folder. The sealed log-ins are all still "
            "there and open again with it.",
        ) from fault
    except (ValueError, OSError) as fault:
        raise Refused.because("custody-key-unreadable", f"The file {KEY_NAME} cannot be read as a key.") from fault
    if len(seed) != 32:
        raise Refused.because("custody-key-unreadable", f"The file {KEY_NAME} is not a key of 32 bytes.")
    return CustodyKey(
        key_id=sha256(b"rostrum custody key id\n" + seed).hexdigest()[:16],
        sealing=_derive(seed, b"rostrum custody seal"),
        marking=_derive(seed, b"rostrum custody mark"),
    )


def _derive(seed: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(seed)
