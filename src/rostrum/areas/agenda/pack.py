"""When the body reminds and whom it asks next: its local choices about duties."""

from datetime import timedelta

from rostrum.areas.agenda.rules import Rhythm
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.rules import Role

_CHAIN = (Role.DEPARTMENT_HEAD, Role.COORDINATOR, Role.AGENCY_HEAD)


def rhythm() -> Rhythm:
    """The rhythm of reminders (local choices; defaults: 48 hours before, weekly after, a level up every 24 hours)."""

    def hours(name: str, default: int) -> timedelta:
        chosen = governance.choice(f"duty.{name}", default)
        # Not a whole number of hours, or none: a rhythm of zero would send without end.
        return timedelta(hours=chosen if isinstance(chosen, int) and chosen >= 1 else default)

    known = {role.value for role in Role}
    asked = governance.choice("duty.escalate_to", list(_CHAIN))
    chain = tuple(role for role in asked if role in known) if isinstance(asked, list) else tuple(_CHAIN)
    return Rhythm(
        before=hours("remind_before_hours", 48),
        again=hours("remind_again_hours", 168),
        escalate_after=hours("escalate_after_hours", 24),
        chain=chain,
    )
