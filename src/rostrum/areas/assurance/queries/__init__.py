"""Reads of the assurance area: clause by clause, and what was reviewed."""

from rostrum.areas.assurance.queries.clauses import (
    INVENTORY,
    INVENTORY_HEAD,
    OWN_POLICY,
    PackCoverage,
    SectionCoverage,
    by_pack,
    coverage,
    inventory,
    live_controls,
    own_policy_missing,
    shown_value,
    standing_of,
    standings,
    totals,
)

__all__ = [
    "INVENTORY",
    "INVENTORY_HEAD",
    "OWN_POLICY",
    "PackCoverage",
    "SectionCoverage",
    "by_pack",
    "coverage",
    "inventory",
    "live_controls",
    "own_policy_missing",
    "shown_value",
    "standing_of",
    "standings",
    "totals",
]
