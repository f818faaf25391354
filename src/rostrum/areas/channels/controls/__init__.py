"""The controls of the channels area, topic by topic."""

from rostrum.areas.channels.controls import access, custody, grants, kind, life, page, questions, separation, terms
from rostrum.policy.controls import LiveControl

CONTROLS: tuple[LiveControl, ...] = (
    *life.CONTROLS,
    *custody.CONTROLS,
    *page.CONTROLS,
    *questions.CONTROLS,
    *access.CONTROLS,
    *kind.CONTROLS,
    *grants.CONTROLS,
    *terms.CONTROLS,
    *separation.CONTROLS,
)
