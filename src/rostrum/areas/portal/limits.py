"""How often the public's forms may be sent from one network address, so that nobody floods the custodian's desk.

Modest, because a library or an office stands behind one address. Whoever meets a limit is told it, until when it
holds, and which ways are still open: a request by mail, telephone or in person needs no form and meets no limit.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache

from rostrum.areas.portal.models import PublicTry


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` of one kind from one address within `window`."""

    kind: str
    tries: int
    window: timedelta


REQUESTS = Limit("request", 6, timedelta(hours=1))
ANSWERS = Limit("answer", 20, timedelta(hours=1))
# A code has 64 random bits; this only keeps guessing from being worth a try.
CODES = Limit("code", 20, timedelta(minutes=15))
_KEPT = timedelta(days=1)


def _digest(address: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"portal\x00" + address.encode(), hashlib.sha256).hexdigest()


def wait_until(limit: Limit, address: str, *, now: datetime) -> datetime | None:
    """Count one try from this network address; return until when to wait if it is one too many, else None.

    A try that is refused does not count: waiting helps.
    """
    PublicTry.objects.filter(at__lt=now - _KEPT).delete()
    # Counted first, so that tries sent at the same instant all count.
    made = PublicTry.objects.create(kind=limit.kind, address=_digest(address), at=now)
    recent = PublicTry.objects.filter(kind=limit.kind, address=made.address, at__gt=now - limit.window)
    if recent.count() <= limit.tries:
        return None
    made.delete()
    first = recent.order_by("at").values_list("at", flat=True).first()
    return (first or now) + limit.window


# Questions of programs and of the form, in one process; a library behind one address asks less than this.
QUESTIONS = Limit("question", 120, timedelta(minutes=1))
LISTINGS = Limit("listing", 240, timedelta(minutes=1))


def asks_too_often(limit: Limit, address: str, *, now: datetime) -> int:
    """Count one question that writes nothing; return after how many seconds to ask again, or 0.

    Counted in this process's memory: a question must not cost a write. Several processes count each for itself.
    """
    window = int(limit.window.total_seconds())
    number = int(now.timestamp()) // window
    key = f"portal:{limit.kind}:{_digest(address)}:{number}"
    cache.add(key, 0, timeout=window * 2)
    try:
        asked = cache.incr(key)
    except ValueError:
        # Thrown out of a full cache between the two calls: counting starts again.
        return 0
    return 0 if asked <= limit.tries else window - int(now.timestamp()) % window
