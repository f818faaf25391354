"""What every key store offers, and how it says what is wrong. `tests/simulators/keystore_suite.py` holds all to it.

A store has one current key, under which it seals, and may have former ones, which still open what they sealed. Marks
are keyed hashes by which a value is recognised without being kept; they outlive a change of key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Trouble(StrEnum):
    """Why a store cannot do what was asked; this, never a message, decides what happens next."""

    MISSING = "missing"
    """There is no key at all: the file is not there, or the server knows no such key."""
    UNREADABLE = "unreadable"
    """What lies there is no key, or this process may not read it."""
    AWAY = "away"
    """The server is not reached, is itself sealed, or failed: later it may answer."""
    DENIED = "denied"
    """The server does not let us: the token is missing, has ended, or its policy lacks this."""
    OTHER_KEY = "other_key"
    """Sealed under a key that this store does not hold."""
    ALTERED = "altered"
    """The key is there, but the sealed bytes were changed, or moved to another row."""
    IN_USE = "in_use"
    """The current key cannot be dropped."""


class KeyStoreTrouble(Exception):
    """A key store could not do what was asked. `what` says it in words that quote no secret."""

    def __init__(self, kind: Trouble, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what


@dataclass(frozen=True, slots=True)
class Sealed:
    """Sealed bytes, and the id of the key under which they were sealed."""

    key_id: str
    data: bytes = field(repr=False)


@runtime_checkable
class KeyStore(Protocol):
    """One place where keys are. Every call may raise `KeyStoreTrouble`; none keeps or logs what it was given."""

    code: str

    def holds(self, key_id: str) -> bool:
        """Whether a key with this id would be this store's (not whether it is there now)."""
        ...

    def make(self) -> None:
        """Make the first key; where there is one already, nothing happens."""
        ...

    def current(self) -> str:
        """The id of the key under which things are sealed now."""
        ...

    def keys(self) -> frozenset[str]:
        """The ids of every key that can still open something."""
        ...

    def seal(self, plain: bytes, bound_to: bytes) -> Sealed:
        """Seal the bytes for the row that `bound_to` names, under the current key."""
        ...

    def unseal(self, sealed: Sealed, bound_to: bytes) -> bytes:
        """The bytes again."""
        ...

    def marks(self, values: Sequence[str]) -> list[tuple[str, ...]]:
        """For each value its keyed hashes (64 hex digits): the one to keep first, then those made by former keys."""
        ...

    def rotate(self) -> str:
        """Make a new current key and return its id; the former keys go on opening what they sealed."""
        ...

    def drop(self, key_id: str) -> None:
        """Let go of a former key: what it sealed opens never again here. Its marks go on being recognised."""
        ...
