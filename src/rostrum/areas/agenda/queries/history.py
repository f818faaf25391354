"""What happened to one duty: opened, told, escalated, handed over, closed by what evidence, late or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rostrum.areas.agenda.models import Escalation, Notice
from rostrum.areas.agenda.queries.register import role_title
from rostrum.areas.agenda.rules import STAGE_WORDS, kind_of_stage
from rostrum.areas.duties.models import Duty, HandOver
from rostrum.areas.duties.rules import is_overdue
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, what, who is named in it, and what was said."""

    at: datetime
    words: str
    who: str = ""
    note: str = ""


def history(duty: Duty) -> list[Step]:
    """Everything that happened to this duty, oldest first."""
    hand_overs = list(HandOver.objects.filter(duty=duty).select_related("from_person", "to_person"))
    opened_by = _actor_of_opening(duty)
    names = dict(
        User.objects.filter(public_id__in={duty.closed_by, opened_by, *(one.by for one in hand_overs)}).values_list(
            "public_id", "name"
        )
    )

    def name(actor: str) -> str:
        return names.get(actor, "Rostrum" if actor == "system" else actor)

    steps = [Step(duty.opened_at, "Opened", name(opened_by) if opened_by else "")]
    steps += [_handed(one, name(one.by)) for one in hand_overs]
    steps += [
        Step(one.at, f"Escalated to the {role_title(one.role).lower()}", note="Nobody had acted.")
        for one in Escalation.objects.filter(duty=duty)
    ]
    steps += _told(Notice.objects.filter(duty=duty).select_related("person"))
    if duty.closed_at is not None:
        late = is_overdue(due_at=duty.due_at, closed_at=duty.closed_at, now=duty.closed_at)
        words = "Closed late" if late else "Closed in time" if duty.due_at else "Closed"
        steps.append(Step(duty.closed_at, words, name(duty.closed_by), f"By {duty.evidence}"))
    return sorted(steps, key=lambda step: step.at)


def _actor_of_opening(duty: Duty) -> str:
    # An entry's body is canonical JSON, so the id stands in it in exactly one spelling.
    found = Entry.objects.filter(
        kind="duties.duty-opened.v1", at=duty.opened_at, body_text__contains=f'"duty":"{duty.public_id}"'
    )
    return found.values_list("actor", flat=True).first() or ""


def _handed(one: HandOver, by: str) -> Step:
    if one.to_person is None:
        return Step(one.at, "Given back to the role that owes it", by, one.reason)
    return Step(one.at, f"Handed over to {one.to_person.name}", by, one.reason)


def _told(notices: Iterable[Notice]) -> list[Step]:
    """One step per stage: who was told of it."""
    by_stage: dict[str, list[Notice]] = {}
    for one in notices:
        by_stage.setdefault(one.stage, []).append(one)
    steps = []
    for stage, found in by_stage.items():
        names = [one.person.name for one in found[:_NAMED]]
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        steps.append(Step(found[0].at, STAGE_WORDS[kind_of_stage(stage)], ", ".join(names) + more))
    return steps
