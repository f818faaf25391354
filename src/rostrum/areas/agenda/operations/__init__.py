"""Everything that changes who owes what and who was told: one act, one transaction, one entry."""

from rostrum.areas.agenda.operations.calendars import make_calendar, note_calendar_read, revoke_calendar
from rostrum.areas.agenda.operations.handing import close_by_statement, hand_over
from rostrum.areas.agenda.operations.reminding import escalate_duty, remind_person

__all__ = [
    "close_by_statement",
    "escalate_duty",
    "hand_over",
    "make_calendar",
    "note_calendar_read",
    "remind_person",
    "revoke_calendar",
]
