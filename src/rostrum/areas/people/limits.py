"""Limits on tries: counted in the database, so that they hold for all processes, and by keyed digests only.

A try is counted before it is looked at, so that many sent at the same instant all count.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from rostrum.areas.people.models import SignInAttempt

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries in a window: for one person (or one person at one address), and for one address."""

    name: str
    for_one: int
    # Higher, because a whole office may stand behind one address.
    for_address: int
    # For one person wherever the tries come from: who is past the first step could try from anywhere.
    from_anywhere: bool = False


class Tries(Enum):
    """What is tried, and how often it may be."""

    PASSWORD = Limit("password", 5, 60)
    CODE = Limit("code", 5, 60, from_anywhere=True)
    PROOF = Limit("proof", 5, 60, from_anywhere=True)
    PASSKEY = Limit("passkey", 20, 120)
    LINK = Limit("link", 3, 30)
    NEW_PASSWORD = Limit("new-password", 10, 60)
    DIRECTORY = Limit("directory", 20, 120)


def _digest(*parts: str) -> str:
    message = "\x00".join(parts).encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"sign-in\x00" + message, hashlib.sha256).hexdigest()


def _keys(tries: Tries, who: str, address: str) -> tuple[str, str]:
    limit = tries.value
    one = _digest(limit.name, who) if limit.from_anywhere else _digest(limit.name, who, address)
    return one, _digest(limit.name, address)


def is_over(tries: Tries, *, who: str, address: str, now: datetime) -> bool:
    """Count a try of this kind by (or for) `who` from this network address; whether it is one too many."""
    pair, whole_address = _keys(tries, who, address)
    SignInAttempt.objects.create(pair=pair, address=whole_address, at=now)
    recent = SignInAttempt.objects.filter(at__gt=now - WINDOW)
    return (
        recent.filter(pair=pair).count() > tries.value.for_one
        or recent.filter(address=whole_address).count() > tries.value.for_address
    )


def count_of(tries: Tries, *, who: str, address: str, now: datetime) -> int:
    """How many tries of this kind `who` has made lately."""
    pair, _ = _keys(tries, who, address)
    return SignInAttempt.objects.filter(at__gt=now - WINDOW, pair=pair).count()


def forgive(tries: Tries, *, who: str, address: str) -> None:
    """Forget the tries of `who`: the right one was among them."""
    pair, _ = _keys(tries, who, address)
    SignInAttempt.objects.filter(pair=pair).delete()
