"""A new key for custody: made, everything sealed again under it, the former one dropped. Each step may be stopped."""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.channels import custody
from rostrum.areas.channels.custody import Custody
from rostrum.areas.channels.events import custody as events
from rostrum.areas.channels.models import Credential
from rostrum.areas.channels.queries import custody as reads
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.models import Entry
from rostrum.connectors.keystore import KeyStore, Sealed
from rostrum.kernel.decisions import Refused

_AT_ONCE = 50
# A deposit that began before the new key was made may still be sealing under the former one.
_SETTLING = timedelta(minutes=10)


def make_custody_key(*, actor: str, now: datetime) -> str:
    """Make a new current key and return its id; the former one still opens what it sealed. Raises `Refused`.

    The key is made first and recorded then: stopped in between, there is one key more than the ledger knows, no less.
    """
    place = custody.open_custody()
    former = custody.or_refuse(place.store.current)
    key = custody.or_refuse(place.store.rotate)
    with transaction.atomic():
        ledger.record(events.CustodyKeyMade(key=key, former=former, store=place.store.code), actor=actor, now=now)
    return key


@transaction.atomic
def reseal_credentials(*, actor: str, now: datetime) -> list[str]:
    """Seal the next log-ins again under the current key; empty when all are. Raises `Refused` when one does not open.

    A transaction of its own for some at a time: stopped anywhere, each log-in is sealed under one key or the other, and
    both are there.
    """
    place = custody.open_custody()
    key = custody.or_refuse(place.store.current)
    done = []
    for credential in reads.to_reseal(key).select_for_update(of=("self",)).select_related("channel")[:_AT_ONCE]:
        _reseal(place, credential)
        done.append(credential.public_id)
    if done:
        ledger.record(events.CredentialsResealed(key=key, credentials=done), actor=actor, now=now)
    return done


def _reseal(place: Custody, credential: Credential) -> None:
    row = {"channel": credential.channel.public_id, "credential": credential.public_id}
    try:
        opened = place.unseal(Sealed(credential.key_id, bytes(credential.sealed)), **row)
    except Refused as refusal:
        raise Refused.because(
            refusal.reasons[0].code, f"{credential.channel.name}: {refusal.reasons[0].message}"
        ) from refusal
    sealed = place.seal(opened, **row)
    # Read back before the old bytes go.
    if place.unseal(sealed, **row) != opened:
        raise Refused.because("not-sealed", f"{credential.channel.name}: what was sealed again does not open.")
    credential.sealed, credential.key_id = sealed.data, sealed.key_id
    credential.save(update_fields=["sealed", "key_id"])


@transaction.atomic
def drop_custody_key(*, key_id: str, actor: str, now: datetime) -> None:
    """Let go of a former key, which then opens nothing here, backups included. Raises `Refused` while it is needed."""
    place = custody.open_custody()
    used = reads.sealed_under(key_id).count()
    if used:
        raise Refused.because("custody-key-in-use", f"{used} log-ins are still sealed under it: run rekey first.")
    newest = Entry.objects.filter(kind=events.CustodyKeyMade.kind).order_by("-pk").first()
    if newest is not None and now < newest.at + _SETTLING:
        raise Refused.because(
            "custody-key-settling",
            "The new key was made less than ten minutes ago: a deposit that began before may still use the former one.",
        )
    ledger.record(events.CustodyKeyDropped(key=key_id), actor=actor, now=now)
    # Last, because it cannot be taken back: if the entry is not written, the key stays.
    for store in (place.store, *place.others):
        if store.holds(key_id):
            _drop(store, key_id)
            return
    raise Refused.because("custody-key-unknown", f"There is no key {key_id}.")


def _drop(store: KeyStore, key_id: str) -> None:
    custody.or_refuse(lambda: store.drop(key_id))
