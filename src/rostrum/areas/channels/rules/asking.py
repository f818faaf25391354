"""What a channel is asked for with: whose use it is, a listed goal, a business case, the weighed risk. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rostrum.areas.channels.rules.grounds import names_its_ground
from rostrum.kernel.decisions import Decision, Reason


class Use(StrEnum):
    """Whose use a presence is of. What is only personal is no channel and needs nobody's leave."""

    OFFICIAL = "official"
    MIXED = "mixed"
    PERSONAL = "personal"


USE_TITLES = {
    Use.OFFICIAL: "Official: only the body's business",
    Use.MIXED: "Both: somebody also uses it personally",
    Use.PERSONAL: "Only personal",
}


def purpose_title(code: str) -> str:
    """The words on screen for a purpose that a pack lists by its code.

    >>> purpose_title("current-issues")
    'Current issues'
    """
    return code.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said when a channel was asked for, beside its purpose.

    Each `…_clause` is "" where no pack asks for the thing. `goals` are the statements the body lists as its mission and
    goals. `asked_by_head` says that who asks heads the department; the head's word is then given with the request.
    """

    use: Use = Use.OFFICIAL
    use_clause: str = ""
    mission_goal: str = ""
    goals: tuple[str, ...] = ()
    goals_clause: str = ""
    business_case: str = ""
    business_case_clause: str = ""
    asked_by_head: bool = False
    risk_acknowledged: bool = False
    risk_clause: str = ""


def against_asking(asked: Asked) -> tuple[Reason, ...]:
    """Every reason against what was asked: personal, no listed goal, no business case, the risk not weighed."""
    if asked.use is Use.PERSONAL:
        # Nothing else is asked of a personal presence: it is not the body's business at all.
        return (
            Reason(
                "personal-use",
                "A presence that is only personal is no channel. It needs no approval, and nothing about it was kept.",
                asked.use_clause or None,
            ),
        )
    against = list(against_goal(asked.mission_goal, asked.goals, asked.goals_clause))
    if asked.business_case_clause and not asked.business_case.strip():
        against.append(
            Reason(
                "no-business-case",
                "Make the business case: what it brings, what it costs in time, and why this platform.",
                asked.business_case_clause,
            )
        )
    if asked.risk_clause and asked.asked_by_head and not asked.risk_acknowledged:
        against.append(_risk(asked.risk_clause))
    return tuple(against)


def against_goal(mission_goal: str, goals: tuple[str, ...], clause: str) -> tuple[Reason, ...]:
    """The reason against a goal that is none of those the body lists, where a pack asks for a listed one."""
    if not clause or not mission_goal.strip():
        return ()
    if not goals:
        words = "The body has not listed its mission and goals yet (the choice body.goals): list them first."
        return (Reason("no-goals-listed", words, clause),)
    if mission_goal.strip() not in goals:
        return (Reason("goal-not-listed", f"Choose one of the listed goals: {'; '.join(goals)}.", clause),)
    return ()


def _risk(clause: str) -> Reason:
    return Reason(
        "risk-not-acknowledged",
        "The department's head must say that the added risk of viruses, spyware and malware was weighed.",
        clause,
    )


@dataclass(frozen=True, slots=True)
class StepWords:
    """What stands for or against one step of an approval, beside whose step it is.

    `roles_taken` are the roles of the steps so far with that of this one; `use` as it stands now.
    """

    use: Use
    use_clause: str
    needs_risk: bool
    risk_acknowledged: bool
    risk_clause: str
    is_last: bool
    roles_taken: Collection[str]
    business_case_clause: str


# Who decides about technology; whether to speak at all is decided by whoever runs the programme.
_TECHNICAL = frozenset({"it_director"})


def against_step(words: StepWords) -> tuple[Reason, ...]:
    """Every reason against the step: the risk not weighed, the use not decided, nobody but IT deciding."""
    against: list[Reason] = []
    if words.needs_risk and not words.risk_acknowledged:
        against.append(_risk(words.risk_clause))
    if words.use is Use.MIXED and words.is_last:
        against.append(
            Reason(
                "use-not-decided",
                "Somebody also uses it personally: the coordinator must decide first whose it is.",
                words.use_clause or None,
            )
        )
    if words.business_case_clause and words.is_last and set(words.roles_taken) <= _TECHNICAL:
        against.append(
            Reason(
                "it-alone",
                "Whether to use it is a decision of business: IT alone cannot approve it.",
                words.business_case_clause,
            )
        )
    return tuple(against)


@dataclass(frozen=True, slots=True)
class UseFacts:
    """Whose use a channel is of, about to be decided."""

    may_decide: bool
    is_ended: bool
    use: Use
    reason: str
    clause: str
    clauses: Mapping[str, str] = field(default_factory=dict)


@names_its_ground
def decide_use(facts: UseFacts) -> Decision:
    """Decide whether this person may decide whose use the channel is of; "mixed" decides nothing."""
    against: list[Reason] = []
    clause = facts.clause or None
    if not facts.may_decide:
        against.append(
            Reason("not-yours", "Whose it is, is for the coordinator (or public affairs) to decide.", clause)
        )
    if facts.is_ended:
        against.append(Reason("ended", "The channel has ended; nothing is left to decide."))
    if facts.use is Use.MIXED:
        against.append(Reason("undecided", "Decide: it is official, or it is only personal and no channel.", clause))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why; the reason stays with the channel's history."))
    return Decision(tuple(against))
