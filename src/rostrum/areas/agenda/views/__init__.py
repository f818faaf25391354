"""Pages of the agenda: the register, one duty, what is overdue, one's calendar and the calendars themselves."""

from rostrum.areas.agenda.views.calendars import calendar_events, calendar_page, calendar_tasks, revoke_calendar
from rostrum.areas.agenda.views.register import close_duty, duties, duty, hand_over, overdue

__all__ = [
    "calendar_events",
    "calendar_page",
    "calendar_tasks",
    "close_duty",
    "duties",
    "duty",
    "hand_over",
    "overdue",
    "revoke_calendar",
]
