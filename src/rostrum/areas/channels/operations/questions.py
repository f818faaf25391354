"""Questions to the coordinator and their answers; the entries about a channel's parts."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from rostrum.areas.channels import events, pack
from rostrum.areas.channels.models import Channel, ChannelPart, ChannelQuestion
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.channels.queries import questions as queries
from rostrum.areas.channels.rules.parts import BY_HAND, MAX_EXPORT_BYTES, EntryFacts, Part, decide_entry
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput, Refused

QUESTION_DUTY = "channels.answer-question"
PARTS_DUTY = "channels.record-parts"


@transaction.atomic
def ask_coordinator(*, text: str, actor: User, now: datetime, channel: Channel | None = None) -> ChannelQuestion:
    """Ask about creating or managing a channel; the coordinator owes an answer. Raises `InvalidInput` without text."""
    if not text.strip():
        raise InvalidInput("text", "write your question")
    question = ChannelQuestion.objects.create(channel=channel, text=text.strip(), asked_by=actor, asked_at=now)
    about = channel.public_id if channel else ""
    ledger.record(events.QuestionAsked(question=question.public_id, channel=about), actor=actor.public_id, now=now)
    duties.open_duty(
        kind=QUESTION_DUTY,
        title=f"Answer {actor.name}'s question about {channel.name if channel else 'a channel'}",
        owner_role=Role.COORDINATOR,
        due_at=now + timedelta(hours=pack.question_hours()),
        subject=question.public_id,
        clause=pack.clauses().get("channel.ask-coordinator", ""),
        clock="hours set by the body (local choice)",
        actor=actor.public_id,
        now=now,
    )
    return question


@transaction.atomic
def answer_question(*, question_id: str, answer: str, actor: User, now: datetime, clause: str = "") -> ChannelQuestion:
    """Answer a question, from a clause of the policy in force where one settles it.

    Raises `Refused` (not the coordinator, answered already), `InvalidInput` (no such question or clause, no answer).
    """
    question = ChannelQuestion.objects.select_for_update(of=("self",)).filter(public_id=question_id).first()
    if question is None:
        raise InvalidInput("question", f"there is no question {question_id}")
    queries.may_answer(actor, now=now).or_refuse()
    if question.answered_at is not None:
        raise Refused.because("answered", "This question was answered already; ask a new one.")
    if not answer.strip():
        raise InvalidInput("answer", "write the answer")
    if clause.strip() and governance.policy().clause(clause.strip()) is None:
        raise InvalidInput("clause", f"{clause.strip()} is no clause of the policy in force")
    question.answer, question.answered_from = answer.strip(), clause.strip()
    question.answered_by, question.answered_at = actor, now
    question.save(update_fields=["answer", "answered_from", "answered_by", "answered_at"])
    about = question.channel.public_id if question.channel else ""
    entry = ledger.record(
        events.QuestionAnswered(question=question.public_id, channel=about, clause=question.answered_from),
        actor=actor.public_id,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=QUESTION_DUTY, subject=question.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor.public_id, now=now)
    return question


@transaction.atomic
def record_part(
    *,
    channel_id: str,
    part: str,
    actor: User,
    now: datetime,
    note: str = "",
    count: int | None = None,
    taken_on: date | None = None,
    export: bytes = b"",
    export_name: str = "",
) -> ChannelPart:
    """Make a dated entry about a part of the channel, with the export that was taken of it.

    Raises `Refused` (says nothing, dated ahead, not this person's, kept by the product itself) or `InvalidInput`.
    """
    if part not in list(Part):
        raise InvalidInput("part", f"one of {', '.join(Part)}")
    if len(export) > MAX_EXPORT_BYTES:
        raise InvalidInput("export", f"at most {MAX_EXPORT_BYTES >> 20} MB; import a larger export into the archive")
    channel = locked(channel_id)
    today = now.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).date()
    clause = pack.clauses().get("channel.components", "")
    facts = EntryFacts(
        may_record=queries.may_record_part(channel, actor=actor, now=now),
        part=Part(part),
        note=note,
        has_export=bool(export),
        taken_on=taken_on or today,
        today=today,
        clause=clause,
    )
    decide_entry(facts).or_refuse()
    entry = ChannelPart.objects.create(
        channel=channel,
        part=part,
        note=note.strip(),
        count=count,
        export=LocalBlobs(settings.BLOBS_FOLDER).put(export) if export else "",
        export_name=export_name[:255],
        export_bytes=len(export),
        taken_on=facts.taken_on,
        recorded_by=actor,
        recorded_at=now,
    )
    ledger.record(
        events.PartRecorded(
            channel=channel.public_id,
            entry=entry.public_id,
            part=part,
            export=entry.export,
            taken_on=entry.taken_on.isoformat(),
        ),
        actor=actor.public_id,
        now=now,
    )
    if not any(one.is_due(now) for one in queries.parts_of(channel) if one.part in BY_HAND):
        for duty in duty_queries.open_duties(kind=PARTS_DUTY, subject=channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor.public_id, now=now)
    return entry


@transaction.atomic
def ask_for_parts(*, channel_id: str, actor: str, now: datetime) -> Channel:
    """Open the duty to make the missing or outdated entries about a channel's parts; open already, nothing happens."""
    channel = locked(channel_id)
    duties.open_duty(
        kind=PARTS_DUTY,
        title=f"Take the followers, contacts and marks of {channel.name} into the inventory",
        owner_role=Role.COORDINATOR,
        due_at=now + timedelta(days=pack.parts_days()),
        subject=channel.public_id,
        clause=pack.clauses().get("channel.components", ""),
        clock="days set by the body (local choice)",
        actor=actor,
        now=now,
    )
    return channel
