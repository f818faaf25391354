"""Rights on channels: asked for, designated by the department, accepted by the holder, issued by another. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.areas.channels.rules.life import ChannelState, Clauses
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition


class RequestState(StrEnum):
    """Where the request for a right stands."""

    REQUESTED = "requested"
    DESIGNATED = "designated"
    ISSUED = "issued"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RequestAct(StrEnum):
    """What can be done with it."""

    DESIGNATE = "designate"
    ISSUE = "issue"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


REQUEST_TITLES = {
    RequestState.REQUESTED: "Waits for the department",
    RequestState.DESIGNATED: "Designated, waits to be issued",
    RequestState.ISSUED: "Issued",
    RequestState.DECLINED: "Declined",
    RequestState.WITHDRAWN: "Withdrawn",
}

_S, _A = RequestState, RequestAct

RIGHT_MACHINE: Machine[RequestState] = Machine(
    "request for a right",
    (
        Transition(_S.REQUESTED, _A.DESIGNATE, _S.DESIGNATED, "the department's head, never for oneself"),
        Transition(_S.REQUESTED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.REQUESTED, _A.WITHDRAW, _S.WITHDRAWN),
        Transition(_S.DESIGNATED, _A.ISSUE, _S.ISSUED, "the office the pack names, another person, rules accepted"),
        Transition(_S.DESIGNATED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.DESIGNATED, _A.WITHDRAW, _S.WITHDRAWN),
    ),
    initial=_S.REQUESTED,
    final=(_S.ISSUED, _S.DECLINED, _S.WITHDRAWN),
    titles=REQUEST_TITLES,
    buttons={
        _A.DESIGNATE: "Designate",
        _A.ISSUE: "Issue the right",
        _A.DECLINE: "Decline",
        _A.WITHDRAW: "Withdraw the request",
    },
)

# A right is given on a channel that is to speak, speaks, or rests; not on one that is only asked for, or is over.
GRANTABLE_STATES = frozenset(
    {
        ChannelState.APPROVED,
        ChannelState.OPENED,
        ChannelState.DEPOSITED,
        ChannelState.CHECKED,
        ChannelState.LIVE,
        ChannelState.PAUSED,
        ChannelState.SUSPENDED,
    }
)
SCOPE_UNIT, SCOPE_ALL = "unit", "all-units"


def _state_reasons(state: RequestState, act: RequestAct) -> tuple[Reason, ...]:
    try:
        RIGHT_MACHINE.next_state(state, act)
    except Refused as refusal:
        return refusal.reasons
    return ()


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """The person for whom a right is meant. `sponsor_in_unit` is about the sponsor of an agent."""

    person: str
    is_present: bool
    is_denied: bool
    is_agent: bool = False
    sponsor: str = ""
    sponsor_is_present: bool = False
    sponsor_in_unit: bool = False
    sponsor_is_agent: bool = False
    contract_reference: str = ""
    ends_at: datetime | None = None
    engagement_ends_at: datetime | None = None


def holder_reasons(facts: HolderFacts, clauses: Clauses) -> tuple[Reason, ...]:
    """What stands against the holder: left, denied, or an agent for whom nobody of the department answers."""
    against = []
    if not facts.is_present:
        against.append(Reason("person-left", "This person no longer works here."))
    if facts.is_denied:
        against.append(
            Reason(
                "denied",
                "This person stands on the denied list; lift the denial first.",
                clauses.get("grant.denied-list"),
            )
        )
    if facts.is_agent:
        against += _agent_reasons(facts, clauses.get("grant.agent-sponsor"))
    return tuple(against)


def _agent_reasons(facts: HolderFacts, clause: str | None) -> list[Reason]:
    against = []
    if not facts.sponsor:
        against.append(Reason("no-sponsor", "Name who in the department answers for this contractor.", clause))
    elif facts.sponsor == facts.person or facts.sponsor_is_agent:
        against.append(Reason("sponsor-is-agent", "The sponsor works for the body itself, not by contract.", clause))
    elif not facts.sponsor_is_present:
        against.append(Reason("sponsor-left", "The sponsor no longer works here; name another.", clause))
    elif not facts.sponsor_in_unit:
        against.append(Reason("sponsor-elsewhere", "The sponsor belongs to the department of the channel.", clause))
    if not facts.contract_reference.strip():
        against.append(Reason("no-contract", "Name the contract under which this person works.", clause))
    if facts.ends_at is None:
        against.append(Reason("no-end", "A contractor's right has a last day: the end of the engagement.", clause))
    elif facts.engagement_ends_at is not None and facts.ends_at > facts.engagement_ends_at:
        against.append(Reason("outlasts-engagement", "The right would outlast the engagement.", clause))
    return against


@dataclass(frozen=True, slots=True)
class AskingFacts:
    """A right about to be asked for. `channel_state` is None where it is for all channels of a department."""

    may_ask: Decision
    holder: HolderFacts
    channel_state: ChannelState | None
    need: str
    job_duty: str
    is_asked: bool
    is_held: bool
    clauses: Clauses


def decide_asking(facts: AskingFacts) -> Decision:
    """Decide whether the right may be asked for: by whom, for somebody who is here, with need and job duty."""
    against = list(facts.may_ask.against)
    if not facts.holder.is_present:
        against.append(Reason("person-left", "This person no longer works here."))
    if facts.holder.is_denied:
        clause = facts.clauses.get("grant.denied-list")
        against.append(Reason("denied", "This person stands on the denied list; lift the denial first.", clause))
    if facts.channel_state is not None and facts.channel_state not in GRANTABLE_STATES:
        against.append(Reason("channel-not-open", "Rights are given on a channel that is approved and not closed."))
    if not facts.need.strip():
        against.append(Reason("no-need", "Say why this person needs the right.", facts.clauses.get("grant.necessity")))
    if not facts.job_duty.strip():
        against.append(
            Reason("no-job-duty", "Say which duty of the job it serves.", facts.clauses.get("grant.job-reason"))
        )
    if facts.is_asked:
        against.append(Reason("asked-already", "This right is asked for already and waits for a decision."))
    if facts.is_held:
        against.append(Reason("already-held", "This person already holds this for that time."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class DesignationFacts:
    """A department's agreement to a right. `allowed` are the job classifications, None where none is asked for.

    `posters` counts who speaks for the department with this person, `cap` is None where nothing limits them.
    """

    state: RequestState
    actor: str
    actor_roles: frozenset[str]
    needed_roles: tuple[str, ...]
    needed_title: str
    needed_clause: str
    holder: HolderFacts
    classification: str
    allowed: tuple[str, ...] | None
    posters: int
    cap: int | None
    cap_reason: str
    clauses: Clauses

    @property
    def is_over_cap(self) -> bool:
        """Whether the department would have more posters than its cap."""
        return self.cap is not None and self.posters > self.cap


def decide_designation(facts: DesignationFacts) -> Decision:
    """Decide whether the actor may designate the person for the department; list every reason against."""
    against = list(_state_reasons(facts.state, RequestAct.DESIGNATE))
    clause = facts.needed_clause or None
    if facts.actor == facts.holder.person:
        against.append(Reason("own-right", "Nobody designates themselves; another person must.", clause))
    if not facts.actor_roles & set(facts.needed_roles):
        against.append(Reason("not-your-step", f"This step is for: {facts.needed_title}.", clause))
    against += holder_reasons(facts.holder, facts.clauses)
    if facts.allowed is not None:
        against += _classification_reasons(facts.classification, facts.allowed, facts.clauses.get("grant.job-reason"))
    if facts.is_over_cap and not facts.cap_reason.strip():
        against.append(
            Reason(
                "over-cap",
                f"{facts.posters} persons would speak for this department; the body means it to be {facts.cap} at "
                "most. Say why one more is needed.",
                facts.clauses.get("grant.poster-cap"),
            )
        )
    return Decision(tuple(against))


def _classification_reasons(classification: str, allowed: tuple[str, ...], clause: str | None) -> list[Reason]:
    if not allowed:
        message = "The body has not listed the job classifications that may use social media for it."
        return [Reason("no-classifications", message, clause)]
    if classification.strip().casefold() not in {one.strip().casefold() for one in allowed}:
        message = f"The job classification must be one of: {', '.join(allowed)}."
        return [Reason("classification-not-listed", message, clause)]
    return []


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """A right about to be issued. `before` is what stands between the person and any right: certifications, training.

    `designator` took the step before; `unsigned` are the statements not accepted yet, with their clauses.
    """

    state: RequestState
    actor: str
    actor_roles: frozenset[str]
    needed_roles: tuple[str, ...]
    needed_title: str
    needed_clause: str
    designator: str
    holder: HolderFacts
    channel_state: ChannelState | None
    unsigned: tuple[str, ...]
    before: Decision
    ends_at: datetime | None
    now: datetime
    clauses: Clauses


def decide_issue(facts: IssueFacts) -> Decision:
    """Decide whether the actor may issue the right; list every reason against."""
    against = list(_state_reasons(facts.state, RequestAct.ISSUE))
    clause = facts.needed_clause or None
    if facts.actor == facts.holder.person:
        against.append(Reason("own-right", "Nobody issues a right to themselves; another person must.", clause))
    if facts.actor == facts.designator:
        against.append(Reason("took-a-step", "Who designated does not issue too; a second person must.", clause))
    if not facts.actor_roles & set(facts.needed_roles):
        against.append(Reason("not-your-step", f"This step is for: {facts.needed_title}.", clause))
    against += holder_reasons(facts.holder, facts.clauses)
    if facts.channel_state is not None and facts.channel_state not in GRANTABLE_STATES:
        against.append(Reason("channel-not-open", "Rights are given on a channel that is approved and not closed."))
    if facts.ends_at is not None and facts.ends_at <= facts.now:
        against.append(Reason("time-passed", "The right would have ended already; ask for it anew."))
    if facts.unsigned:
        against.append(
            Reason("not-accepted", "The holder has not signed the acceptance of the rules yet.", facts.unsigned[0])
        )
    against += facts.before.against
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class DecliningFacts:
    """A request about to be declined or withdrawn. `may_decide` is about whoever could take the next step."""

    state: RequestState
    act: RequestAct
    may_decide: Decision
    reason: str


def decide_declining(facts: DecliningFacts) -> Decision:
    """Decide whether a request may be declined, which needs a reason, or withdrawn by who asked."""
    against = [*_state_reasons(facts.state, facts.act), *facts.may_decide.against]
    if facts.act is RequestAct.DECLINE and not facts.reason.strip():
        against.append(Reason("no-reason", "Say why; who asked sees the reason."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class AcceptanceFacts:
    """A holder about to sign. `signature` must be their name; `missing` are statements not ticked."""

    state: RequestState
    actor: str
    holder: str
    name: str
    signature: str
    missing: tuple[str, ...]
    is_signed: bool


def decide_acceptance(facts: AcceptanceFacts) -> Decision:
    """Decide whether the acceptance may be kept: by the holder, each statement, signed with the holder's name."""
    against = []
    if facts.state not in (RequestState.REQUESTED, RequestState.DESIGNATED):
        against.append(Reason("closed", "This request is decided; nothing is to be accepted any more."))
    if facts.actor != facts.holder:
        against.append(Reason("not-the-holder", "Only the person who is to hold the right accepts the rules."))
    if facts.is_signed:
        against.append(Reason("signed", "You have accepted the rules for this right already."))
    if facts.missing:
        against.append(Reason("not-ticked", "Tick each statement; the right rests on all of them."))
    if facts.signature.strip().casefold() != facts.name.strip().casefold():
        against.append(Reason("other-name", f"Sign with your name as it is kept here: {facts.name}."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class StoppingFacts:
    """A person about to be told to stop acting on channels."""

    actor: str
    person: str
    may_end: Decision
    holds: bool
    reason: str


def decide_stopping(facts: StoppingFacts) -> Decision:
    """Decide whether all of a person's rights may be ended at once because the body asks."""
    against = list(facts.may_end.against)
    if facts.actor == facts.person:
        against.append(Reason("own-right", "This is asked of somebody else; end single rights of your own instead."))
    if not facts.holds:
        against.append(Reason("nothing-held", "This person holds nothing by which to act on channels."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why; the reason stays with the request to stop."))
    return Decision(tuple(against))
