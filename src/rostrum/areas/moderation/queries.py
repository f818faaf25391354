"""Reads over assessments and removals, for pages, the portal and other areas."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from rostrum.areas.archive.models import Item
from rostrum.areas.governance import queries as governance
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.rules import ElementAnswer, GroundAnswer, GroundFacts
from rostrum.areas.moderation.states import ASSESSMENT_MACHINE, AssessmentState

OPEN_STATES = tuple(
    state.value for state in AssessmentState if not ASSESSMENT_MACHINE.is_final(state) and state != "applied"
)


def grounds() -> Mapping[str, GroundFacts]:
    """The closed list of grounds of the active packs, by id, in the pack's order."""
    return {
        ground.id: GroundFacts(
            ground.id, ground.title, ground.clause, tuple(ground.elements), ground.needs_second_person
        )
        for ground in governance.policy().grounds
    }


def answers_of(assessment: Assessment) -> tuple[GroundAnswer, ...]:
    """The stored answers, as the rules read them."""
    return tuple(
        GroundAnswer(
            one["ground"],
            {name: ElementAnswer(answer["met"], answer["why"]) for name, answer in one["elements"].items()},
        )
        for one in assessment.grounds
    )


def grounds_met(assessment: Assessment) -> tuple[str, ...]:
    """The ids of the grounds whose every element is met."""
    return tuple(answer.ground for answer in answers_of(assessment) if answer.all_met and answer.elements)


def needs_second_person(assessment: Assessment) -> bool:
    """Whether a ground of the assessment asks for a second person."""
    known = grounds()
    return any(known[one].needs_second_person for one in grounds_met(assessment) if one in known)


def open_assessments() -> QuerySet[Assessment]:
    """Assessments that wait for somebody, newest first."""
    return Assessment.objects.filter(state__in=OPEN_STATES).select_related("item", "version", "assessed_by")


def assessment_of(item: Item) -> Assessment | None:
    """The open assessment of an Item, or None."""
    return open_assessments().filter(item=item).first()


def removals_in_force(item: Item) -> QuerySet[Removal]:
    """The removals of an Item that stand on the platform."""
    return Removal.objects.filter(item=item, outcome="applied")


@dataclass(frozen=True, slots=True)
class Figures:
    """How often something was removed, by ground; public (records-and-law M7)."""

    removed: int
    restored: int
    kept: int
    by_ground: tuple[tuple[str, int], ...]


def figures() -> Figures:
    """The body's moderation in figures."""
    titles = {ground.id: ground.title for ground in grounds().values()}
    by_ground: dict[str, int] = {}
    for ids in Removal.objects.filter(outcome__in=("applied", "restored")).values_list("ground_ids", flat=True):
        for ground in ids:
            by_ground[ground] = by_ground.get(ground, 0) + 1
    outcomes = dict(Removal.objects.values_list("outcome").annotate(number=Count("id")))
    return Figures(
        removed=outcomes.get("applied", 0),
        restored=outcomes.get("restored", 0),
        kept=Assessment.objects.filter(state=AssessmentState.KEPT).count(),
        by_ground=tuple(sorted((titles.get(ground, ground), number) for ground, number in by_ground.items())),
    )
