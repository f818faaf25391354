"""Second factors are added, used up, removed, and reset when lost."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries, recovery, totp
from rostrum.areas.people.models import Factor, FactorReset, RecoveryCode, SignedIn, User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.operations.sessions import close
from rostrum.areas.people.passkeys import NewPasskey
from rostrum.areas.people.queries import sign_in as sign_in_queries
from rostrum.areas.people.rules import Permission
from rostrum.areas.people.rules import factors as rules
from rostrum.areas.people.rules.factors import (
    RECOVERY_CODES,
    FactorChangeFacts,
    FactorKind,
    InstallerResetFacts,
    ResetFacts,
    decide_factor_change,
    decide_reset_ask,
    decide_reset_confirm,
)
from rostrum.areas.people.sealing import marks_of, seal_for
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Added:
    """A factor that was added, and the recovery codes made with the first one: shown now or never."""

    factor: Factor
    codes: tuple[str, ...]


def tell(person: User, what: str, now: datetime) -> None:
    """Queue a mail that tells the person what happened to their sign-in."""
    jobs.enqueue("people.send-security-notice", {"person": person.public_id, "what": what}, now=now)


def decide_change(
    *, person: User, proven_at: datetime | None, removal: bool = False, actor: User, now: datetime
) -> Decision:
    """Whether the person may add (or remove) one of their own factors now."""
    there = Factor.objects.filter(person=person).count()
    decision = decide_factor_change(
        FactorChangeFacts(
            person_present=queries.is_present(person, now=now),
            proven_at=proven_at,
            now=now,
            left=there - 1 if removal else there + 1,
            is_required=sign_in_queries.needs_factor(person, now=now),
            is_removal=removal,
        )
    )
    if actor.pk != person.pk:
        decision = decision.also(Decision((Reason("not-own-factor", "Factors are changed only by whose they are."),)))
    return decision


@transaction.atomic
def add_app(
    *, person: User, seed: bytes, code: str, name: str, proven_at: datetime | None, actor: User, now: datetime
) -> Added:
    """Add an authenticator app that shows the right code for this seed.

    Raises `Refused` (nobody else's, no fresh proof, too many) and `InvalidInput` on the code.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_change(person=person, proven_at=proven_at, actor=actor, now=now).or_refuse()
    step = totp.step_of_code(seed, code, after_step=0, now=now)
    if step is None:
        raise InvalidInput(
            "code", "This is not the code the app shows now. Check the telephone's clock, and try again."
        )
    sealed = seal_for(seed, what="app", person=person.public_id)
    factor = Factor.objects.create(
        person=person,
        kind=FactorKind.APP.value,
        name=_name(name, "Authenticator app"),
        added_at=now,
        sealed=sealed.data,
        key_id=sealed.key_id,
        # The code that proved it works does not also sign in.
        last_step=step,
    )
    return _added(factor, actor, now)


@transaction.atomic
def add_passkey(
    *, person: User, passkey: NewPasskey, name: str, proven_at: datetime | None, actor: User, now: datetime
) -> Added:
    """Add a passkey that the browser just made. Raises `Refused`, and `InvalidInput` when it is here already."""
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_change(person=person, proven_at=proven_at, actor=actor, now=now).or_refuse()
    if Factor.objects.filter(credential_digest=passkey.digest).exists():
        raise InvalidInput("passkey", "This passkey is here already.")
    factor = Factor.objects.create(
        person=person,
        kind=FactorKind.PASSKEY.value,
        name=_name(name, "Passkey"),
        added_at=now,
        credential=passkey.credential,
        credential_digest=passkey.digest,
        site=passkey.site,
        sign_count=passkey.sign_count,
    )
    return _added(factor, actor, now)


def _name(name: str, default: str) -> str:
    return " ".join(name.split())[:_LONGEST_NAME] or default


def _added(factor: Factor, actor: User, now: datetime) -> Added:
    has_codes = RecoveryCode.objects.filter(person=factor.person, used_at__isnull=True).exists()
    codes = () if has_codes else _new_codes(factor.person, now)
    event = events.FactorAdded(
        person=factor.person.public_id,
        factor=factor.public_id,
        factor_kind=factor.kind,
        recovery_codes=len(codes),
    )
    ledger.record(event, actor=name_of(actor), now=now)
    tell(factor.person, "factor-added", now)
    return Added(factor, codes)


def _new_codes(person: User, now: datetime) -> tuple[str, ...]:
    RecoveryCode.objects.filter(person=person).delete()
    codes = tuple(recovery.new_code() for _ in range(RECOVERY_CODES))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, mark=marks_of(code, person=person.public_id)[0], made_at=now) for code in codes
    )
    return codes


