"""Which measure a comment may meet, and why not. A person decides; nothing here acts by itself (records-and-law M2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from rostrum.areas.moderation.states import ASSESSMENT_MACHINE, AssessmentAct, AssessmentState, Measure
from rostrum.kernel.decisions import Decision, Reason

REMOVING = (Measure.HIDE, Measure.DELETE)


@dataclass(frozen=True, slots=True)
class ElementAnswer:
    """A person's answer to one element of a ground: met or not, and in which words of the comment."""

    met: bool
    why: str


@dataclass(frozen=True, slots=True)
class GroundAnswer:
    """A ground somebody chose, with its elements answered."""

    ground: str
    elements: Mapping[str, ElementAnswer]

    @property
    def all_met(self) -> bool:
        """Whether every element is met."""
        return all(answer.met for answer in self.elements.values())


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """One ground of the active pack."""

    id: str
    title: str
    clause: str
    elements: tuple[str, ...]
    needs_second_person: bool


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """What the decision about an assessment needs."""

    state: AssessmentState
    answers: tuple[GroundAnswer, ...]
    grounds: Mapping[str, GroundFacts]  # the pack's closed list
    measure: Measure
    reason: str
    can_hide: bool
    can_delete: bool


def decide_assessment(facts: AssessmentFacts) -> Decision:
    """Whether the assessment may stand: grounds from the closed list only, every element answered in words."""
    against = list(_state(facts.state, AssessmentAct.ASSESS).against)
    if not facts.reason.strip():
        against.append(
            Reason("no-reason", "Say in a sentence why; the reason is part of the record.", "WAU-removal-13d")
        )
    met = False
    for answer in facts.answers:
        ground = facts.grounds.get(answer.ground)
        if ground is None:
            against.append(Reason("unknown-ground", f"“{answer.ground}” is not a ground of the active policy."))
            continue
        for element in ground.elements:
            given = answer.elements.get(element)
            if given is None or not given.why.strip():
                against.append(
                    Reason(
                        "element-unanswered",
                        f"{ground.title}: answer “{element}” and say where the comment shows it.",
                        ground.clause,
                    )
                )
        met = met or (set(answer.elements) >= set(ground.elements) and answer.all_met)
    if facts.measure in REMOVING and not met:
        against.append(
            Reason("no-ground-met", "A comment can be removed only when every element of at least one ground is met.")
        )
    if facts.measure is Measure.HIDE and not facts.can_hide:
        against.append(Reason("cannot-hide", "This platform cannot hide a comment."))
    if facts.measure is Measure.DELETE and not facts.can_delete:
        against.append(
            Reason(
                "cannot-delete",
                "This platform does not let the body delete another person's comment.",
            )
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What carrying out a measure needs."""

    state: AssessmentState
    measure: Measure
    needs_second: bool
    seconded: bool
    assessed_by: str
    actor: str
    evidence_intact: bool
    version_is_current: bool
    policy_is_current: bool


def decide_second(facts: MeasureFacts) -> Decision:
    """Whether this person may second the assessment."""
    against = list(_state(facts.state, AssessmentAct.SECOND).against)
    if facts.assessed_by == facts.actor:
        against.append(Reason("own-assessment", "A second person must look: not the one who assessed the comment."))
    return Decision(tuple(against))


def decide_removal(facts: MeasureFacts) -> Decision:
    """Whether the removal may go to the platform: evidence first, the policy current, two persons where asked."""
    act_state = AssessmentState.SECONDED if facts.seconded else facts.state
    against = list(_state(act_state, AssessmentAct.APPLY).against)
    if facts.measure not in REMOVING:
        against.append(Reason("no-removal", "The assessment does not propose a removal."))
    if facts.needs_second and not facts.seconded:
        against.append(
            Reason(
                "second-person",
                "A ground of this assessment is sensitive to viewpoint: a second person must agree first.",
            )
        )
    if not facts.evidence_intact:
        against.append(
            Reason(
                "evidence-missing",
                "The evidence cannot be read back whole; nothing may happen on the platform before it is.",
                "WAU-removal-13",
            )
        )
    if not facts.version_is_current:
        against.append(
            Reason(
                "comment-changed",
                "The comment has changed since it was assessed: take the evidence again and assess what it says now.",
            )
        )
    if not facts.policy_is_current:
        against.append(Reason("policy-changed", "The active policy has changed since the assessment: assess again."))
    return Decision(tuple(against))


def decide_act(state: AssessmentState, act: AssessmentAct) -> Decision:
    """Whether the state lets this be done at all."""
    return _state(state, act)


def _state(state: AssessmentState, act: AssessmentAct) -> Decision:
    if ASSESSMENT_MACHINE.allows(state, act):
        return Decision()
    possible = ", ".join(sorted(str(one) for one in ASSESSMENT_MACHINE.acts_from(state))) or "nothing more"
    return Decision((Reason("wrong-state", f"This assessment is {state}; what can be done now: {possible}."),))
