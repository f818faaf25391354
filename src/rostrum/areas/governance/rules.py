"""Under which packs a body may work. Facts in, decision out."""

from collections.abc import Mapping
from dataclasses import dataclass

from rostrum.kernel.decisions import Decision, Reason

PARENT_OF_STATE_AGENCIES = "wi-hrh-480"


@dataclass(frozen=True, slots=True)
class PackFacts:
    """One pack as far as its activation depends on it."""

    id: str
    parents: tuple[str, ...]
    has_effective_date: bool
    needs_effective_date: bool
    clauses: Mapping[str, str]  # what a reason rests on → clause id


@dataclass(frozen=True, slots=True)
class ActivationFacts:
    """Packs somebody wants to put into force."""

    body_kind: str
    packs: tuple[PackFacts, ...]
    effective_on: Mapping[str, str]
    reference: str


def decide_activation(facts: ActivationFacts) -> Decision:
    """Whether these packs may be put into force."""
    against: list[Reason] = []
    if not facts.packs:
        against.append(Reason("no-pack", "Name at least one pack."))
    for pack in facts.packs:
        if pack.has_effective_date or not pack.needs_effective_date:
            continue
        if not facts.effective_on.get(pack.id):
            against.append(
                Reason(
                    "no-effective-date",
                    f"The document behind {pack.id} leaves its effective date blank: enter the date of its adoption.",
                    pack.clauses.get("effective-date"),
                )
            )
        elif not facts.reference.strip():
            against.append(
                Reason(
                    "no-reference",
                    f"Enter the reference of the body's own adoption of {pack.id} (resolution, minutes, memo).",
                    pack.clauses.get("effective-date"),
                )
            )
    known = {pack.id for pack in facts.packs} | {parent for pack in facts.packs for parent in pack.parents}
    if facts.body_kind == "state_agency" and PARENT_OF_STATE_AGENCIES not in known:
        against.append(
            Reason(
                "parent-missing",
                "A state agency works under chapter 480, or under a pack that has it as parent.",
                "WI480-010-06",
            )
        )
    return Decision(tuple(against))
