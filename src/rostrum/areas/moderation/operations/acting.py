"""What the acts share: rows locked, states moved by the table, the duty that trouble with a platform opens."""

from datetime import datetime

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as open_duties
from rostrum.areas.moderation import queries
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.states import ASSESSMENT_MACHINE, AssessmentAct, AssessmentState
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

TROUBLE_DUTY = "moderation.removal-trouble"
LONGEST_TEXT = 2000


def locked(assessment_id: str) -> Assessment:
    """The assessment, locked to the end of the act. Raises Assessment.DoesNotExist."""
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("item__channel__unit", "version", "assessed_by")
        .get(public_id=assessment_id)
    )


def locked_removal(removal_id: str) -> Removal:
    """The removal, locked to the end of the act. Raises Removal.DoesNotExist."""
    return (
        Removal.objects.select_for_update(of=("self",))
        .select_related("assessment", "item__channel__unit", "remover")
        .get(public_id=removal_id)
    )


def move(assessment: Assessment, act: AssessmentAct) -> None:
    """Move the assessment by the table. Raises `Refused` where the table has no such way."""
    assessment.state = ASSESSMENT_MACHINE.next_state(AssessmentState(assessment.state), act)


def sentence(where: str, given: str, *, why: str, longest: int = LONGEST_TEXT) -> str:
    """What somebody wrote as a reason, checked. Raises `InvalidInput` when it is empty, too long, or no text."""
    text = given.strip()
    if not text or len(text) > longest or "\0" in text:
        raise InvalidInput(where, f"{why}, in at most {longest} characters")
    return text


def open_trouble_duty(removal: Removal, *, title: str, actor: str, now: datetime) -> None:
    """Let the moderators owe a look at a removal that the platform did not carry out."""
    duties.open_duty(
        kind=TROUBLE_DUTY,
        title=title,
        owner_role=Role.MODERATOR,
        due_at=now + queries.decision_time(),
        subject=removal.public_id,
        actor=actor,
        now=now,
    )


def close_trouble_duty(removal: Removal, *, actor: str, now: datetime) -> None:
    """Close that duty, if it is open: the removal itself shows what became of it."""
    if open_duties.open_duties(kind=TROUBLE_DUTY, subject=removal.public_id).exists():
        duties.close_duty(
            kind=TROUBLE_DUTY, subject=removal.public_id, evidence=removal.public_id, actor=actor, now=now
        )
