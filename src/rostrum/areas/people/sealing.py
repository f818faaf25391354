"""The key under which sign-in's own secrets lie in the database: seeds of apps sealed, recovery codes as keyed hashes.

A key file of its own (``KEYS/sign-in-key``), made with the first factor and never again: while factors are there, a
missing file is said, not replaced.
"""

from django.conf import settings

from rostrum.areas.people.models import Factor, RecoveryCode
from rostrum.connectors.keystore import FileKeyStore, KeyStore, KeyStoreTrouble, Sealed, Trouble
from rostrum.kernel.decisions import Refused

KEY_NAME = "sign-in-key"


def key_store() -> KeyStore:
    """Where the key of sign-in lies."""
    return FileKeyStore(settings.KEYS_FOLDER / KEY_NAME, "sign-in")


def seal_for(plain: bytes, *, what: str, person: str) -> Sealed:
    """Seal something for this person; `what` names the use, so that nothing sealed for one use opens for another.

    Raises `Refused`, saying what to do, when the key is missing or cannot be read.
    """
    store = key_store()
    try:
        _make_first_key(store)
        return store.seal(plain, _bound_to(what, person))
    except KeyStoreTrouble as trouble:
        raise _refusal(trouble) from trouble


def unseal_for(sealed: Sealed, *, what: str, person: str) -> bytes | None:
    """What was sealed; None when it was altered, or is sealed under a key that is gone, or for another.

    Raises `Refused` when the key is missing or cannot be read.
    """
    try:
        return key_store().unseal(sealed, _bound_to(what, person))
    except KeyStoreTrouble as trouble:
        if trouble.kind in (Trouble.OTHER_KEY, Trouble.ALTERED):
            return None
        raise _refusal(trouble) from trouble


def marks_of(code: str, *, person: str) -> tuple[str, ...]:
    """The keyed hashes of a recovery code, this person's only: the one to keep first, then those under former keys.

    Raises `Refused` when the key is missing or cannot be read.
    """
    store = key_store()
    try:
        _make_first_key(store)
        return store.marks([f"{person}\n{code}"])[0]
    except KeyStoreTrouble as trouble:
        raise _refusal(trouble) from trouble


def _make_first_key(store: KeyStore) -> None:
    if not Factor.objects.filter(kind="app").exists() and not RecoveryCode.objects.exists():
        store.make()


def _refusal(trouble: KeyStoreTrouble) -> Refused:
    if trouble.kind is Trouble.MISSING:
        return Refused.because(
            "sign-in-key-missing",
            f"Codes cannot be checked: the file {KEY_NAME} is missing from the keys folder. Put it back; the factors "
            "are all still there. Passkeys and single sign-on work without it.",
        )
    return Refused.because("sign-in-key-unreadable", f"Codes cannot be checked: {trouble.what}")


def _bound_to(what: str, person: str) -> bytes:
    return f"rostrum sign-in\n{what}\n{person}\n".encode()
