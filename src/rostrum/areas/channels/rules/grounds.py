"""On what each refusal along a channel's life rests: a clause in force, the body's own choice, or Rostrum's own rule.

No refusal leaves that open. A rule that knows its clause names it itself; for the others the table tells which control
asks for what was missing, and so which clause of whatever packs are in force.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Protocol, TypeVar

from rostrum.kernel.decisions import Decision, Reason

OWN_RULE = "The packs in force do not ask for it; it is a step of Rostrum's own."
OWN_CHOICE = "Who holds which role is this body's own choice."

# Which roles a person has been given; the packs name offices at single steps only.
_BY_ROLE = frozenset({"no-role", "out-of-reach", "not-present", "denied", "reader-may-not", "not-your-step"})
_CHANGED = ("custody.change-recorded",)
_DEPOSITED = ("custody.deposit-duty",)
_LOOKED_AT = ("page.check-before-open",)
_APPROVED = ("channel.prior-authorization", "channel.approval-route", "channel.site-approval")
_REVIEWED = ("terms.review-before-use",)
# The controls behind each reason, the nearest first.
_ASKED_BY: Mapping[str, tuple[str, ...]] = {
    "address-taken": ("channel.inventory",),
    "looks-alike": _APPROVED,
    "own-request": _APPROVED,
    "step-taken": _APPROVED,
    "no-purpose": ("channel.purpose",),
    "no-mission-goal": ("channel.purpose",),
    "no-email": ("channel.official-email",),
    "no-capture-plan": ("channel.capture-before-open",),
    "no-credential": ("custody.deposit-duty", "custody.deposit-before-posting"),
    "empty-secret": _DEPOSITED,
    "reused-secret": ("custody.unique-credential",),
    "work-log-in": ("custody.separate-id",),
    "nothing-new": _CHANGED,
    "reported-already": _CHANGED,
    "no-open-change": _CHANGED,
    "no-change-time": _CHANGED,
    "change-to-come": _CHANGED,
    "change-too-early": _CHANGED,
    "page-not-checked": _LOOKED_AT,
    "no-picture": _LOOKED_AT,
    "nothing-said": _LOOKED_AT,
    "seen-and-missing": _LOOKED_AT,
    "terms-not-reviewed": _REVIEWED,
    "terms-open": ("terms.amendment-decider", *_REVIEWED),
    "no-text": ("terms.versions", *_REVIEWED),
    "not-the-reader": ("terms.reader-before-acceptance", *_REVIEWED),
    "not-read": ("terms.reader-before-acceptance", *_REVIEWED),
    "own-reading": ("terms.two-sign-offs",),
    "not-your-signature": ("terms.two-sign-offs",),
    "one-signature": ("terms.two-sign-offs",),
    "not-the-authority": ("terms.accepting-authority",),
    "review-under-way": _REVIEWED,
    "nothing-to-decide": ("terms.conflict-decision",),
    "not-accepted": _REVIEWED,
}


def grounded(decision: Decision, clauses: Mapping[str, str]) -> Decision:
    """The decision with every reason's ground: its clause, else in the sentence whose rule it is."""
    return Decision(tuple(_grounded(one, clauses) for one in decision.against))


def _grounded(reason: Reason, clauses: Mapping[str, str]) -> Reason:
    if reason.clause or reason.message.endswith((OWN_RULE, OWN_CHOICE)):
        return reason
    clause = next((clauses[one] for one in _ASKED_BY.get(reason.code, ()) if clauses.get(one)), None)
    if clause:
        return Reason(reason.code, reason.message, clause)
    return Reason(reason.code, f"{reason.message} {OWN_CHOICE if reason.code in _BY_ROLE else OWN_RULE}")


class WithClauses(Protocol):
    """Facts that carry the clause in force behind each control."""

    @property
    def clauses(self) -> Mapping[str, str]:
        """The clauses by their control."""


F = TypeVar("F", bound=WithClauses)


def names_its_ground(decide: Callable[[F], Decision]) -> Callable[[F], Decision]:
    """Let a decision about a channel name the ground of each reason against."""

    @wraps(decide)
    def decided(facts: F) -> Decision:
        return grounded(decide(facts), facts.clauses)

    return decided
