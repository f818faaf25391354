"""Certifications: delivered, opened, read, signed, returned, ended. One act, one transaction, one entry each."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import events, files, queries
from rostrum.areas.governance.models import OPEN_STATES, Certification
from rostrum.areas.governance.queries import acknowledgements as found_in
from rostrum.areas.governance.rules.acknowledgements import (
    CERTIFICATION_MACHINE,
    INTENT_WORDS,
    CertificationAct,
    CertificationState,
    EndedBecause,
    PaperFacts,
    Proof,
    Returned,
    decide_certifying,
    decide_paper,
    plain_name,
)
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.clocks import clock_of, run_clock
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.legal_days import end_of_legal_day
from rostrum.policy.packs import CertificationForm

DUTY = "governance.certify"
_LONGEST_CHASE = 500


@transaction.atomic
def deliver_policy(*, person: User, form_id: str, actor: Actor, now: datetime) -> Certification:
    """Give the person the version in force of what the form certifies, by mail and on their page; the clock starts.

    Delivered already, that delivery is returned. Raises `Refused` when the person is not covered or left, or the body
    has not entered the text.
    """
    form = found_in.form_called(form_id)
    # Locked, so that two workers do not deliver at once.
    person = User.objects.select_for_update().get(pk=person.pk)
    text = found_in.text_of(form)
    against = []
    if not people.is_present(person, now=now):
        against.append(Reason("person-left", "This person no longer works here."))
    if not found_in.covers(form, person):
        against.append(Reason("not-covered", "The policy does not ask this certification of this person."))
    if text is None:
        against.append(Reason("no-text", "The body has not entered the text of this policy yet."))
    if text is None or against:
        raise Refused(tuple(against))
    existing = found_in.certification_of(person, form)
    if existing is not None:
        return existing
    due_at = run_clock(clock_of(form.within), now, queries.policy().calendar, settings.LEGAL_TIME_ZONE).due_at
    made = Certification.objects.create(
        form=form.id,
        person=person,
        text=text,
        state=CertificationState.DELIVERED,
        delivered_at=now,
        due_at=due_at,
    )
    event = events.PolicyDelivered(
        certification=made.public_id,
        form=form.id,
        person=person.public_id,
        text=text.public_id,
        digest=text.digest,
        due_at=instant_text(due_at),
    )
    ledger.record(event, actor=name_of(actor), now=now)
    duties.open_duty(
        kind=DUTY,
        title=f"Read and certify: {text.document.title}",
        owner_role="employee",
        owner=person,
        due_at=due_at,
        subject=made.public_id,
        clause=form.deadline_clause,
        clock=form.within,
        actor=name_of(actor),
        now=now,
    )
    jobs.enqueue("governance.send-letter", {"letter": "delivered", "certification": made.public_id}, now=now)
    return made


def _own(certification_id: str, actor: User, act: CertificationAct, now: datetime) -> Certification:
    """The actor's own certification, locked; refused where it is not theirs, not in force, or the act not possible."""
    found = Certification.objects.select_for_update().select_related("text__document").get(public_id=certification_id)
    facts = found_in.certify_facts(found, actor=actor, now=now)
    against = []
    if not facts.is_own:
        against.append(Reason("not-own", "Everybody reads and certifies for themselves."))
    if not facts.is_current:
        against.append(Reason("not-current", "This version is no longer in force: certify the one that is."))
    if not people.is_present(actor, now=now):
        against.append(Reason("person-left", "This person no longer works here."))
    Decision(tuple(against)).or_refuse()
    found.state = CERTIFICATION_MACHINE.next_state(CertificationState(found.state), act)
    return found


@transaction.atomic
def open_policy(*, certification_id: str, actor: User, now: datetime) -> Certification:
    """Record that the person opened the whole text. Opening it again changes nothing. Raises `Refused`."""
    opened = Certification.objects.filter(public_id=certification_id, person=actor, opened_at__isnull=False)
    if (again := opened.select_related("text__document").first()) is not None:
        return again
    found = _own(certification_id, actor, CertificationAct.OPEN, now)
    found.opened_at = now
    found.save(update_fields=["state", "opened_at"])
    event = events.PolicyOpened(certification=found.public_id, digest=found.text.digest)
    ledger.record(event, actor=actor.public_id, now=now)
    return found


@transaction.atomic
def finish_reading(*, certification_id: str, digest: str, actor: User, now: datetime) -> Certification:
    """Record that the person read the text to its end; `digest` is of the text they saw.

    Raises `Refused`: never opened, another text than the one delivered, not their own.
    """
    found = _own(certification_id, actor, CertificationAct.FINISH_READING, now)
    if digest != found.text.digest:
        form = found_in.form_words(found)
        Decision(
            (
                Reason(
                    "other-text",
                    "The text you saw is not the one to certify: open it again.",
                    form.read_first_clause if form else None,
                ),
            )
        ).or_refuse()
    found.read_at = now
    found.save(update_fields=["state", "read_at"])
    ledger.record(events.PolicyRead(certification=found.public_id, digest=digest), actor=actor.public_id, now=now)
    return found


