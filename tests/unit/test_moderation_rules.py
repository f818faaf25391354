"""Which measure a comment may meet: truth tables."""

from types import MappingProxyType

import pytest

from rostrum.areas.moderation import rules
from rostrum.areas.moderation.rules import (
    AssessmentFacts,
    ElementAnswer,
    GroundAnswer,
    GroundFacts,
    MeasureFacts,
    OpeningFacts,
    ReferralFacts,
    RemovalFacts,
)
from rostrum.areas.moderation.states import ASSESSMENT_MACHINE, AssessmentState, Measure, Outcome
from rostrum.kernel.decisions import Decision

S = AssessmentState
THREAT = GroundFacts(
    "threats", "Threats", "WAU-removal-04", ("a person or organization is named", "harm is announced"), False
)
GROUNDS = MappingProxyType({"threats": THREAT})


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.against]


def answer(*met: bool, why: str = "second sentence") -> GroundAnswer:
    return GroundAnswer(
        "threats", {name: ElementAnswer(one, why) for name, one in zip(THREAT.elements, met, strict=True)}
    )


def assessment(**over: object) -> AssessmentFacts:
    facts = {
        "state": S.CAPTURED,
        "answers": (answer(True, True),),
        "grounds": GROUNDS,
        "measure": Measure.HIDE,
        "reason": "Announces harm to a named clerk.",
        "can_hide": True,
        "can_delete": False,
        "text": "I will hurt the clerk. Then two more.",
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
        ({"measure": Measure.REFER, "answers": (), "refer_to": "hr"}, []),
        ({"measure": Measure.REFER, "answers": ()}, ["refer-to-whom"]),
        ({"measure": Measure.REFER, "refer_to": "hr", "referral_answered": True}, ["answered-already"]),
        ({"version_is_current": False}, ["comment-changed"]),
        ({"version_is_current": False, "measure": Measure.KEEP, "answers": ()}, ["comment-changed"]),
        ({"version_is_current": False, "measure": Measure.REFER, "refer_to": "hr"}, []),
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
        ({"is_gone": True}, ["gone-already"]),
        ({"poster_is_known": False}, ["poster-unknown"]),
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


@pytest.mark.parametrize(
    ("passage", "text", "media", "expected"),
    [
        ("cheap gutters", "Cheap\n gutters today", 0, True),
        ("“Cheap gutters”", "Cheap gutters", 0, True),
        ("gutters cheap", "Cheap gutters", 0, False),
        ("", "Cheap gutters", 0, False),
        ("“”", "Cheap gutters", 0, False),
        ("image 1", "", 1, True),
        ("Image 2", "", 1, False),
        ("image 0", "", 1, False),
        ("image 1", "no pictures", 0, False),
    ],
)
def test_a_passage_is_in_the_comment_or_names_one_of_its_pictures(
    passage: str, text: str, media: int, expected: bool
) -> None:
    assert rules.is_in_comment(passage, text, media) is expected


def removal(**over: object) -> RemovalFacts:
    facts = {
        "state": S.APPLIED,
        "outcome": Outcome.APPLIED,
        "measure": Measure.HIDE,
        "remover": "per-1",
        "actor": "per-2",
        "author_was_told": False,
        **over,
    }
    return RemovalFacts(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, []),
        ({"actor": "per-1"}, ["own-removal"]),
        ({"measure": Measure.DELETE}, ["not-hidden"]),
        ({"state": S.APPLYING, "outcome": Outcome.INTENDED}, ["wrong-state"]),
        ({"state": S.RESTORED, "outcome": Outcome.RESTORED}, ["wrong-state"]),
    ],
)
def test_another_person_restores_what_was_hidden(over: dict[str, object], expected: list[str]) -> None:
    assert codes(rules.decide_restoration(removal(**over))) == expected


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_trouble_is_settled_by_a_person_and_only_a_removal_is_given_up(outcome: Outcome) -> None:
    in_trouble = outcome in (Outcome.FAILED, Outcome.UNCLEAR, Outcome.RESTORE_FAILED)
    assert rules.decide_trouble(removal(outcome=outcome)).allowed is in_trouble
    assert rules.decide_abandoning(removal(outcome=outcome)).allowed is (outcome in (Outcome.FAILED, Outcome.UNCLEAR))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_author_is_told_of_what_happened_once(outcome: Outcome) -> None:
    happened = outcome in (Outcome.APPLIED, Outcome.RESTORING, Outcome.RESTORE_FAILED, Outcome.RESTORED)
    assert rules.decide_notice(removal(outcome=outcome)).allowed is happened
    assert codes(rules.decide_notice(removal(author_was_told=True))) == ["recorded-already"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (OpeningFacts(True, False, False, False), []),
        (OpeningFacts(False, False, False, False), ["own-post"]),
        (OpeningFacts(True, True, False, False), ["own-post"]),
        (OpeningFacts(True, False, True, True), ["restricted", "open-already"]),
        (OpeningFacts(True, False, False, False, is_removed=True), ["removed-already"]),
    ],
)
def test_only_others_open_comments_are_assessed(facts: OpeningFacts, expected: list[str]) -> None:
    assert codes(rules.decide_opening(facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (ReferralFacts(True, "hr", True), []),
        (ReferralFacts(False, "hr", True), ["not-referred"]),
        (ReferralFacts(True, "hr", False), ["not-yours"]),
    ],
)
def test_a_referral_is_answered_by_those_who_owe_it(facts: ReferralFacts, expected: list[str]) -> None:
    assert codes(rules.decide_referral_answer(facts)) == expected


def test_once_the_platform_was_asked_an_assessment_is_not_simply_given_up() -> None:
    assert codes(rules.decide_dropping(S.APPLYING)) == ["platform-was-asked"]
    assert [state for state in S if rules.decide_dropping(state).allowed] == [S.CAPTURED, S.ASSESSED, S.SECONDED]


def test_every_removal_passes_through_captured_evidence() -> None:
    assert ASSESSMENT_MACHINE.initial is S.CAPTURED
