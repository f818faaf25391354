"""What may happen in governance, and why not, topic by topic. Facts in, decision out."""

from rostrum.areas.governance.rules.packs import (
    PARENT_OF_STATE_AGENCIES,
    STATE_AGENCY,
    ActivationFacts,
    PackFacts,
    decide_activation,
)

__all__ = ["PARENT_OF_STATE_AGENCIES", "STATE_AGENCY", "ActivationFacts", "PackFacts", "decide_activation"]