@transaction.atomic
def certify_policy(
    *,
    certification_id: str,
    statements: Sequence[str],
    typed_name: str,
    signed_on: date | None,
    password: str = "",
    words: str = "",
    actor: User,
    now: datetime,
) -> Certification:
    """Sign the certification: every statement, one's own name, today's date, and the password once more.

    Who has no password here, because they sign in elsewhere, types `INTENT_WORDS` instead. Raises `Refused` with every
    reason against it.
    """
    found = (
        Certification.objects.select_for_update()
        .select_related("text__document", "person")
        .get(public_id=certification_id)
    )
    proof = proof_of_intent(actor, password, words)
    facts = found_in.certify_facts(
        found,
        actor=actor,
        ticked=tuple(statements),
        typed_name=typed_name,
        signed_on=signed_on,
        has_proof=proof is not None,
        now=now,
    )
    against, form = decide_certifying(facts).against, found_in.form_words(found)
    if against or form is None or proof is None:
        raise Refused(against)
    found.state = CERTIFICATION_MACHINE.next_state(CertificationState(found.state), CertificationAct.CERTIFY)
    _sign(found, form, name=typed_name, signed_on=facts.today, proof=proof, at=now)
    found.returned = Returned.HERE
    found.returned_on = facts.today
    found.save()
    _record_signed(found, form, actor=actor, now=now)
    jobs.enqueue("governance.send-letter", {"letter": "returned", "certification": found.public_id}, now=now)
    return found


def proof_of_intent(actor: User, password: str, words: str) -> Proof | None:
    """What shows that the person means to sign, or None."""
    if actor.has_usable_password():
        return Proof.PASSWORD if password and actor.check_password(password) else None
    return Proof.TYPED_WORDS if plain_name(words) == plain_name(INTENT_WORDS) else None


def _sign(
    found: Certification, form: CertificationForm, *, name: str, signed_on: date, proof: Proof, at: datetime
) -> None:
    found.statements = [{"id": one.id, "words": one.words, "clause": one.clause} for one in form.statements]
    found.signed_name = " ".join(name.split())
    found.signed_on = signed_on
    found.proof = proof
    found.certified_at = at
    found.policy_version = queries.policy().version
    found.returned_to = list(form.returned_to)
    found.content_digest = hashlib.sha256(canonical_json(signed_content(found))).hexdigest()


def signed_content(found: Certification) -> dict[str, Any]:
    """Everything that was signed, as it is digested."""
    return {
        "certification": found.public_id,
        "form": found.form,
        "person": found.person.public_id,
        "document": found.text.document.title,
        "version": found.text.label,
        "text": found.text.digest,
        "statements": found.statements,
        "name": found.signed_name,
        "signed_on": found.signed_on.isoformat() if found.signed_on else "",
        "certified_at": instant_text(found.certified_at) if found.certified_at else "",
        "proof": found.proof,
        "policy": found.policy_version,
    }


