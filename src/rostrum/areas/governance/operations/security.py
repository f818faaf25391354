"""Sites are blocked and unblocked; exceptions for personas are asked for, signed, refused, ended."""

import hashlib
import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import events
from rostrum.areas.governance.models import BlockedSite, Persona, PersonaException
from rostrum.areas.governance.operations.acknowledgements import proof_of_intent
from rostrum.areas.governance.queries import packs
from rostrum.areas.governance.queries import security as found_in
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.governance.rules.security import (
    PERSONA_MACHINE,
    ExceptionAct,
    ExceptionState,
    PersonaFacts,
    SignFacts,
    decide_persona,
    decide_signing,
)
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission, Role
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.legal_days import end_of_legal_day

DUTY = "governance.decide-persona"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def host_of(typed: str) -> str:
    """The host that was typed or pasted, however it was written. Raises `InvalidInput` where there is none."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", typed.strip().lower())
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].rpartition("@")[2].strip(".")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise InvalidInput("site", "give a site such as games.example.com")
    return host


@transaction.atomic
def block_site(*, site: str, reason: str, actor: User, now: datetime) -> BlockedSite:
    """Record the decision to block a site, for the network team. Raises `Refused`, `InvalidInput`."""
    may(actor, Permission.KEEP_BLOCKED_SITES, now).or_refuse()
    host = host_of(site)
    if not reason.strip():
        raise InvalidInput("reason", "say why it is blocked")
    if BlockedSite.objects.filter(site=host, ended_at=None).exists():
        raise Refused.because("blocked", f"{host} is blocked already.", found_in.clause_of(found_in.BLOCKED) or None)
    made = BlockedSite.objects.create(site=host, reason=reason.strip()[:500], decided_by=actor, decided_at=now)
    event = events.SiteBlocked(block=made.public_id, site=host, reason=made.reason)
    ledger.record(event, actor=actor.public_id, now=now)
    return made


@transaction.atomic
def unblock_site(*, block_id: str, reason: str, actor: User, now: datetime) -> BlockedSite:
    """Record the decision to block a site no more. Raises `Refused`, `InvalidInput` without a reason."""
    may(actor, Permission.KEEP_BLOCKED_SITES, now).or_refuse()
    if not reason.strip():
        raise InvalidInput("reason", "say why it is blocked no more")
    found = BlockedSite.objects.select_for_update().get(public_id=block_id)
    if found.ended_at is not None:
        raise Refused.because("not-blocked", f"{found.site} is not blocked any more.")
    found.ended_at, found.ended_by, found.ended_because = now, actor, reason.strip()[:500]
    found.save(update_fields=["ended_at", "ended_by", "ended_because"])
    event = events.SiteUnblocked(block=found.public_id, site=found.site, reason=found.ended_because)
    ledger.record(event, actor=actor.public_id, now=now)
    return found


@transaction.atomic
def ask_persona_exception(
    *,
    identity: str,
    purpose: str,
    required_by: str,
    starts_on: date,
    ends_on: date,
    actor: User,
    now: datetime,
) -> PersonaException:
    """Ask for an exception from the ban on assumed identities; the agency head decides. Raises `Refused`."""
    may(actor, Permission.REQUEST_PERSONA, now).or_refuse()
    for name, value, why in (
        ("identity", identity, "name the identity that would be assumed"),
        ("purpose", purpose, "say for which legitimate purpose of the State"),
        ("required_by", required_by, "say who requires it, and by what order"),
    ):
        if not value.strip():
            raise InvalidInput(name, why)
    if ends_on < starts_on:
        raise InvalidInput("ends_on", "it would end before it begins")
    if ends_on < legal_day(now):
        raise InvalidInput("ends_on", "its last day has passed")
    made = PersonaException.objects.create(
        identity=identity.strip(),
        purpose=purpose.strip(),
        required_by=required_by.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        state=PERSONA_MACHINE.initial,
        asked_by=actor,
        asked_at=now,
    )
    event = events.PersonaExceptionAsked(
        exception=made.public_id,
        digest=_digest(made),
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    days = int(packs.choice("persona.decision_days", 5))
    duties.open_duty(
        kind=DUTY,
        title="Decide on an exception for an assumed identity",
        owner_role=Role.AGENCY_HEAD,
        due_at=end_of_legal_day(legal_day(now) + timedelta(days=days), settings.LEGAL_TIME_ZONE),
        subject=made.public_id,
        clause=found_in.clause_of(found_in.EXCEPTION),
        clock=f"P{days}D",
        actor=actor.public_id,
        now=now,
    )
    return made


def _digest(found: PersonaException) -> str:
    content = [found.identity, found.purpose, found.required_by, found.starts_on.isoformat(), found.ends_on.isoformat()]
    return hashlib.sha256(canonical_json(content)).hexdigest()


def sign_facts(
    found: PersonaException,
    *,
    actor: User,
    reason: str = "",
    typed_name: str = "",
    has_proof: bool = False,
    now: datetime,
) -> SignFacts:
    """What signing this exception depends on: the page asks before, the operation when it acts."""
    return SignFacts(
        state=ExceptionState(found.state),
        may_sign=may(actor, Permission.SIGN_PERSONA, now),
        is_askers_own=found.asked_by_id == actor.pk,
        reason=reason,
        typed_name=typed_name,
        name=actor.name,
        has_proof=has_proof,
        ends_on=found.ends_on,
        today=legal_day(now),
        clause=found_in.clause_of(found_in.EXCEPTION),
    )


@transaction.atomic
def sign_persona_exception(
    *,
    exception_id: str,
    reason: str,
    typed_name: str,
    password: str = "",
    words: str = "",
    actor: User,
    now: datetime,
) -> PersonaException:
    """Sign the exception, as the agency head, with reasons. Raises `Refused` with every reason against it."""
    found = PersonaException.objects.select_for_update().get(public_id=exception_id)
    proof = proof_of_intent(actor, password, words)
    facts = sign_facts(found, actor=actor, reason=reason, typed_name=typed_name, has_proof=proof is not None, now=now)
    against = decide_signing(facts).against
    if against or proof is None:
        raise Refused(against)
    found.state = PERSONA_MACHINE.next_state(ExceptionState(found.state), ExceptionAct.SIGN)
    found.decided_by, found.decided_at, found.reason = actor, now, reason.strip()
    found.signed_name, found.proof = " ".join(typed_name.split()), proof
    found.save()
    _decided(found, proof, actor, now)
    return found


@transaction.atomic
def refuse_persona_exception(*, exception_id: str, reason: str, actor: User, now: datetime) -> PersonaException:
    """Refuse the exception, with reasons. Raises `Refused`, `InvalidInput` without one."""
    may(actor, Permission.SIGN_PERSONA, now).or_refuse()
    if not reason.strip():
        raise InvalidInput("reason", "say why not")
    found = PersonaException.objects.select_for_update().get(public_id=exception_id)
    if found.asked_by_id == actor.pk:
        raise Refused.because("own-exception", "Nobody decides on what they asked for; another person must.")
    found.state = PERSONA_MACHINE.next_state(ExceptionState(found.state), ExceptionAct.REFUSE)
    found.decided_by, found.decided_at, found.reason = actor, now, reason.strip()
    found.save()
    _decided(found, "", actor, now)
    return found


def _decided(found: PersonaException, proof: str, actor: User, now: datetime) -> None:
    event = events.PersonaExceptionDecided(
        exception=found.public_id,
        is_signed=found.state == ExceptionState.SIGNED,
        proof=proof,
        digest=_digest(found),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    if duty_queries.open_duties(kind=DUTY, subject=found.public_id).exists():
        duties.close_duty(kind=DUTY, subject=found.public_id, evidence=found.public_id, actor=actor.public_id, now=now)


@transaction.atomic
def end_persona_exception(*, exception_id: str, because: str, actor: Actor, now: datetime) -> PersonaException:
    """End an exception, and the persona under it. Raises `Refused`, `InvalidInput` without a reason."""
    if isinstance(actor, User):
        may(actor, Permission.SIGN_PERSONA, now).or_refuse()
    if not because.strip():
        raise InvalidInput("because", "say why it ends")
    found = PersonaException.objects.select_for_update().get(public_id=exception_id)
    found.state = PERSONA_MACHINE.next_state(ExceptionState(found.state), ExceptionAct.END)
    found.save(update_fields=["state"])
    Persona.objects.filter(exception=found, ended_at=None).update(ended_at=now)
    event = events.PersonaExceptionEnded(exception=found.public_id, because=because.strip()[:300])
    ledger.record(event, actor=name_of(actor), now=now)
    return found


def persona_facts(found: PersonaException | None, *, actor: User, now: datetime) -> PersonaFacts:
    """What registering the persona of this exception depends on; None: without any exception."""
    return PersonaFacts(
        may_register=may(actor, Permission.REQUEST_PERSONA, now),
        state=ExceptionState(found.state) if found else None,
        starts_on=found.starts_on if found else None,
        ends_on=found.ends_on if found else None,
        has_persona=found is not None and Persona.objects.filter(exception=found).exists(),
        today=legal_day(now),
        clause=found_in.clause_of(found_in.EXCEPTION),
        ban_clause=found_in.ban_clause(),
    )


@transaction.atomic
def register_persona(*, exception_id: str = "", where: str, held_by: User, actor: User, now: datetime) -> Persona:
    """Register the persona under its signed exception. Without one, or outside its time, it is refused."""
    found = PersonaException.objects.select_for_update().filter(public_id=exception_id).first()
    against = decide_persona(persona_facts(found, actor=actor, now=now)).against
    if against or found is None:
        raise Refused(against)
    if not where.strip():
        raise InvalidInput("where", "say where this identity appears")
    made = Persona.objects.create(
        exception=found, where=where.strip()[:200], held_by=held_by, registered_by=actor, registered_at=now
    )
    event = events.PersonaRegistered(persona=made.public_id, exception=found.public_id, held_by=held_by.public_id)
    ledger.record(event, actor=actor.public_id, now=now)
    return made
