"""The clocks of the policy in force: the law's by their id, a clause's own by its period; run where the body sits.

from rostrum.areas.governance import clocks

found = clocks.deadline_of_clause("DMA-CERT-08", received_at)
duties.open_duty(..., due_at=found.due_at, clock=found.clock, other_on=found.other_on, clause="DMA-CERT-08")
"""

from datetime import datetime

from django.conf import settings

from rostrum.areas.governance import queries
from rostrum.kernel.clocks import Clock, Deadline, clock_by_id, clock_of, run_clock
from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.compose import Policy


def deadline(clock_id: str, started_at: datetime) -> Deadline:
    """Run one of the law's clocks, or a period such as ``PT48H``. Raises `InvalidInput` for an unknown one."""
    policy = queries.policy()
    return run_clock(_found(policy, clock_id), started_at, policy.calendar, settings.LEGAL_TIME_ZONE)


def deadline_of_clause(clause_id: str, started_at: datetime) -> Deadline:
    """Run the period that a clause in force sets. Raises `InvalidInput` when it is not in force or sets none."""
    policy = queries.policy()
    clause = policy.clause(clause_id)
    if clause is None or not clause.deadline:
        raise InvalidInput(f"clause {clause_id}", "is not in force, or sets no period")
    return run_clock(clock_of(clause.deadline), started_at, policy.calendar, settings.LEGAL_TIME_ZONE)


def known(clock_id: str) -> Clock | None:
    """The clock behind what a duty names as its clock; None for words that name none."""
    try:
        return _found(queries.policy(), clock_id)
    except InvalidInput:
        return None


def _found(policy: Policy, clock_id: str) -> Clock:
    if any(clock.id == clock_id for clock in policy.clocks):
        return clock_by_id(policy.clocks, clock_id)
    return clock_of(clock_id)
