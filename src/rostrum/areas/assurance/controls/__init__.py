"""The controls of the assurance area, topic by topic."""

from rostrum.areas.assurance.controls import clauses, reviews
from rostrum.policy.controls import LiveControl

CONTROLS: tuple[LiveControl, ...] = (*clauses.CONTROLS, *reviews.CONTROLS)
