"""Coverage: for each clause, whether a control carries it now. Never flattered (design §11.12). Pure.

A clause is *live* when every control it is bound to is registered, names a test that saw it act or refuse, claims this
clause, and its evidence query answers. It is a *recorded duty* when all that holds and at least one of them is a duty
that a person does and records. Else it is *not yet*, with the reason.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.controls import Evidence, LiveControl
from rostrum.policy.packs import Clause, Pack, load_catalog


class Status(StrEnum):
    """How a clause stands."""

    LIVE = "live"
    DUTY = "duty"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class ControlStanding:
    """One control of a clause: whether it counts, why not, and what it shows."""

    id: str
    counts: bool
    why_not: str = ""
    is_recorded_duty: bool = False
    proven_by: tuple[str, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class ClauseStanding:
    """One clause with its status and its controls."""

    clause: Clause
    status: Status
    controls: tuple[ControlStanding, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the clause is not live, control by control."""
        return tuple(f"{control.id}: {control.why_not}" for control in self.controls if control.why_not)

    def to_json(self) -> dict[str, Any]:
        """One row of ``rostrum policy coverage --json``."""
        return {
            "clause": self.clause.id,
            "pack": self.clause.pack,
            "section": self.clause.section,
            "capability": self.clause.capability,
            "status": self.status.value,
            "controls": [control.id for control in self.controls],
            "evidence": [
                {
                    "control": control.id,
                    "summary": control.evidence.summary,
                    "count": control.evidence.count,
                    "since": control.evidence.since.isoformat() if control.evidence.since else None,
                    "link": control.evidence.link,
                    "proven_by": list(control.proven_by),
                }
                for control in self.controls
                if control.evidence is not None
            ],
            "reasons": list(self.reasons),
            "paraphrase": self.clause.paraphrase,
            "kind": self.clause.kind,
            "scope": self.clause.scope,
        }


def cover(
    packs: Iterable[Pack],
    live: Iterable[LiveControl],
    *,
    on_fault: Callable[[str, Exception], None] | None = None,
) -> tuple[ClauseStanding, ...]:
    """Compute the standing of every clause of `packs`, in their order.

    Each evidence query is asked once. One that raises counts as not answering; `on_fault` is told, so that it is
    logged and not lost. Raises `InvalidInput` when a registered control is not in the catalog or registered twice.
    """
    registered = _registered(live)
    answers: dict[str, Evidence | None] = {}
    for control in registered.values():
        try:
            answers[control.id] = control.evidence()
        except Exception as problem:  # any failure of an area's query is the finding
            answers[control.id] = None
            if on_fault is not None:
                on_fault(control.id, problem)
    return tuple(_standing(clause, registered, answers) for pack in packs for clause in pack.clauses)


def _registered(live: Iterable[LiveControl]) -> Mapping[str, LiveControl]:
    catalog = load_catalog()
    registered: dict[str, LiveControl] = {}
    for control in live:
        if control.id not in catalog:
            raise InvalidInput(f"control {control.id}", "is registered by an area and not in the catalog")
        if control.id in registered:
            raise InvalidInput(f"control {control.id}", "is registered twice")
        registered[control.id] = control
    return registered


def _standing(
    clause: Clause, registered: Mapping[str, LiveControl], answers: Mapping[str, Evidence | None]
) -> ClauseStanding:
    controls = []
    for control_id in dict.fromkeys(binding.control for binding in clause.bindings):
        live = registered.get(control_id)
        if live is None:
            controls.append(ControlStanding(control_id, False, "not built yet"))
            continue
        why_not = ""
        if not live.proven_by:
            why_not = "no named test saw it act or refuse"
        elif live.clauses and clause.id not in live.clauses:
            why_not = "built, but it does not yet do what this clause asks"
        elif answers[control_id] is None:
            why_not = "its evidence query does not answer"
        controls.append(
            ControlStanding(
                control_id,
                not why_not,
                why_not,
                live.is_recorded_duty,
                live.proven_by,
                None if why_not else answers[control_id],
            )
        )
    if not controls or not all(control.counts for control in controls):
        status = Status.NOT_YET
    elif any(control.is_recorded_duty for control in controls):
        status = Status.DUTY
    else:
        status = Status.LIVE
    return ClauseStanding(clause, status, tuple(controls))


def counted(standings: Iterable[ClauseStanding]) -> dict[Status, int]:
    """How many clauses stand how."""
    counts = dict.fromkeys(Status, 0)
    for standing in standings:
        counts[standing.status] += 1
    return counts
