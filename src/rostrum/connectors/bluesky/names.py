"""The protocol's names: record collections, AT URIs, and the record keys we choose."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
PROFILE = "app.bsky.actor.profile"
THREADGATE = "app.bsky.feed.threadgate"

_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._:~-]{1,512})")
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Where no instant is given, record keys fall into the 1.1 years from here: valid, in the past, and never again the
# same for another key in practice (45 + 10 bits of a hash).
_FALLBACK_EPOCH = datetime(2023, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordName:
    """Where a record stands: whose repository, which collection, which key."""

    did: str
    collection: str
    rkey: str

    @property
    def uri(self) -> str:
        """The AT URI."""
        return f"at://{self.did}/{self.path}"

    @property
    def path(self) -> str:
        """The key in the repository's tree."""
        return f"{self.collection}/{self.rkey}"


def parse_uri(uri: str) -> RecordName | None:
    """Read an AT URI that names a record in a DID's repository, or None."""
    match = _URI.fullmatch(uri)
    return RecordName(*match.groups()) if match else None


def record_key(idempotency_key: str, intended_at: datetime | None) -> str:
    """Return the record key (a TID) of the post with this idempotency key: the same at every attempt.

    The TID's time is the instant of the intent, so that keys sort as posts do; its clock identifier comes from the
    idempotency key.
    """
    bits = int.from_bytes(hashlib.sha256(idempotency_key.encode()).digest(), "big")
    clock = bits & 0x3FF
    if intended_at is None:
        microseconds = _microseconds(_FALLBACK_EPOCH) + (bits >> 10) % (1 << 45)
    else:
        microseconds = _microseconds(intended_at)
    value = (microseconds & ((1 << 53) - 1)) << 10 | clock
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def instant_of_key(rkey: str) -> datetime | None:
    """Return the instant a TID tells, or None when it is not a TID."""
    if not re.fullmatch(r"[2-7a-j][2-7a-z]{12}", rkey):
        return None
    value = 0
    for character in rkey:
        value = value << 5 | _ALPHABET.index(character)
    return _EPOCH + timedelta(microseconds=value >> 10)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
