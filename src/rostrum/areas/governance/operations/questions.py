"""An employee asks the supervisor whether something is appropriate, and is answered."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import events
from rostrum.areas.governance.models import SupervisorQuestion
from rostrum.areas.governance.queries import packs
from rostrum.areas.governance.queries.acknowledgements import legal_day
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.legal_days import end_of_legal_day

DUTY = "governance.answer-question"


def may_answer(found: SupervisorQuestion, *, actor: User, now: datetime) -> Decision:
    """Whether the person heads the department that was asked, and did not ask themselves."""
    heads = people.persons_with(Role.DEPARTMENT_HEAD, unit=found.unit, now=now)
    if found.person_id == actor.pk or not heads.filter(pk=actor.pk).exists():
        return Decision((Reason("not-supervisor", "The head of the department answers this."),))
    return Decision()


@transaction.atomic
def ask_supervisor(*, question: str, actor: User, now: datetime) -> SupervisorQuestion:
    """Ask the head of one's department. Raises `Refused` for somebody without a department, `InvalidInput`."""
    if not people.is_present(actor, now=now):
        raise Refused.because("person-left", "This person no longer works here.")
    if actor.unit is None:
        raise Refused.because("no-unit", "You belong to no department here: ask human resources to enter yours.")
    if not question.strip():
        raise InvalidInput("question", "write your question")
    made = SupervisorQuestion.objects.create(person=actor, unit=actor.unit, question=question.strip(), asked_at=now)
    event = events.SupervisorAsked(question=made.public_id, unit=actor.unit.public_id)
    ledger.record(event, actor=actor.public_id, now=now)
    days = int(packs.choice("questions.answer_days", 2)) if packs.activation() is not None else 2
    duties.open_duty(
        kind=DUTY,
        title="Answer an employee's question: is this appropriate?",
        owner_role=Role.DEPARTMENT_HEAD,
        unit=actor.unit.public_id,
        due_at=end_of_legal_day(legal_day(now) + timedelta(days=days), settings.LEGAL_TIME_ZONE),
        subject=made.public_id,
        clock=f"P{days}D",
        actor=actor.public_id,
        now=now,
    )
    return made


@transaction.atomic
def answer_supervisor(*, question_id: str, answer: str, actor: User, now: datetime) -> SupervisorQuestion:
    """Answer it. Raises `Refused` for anybody but the department's head, or a second time; `InvalidInput`."""
    found = SupervisorQuestion.objects.select_for_update().select_related("unit").get(public_id=question_id)
    against = list(may_answer(found, actor=actor, now=now).against)
    if found.answered_at is not None:
        against.append(Reason("answered", "This was answered already."))
    Decision(tuple(against)).or_refuse()
    if not answer.strip():
        raise InvalidInput("answer", "write your answer")
    found.answer, found.answered_by, found.answered_at = answer.strip(), actor, now
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    ledger.record(events.SupervisorAnswered(question=found.public_id), actor=actor.public_id, now=now)
    if duty_queries.open_duties(kind=DUTY, subject=found.public_id).exists():
        duties.close_duty(kind=DUTY, subject=found.public_id, evidence=found.public_id, actor=actor.public_id, now=now)
    return found
