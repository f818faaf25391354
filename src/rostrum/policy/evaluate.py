"""Evaluating a text under a policy: which clauses speak, about what place, how strongly. Pure and deterministic.

The same policy version, stage and facts give the same findings in the same order, so that a stored `Evaluation` can
be replayed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Finding, Strength
from rostrum.policy.checks import CHECKS, Context, Hit
from rostrum.policy.compose import Bound, Policy
from rostrum.policy.controls import Stage
from rostrum.policy.facts import DraftFacts

_SEVERITY = {
    Strength.BLOCK: 0,
    Strength.JUDGE: 1,
    Strength.WARN: 2,
    Strength.DUTY: 3,
    Strength.RECORD: 4,
    Strength.INFORM: 5,
}
# The draft's checks run again when it is approved and at the gate: what was fixed may have come back.
_STAGES_OF_DRAFT = (Stage.DRAFT_CHECK, Stage.DRAFT_APPROVE, Stage.PUBLISH_GATE)
_EXEMPTS = " exempts "
# What an employee may want to know about a private text; the rest is about official posts.
_SELF_CHECKED = (
    "draft.personal-data",
    "draft.health-data",
    "draft.confidential-markers",
    "draft.listed-terms",
    "draft.tone",
    "draft.profanity",
    "draft.unit-layer",
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A clause that did not speak, and why: its scope, or an exemption attached to it."""

    clause: str
    control: str
    why: str

    @property
    def is_exempt(self) -> bool:
        """Whether an exemption that names the clause kept it silent, and not its scope."""
        return _EXEMPTS in self.why


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation as it is stored: policy version, stage, facts, findings, and what was left out."""

    policy: str
    stage: Stage
    facts: DraftFacts
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON values to store."""
        return {
            "policy": self.policy,
            "stage": self.stage.value,
            "facts": self.facts.to_json(),
            "findings": [finding_to_json(finding) for finding in self.findings],
            "skipped": [asdict(each) for each in self.skipped],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Evaluation":
        """Read a stored evaluation."""
        return cls(
            policy=data["policy"],
            stage=Stage(data["stage"]),
            facts=DraftFacts.from_json(data["facts"]),
            findings=tuple(finding_from_json(each) for each in data["findings"]),
            skipped=tuple(Skipped(**each) for each in data["skipped"]),
        )


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values; `strength` is its word, `also` a list."""
    return {**asdict(finding), "strength": finding.strength.value, "also": list(finding.also)}


def finding_from_json(data: Mapping[str, Any]) -> Finding:
    """Read a stored finding."""
    return Finding(**{**data, "strength": Strength(data["strength"]), "also": tuple(data.get("also", ()))})


def stage_called(name: str) -> Stage:
    """Return the stage with this name; raises `InvalidInput` naming the ones there are."""
    try:
        return Stage(name)
    except ValueError:
        raise InvalidInput(f"stage {name!r}", f"is not one of {', '.join(Stage)}") from None


def check(policy: Policy, stage: Stage, facts: DraftFacts) -> list[Finding]:
    """Return what the policy's clauses find in a text at a stage, the strongest first, then by place.

    One finding per control and place: it cites the strongest clause (of equals, the body's own policy before its
    parents, those before the law and the overlays); the other clauses that say the same are in `also`.
    """
    return list(evaluate(policy, stage, facts).findings)


def evaluate(policy: Policy, stage: Stage, facts: DraftFacts) -> Evaluation:
    """Evaluate a text and return the findings with all that is needed to replay them."""
    context = Context(policy, facts)
    found: dict[tuple[str, int | None, int | None, str], list[tuple[Bound, Strength, Hit]]] = {}
    skipped: list[Skipped] = []
    for bound in policy.bounds:
        if not _acts_at(bound, stage):
            continue
        why = _why_not(policy, bound, stage, facts)
        if why:
            skipped.append(Skipped(bound.clause.id, bound.spec.id, why))
            continue
        for hit in CHECKS[bound.spec.id](context, bound.binding.parameters):
            strength = _strength(bound.strength, hit, stage)
            key = (bound.spec.id, hit.start, hit.end, "" if hit.start is not None else hit.message)
            found.setdefault(key, []).append((bound, strength, hit))
    findings = [_merged(saying) for saying in found.values()]
    order = {bound.spec.id: number for number, bound in enumerate(policy.bounds)}
    findings.sort(
        key=lambda each: (
            _SEVERITY[each.strength],
            -1 if each.start is None else each.start,
            order[each.control],
            each.clause,
        )
    )
    return Evaluation(policy.version, stage, facts, tuple(findings), tuple(skipped))


def _acts_at(bound: Bound, stage: Stage) -> bool:
    if bound.spec.id not in CHECKS:
        return False
    if stage in _STAGES_OF_DRAFT:
        return bound.spec.stage is Stage.DRAFT_CHECK
    if stage is Stage.SELF_CHECK:
        return bound.spec.stage is Stage.SELF_CHECK or bound.spec.id in _SELF_CHECKED
    return bound.spec.stage is stage


def _why_not(policy: Policy, bound: Bound, stage: Stage, facts: DraftFacts) -> str:
    """Why a clause does not speak here, or an empty text."""
    is_personal = facts.channel_kind == "personal" or stage is Stage.SELF_CHECK
    if is_personal and facts.concerns_body is False:
        # A pack that says whom and what it is about leaves everything else alone.
        for definition in policy.bound_to("definition.scope"):
            if definition.clause.pack == bound.clause.pack:
                return f"{definition.clause.id}: personal use that neither affects nor names the body is outside"
    if bound.clause.scope == "official" and is_personal:
        return "the clause is about official use"
    if bound.clause.scope == "personal" and not is_personal:
        return "the clause is about personal use"
    # An exemption belongs to the clauses it names, never to the person: every other clause still speaks.
    for exempt in policy.bound_to("draft.elected-exempt"):
        parameters = exempt.binding.parameters
        roles, clauses = parameters.get("roles", ()), parameters.get("clauses", ())
        if isinstance(roles, list) and isinstance(clauses, list) and facts.role in roles and bound.clause.id in clauses:
            return f"{exempt.clause.id}{_EXEMPTS}{facts.role.replace('_', ' ')}s from this clause"
    return ""


def _strength(strength: Strength, hit: Hit, stage: Stage) -> Strength:
    if stage is Stage.SELF_CHECK and strength is Strength.BLOCK:
        # The self-check advises; nothing is blocked and nothing is kept.
        return Strength.WARN
    if hit.at_most is not None and _SEVERITY[strength] < _SEVERITY[hit.at_most]:
        return hit.at_most
    return strength


def _merged(saying: list[tuple[Bound, Strength, Hit]]) -> Finding:
    best = min(saying, key=lambda each: (_SEVERITY[each[1]], not each[0].binding.parameters.get("cited_first", False)))
    bound, strength, hit = best
    also = tuple(dict.fromkeys(other.clause.id for other, _, _ in saying if other.clause.id != bound.clause.id))
    return Finding(
        clause=bound.clause.id,
        control=bound.spec.id,
        strength=strength,
        message=hit.message,
        advice=hit.advice,
        start=hit.start,
        end=hit.end,
        section=bound.clause.section,
        paraphrase=bound.clause.paraphrase,
        also=also,
    )


def text_controls() -> Iterator[str]:
    """The ids of the controls that read a text: the ones this module can carry."""
    yield from CHECKS


def is_replay_equal(policy: Policy, stored: Evaluation) -> bool:
    """Whether the stored findings come out again. Raises `InvalidInput` when the policy is not the stored version."""
    if policy.version != stored.policy:
        raise InvalidInput("policy", f"is {policy.version}; the evaluation was made under {stored.policy}")
    return evaluate(policy, stored.stage, stored.facts).findings == stored.findings
