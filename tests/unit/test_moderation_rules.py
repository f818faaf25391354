"""Which measure a comment may meet: truth tables."""

from types import MappingProxyType

import pytest

from rostrum.areas.moderation import rules
from rostrum.areas.moderation.rules import AssessmentFacts, ElementAnswer, GroundAnswer, GroundFacts, MeasureFacts
from rostrum.areas.moderation.states import ASSESSMENT_MACHINE, AssessmentState, Measure
from rostrum.kernel.decisions import Decision

S = AssessmentState
THREAT = GroundFacts("threats", "Threats", "WAU-removal-04", ("a person or organization is named", "harm is announced"), False)
GROUNDS = MappingProxyType({"threats": THREAT})


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


def answer(*met: bool, why: str = "second sentence") -> GroundAnswer:
    return GroundAnswer("threats", {name: ElementAnswer(one, why) for name, one in zip(THREAT.elements, met, strict=True)})


def assessment(**over: object) -> AssessmentFacts:
    facts = {
        "state": S.CAPTURED,
        "answers": (answer(True, True),),
        "grounds": GROUNDS,
        "measure": Measure.HIDE,
        "reason": "Announces harm to a named clerk.",
        "can_hide": True,
        "can_delete": False,
        **over,
    }
    return AssessmentFacts(**facts)  # type: ignore[arg-type]


def measure(**over: object) -> MeasureFacts:
    facts = {
        "state": S.ASSESSED,
        "measure": Measure.HIDE,
        "needs_second": False,
        "seconded": False,
        "assessed_by": "per-1",
        "actor": "per-1",
        "evidence_intact": True,
        "version_is_current": True,
        "policy_is_current": True,
        **over,
    }
    return MeasureFacts(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, []),
        ({"answers": (answer(True, False),)}, ["no-ground-met"]),
        ({"answers": ()}, ["no-ground-met"]),
        ({"answers": (answer(True, True, why=" "),)}, ["element-unanswered", "element-unanswered"]),
        ({"answers": (GroundAnswer("sole-discretion", {}),)}, ["unknown-ground", "no-ground-met"]),
        ({"reason": ""}, ["no-reason"]),
        ({"can_hide": False}, ["cannot-hide"]),
        ({"measure": Measure.DELETE}, ["cannot-delete"]),
        ({"measure": Measure.KEEP, "answers": ()}, []),
        ({"measure": Measure.REFER, "answers": ()}, []),
        ({"state": S.APPLIED}, ["wrong-state"]),
    ],
)
def test_a_comment_is_removed_only_when_every_element_of_a_listed_ground_is_met(
    over: dict[str, object], expected: list[str]
) -> None:
    assert codes(rules.decide_assessment(assessment(**over))) == expected


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, []),
        ({"evidence_intact": False}, ["evidence-missing"]),
        ({"needs_second": True}, ["second-person"]),
        ({"needs_second": True, "seconded": True, "state": S.SECONDED}, []),
        ({"version_is_current": False}, ["comment-changed"]),
        ({"policy_is_current": False}, ["policy-changed"]),
        ({"measure": Measure.KEEP}, ["no-removal"]),
        ({"state": S.CAPTURED}, ["wrong-state"]),
    ],
)
def test_nothing_happens_on_the_platform_before_the_evidence_is_whole(
    over: dict[str, object], expected: list[str]
) -> None:
    assert codes(rules.decide_removal(measure(**over))) == expected


def test_the_assessor_cannot_be_the_second_person() -> None:
    assert codes(rules.decide_second(measure(actor="per-1"))) == ["own-assessment"]
    assert codes(rules.decide_second(measure(actor="per-2"))) == []


def test_every_removal_passes_through_captured_evidence() -> None:
    assert ASSESSMENT_MACHINE.initial is S.CAPTURED
