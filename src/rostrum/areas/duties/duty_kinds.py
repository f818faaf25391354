"""Duties about the ledger itself, which stands below every area."""

from rostrum.areas.duties.kinds import DutyKind

KINDS = (
    DutyKind(
        "ledger.explain-trouble",
        "Explain a loss in the ledger",
        "The IT director has said what happened and what was entered again",
        closes_here=True,
    ),
)