def _record_signed(found: Certification, form: CertificationForm, *, actor: User, now: datetime) -> None:
    """Record signature and return, close the duty, and have the signed page set."""
    event = events.PolicyCertified(
        certification=found.public_id,
        form=found.form,
        person=found.person.public_id,
        text=found.text.public_id,
        digest=found.text.digest,
        statements=[one.id for one in form.statements],
        signed_on=found.signed_on.isoformat() if found.signed_on else "",
        proof=found.proof,
        content_digest=found.content_digest,
        was_late=found_in.is_late(found, now=now),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    _close_duty(found, evidence=found.public_id, actor=actor.public_id, now=now)
    jobs.enqueue("governance.make-certificate", {"certification": found.public_id}, now=now)


def _close_duty(found: Certification, *, evidence: str, actor: str, now: datetime) -> None:
    if duty_queries.open_duties(kind=DUTY, subject=found.public_id).exists():
        duties.close_duty(kind=DUTY, subject=found.public_id, evidence=evidence, actor=actor, now=now)


def paper_facts(
    found: Certification,
    *,
    actor: User,
    has_scan: bool = False,
    printed_name: str = "",
    signed_on: date | None = None,
    received_on: date | None = None,
    now: datetime,
) -> PaperFacts:
    """What recording a paper return depends on."""
    form = found_in.form_words(found)
    text = found_in.text_of(form) if form else None
    return PaperFacts(
        state=CertificationState(found.state),
        is_current=text is not None and text.pk == found.text_id and found.state != CertificationState.ENDED,
        is_recorders_own=found.person_id == actor.pk,
        may_record=may_record_paper(actor, now=now),
        has_scan=has_scan,
        printed_name=printed_name,
        name=found.person.name,
        signed_on=signed_on,
        received_on=received_on,
        delivered_on=found_in.legal_day(found.delivered_at),
        today=found_in.legal_day(now),
        return_clause=form.return_clause if form else "",
        signature_clause=form.signature_clause if form else "",
    )


def may_record_paper(actor: User, *, now: datetime) -> Decision:
    """Whether the person receives certifications on paper: human resources, for every department."""
    decision = may(actor, Permission.CHASE_ACKNOWLEDGEMENTS, now)
    if decision.allowed and not people.reach(actor, Permission.CHASE_ACKNOWLEDGEMENTS, now=now).everything:
        return Decision((Reason("not-recipient", "Papers go back to human resources, which records them."),))
    return decision


@transaction.atomic
def record_paper_return(
    *,
    certification_id: str,
    printed_name: str,
    signed_on: date | None,
    received_on: date | None,
    scan: files.GivenFile | None,
    actor: User,
    now: datetime,
) -> Certification:
    """Record a certification that came back on paper, with a picture of it.

    Raises `Refused` with every reason against it, `InvalidInput` when the picture cannot be used.
    """
    found = (
        Certification.objects.select_for_update()
        .select_related("text__document", "person")
        .get(public_id=certification_id)
    )
    facts = paper_facts(
        found,
        actor=actor,
        has_scan=scan is not None,
        printed_name=printed_name,
        signed_on=signed_on,
        received_on=received_on,
        now=now,
    )
    against, form = decide_paper(facts).against, found_in.form_words(found)
    if against or form is None or scan is None or signed_on is None or received_on is None:
        raise Refused(against)
    kept = files.keep(scan, "scan")
    found.state = CERTIFICATION_MACHINE.next_state(CertificationState(found.state), CertificationAct.RECORD_PAPER)
    # It counts by the day on which it came in, not by the hour in which somebody typed it.
    came_in = min(now, end_of_legal_day(received_on, settings.LEGAL_TIME_ZONE))
    _sign(found, form, name=printed_name, signed_on=signed_on, proof=Proof.INK, at=came_in)
    found.returned = Returned.PAPER
    found.returned_on = received_on
    found.received_by = actor
    found.scan, found.scan_type = kept.digest, kept.media_type
    found.save()
    _record_signed(found, form, actor=actor, now=now)
    event = events.CertificationReturned(
        certification=found.public_id,
        returned=Returned.PAPER,
        returned_on=received_on.isoformat(),
        received_by=actor.public_id,
        scan=kept.digest,
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return found


@transaction.atomic
def end_certification(*, certification_id: str, because: str, actor: Actor, now: datetime) -> Certification:
    """End what is no longer owed: a new version is in force, the person left or is not covered. Raises `Refused`."""
    found = Certification.objects.select_for_update().select_related("person", "text").get(public_id=certification_id)
    why = EndedBecause(because)
    found.state = CERTIFICATION_MACHINE.next_state(CertificationState(found.state), CertificationAct.END)
    found.ended_at = now
    found.ended_because = why
    found.save(update_fields=["state", "ended_at", "ended_because"])
    event = events.CertificationEnded(certification=found.public_id, because=why)
    ledger.record(event, actor=name_of(actor), now=now)
    _close_duty(found, evidence=f"{found.public_id}: {why}", actor=name_of(actor), now=now)
    return found


@transaction.atomic
def keep_certificate(*, certification_id: str, pdf: bytes, actor: Actor, now: datetime) -> Certification:
    """Keep the signed page as it was set. Raises `InvalidInput` for a certification that nobody signed."""
    found = Certification.objects.select_for_update().get(public_id=certification_id)
    if found.state != CertificationState.CERTIFIED:
        raise InvalidInput("certification", "nobody has signed it")
    found.certificate = files.blobs().put(pdf)
    found.save(update_fields=["certificate"])
    event = events.CertificateKept(certification=found.public_id, sha256=found.certificate)
    ledger.record(event, actor=name_of(actor), now=now)
    return found


@transaction.atomic
def chase_certifications(*, certification_ids: Sequence[str], actor: User, now: datetime) -> int:
    """Remind these persons by mail of what they owe; returns how many. Raises `Refused`, `InvalidInput` for none."""
    may(actor, Permission.CHASE_ACKNOWLEDGEMENTS, now).or_refuse()
    visible = found_in.visible_certifications(actor, now=now)
    chosen = list(
        visible.filter(public_id__in=list(certification_ids)[:_LONGEST_CHASE], state__in=OPEN_STATES).order_by("pk")
    )
    if not chosen:
        raise InvalidInput("certifications", "choose at least one that is still owed")
    for found in chosen:
        Certification.objects.filter(pk=found.pk).update(reminded_at=now)
        jobs.enqueue("governance.send-letter", {"letter": "reminder", "certification": found.public_id}, now=now)
    event = events.CertificationsChased(certifications=[found.public_id for found in chosen])
    ledger.record(event, actor=actor.public_id, now=now)
    return len(chosen)
