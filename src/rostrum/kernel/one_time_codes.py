"""One-time codes by the clock, as in RFC 6238 (with HOTP, RFC 4226). A seed and an instant in, a code out; pure.

A seed comes as sites show it: base32 text (spaces and small letters allowed) or an ``otpauth://totp/…`` address.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit

from rostrum.kernel.decisions import InvalidInput

# RFC 4226, section 4, requirement 6: at least 128 bits; many sites give 80, which is what their servers hold.
_LEAST_BYTES: Final = 10
_ALGORITHMS: Final = ("sha1", "sha256", "sha512")


@dataclass(frozen=True, slots=True)
class Seed:
    """What codes are made from. Never shown by `repr`."""

    key: bytes = field(repr=False)
    digits: int = 6
    period_seconds: int = 30
    algorithm: str = "sha1"


@dataclass(frozen=True, slots=True)
class Code:
    """A code and for how many seconds it is still good. The code is not shown by `repr`."""

    digits: str = field(repr=False)
    seconds_left: int


def read_seed(text: str) -> Seed:
    """The seed that this text gives. Raises `InvalidInput`, never quoting what was given."""
    text = text.strip()
    if not text.lower().startswith("otpauth:"):
        return Seed(_key(text))
    try:
        parts = urlsplit(text)
        asked = {name.lower(): values[-1] for name, values in parse_qs(parts.query).items()}
        digits, period = int(asked.get("digits", "6")), int(asked.get("period", "30"))
    except ValueError as fault:
        raise InvalidInput("totp_seed", "This is no address of a one-time-code seed.") from fault
    algorithm = asked.get("algorithm", "SHA1").lower().replace("-", "")
    if parts.netloc.lower() != "totp" or algorithm not in _ALGORITHMS or digits not in (6, 7, 8) or period < 1:
        raise InvalidInput(
            "totp_seed", "Only codes by the clock (totp) of 6 to 8 digits under SHA-1, SHA-256 or SHA-512 are made."
        )
    return Seed(_key(asked.get("secret", "")), digits, period, algorithm)


def code_at(seed: Seed, instant: datetime) -> Code:
    """The code that is good at this instant, and for how long it still is."""
    seconds = int(instant.timestamp())
    counter, passed = divmod(seconds, seed.period_seconds)
    return Code(_hotp(seed, counter), seed.period_seconds - passed)


def _hotp(seed: Seed, counter: int) -> str:
    digest = hmac.digest(seed.key, counter.to_bytes(8, "big"), seed.algorithm)
    # RFC 4226, section 5.3: dynamic truncation.
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**seed.digits).zfill(seed.digits)


def _key(text: str) -> bytes:
    base32 = "".join(text.split()).replace("-", "").rstrip("=").upper()
    try:
        key = base64.b32decode(base32 + "=" * (-len(base32) % 8))
    except (binascii.Error, ValueError):
        # The cause would quote the seed.
        raise InvalidInput("totp_seed", "A seed has letters A to Z and digits 2 to 7 only (base32).") from None
    if len(key) < _LEAST_BYTES:
        raise InvalidInput("totp_seed", "The seed is too short: sites give at least 16 letters and digits.")
    return key
