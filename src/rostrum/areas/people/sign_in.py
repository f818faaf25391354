"""Signing in and staying signed in: e-mail and password, limits on tries, sessions that end by themselves.

The answer to a failed try is the same, in words and in work done, whether or not the person exists.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from rostrum.areas.people.models import SignInAttempt, User
from rostrum.areas.people.queries import is_present

WINDOW = timedelta(minutes=15)
TRIES_PER_PAIR = 5
# Higher, because a whole office may stand behind one address.
TRIES_PER_ADDRESS = 60
_SEEN = "seen_at"


class EmailBackend:
    """Finds a person by e-mail address and password."""

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None
    ) -> User | None:
        """Return the person, or None. Hashes a password in every case, so that the time taken tells nothing."""
        del request
        if email is None or password is None:
            return None
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None or not person.has_usable_password():
            make_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the person with this key."""
        return User.objects.filter(pk=user_id).first()


def _digest(*parts: str) -> str:
    message = "\x00".join(parts).encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"sign-in\x00" + message, hashlib.sha256).hexdigest()


def try_sign_in(request: HttpRequest, *, email: str, password: str, now: datetime) -> User | None:
    """Check e-mail and password and, if right, sign the person in with a fresh session id.

    Returns None when they are wrong, the person has left, or there were too many tries lately from this address.
    """
    address = _digest(request.META.get("REMOTE_ADDR", ""))
    pair = _digest(request.META.get("REMOTE_ADDR", ""), email.strip().lower())
    # Counted before checking, so that tries sent at the same instant all count.
    SignInAttempt.objects.create(pair=pair, address=address, at=now)
    recent = SignInAttempt.objects.filter(at__gt=now - WINDOW)
    is_limited = (
        recent.filter(pair=pair).count() > TRIES_PER_PAIR or recent.filter(address=address).count() > TRIES_PER_ADDRESS
    )
    person = EmailBackend().authenticate(request, email=email, password=password)
    if is_limited or person is None or not is_present(person, now=now):
        return None
    SignInAttempt.objects.filter(pair=pair).delete()
    start_session(request, person, now=now)
    return person


def start_session(request: HttpRequest, person: User, *, now: datetime) -> None:
    """Sign the person in: the session gets a new id and forgets what it held."""
    request.session.flush()
    login(request, person, backend="rostrum.areas.people.sign_in.EmailBackend")
    request.session[_SEEN] = int(now.timestamp())


def person_of_session(request: HttpRequest, *, now: datetime) -> User | None:
    """The person this request's session belongs to, or None when there is none or it has ended.

    A session ends after the idle time, when the password changes, and when the person leaves.
    """
    key = request.session.get(SESSION_KEY)
    if key is None or request.session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    person = User.objects.select_related("unit").filter(pk=key).first()
    stored = str(request.session.get(HASH_SESSION_KEY, ""))
    seen = int(request.session.get(_SEEN, now.timestamp()))
    idle = now.timestamp() - seen > settings.SESSION_IDLE_MINUTES * 60
    if (
        person is None
        or idle
        or not is_present(person, now=now)
        or not constant_time_compare(stored, person.get_session_auth_hash())
    ):
        request.session.flush()
        return None
    # Written once a minute at most: a page should not cost a write.
    if _SEEN not in request.session or now.timestamp() - seen >= 60:
        request.session[_SEEN] = int(now.timestamp())
    return person