@transaction.atomic
def remove_factor(*, factor_id: str, proven_at: datetime | None, actor: User, now: datetime) -> Factor:
    """Remove one of one's own factors; with the last one the recovery codes go.

    Raises `Refused` (nobody else's, no fresh proof, the last one of a role that needs one) or Factor.DoesNotExist.
    """
    factor = Factor.objects.select_for_update().select_related("person").get(public_id=factor_id)
    decide_change(person=factor.person, proven_at=proven_at, removal=True, actor=actor, now=now).or_refuse()
    event = events.FactorRemoved(person=factor.person.public_id, factor=factor.public_id, factor_kind=factor.kind)
    factor.delete()
    if not Factor.objects.filter(person=factor.person).exists():
        RecoveryCode.objects.filter(person=factor.person).delete()
    ledger.record(event, actor=name_of(actor), now=now)
    tell(factor.person, "factor-removed", now)
    return factor


@transaction.atomic
def make_recovery_codes(*, person: User, proven_at: datetime | None, actor: User, now: datetime) -> tuple[str, ...]:
    """Make new recovery codes; the former ones are void. Raises `Refused`: no fresh proof, or no factor yet."""
    person = User.objects.select_for_update().get(pk=person.pk)
    decision = decide_factor_change(
        FactorChangeFacts(
            person_present=queries.is_present(person, now=now), proven_at=proven_at, now=now, left=1, is_required=False
        )
    )
    against = list(decision.against)
    if actor.pk != person.pk:
        against.append(Reason("not-own-factor", "Factors are changed only by whose they are."))
    if not Factor.objects.filter(person=person).exists():
        against.append(Reason("no-factors", "Recovery codes stand in for a second factor; add one first."))
    Decision(tuple(against)).or_refuse()
    codes = _new_codes(person, now)
    ledger.record(events.RecoveryCodesMade(person=person.public_id, count=len(codes)), actor=name_of(actor), now=now)
    tell(person, "recovery-codes-made", now)
    return codes


@transaction.atomic
def use_recovery_code(*, person: User, code: str, actor: User, now: datetime) -> int | None:
    """Use up a recovery code; return how many are left, or None when it is not one of the person's good ones."""
    typed = recovery.as_made(code)
    marks = marks_of(typed, person=person.public_id)
    good = RecoveryCode.objects.select_for_update().filter(person=person, used_at__isnull=True)
    found = good.filter(mark__in=marks).first()
    if found is None or not typed or actor.pk != person.pk:
        return None
    found.used_at = now
    found.save(update_fields=["used_at"])
    left = RecoveryCode.objects.filter(person=person, used_at__isnull=True).count()
    ledger.record(events.RecoveryCodeUsed(person=person.public_id, left=left), actor=name_of(actor), now=now)
    tell(person, "recovery-code-used", now)
    return left


@transaction.atomic
def suspect_passkey(*, factor: Factor, actor: User, now: datetime) -> None:
    """Take a passkey out of use that counted backwards: somebody may have copied it."""
    Factor.objects.filter(pk=factor.pk).delete()
    event = events.FactorSuspect(person=factor.person.public_id, factor=factor.public_id)
    ledger.record(event, actor=name_of(actor), now=now)
    tell(factor.person, "factor-suspect", now)


@transaction.atomic
def note_guessing(*, person: User, actor: User, now: datetime) -> None:
    """Record that somebody past the first step of a person's sign-in typed wrong codes up to the limit; tell them."""
    ledger.record(events.SecondFactorGuessed(person=person.public_id), actor=name_of(actor), now=now)
    tell(person, "guessed", now)


# a lost factor: one asks, another confirms


