"""Clauses as pages show them: where they stand, in our words, and the page that explains them."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from rostrum.areas.governance import queries as governance
from rostrum.kernel.decisions import Refused


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause beside a reason: its id, and what the policy in force says of it, where it holds such a clause."""

    id: str
    section: str = ""
    paraphrase: str = ""
    url: str = ""


def clause_url(clause_id: str) -> str:
    """The address of the page that explains a clause, or "" where there is none."""
    try:
        return reverse("policy-clause", args=[clause_id]) if clause_id else ""
    except NoReverseMatch:
        return ""


def cite(clause_id: str) -> Cited:
    """The clause as the policy in force words it; only its id before a policy is active, or if it is not in it."""
    try:
        clause = governance.policy().clause(clause_id)
    except Refused:
        clause = None
    if clause is None:
        return Cited(clause_id)
    return Cited(clause_id, clause.section, clause.paraphrase, clause_url(clause_id))
