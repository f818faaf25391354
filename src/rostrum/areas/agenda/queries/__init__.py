"""Reads of the agenda: the register of duties, what is due to be told, and calendars."""

from rostrum.areas.agenda.queries.facts import hand_over_facts, may_hand_over, recipients, statement_facts
from rostrum.areas.agenda.queries.feeds import calendar_duties, feed_at, feed_of
from rostrum.areas.agenda.queries.history import Step, history
from rostrum.areas.agenda.queries.register import (
    Filters,
    Group,
    Row,
    chosen,
    every,
    in_rows,
    overdue_by,
    rows,
    visible_duties,
    whole_day,
)
from rostrum.areas.agenda.queries.reminders import Digest, DueEscalation, Plan, departed_owners, plan

__all__ = [
    "Digest",
    "DueEscalation",
    "Filters",
    "Group",
    "Plan",
    "Row",
    "Step",
    "calendar_duties",
    "chosen",
    "departed_owners",
    "every",
    "feed_at",
    "feed_of",
    "hand_over_facts",
    "history",
    "in_rows",
    "may_hand_over",
    "overdue_by",
    "plan",
    "recipients",
    "rows",
    "statement_facts",
    "visible_duties",
    "whole_day",
]
