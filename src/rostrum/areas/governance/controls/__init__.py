"""The controls of the governance area, topic by topic."""

from rostrum.areas.governance.controls import acknowledgements, coordinator, directives, packs, security, training
from rostrum.policy.controls import LiveControl

CONTROLS: tuple[LiveControl, ...] = (
    *packs.CONTROLS,
    *coordinator.CONTROLS,
    *acknowledgements.CONTROLS,
    *training.CONTROLS,
    *directives.CONTROLS,
    *security.CONTROLS,
)
