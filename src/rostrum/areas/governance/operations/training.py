"""Trainings: entered, assigned, completed; bulletins about threats. One act, one transaction, one entry each."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import events, files
from rostrum.areas.governance.models import (
    BodyTraining,
    Bulletin,
    BulletinReading,
    TrainingAssignment,
    TrainingCompletion,
)
from rostrum.areas.governance.queries import training as found_in
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.governance.rules.training import ANYONE, GRANT_HOLDERS, CompletionFacts, decide_completion
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.operations import EMPLOYMENT_CLASSES
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission, Role
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.legal_days import end_of_legal_day

DUTY = "governance.train"
READ_HERE = "Gone through here, topic by topic"
ASSIGNABLE = (ANYONE, GRANT_HOLDERS, *(role.value for role in Role), *EMPLOYMENT_CLASSES)


@transaction.atomic
def enter_training(
    *,
    key: str,
    title: str,
    topics: Sequence[tuple[str, str]],
    assigned: Sequence[str],
    due_days: int,
    renewal_days: int | None = None,
    before_grant: bool = False,
    link: str = "",
    actor: Actor,
    now: datetime,
) -> BodyTraining:
    """Give a training in this version from now on; with the key of a pack's, in its place, topic for topic.

    `topics` are titles and texts. Who completed the version before need not do so again until it is due. Raises
    `Refused`, and `InvalidInput` naming what cannot be used: a pack's topics can be worded anew, not left out.
    """
    may(actor, Permission.KEEP_TRAINING, now).or_refuse()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,58}", key):
        raise InvalidInput("key", "use small letters, digits and dashes")
    if not title.strip():
        raise InvalidInput("title", "name the training")
    worded = [(heading.strip(), text.strip()) for heading, text in topics if heading.strip() or text.strip()]
    if not worded or any(not heading or not text for heading, text in worded):
        raise InvalidInput("topics", "give at least one topic, each with a title and a text")
    if due_days < 1 or (renewal_days is not None and renewal_days < 1):
        raise InvalidInput("due_days", "give at least one day")
    unknown = [one for one in assigned if one not in ASSIGNABLE]
    if unknown:
        raise InvalidInput("assigned", f"{', '.join(unknown)} is neither a role nor a class of work")
    asked = next((one for one in found_in.trainings() if one.key == key and one.pack), None)
    ids = [f"topic-{number}" for number, _ in enumerate(worded, start=1)]
    if asked is not None:
        if len(worded) < len(asked.topics):
            raise InvalidInput(
                "topics", f"the policy asks for {len(asked.topics)} topics: word them anew, leave none out"
            )
        ids[: len(asked.topics)] = [topic.id for topic in asked.topics]
        assigned = tuple(dict.fromkeys((*asked.assigned, *assigned)))
    number = (BodyTraining.objects.filter(key=key).aggregate(last=Max("number"))["last"] or 0) + 1
    made = BodyTraining.objects.create(
        key=key,
        number=number,
        title=title.strip(),
        topics=[{"id": id, "title": one[0], "text": one[1]} for id, one in zip(ids, worded, strict=True)],
        link=link.strip(),
        assigned=list(assigned),
        due_days=due_days,
        renewal_days=renewal_days,
        before_grant=before_grant,
        entered_by=name_of(actor),
        entered_at=now,
    )
    event = events.TrainingEntered(training=key, number=number, digest=found_in.training_called(key).digest)
    ledger.record(event, actor=name_of(actor), now=now)
    return made


@transaction.atomic
def retire_training(*, key: str, reason: str, actor: Actor, now: datetime) -> None:
    """Give the body's own version no more; a pack's text counts again. Raises `Refused`, `InvalidInput`."""
    may(actor, Permission.KEEP_TRAINING, now).or_refuse()
    if not reason.strip():
        raise InvalidInput("reason", "say why it is given no more")
    newest = BodyTraining.objects.select_for_update().filter(key=key).order_by("-number").first()
    if newest is None or newest.retired_at is not None:
        raise Refused.because("not-given", "The body gives no training of its own by this name.")
    newest.retired_at = now
    newest.save(update_fields=["retired_at"])
    ledger.record(events.TrainingRetired(training=key, reason=reason.strip()[:300]), actor=name_of(actor), now=now)


@transaction.atomic
def assign_training(
    *, person: User, key: str, is_renewal: bool = False, actor: Actor, now: datetime
) -> TrainingAssignment:
    """Let the person owe a training; the clock starts. One that is owed already is returned.

    A renewal is due when the completion before it runs out. Raises `Refused` when the person left, `InvalidInput`.
    """
    training = found_in.training_called(key)
    if isinstance(actor, User):
        may(actor, Permission.KEEP_TRAINING, now).or_refuse()
    person = User.objects.select_for_update().get(pk=person.pk)
    if not people.is_present(person, now=now):
        Decision((Reason("person-left", "This person no longer works here."),)).or_refuse()
    existing = found_in.open_assignments(person).filter(training=key).first()
    if existing is not None:
        return existing
    last = found_in.latest_completion(person, key)
    in_time = end_of_legal_day(legal_day(now) + timedelta(days=training.due_days), settings.LEGAL_TIME_ZONE)
    due_at = last.renew_by if is_renewal and last is not None and last.renew_by is not None else in_time
    made = TrainingAssignment.objects.create(
        person=person,
        training=key,
        assigned_by=name_of(actor),
        assigned_at=now,
        due_at=due_at,
        is_renewal=is_renewal,
    )
    event = events.TrainingAssigned(
        assignment=made.public_id,
        person=person.public_id,
        training=key,
        due_at=instant_text(due_at),
        is_renewal=is_renewal,
    )
    ledger.record(event, actor=name_of(actor), now=now)
    duties.open_duty(
        kind=DUTY,
        title=f"{'Renew the training' if is_renewal else 'Training'}: {training.title}",
        owner_role="employee",
        owner=person,
        due_at=due_at,
        subject=made.public_id,
        clause=training.clause,
        clock=f"P{training.due_days}D",
        actor=name_of(actor),
        now=now,
    )
    jobs.enqueue("governance.send-letter", {"letter": "training", "assignment": made.public_id}, now=now)
    return made


def completion_facts(
    training: found_in.GivenTraining,
    *,
    person: User,
    actor: User,
    confirmed: Sequence[str] = (),
    completed_on: date | None = None,
    evidence: str = "",
    now: datetime,
) -> CompletionFacts:
    """What a completion depends on: one's own goes through the topics here, another's is recorded by who keeps them."""
    is_own = actor.pk == person.pk
    permission = Permission.ACKNOWLEDGE_POLICY if is_own else Permission.KEEP_TRAINING
    return CompletionFacts(
        topics=tuple(topic.id for topic in training.topics),
        confirmed=tuple(confirmed),
        completed_on=completed_on,
        today=legal_day(now),
        evidence=READ_HERE if is_own else evidence,
        is_own=is_own,
        may_record=Decision() if is_own else may(actor, permission, now),
        clause=training.clause,
    )


@transaction.atomic
def complete_training(
    *,
    person: User,
    key: str,
    confirmed: Sequence[str],
    completed_on: date | None = None,
    evidence: str = "",
    file: files.GivenFile | None = None,
    actor: User,
    now: datetime,
) -> TrainingCompletion:
    """Record that the person completed the training: by going through it here, or elsewhere with what shows it.

    Closes what is owed. Raises `Refused` with every reason against it, `InvalidInput` for an unknown training or file.
    """
    training = found_in.training_called(key)
    person = User.objects.select_for_update().get(pk=person.pk)
    is_own = person.pk == actor.pk
    day = legal_day(now) if is_own else completed_on
    facts = completion_facts(
        training,
        person=person,
        actor=actor,
        confirmed=confirmed,
        completed_on=day,
        evidence=evidence,
        now=now,
    )
    against = decide_completion(facts).against
    if against or day is None:
        raise Refused(against)
    kept = files.keep(file) if file is not None else None
    completed_at = min(now, end_of_legal_day(day, settings.LEGAL_TIME_ZONE))
    renew_by = (
        end_of_legal_day(day + timedelta(days=training.renewal_days), settings.LEGAL_TIME_ZONE)
        if training.renewal_days is not None
        else None
    )
    made = TrainingCompletion.objects.create(
        person=person,
        training=key,
        title=training.title,
        digest=training.digest,
        topics=list(facts.topics),
        completed_at=completed_at,
        completed_on=day,
        renew_by=renew_by,
        evidence=facts.evidence.strip()[:300],
        file=kept.digest if kept else "",
        file_type=kept.media_type if kept else "",
        recorded_by=actor,
    )
    event = events.TrainingCompleted(
        completion=made.public_id,
        person=person.public_id,
        training=key,
        digest=made.digest,
        topics=list(facts.topics),
        completed_on=day.isoformat(),
        renew_by=instant_text(renew_by) if renew_by else "",
        file=made.file,
    )
    ledger.record(event, actor=actor.public_id, now=now)
    for owed in found_in.open_assignments(person).filter(training=key):
        owed.completed_at = now
        owed.save(update_fields=["completed_at"])
        _close_duty(owed, evidence=made.public_id, actor=actor.public_id, now=now)
    return made


def _close_duty(owed: TrainingAssignment, *, evidence: str, actor: str, now: datetime) -> None:
    if duty_queries.open_duties(kind=DUTY, subject=owed.public_id).exists():
        duties.close_duty(kind=DUTY, subject=owed.public_id, evidence=evidence, actor=actor, now=now)


@transaction.atomic
def end_assignment(*, assignment_id: str, actor: Actor, now: datetime) -> TrainingAssignment:
    """End what is no longer owed, because the person left or the training is given no more. Raises `Refused`."""
    owed = TrainingAssignment.objects.select_for_update().get(public_id=assignment_id)
    if owed.completed_at is not None or owed.ended_at is not None:
        Decision((Reason("not-open", "This training is no longer owed."),)).or_refuse()
    owed.ended_at = now
    owed.save(update_fields=["ended_at"])
    ledger.record(events.TrainingAssignmentEnded(assignment=owed.public_id), actor=name_of(actor), now=now)
    _close_duty(owed, evidence=f"{owed.public_id}: no longer owed", actor=name_of(actor), now=now)
    return owed


@transaction.atomic
def issue_bulletin(*, title: str, text: str, actor: User, now: datetime) -> Bulletin:
    """Send news about a threat to everybody who holds a right on a channel. Raises `Refused`, `InvalidInput`."""
    may(actor, Permission.KEEP_TRAINING, now).or_refuse()
    for name, value in (("title", title), ("text", text)):
        if not value.strip():
            raise InvalidInput(name, "a bulletin needs a title and a text")
    made = Bulletin.objects.create(title=title.strip(), text=text.strip(), issued_by=actor, issued_at=now)
    everybody = list(found_in.holders(now=now))
    for person in everybody:
        jobs.enqueue(
            "governance.send-letter",
            {"letter": "bulletin", "bulletin": made.public_id, "person": person.public_id},
            now=now,
        )
    event = events.BulletinIssued(
        bulletin=made.public_id,
        digest=hashlib.sha256(canonical_json([made.title, made.text])).hexdigest(),
        sent_to=len(everybody),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return made


@transaction.atomic
def confirm_bulletin(*, bulletin_id: str, actor: User, now: datetime) -> BulletinReading:
    """Log that the person read the bulletin; a second time changes nothing."""
    bulletin = Bulletin.objects.get(public_id=bulletin_id)
    reading, is_new = BulletinReading.objects.get_or_create(bulletin=bulletin, person=actor, defaults={"read_at": now})
    if is_new:
        event = events.BulletinRead(bulletin=bulletin.public_id, person=actor.public_id)
        ledger.record(event, actor=actor.public_id, now=now)
    return reading
