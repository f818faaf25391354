"""Under which packs a body may work. Facts in, decision out."""

from dataclasses import dataclass
from datetime import date

from rostrum.kernel.decisions import Decision, Reason

PARENT_OF_STATE_AGENCIES = "wi-hrh-480"
STATE_AGENCY = "state_agency"


@dataclass(frozen=True, slots=True)
class PackFacts:
    """One pack as far as its activation depends on it.

    `effective_on` is the pack's own date, or the one the body entered; `needs_adoption` says that the document leaves
    the date blank, so that the body's adoption has to be named; `clause` is what asks for it.
    """

    id: str
    parents: tuple[str, ...]
    effective_on: date | None
    needs_adoption: bool
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class ActivationFacts:
    """Packs somebody wants to put into force, on the civil day `today`, by the adoption that `reference` names."""

    body_kind: str
    packs: tuple[PackFacts, ...]
    reference: str
    today: date


def decide_activation(facts: ActivationFacts) -> Decision:
    """Whether these packs may be put into force."""
    against: list[Reason] = []
    if not facts.packs:
        against.append(Reason("no-pack", "Name at least one pack."))
    for pack in facts.packs:
        if pack.needs_adoption and pack.effective_on is None:
            against.append(
                Reason(
                    "no-effective-date",
                    f"The document behind {pack.id} leaves its effective date blank: enter the date of its adoption.",
                    pack.clause,
                )
            )
        elif pack.needs_adoption and not facts.reference.strip():
            against.append(
                Reason(
                    "no-reference",
                    f"Enter the reference of the body's own adoption of {pack.id} (resolution, minutes, memo).",
                    pack.clause,
                )
            )
        if pack.effective_on is not None and pack.effective_on > facts.today:
            against.append(
                Reason(
                    "not-in-force-yet",
                    f"{pack.id} takes effect on {pack.effective_on.isoformat()}: activate it then.",
                    pack.clause,
                )
            )
    known = {pack.id for pack in facts.packs} | {parent for pack in facts.packs for parent in pack.parents}
    if facts.body_kind == STATE_AGENCY and PARENT_OF_STATE_AGENCIES not in known:
        against.append(
            Reason(
                "parent-missing",
                "A state agency works under chapter 480, or under a pack that has it as parent.",
                "WI480-010-06",
            )
        )
    return Decision(tuple(against))
