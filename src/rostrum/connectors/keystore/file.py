"""Keys in a file of their own, outside the database and outside every backup.

The first line is the current key (32 random bytes in hex); further lines are former keys, which still open what they
sealed; ``marks HEX`` is what stays of a key that was dropped: enough to recognise an old secret, not to open one. The
file is replaced whole (written beside, synced, renamed), so that a stop in between leaves the old one or the new one.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rostrum.connectors import sealing
from rostrum.connectors.keystore.interface import KeyStoreTrouble, Sealed, Trouble
from rostrum.connectors.sealing import SealingKey

_MARKS = "marks "


@dataclass(frozen=True, slots=True)
class _Ring:
    seeds: tuple[str, ...] = field(repr=False)
    keys: tuple[SealingKey, ...]
    old_marking: tuple[bytes, ...] = field(repr=False)

    def by_id(self, key_id: str) -> SealingKey | None:
        return next((key for key in self.keys if key.key_id == key_id), None)


class FileKeyStore:
    """Keys in one file; `purpose` keeps the keys derived from it apart from those of any other use."""

    code = "file"

    def __init__(self, path: Path, purpose: str) -> None:
        self._path = path
        self._purpose = purpose

    def holds(self, key_id: str) -> bool:
        """Whether a key with this id would be this store's."""
        return ":" not in key_id

    def make(self) -> None:
        """Make the file with a first key, readable by its owner only."""
        sealing.make_key_file(self._path)

    def current(self) -> str:
        """The id of the current key."""
        return self._ring().keys[0].key_id

    def keys(self) -> frozenset[str]:
        """The ids of the keys in the file."""
        return frozenset(key.key_id for key in self._ring().keys)

    def seal(self, plain: bytes, bound_to: bytes) -> Sealed:
        """Seal under the current key."""
        key = self._ring().keys[0]
        return Sealed(key.key_id, key.seal(plain, bound_to))

    def unseal(self, sealed: Sealed, bound_to: bytes) -> bytes:
        """Open with the key that sealed it."""
        key = self._ring().by_id(sealed.key_id)
        if key is None:
            raise KeyStoreTrouble(
                Trouble.OTHER_KEY, f"It was sealed under the key {sealed.key_id}, which is not in {self._path.name}."
            )
        try:
            return key.unseal(sealed.data, bound_to)
        except sealing.CannotUnseal as fault:
            raise KeyStoreTrouble(Trouble.ALTERED, "The sealed bytes were changed, or moved to another row.") from fault

    def marks(self, values: Sequence[str]) -> list[tuple[str, ...]]:
        """The keyed hashes of each value under every key there ever was."""
        ring = self._ring()
        marking = [key.marking for key in ring.keys] + list(ring.old_marking)
        return [tuple(sealing.keyed_hash(key, value) for key in marking) for value in values]

    def rotate(self) -> str:
        """Put a fresh key in front; the others stay behind it."""
        ring = self._ring()
        seed = secrets.token_hex(32)
        self._write((seed, *ring.seeds), ring.old_marking)
        return self._key(seed).key_id

    def drop(self, key_id: str) -> None:
        """Reduce a former key to what recognises old secrets."""
        ring = self._ring()
        key = ring.by_id(key_id)
        if key is None:
            raise KeyStoreTrouble(Trouble.OTHER_KEY, f"{self._path.name} holds no key {key_id}.")
        if key is ring.keys[0]:
            raise KeyStoreTrouble(Trouble.IN_USE, "The current key cannot be dropped: make a new one first.")
        kept = tuple(seed for seed, one in zip(ring.seeds, ring.keys, strict=True) if one is not key)
        self._write(kept, (*ring.old_marking, key.marking))

    def _key(self, seed: str) -> SealingKey:
        return sealing.derive_keys(bytes.fromhex(seed), self._purpose)

    def _ring(self) -> _Ring:
        try:
            text = self._path.read_text(encoding="ascii")
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            seeds = tuple(line for line in lines if not line.startswith(_MARKS))
            old = tuple(bytes.fromhex(line.removeprefix(_MARKS)) for line in lines if line.startswith(_MARKS))
            if not seeds or {len(bytes.fromhex(seed)) for seed in seeds} != {32} or any(len(one) != 32 for one in old):
                raise ValueError("not keys of 32 bytes")
        except FileNotFoundError as fault:
            raise KeyStoreTrouble(Trouble.MISSING, f"The key file {self._path.name} is not there.") from fault
        except PermissionError as fault:
            raise KeyStoreTrouble(Trouble.UNREADABLE, f"This process may not read {self._path.name}.") from fault
        except (OSError, ValueError):
            # The cause might quote a line of the file.
            raise KeyStoreTrouble(
                Trouble.UNREADABLE, f"The file {self._path.name} is not a key of 32 bytes in hex."
            ) from None
        return _Ring(seeds, tuple(self._key(seed) for seed in seeds), old)

    def _write(self, seeds: tuple[str, ...], old_marking: tuple[bytes, ...]) -> None:
        text = "".join(f"{seed}\n" for seed in seeds) + "".join(f"{_MARKS}{key.hex()}\n" for key in old_marking)
        sealing.replace_file(self._path, text)
