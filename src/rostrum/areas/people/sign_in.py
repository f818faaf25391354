"""Signing in and staying signed in: the first step, the second, and sessions that end by themselves.

    nobody ──password──▶ (second step pending) ──code, passkey, recovery code──▶ signed in
       │                 (enrolment pending) ──a factor is set up──────────────▶ signed in
       └──passkey, or a directory that asked for two──────────────────────────▶ signed in

Between the steps nobody is signed in: what is pending lies in the session, and opens only the pages of the second step.
The answer to a failed first step is the same, in words and in work done, whether or not the person exists.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from rostrum.areas.people import limits, operations, totp
from rostrum.areas.people.devices import device_of, network_of
from rostrum.areas.people.limits import Tries
from rostrum.areas.people.models import Factor, SignedIn, User
from rostrum.areas.people.passkeys import PasskeyNotAccepted, Site, digest_in, finish_sign_in
from rostrum.areas.people.queries import is_present
from rostrum.areas.people.queries.sign_in import needs_factor, session_is_over
from rostrum.areas.people.rules.factors import PENDING_LASTS, FactorKind, Step, step_after
from rostrum.areas.people.sealing import unseal_for
from rostrum.areas.people.session_store import stored_key
from rostrum.connectors.keystore import Sealed

BACKEND = "rostrum.areas.people.sign_in.EmailBackend"
_ROW = "signed_in"
_PENDING = "pending_sign_in"
_SEEN_EVERY_SECONDS = 60


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


def address_of(request: HttpRequest) -> str:
    """The network address the request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


# the first step


def try_password(request: HttpRequest, *, email: str, password: str, now: datetime) -> User | None:
    """The person with this e-mail address and password.

    None when they are wrong, the person has left, or there were too many tries lately from this address.
    """
    who, address = email.strip().lower(), address_of(request)
    is_limited = limits.is_over(Tries.PASSWORD, who=who, address=address, now=now)
    person = EmailBackend().authenticate(request, email=email, password=password)
    if is_limited or person is None or not is_present(person, now=now):
        operations.note_failed_try(email=email, actor="public", now=now)
        return None
    limits.forgive(Tries.PASSWORD, who=who, address=address)
    return person


def try_passkey(request: HttpRequest, *, answer: str, state: dict[str, Any], site: Site, now: datetime) -> User | None:
    """The person whose passkey made this answer; None when it proves nothing, or there were too many tries."""
    if limits.is_over(Tries.PASSKEY, who="", address=address_of(request), now=now):
        return None
    factor = Factor.objects.filter(credential_digest=digest_in(answer) or None, kind=FactorKind.PASSKEY.value).first()
    if factor is None or not is_present(factor.person, now=now):
        return None
    return factor.person if _passkey_proves(factor, answer, state, site, now) else None


def take_first_step(
    request: HttpRequest,
    person: User,
    *,
    how: str,
    given: bool,
    next_page: str,
    directory_session: str = "",
    now: datetime,
) -> Step:
    """Go on from a first step that was right: sign the person in, or note what is pending.

    `how` is what proved it (``password``, ``passkey``, ``directory:ID``); `given` whether that was two factors already.
    """
    step = step_after(
        given=given,
        has_factors=Factor.objects.filter(person=person).exists(),
        is_required=needs_factor(person, now=now),
    )
    if step is Step.IN:
        start_session(request, person, how=how, has_second_factor=given, directory_session=directory_session, now=now)
        return step
    request.session.flush()
    request.session[_PENDING] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),
        "how": how,
        "directory_session": directory_session,
        "step": step.value,
        "next": next_page,
        "at": int(now.timestamp()),
    }
    return step


