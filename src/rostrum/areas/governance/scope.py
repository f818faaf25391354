"""Whom a policy covers, and whether it says the least that a policy should say. Facts in, answers out; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rostrum.policy.compose import Policy
from rostrum.policy.packs import Clause, Layer, Pack

COVERAGE = "definition.coverage"
COMPLETENESS = "governance.policy-completeness"
# Those who carry out the body's work under an engagement, which has an end.
AGENTS = ("contractor", "vendor", "agent", "intern", "extern", "volunteer")
# "Employee" in a pack's list: everybody the body employs, in whichever class.
EMPLOYED = ("permanent", "project", "unclassified", "limited-term", "seasonal", "temporary")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What coverage depends on: the class a person works in, and the unit's slug and name ("" for none).

    `is_engaged`: of an agent, that the engagement is not over; it says nothing of staff.
    """

    employment_class: str
    unit: str = ""
    is_engaged: bool = True


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether a pack covers a person, and the clauses that say so, or that say not."""

    pack: str
    is_covered: bool
    clauses: tuple[str, ...]


def coverage_under(pack: Pack, person: PersonFacts) -> Covered | None:
    """Whether the pack covers the person; None where the pack does not say whom it covers.

    Who is left out stays left out, whatever else a clause takes in. A unit is left out with everybody in it. An agent
    is covered for as long as the engagement lasts (WI480-030-01b).
    """
    taken_in: list[str] = []
    left_out: list[str] = []
    says = False
    for clause, parameters in _of(pack, COVERAGE):
        says = True
        classes = _list(parameters, "classes")
        if person.employment_class in _list(parameters, "excluded") or _names(
            person.unit, _list(parameters, "excluded_units")
        ):
            left_out.append(clause.id)
        elif person.employment_class in classes or ("employee" in classes and person.employment_class in EMPLOYED):
            taken_in.append(clause.id)
    if not says:
        return None
    if left_out:
        return Covered(pack.id, False, tuple(left_out))
    if person.employment_class in AGENTS and not person.is_engaged:
        return Covered(pack.id, False, tuple(taken_in))
    return Covered(pack.id, bool(taken_in), tuple(taken_in))


def speaks_of_classes(pack: Pack) -> bool:
    """Whether the pack says by classes whom it covers."""
    return any(_list(parameters, "classes") for _, parameters in _of(pack, COVERAGE))


def _of(pack: Pack, control: str) -> Iterable[tuple[Clause, Mapping[str, Any]]]:
    for clause in pack.clauses:
        for binding in clause.bindings:
            if binding.control == control:
                yield clause, binding.parameters


def _list(parameters: Mapping[str, Any], name: str) -> list[str]:
    value = parameters.get(name, [])
    return [str(one) for one in value] if isinstance(value, list) else []


def _names(unit: str, listed: list[str]) -> bool:
    words = unit.casefold().replace("-", " ").split()
    return any(one.casefold() in words for one in listed)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """One thing a policy should say at the least, and does not."""

    content: str
    message: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    controls: tuple[str, ...]
    message: str
    settings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    # Settings that must name somebody, not only stand there.
    chosen: tuple[str, ...] = ()


# What the guideline asks of a policy, and where a pack says it.
_LEAST: Mapping[str, _Content] = {
    "terms-authority": _Content(
        ("terms.accepting-authority",), "who may accept a platform's terms", chosen=("terms.accepting_roles",)
    ),
    "acceptable-content": _Content(
        ("draft.business-topic", "draft.tone", "draft.profanity", "draft.confidential-markers", "draft.personal-data"),
        "what may and may not be posted",
    ),
    "channel-creation": _Content(("channel.site-approval", "channel.approval-route"), "who may create a channel"),
    "access-and-security": _Content(
        ("grant.required", "grant.issuer", "grant.management-approval"),
        "how access and security are managed: grants, log-ins, reviews",
        settings=("custody.", "grant."),
    ),
    "records-retention": _Content(
        ("retention.series-assigned", "retention.references", "retention.unit-duty"),
        "where the retention schedule stands, and who answers for records",
        parts=("series",),
        roles=("records_custodian",),
    ),
}


def unsaid(policy: Policy) -> tuple[Unsaid, ...]:
    """What the policy in force leaves unsaid of the least a policy should say, with the clause that asks for it."""
    asked = {
        str(bound.binding.parameters.get("content", "")): bound.clause.id for bound in policy.bound_to(COMPLETENESS)
    }
    return tuple(
        Unsaid(content, f"The policy in force does not say {least.message}.", asked.get(content, ""))
        for content, least in _LEAST.items()
        if not _is_said(policy, least)
    )


def _is_said(policy: Policy, least: _Content) -> bool:
    bound = any(policy.bound_to(control) for control in least.controls)
    set_out = all(any(shown.setting.id.startswith(one) for shown in policy.settings()) for one in least.settings)
    listed = all(any(getattr(pack, part) for pack in policy.packs) for part in least.parts)
    named = all(any(role.ours == one for pack in policy.packs for role in pack.roles) for one in least.roles)
    chosen = all(policy.setting(one) for one in least.chosen)
    return bound and set_out and listed and named and chosen


@dataclass(frozen=True, slots=True)
class Raised:
    """A clause of a guideline that the body's own policy makes a rule, and the clauses that do."""

    advice: str
    paraphrase: str
    rules: tuple[str, ...]


def raised_advice(policy: Policy) -> tuple[Raised, ...]:
    """Which items of the guidelines in force the body's own policy raises to rules: it binds the same control."""
    rules: dict[str, list[str]] = {}
    for bound in policy.bounds:
        if bound.layer is Layer.POLICY:
            rules.setdefault(bound.spec.id, []).append(bound.clause.id)
    found: dict[str, Raised] = {}
    for bound in policy.bounds:
        if bound.layer is Layer.ADVICE and bound.spec.id in rules:
            found[bound.clause.id] = Raised(bound.clause.id, bound.clause.paraphrase, tuple(rules[bound.spec.id]))
    return tuple(found.values())