def decide_ask(*, person: User, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may ask that this person's factors be reset."""
    waiting = sign_in_queries.open_reset(person, now=now)
    return decide_reset_ask(_reset_facts(person, waiting, actor, now))


def decide_confirm(*, reset: FactorReset, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may confirm this reset."""
    waiting = reset if reset.settled_at is None else None
    return decide_reset_confirm(_reset_facts(reset.person, waiting, actor, now))


def decide_installer_reset(*, person: User, actor: Actor, now: datetime) -> Decision:
    """Whether the installer, who is no person here, may reset this person's factors at the machine."""
    if isinstance(actor, User):
        return Decision((Reason("needs-two", "Lost factors are reset by two persons."),))
    return rules.decide_installer_reset(
        InstallerResetFacts(
            person_present=queries.is_present(person, now=now),
            has_factors=Factor.objects.filter(person=person).exists(),
            others=tuple(one.name for one in sign_in_queries.could_reset(person, now=now)),
        )
    )


def _reset_facts(person: User, waiting: FactorReset | None, actor: Actor, now: datetime) -> ResetFacts:
    return ResetFacts(
        actor=name_of(actor),
        person=person.public_id,
        person_present=queries.is_present(person, now=now),
        may_reset=may(actor, Permission.RESET_FACTORS, now),
        has_factors=Factor.objects.filter(person=person).exists(),
        open_asked_by=waiting.asked_by.public_id if waiting else "",
        asked_at=waiting.asked_at if waiting else None,
        now=now,
    )


@transaction.atomic
def ask_reset(*, person: User, reason: str, actor: User, now: datetime) -> FactorReset:
    """Ask that a person's lost factors be reset; a second person confirms within three days.

    Raises `Refused`, and `InvalidInput` without a reason.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_ask(person=person, actor=actor, now=now).or_refuse()
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput("reason", "Say how you know that it is really this person who asks.")
    # One that lapsed is settled by the next.
    FactorReset.objects.filter(person=person, settled_at__isnull=True).update(settled_at=now, outcome="lapsed")
    reset = FactorReset.objects.create(person=person, reason=reason[:300], asked_by=actor, asked_at=now)
    event = events.FactorResetAsked(reset=reset.public_id, person=person.public_id)
    ledger.record(event, actor=name_of(actor), now=now)
    tell(person, "reset-asked", now)
    return reset


@transaction.atomic
def confirm_reset(*, reset_id: str, actor: User, now: datetime) -> FactorReset:
    """Confirm a reset: the person's factors and recovery codes go, their sessions end, they are told.

    Raises `Refused` (who asked, whose it is, lapsed, settled) or FactorReset.DoesNotExist.
    """
    reset = _locked(reset_id)
    decide_confirm(reset=reset, actor=actor, now=now).or_refuse()
    ended = remove_all(reset.person)
    sessions = close(SignedIn.objects.filter(person=reset.person), because="factors-reset", now=now)
    _settle(reset, "done", actor, now)
    event = events.FactorsReset(
        reset=reset.public_id,
        person=reset.person.public_id,
        asked_by=reset.asked_by.public_id,
        factors=ended,
        sessions=sessions,
    )
    ledger.record(event, actor=name_of(actor), now=now)
    tell(reset.person, "factors-reset", now)
    return reset


@transaction.atomic
def drop_reset(*, reset_id: str, actor: User, now: datetime) -> FactorReset:
    """Drop a reset that was asked for: by anybody who may reset, or the person themselves. Raises `Refused`."""
    reset = _locked(reset_id)
    is_own = actor.pk == reset.person_id
    decision = Decision() if is_own else may(actor, Permission.RESET_FACTORS, now)
    if reset.settled_at is not None:
        decision = decision.also(Decision((Reason("reset-settled", "This reset is settled already."),)))
    decision.or_refuse()
    _settle(reset, "dropped", actor, now)
    event = events.FactorResetDropped(reset=reset.public_id, person=reset.person.public_id)
    ledger.record(event, actor=name_of(actor), now=now)
    return reset


@transaction.atomic
def reset_by_installer(*, person: User, actor: Actor, now: datetime) -> list[str]:
    """Reset a person's lost factors at the command line, where no two are left to do it; return the factors' ids.

    Raises `Refused` for a person and where two others can: persons do it by two.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_installer_reset(person=person, actor=actor, now=now).or_refuse()
    ended = remove_all(person)
    sessions = close(SignedIn.objects.filter(person=person), because="factors-reset", now=now)
    event = events.FactorsReset(
        reset="", person=person.public_id, asked_by=name_of(actor), factors=ended, sessions=sessions
    )
    ledger.record(event, actor=name_of(actor), now=now)
    tell(person, "factors-reset-at-the-machine", now)
    return ended


def _locked(reset_id: str) -> FactorReset:
    found = FactorReset.objects.select_for_update().select_related("person", "asked_by")
    return found.get(public_id=reset_id)


def _settle(reset: FactorReset, outcome: str, actor: User, now: datetime) -> None:
    reset.outcome, reset.settled_by, reset.settled_at = outcome, actor, now
    reset.save(update_fields=["outcome", "settled_by", "settled_at"])


def remove_all(person: User) -> list[str]:
    """Remove all factors and recovery codes of a person within another act, which records it; return their ids."""
    ids = list(Factor.objects.filter(person=person).values_list("public_id", flat=True))
    Factor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    return ids