# the second step


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who took the first step and is not signed in yet."""

    person: User
    step: Step
    how: str
    directory_session: str
    next_page: str
    began_at: datetime


def pending(request: HttpRequest, *, now: datetime) -> Pending | None:
    """Who is between the steps in this browser; None when nobody is, or it took too long."""
    kept = request.session.get(_PENDING)
    if not isinstance(kept, dict):
        return None
    person = User.objects.select_related("unit").filter(pk=kept["person"]).first()
    began_at = datetime.fromtimestamp(kept["at"], UTC)
    if (
        person is None
        or now - began_at > PENDING_LASTS
        or not is_present(person, now=now)
        # A password changed meanwhile makes the first step void.
        or not constant_time_compare(kept["hash"], person.get_session_auth_hash())
    ):
        request.session.flush()
        return None
    return Pending(person, Step(kept["step"]), kept["how"], kept["directory_session"], kept["next"], began_at)


def try_code(request: HttpRequest, waiting: Pending, *, code: str, now: datetime) -> bool:
    """Take a code of the person's app, or a recovery code, and sign them in; False when it is wrong or one too many."""
    person = waiting.person
    if _is_over_codes(request, person, now):
        return False
    is_right = check_app_code(person, code, now=now) or (
        operations.use_recovery_code(person=person, code=code, actor=person, now=now) is not None
    )
    if not is_right:
        return False
    limits.forgive(Tries.CODE, who=person.public_id, address=address_of(request))
    _finish(request, waiting, now)
    return True


def try_second_passkey(
    request: HttpRequest, waiting: Pending, *, answer: str, state: dict[str, Any], site: Site, now: datetime
) -> bool:
    """Take a proof by one of the person's passkeys and sign them in; False when it proves nothing."""
    person = waiting.person
    if _is_over_codes(request, person, now) or not check_passkey(person, answer, state, site, now=now):
        return False
    limits.forgive(Tries.CODE, who=person.public_id, address=address_of(request))
    _finish(request, waiting, now)
    return True


def finish_enrolment(request: HttpRequest, waiting: Pending, *, now: datetime) -> None:
    """Sign in who has just set up the factor that was missing."""
    _finish(request, waiting, now)


def _finish(request: HttpRequest, waiting: Pending, now: datetime) -> None:
    start_session(
        request,
        waiting.person,
        how=waiting.how,
        has_second_factor=True,
        directory_session=waiting.directory_session,
        now=now,
    )


def _is_over_codes(request: HttpRequest, person: User, now: datetime) -> bool:
    who, address = person.public_id, address_of(request)
    is_over = limits.is_over(Tries.CODE, who=who, address=address, now=now)
    # Told once, when the limit is passed: whoever types these codes got past the first step.
    if limits.count_of(Tries.CODE, who=who, address=address, now=now) == Tries.CODE.value.for_one + 1:
        operations.note_guessing(person=person, actor=person, now=now)
    return is_over


@transaction.atomic
def check_app_code(person: User, code: str, *, now: datetime) -> bool:
    """Whether one of the person's apps shows this code now. A code is taken once."""
    apps = list(Factor.objects.select_for_update().filter(person=person, kind=FactorKind.APP.value).order_by("pk"))
    for factor in apps:
        sealed = Sealed(factor.key_id, bytes(factor.sealed or b""))
        seed = unseal_for(sealed, what="app", person=person.public_id)
        step = totp.step_of_code(seed, code, after_step=factor.last_step, now=now) if seed else None
        if step is not None:
            factor.last_step, factor.last_used_at = step, now
            factor.save(update_fields=["last_step", "last_used_at"])
            return True
    return False


def check_passkey(person: User, answer: str, state: dict[str, Any], site: Site, *, now: datetime) -> bool:
    """Whether this answer is by one of the person's passkeys."""
    mine = Factor.objects.filter(person=person, credential_digest=digest_in(answer) or None)
    factor = mine.filter(kind=FactorKind.PASSKEY.value).first()
    return factor is not None and _passkey_proves(factor, answer, state, site, now)


