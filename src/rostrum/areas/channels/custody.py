"""Custody: log-ins sealed under a key that lies outside the database, in a file or in a key server (a setting says).

A sealed log-in is bound to its channel and credential: moved to another row it does not open. Keyed hashes (marks) tell
a secret used twice without keeping it. Which key sealed what is named beside it, so that both places can be read while
log-ins move from one to the other (`rostrum custody rekey`).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from rostrum.connectors.keystore import FileKeyStore, KeyStore, KeyStoreTrouble, Sealed, Trouble, VaultKeyStore
from rostrum.connectors.keystore.vault import VaultPlace
from rostrum.connectors.process import forget_soon
from rostrum.kernel.decisions import Reason, Refused

KEY_NAME = "custody-key"
# The fields of a log-in that say who signs in; every other value is secret and may be used only once.
NAME_FIELDS = frozenset({"login", "identifier"})
# A seed of one-time codes is never shown to anybody; the codes it gives are.
SEED_FIELD = "totp_seed"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """Which keys can be read now; `troubles` say, by the code of the store, what is wrong with one."""

    keys: frozenset[str]
    troubles: dict[str, KeyStoreTrouble]


class Custody:
    """The places where keys may lie: the one that seals, and the other one, which may still open what it sealed."""

    def __init__(self, store: KeyStore, *others: KeyStore) -> None:
        self.store = store
        self.others = others

    def make(self) -> None:
        """Make the first key. Raises `Refused`."""
        or_refuse(self.store.make)

    def seal(self, secret: dict[str, str], *, channel: str, credential: str) -> Sealed:
        """Seal a log-in for this channel and credential. Raises `Refused`."""
        plain = json.dumps(secret, ensure_ascii=False, sort_keys=True).encode()
        return or_refuse(lambda: self.store.seal(plain, _bound_to(channel, credential)))

    def unseal(self, sealed: Sealed, *, channel: str, credential: str) -> dict[str, str]:
        """The log-in again. Raises `Refused`, saying which key is missing, or that it was altered or moved."""
        store = self._holder(sealed.key_id)
        plain = or_refuse(lambda: store.unseal(sealed, _bound_to(channel, credential)))
        forget_soon()
        opened: dict[str, str] = json.loads(plain)
        return opened

    def marks(self, values: Sequence[str]) -> list[tuple[str, ...]]:
        """For each value its keyed hashes under every key there is, the one to keep first. Raises `Refused`."""
        found = or_refuse(lambda: self.store.marks(values))
        for other in self.others:
            try:
                more = other.marks(values)
            except KeyStoreTrouble as trouble:
                # Nothing was ever sealed there, or its keys are gone for good: there is nothing to compare with.
                if trouble.kind is Trouble.MISSING:
                    continue
                raise Refused((as_reason(trouble),)) from trouble
            found = [(*ours, *theirs) for ours, theirs in zip(found, more, strict=True)]
        return found

    def reading(self) -> Reading:
        """Which keys can be read now, and what is wrong with a store that gives none."""
        keys: set[str] = set()
        troubles: dict[str, KeyStoreTrouble] = {}
        for store in (self.store, *self.others):
            try:
                keys |= store.keys()
            except KeyStoreTrouble as trouble:
                troubles[store.code] = trouble
        return Reading(frozenset(keys), troubles)

    def trouble_with(self, key_id: str, reading: Reading | None = None) -> KeyStoreTrouble | None:
        """Why what was sealed under this key cannot be read now; None when its key is there."""
        reading = reading or self.reading()
        if key_id in reading.keys:
            return None
        try:
            store = self._holder(key_id)
        except Refused:
            return KeyStoreTrouble(
                Trouble.OTHER_KEY, f"It was sealed under the key {key_id} of a key server that is not set up here."
            )
        return reading.troubles.get(store.code) or KeyStoreTrouble(
            Trouble.OTHER_KEY, f"It was sealed under the key {key_id}, which is not there; another key is."
        )

    def _holder(self, key_id: str) -> KeyStore:
        for store in (self.store, *self.others):
            if store.holds(key_id):
                return store
        raise Refused(
            (
                as_reason(
                    KeyStoreTrouble(
                        Trouble.OTHER_KEY,
                        f"It was sealed under the key {key_id} of a key server that is not set up here.",
                    )
                ),
            )
        )


def open_custody() -> Custody:
    """Custody as the settings say: keys in a file or in a key server, the other of the two for what it still holds."""
    file: KeyStore = FileKeyStore(Path(settings.KEYS_FOLDER) / KEY_NAME, "custody")
    place: VaultPlace | None = settings.CUSTODY_VAULT
    vault = None if place is None else VaultKeyStore(place, transport=settings.CUSTODY_VAULT_TRANSPORT)
    if settings.CUSTODY_STORE == "vault":
        if vault is None:
            raise Refused.because("custody-not-set-up", "ROSTRUM_CUSTODY is vault, but ROSTRUM_VAULT_ADDRESS is empty.")
        return Custody(vault, file)
    return Custody(file, *([vault] if vault else []))


def as_reason(trouble: KeyStoreTrouble) -> Reason:
    """What is wrong with the keys, as people read it: what, that nothing is lost, and what to do."""
    code, advice = _ADVICE[trouble.kind]
    return Reason(code, f"{trouble.what} {advice}".strip())


_ADVICE: dict[Trouble, tuple[str, str]] = {
    Trouble.MISSING: (
        "custody-key-missing",
        "Put the custody key back. The sealed log-ins are all still there and open again with it.",
    ),
    Trouble.UNREADABLE: (
        "custody-key-unreadable",
        "Put the right custody key back. The sealed log-ins are all still there and open again with it.",
    ),
    Trouble.AWAY: ("custody-server-away", "Nothing is lost: log-ins open again when it answers."),
    Trouble.DENIED: ("custody-server-denied", "Give Rostrum a token that may use the key. Nothing is lost."),
    Trouble.OTHER_KEY: (
        "sealed-unreadable",
        "Put that key back, or deposit the log-in again. What is sealed stays as it is.",
    ),
    Trouble.ALTERED: ("sealed-unreadable", "Deposit the log-in again, and find out who changed the database."),
    Trouble.IN_USE: ("custody-key-in-use", ""),
}


def or_refuse(call: Callable[[], T]) -> T:
    """What the call to a key store answers. Raises `Refused` with its trouble in words."""
    try:
        return call()
    except KeyStoreTrouble as trouble:
        raise Refused((as_reason(trouble),)) from trouble


def _bound_to(channel: str, credential: str) -> bytes:
    return f"rostrum custody\n{channel}\n{credential}\n".encode()


def secret_names(names: Iterable[str]) -> frozenset[str]:
    """Those of the fields whose values are secret."""
    return frozenset(names) - NAME_FIELDS
