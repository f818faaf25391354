"""What the active packs and the body's choices ask of rights on channels: by whom, on what conditions, how long."""

from dataclasses import dataclass
from datetime import datetime

from rostrum.areas.channels import pack
from rostrum.areas.governance import queries as governance
from rostrum.areas.governance.queries.policies import related_policies
from rostrum.areas.governance.rules.route import RequestRoute, request_route
from rostrum.kernel.clocks import clock_of, run_clock

# Who works for the body by contract and needs somebody of the department to answer for them.
AGENT_CLASSES = frozenset({"contractor", "vendor", "agent"})


@dataclass(frozen=True, slots=True)
class Rules:
    """One text that a statement names: the body's rule, and the version meant."""

    id: str
    title: str
    version: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a holder signs before a right is issued: its words, the clause that asks, the rules that it names."""

    code: str
    words: str
    clause: str
    rules: tuple[Rules, ...]


def route() -> RequestRoute:
    """Who designates and who issues."""
    return request_route(governance.policy())


def statements() -> tuple[Statement, ...]:
    """The statements that a holder signs; none where no pack asks for any."""
    found = []
    for bound in governance.policy().bound_to("grant.acceptance"):
        parameters = bound.binding.parameters
        rules = parameters.get("rules", [])
        listed = tuple(str(one) for one in rules) if isinstance(rules, list) else ()
        code = str(parameters.get("statement", bound.clause.id))
        words = str(parameters.get("words", "")) or bound.clause.paraphrase
        found.append(Statement(code, words, bound.clause.id, _rules(bound.clause.pack, listed)))
    return tuple(found)


def _rules(pack_id: str, listed: tuple[str, ...]) -> tuple[Rules, ...]:
    """The rules named, each with the version in force; "" while the body has entered none."""
    named = [one for one in related_policies() if one.pack == pack_id and one.related in listed]
    return tuple(Rules(one.related, one.title, one.text.digest if one.text else "") for one in named) if listed else ()


def classifications() -> tuple[str, ...] | None:
    """The job classifications that the body allows; None where no pack asks for one."""
    if not pack.bindings("grant.job-reason"):
        return None
    return tuple(str(one) for one in pack.setting("grant.job_classifications", []) if str(one).strip())


def poster_cap() -> int | None:
    """How many persons may speak for a department before a reason is asked; None where no pack limits them."""
    return int(pack.setting("grant.poster_cap", 4)) if pack.bindings("grant.poster-cap") else None


def elected_clause() -> str:
    """The clause by which elected officials speak across departments; "" where none does."""
    return pack.clauses().get("grant.elected-scope", "")


def request_due_at(now: datetime) -> datetime:
    """Until when the next step of a request is to be taken (local choice; default 5 days)."""
    return _days(int(pack.setting("grant.request_days", 5)), now)


def review_days() -> int | None:
    """Days between two reviews of a department's rights; None where no pack asks for reviews."""
    return int(pack.setting("grant.review_days", 180)) if pack.bindings("grant.review-duty") else None


def review_open_days() -> int:
    """How many days before it is due a review is opened (local choice; default 21)."""
    return int(pack.setting("grant.review_open_days", 21))


def review_grace_days() -> int:
    """After how many days past its due date what was not confirmed is suspended (local choice; default 14)."""
    return int(pack.setting("grant.review_grace_days", 14))


def in_days(days: int, since: datetime) -> datetime:
    """The end of the legal day that lies so many days after the instant."""
    return _days(days, since)


def _days(days: int, since: datetime) -> datetime:
    return run_clock(clock_of(f"P{max(days, 1)}D"), since, governance.policy().calendar).due_at