@transaction.atomic
def _passkey_proves(factor: Factor, answer: str, state: dict[str, Any], site: Site, now: datetime) -> bool:
    # Locked, so that one answer sent twice at once counts up once.
    factor = Factor.objects.select_for_update(of=("self",)).select_related("person").get(pk=factor.pk)
    try:
        factor.sign_count = finish_sign_in(answer, state, site, factor)
    except PasskeyNotAccepted as problem:
        if problem.code == "copied":
            operations.suspect_passkey(factor=factor, actor=factor.person, now=now)
        return False
    factor.last_used_at = now
    factor.save(update_fields=["sign_count", "last_used_at"])
    return True


# the session


def start_session(
    request: HttpRequest,
    person: User,
    *,
    how: str,
    has_second_factor: bool,
    directory_session: str = "",
    now: datetime,
) -> SignedIn:
    """Sign the person in: the session gets a new id and forgets what it held."""
    request.session.flush()
    request.session[SESSION_KEY] = str(person.pk)
    request.session[BACKEND_SESSION_KEY] = BACKEND
    request.session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    request.session.create()
    row = SignedIn.objects.create(
        person=person,
        store_key=stored_key(request.session.session_key or ""),
        how=how,
        has_second_factor=has_second_factor,
        directory_session=directory_session[:200],
        device=device_of(request.META.get("HTTP_USER_AGENT", "")),
        network=network_of(address_of(request)),
        started_at=now,
        seen_at=now,
        proven_at=now,
    )
    request.session[_ROW] = row.public_id
    request.session.save()
    remember(request, row)
    return row


def remember(request: HttpRequest, row: SignedIn | None) -> None:
    """Note on the request which sign-in it belongs to."""
    request.signed_in = row  # type: ignore[attr-defined]


def session_of(request: HttpRequest) -> SignedIn | None:
    """The sign-in this request belongs to."""
    found = getattr(request, "signed_in", None)
    return found if isinstance(found, SignedIn) else None


def person_of_session(request: HttpRequest, *, now: datetime) -> User | None:
    """The person this request's session belongs to, or None when there is none or it has ended.

    A session ends after the idle time and the longest time, when it is ended on a page, when the password changes, when
    the person leaves, and when a role comes to ask for a second factor that it was begun without.
    """
    remember(request, None)
    key = request.session.get(SESSION_KEY)
    if key is None or request.session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    # At most one has this id: no order is asked for, which every page would pay for.
    row = next(
        iter(SignedIn.objects.select_related("person__unit").filter(public_id=request.session.get(_ROW, ""))), None
    )
    stored = str(request.session.get(HASH_SESSION_KEY, ""))
    if (
        row is None
        or str(row.person_id) != key
        or session_is_over(row, now=now)
        or not is_present(row.person, now=now)
        or not constant_time_compare(stored, row.person.get_session_auth_hash())
        or (not row.has_second_factor and needs_factor(row.person, now=now))
    ):
        if row is not None:
            _note_end(row, "over", now)
            operations.note_refused_attempt(person=row.person, way="session", actor=operations.SYSTEM, now=now)
        request.session.flush()
        return None
    # Written once a minute at most: a page should not cost a write.
    if (now - row.seen_at).total_seconds() >= _SEEN_EVERY_SECONDS:
        SignedIn.objects.filter(pk=row.pk).update(seen_at=now)
    remember(request, row)
    person: User = row.person
    return person


def renew_session(request: HttpRequest, person: User) -> None:
    """Go on under a new session id after the person's password changed, which ends all others."""
    row = session_of(request)
    if row is None:
        return
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    row.store_key = stored_key(request.session.session_key or "")
    row.save(update_fields=["store_key"])


def end_session(request: HttpRequest, *, now: datetime) -> None:
    """Sign out: the session is destroyed."""
    row = session_of(request)
    if row is not None:
        _note_end(row, "signed-out", now)
    request.session.flush()


def prove_again(request: HttpRequest, *, now: datetime) -> None:
    """Note that the person has just shown once more who they are."""
    row = session_of(request)
    if row is not None:
        row.proven_at = now
        row.save(update_fields=["proven_at"])


def _note_end(row: SignedIn, because: str, now: datetime) -> None:
    SignedIn.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=now, ended_because=because)
    Session.objects.filter(session_key=row.store_key).delete()
