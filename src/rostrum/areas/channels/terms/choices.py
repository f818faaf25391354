"""What the active packs and the body's choices say about reviewing terms: who accepts, who signs, how long it takes."""

from collections.abc import Iterable
from datetime import datetime

from rostrum.areas.channels import pack
from rostrum.areas.channels.terms.questions import QUESTIONS, Question
from rostrum.areas.governance import clocks
from rostrum.areas.people.rules import ROLE_TITLES, Role

# Where the body has named nobody: whoever answers for its channels as a whole.
_DEFAULT_ACCEPTING = (Role.COORDINATOR, Role.PUBLIC_AFFAIRS, Role.AGENCY_HEAD)
_DEFAULT_SIGNING = (Role.PUBLIC_AFFAIRS,)


def accepting_roles() -> tuple[Role, ...]:
    """The roles that may agree to a platform's terms for the body."""
    return _roles("terms.accepting_roles") or _DEFAULT_ACCEPTING


def signing_roles() -> tuple[Role, ...]:
    """The roles that sign a review off after its reader: the information officer, where the body says no other."""
    return _roles("terms.second_sign_roles") or _DEFAULT_SIGNING


def titles(roles: Iterable[Role]) -> str:
    """Roles in words, joined by "or"."""
    return " or ".join(ROLE_TITLES[role].lower() for role in roles)


def change_suspends() -> bool:
    """Whether a change of the terms stops publishing on the platform until it is decided."""
    return bool(pack.setting("terms.change_suspends", False))


def posters_confirm() -> str:
    """The clause by which those who post confirm that they read the platform's rules, or "" where none asks."""
    for clause, params in pack.bindings("terms.current-version-read"):
        if params.get("by") == "posters":
            return clause
    return ""


def days(name: str, default: int) -> int:
    """A number of days that the body may set (``terms.<name>_days``)."""
    return int(pack.setting(f"terms.{name}_days", default))


def period(count: int) -> str:
    """So many days, as clocks are named."""
    return f"P{count}D"


def due(now: datetime, count: int) -> datetime:
    """The end of the legal day so many days from now; a last day on a Sunday or legal holiday moves to the next."""
    return clocks.deadline(period(count), now).due_at


def watch_days() -> int:
    """Days between looks at a platform's terms; a text looked at longer ago is stale."""
    return days("watch", 90)


def question_clauses() -> dict[str, str]:
    """The clause of the active packs that asks each question, by the question's id; without one, none."""
    found: dict[str, str] = {}
    for question in QUESTIONS:
        clause = _clause_of(question)
        if clause:
            found[question.id] = clause
    return found


def _clause_of(question: Question) -> str:
    name, value = question.parameter
    for clause, params in pack.bindings(question.control):
        if not name or params.get(name) == value:
            return clause
    return ""


def _roles(setting: str) -> tuple[Role, ...]:
    chosen = pack.setting(setting, [])
    return tuple(Role(one) for one in chosen if one in list(Role)) if isinstance(chosen, list) else ()
