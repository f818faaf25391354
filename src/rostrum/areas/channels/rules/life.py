"""The life of a channel: what may be done with it, by whom, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rostrum.areas.channels.rules.asking import Asked, StepWords, Use, against_asking, against_step
from rostrum.areas.channels.rules.grounds import grounded, names_its_ground
from rostrum.areas.channels.rules.naming import Registered, against_registration
from rostrum.areas.channels.rules.page import Standing, against_page
from rostrum.areas.channels.rules.terms_gate import not_reviewed, terms_open
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition


class ChannelState(StrEnum):
    """Where a channel stands."""

    # It exists on its platform, but nobody approved it: taken in from a list, or come upon.
    FOUND = "found"
    REQUESTED = "requested"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    DECLINED = "declined"
    OPENED = "opened"
    DEPOSITED = "deposited"
    CHECKED = "checked"
    LIVE = "live"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class ChannelAct(StrEnum):
    """What can be done with a channel."""

    ASK = "ask"
    SEND_BACK = "send_back"
    REVIEW = "review"
    APPROVE = "approve"
    DECLINE = "decline"
    OPEN = "open"
    DEPOSIT = "deposit"
    CHECK_PAGE = "check_page"
    GO_LIVE = "go_live"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    RELEASE = "release"
    CLOSE = "close"


class ChannelKind(StrEnum):
    """What kind of official presence it is."""

    PAGE = "official_page"
    BLOG = "blog"
    WIKI = "wiki"
    VIDEO = "video_channel"
    GROUP = "group"
    PROFILE = "profile"


KIND_TITLES = {
    ChannelKind.PAGE: "Official page",
    ChannelKind.BLOG: "Blog",
    ChannelKind.WIKI: "Wiki",
    ChannelKind.VIDEO: "Video channel",
    ChannelKind.GROUP: "Group",
    ChannelKind.PROFILE: "A person's profile",
}
STATE_TITLES = {
    ChannelState.FOUND: "Found, not approved",
    ChannelState.REQUESTED: "Asked for",
    ChannelState.REVIEWED: "Terms reviewed",
    ChannelState.APPROVED: "Approved",
    ChannelState.DECLINED: "Declined",
    ChannelState.OPENED: "Opened, credentials owed",
    ChannelState.DEPOSITED: "Credentials deposited",
    ChannelState.CHECKED: "Page checked",
    ChannelState.LIVE: "Live",
    ChannelState.PAUSED: "Paused",
    ChannelState.SUSPENDED: "Suspended",
    ChannelState.CLOSED: "Closed",
}

# The clause of the active packs behind each control (by its id), so that a refusal can cite it; without one, none.
Clauses = Mapping[str, str]

_S, _A = ChannelState, ChannelAct
_KEPT = (_S.FOUND, _S.APPROVED, _S.OPENED, _S.DEPOSITED, _S.CHECKED, _S.LIVE, _S.PAUSED, _S.SUSPENDED)

CHANNEL_MACHINE: Machine[ChannelState] = Machine(
    "channel",
    (
        Transition(_S.FOUND, _A.ASK, _S.REQUESTED, "what it is for, as for a new one"),
        # It exists all the same, so a found channel that is declined stays found until it is taken down.
        Transition(
            _S.REQUESTED, _A.SEND_BACK, _S.FOUND, "a reason; in place of declining, for a channel that was found"
        ),
        Transition(_S.REVIEWED, _A.SEND_BACK, _S.FOUND, "a reason; in place of declining, as above"),
        Transition(_S.REQUESTED, _A.REVIEW, _S.REVIEWED, "terms and privacy read, signed by two, and accepted"),
        Transition(_S.REQUESTED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.REVIEWED, _A.APPROVE, _S.APPROVED, "every step the pack names, none by the person who asked"),
        Transition(_S.REVIEWED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.APPROVED, _A.OPEN, _S.OPENED, "the e-mail address it is registered with"),
        Transition(_S.OPENED, _A.DEPOSIT, _S.DEPOSITED),
        # A changed password is deposited again; the channel stays where it is.
        Transition(_S.DEPOSITED, _A.DEPOSIT, _S.DEPOSITED),
        Transition(_S.CHECKED, _A.DEPOSIT, _S.CHECKED),
        Transition(_S.LIVE, _A.DEPOSIT, _S.LIVE),
        Transition(_S.PAUSED, _A.DEPOSIT, _S.PAUSED),
        Transition(_S.SUSPENDED, _A.DEPOSIT, _S.SUSPENDED),
        Transition(_S.DEPOSITED, _A.CHECK_PAGE, _S.CHECKED, "each element the pack asks for is seen on the page"),
        # A page is looked at again and again; the channel stays where it is.
        Transition(_S.CHECKED, _A.CHECK_PAGE, _S.CHECKED),
        Transition(_S.LIVE, _A.CHECK_PAGE, _S.LIVE),
        Transition(_S.PAUSED, _A.CHECK_PAGE, _S.PAUSED),
        Transition(_S.SUSPENDED, _A.CHECK_PAGE, _S.SUSPENDED),
        Transition(_S.CHECKED, _A.GO_LIVE, _S.LIVE, "a capture plan, a page that still shows what it must"),
        Transition(_S.LIVE, _A.PAUSE, _S.PAUSED, "a reason"),
        Transition(_S.PAUSED, _A.RESUME, _S.LIVE),
        Transition(_S.LIVE, _A.SUSPEND, _S.SUSPENDED, "the platform's terms changed, or may no longer be used"),
        Transition(_S.SUSPENDED, _A.RELEASE, _S.LIVE, "the named person decided for use"),
        Transition(_S.SUSPENDED, _A.PAUSE, _S.PAUSED, "a reason"),
        *(Transition(state, _A.CLOSE, _S.CLOSED, "a reason; the records are kept") for state in _KEPT),
    ),
    initial=_S.REQUESTED,
    also_initial=(_S.FOUND,),
    final=(_S.DECLINED, _S.CLOSED),
    titles=STATE_TITLES,
    buttons={
        _A.ASK: "Ask for its approval",
        _A.SEND_BACK: "Decline",
        _A.REVIEW: "Agree for the body",
        _A.APPROVE: "Approve",
        _A.DECLINE: "Decline",
        _A.OPEN: "Record the opening",
        _A.DEPOSIT: "Deposit the log-in",
        _A.CHECK_PAGE: "Check the page",
        _A.GO_LIVE: "Go live",
        _A.PAUSE: "Pause",
        _A.RESUME: "Resume",
        _A.SUSPEND: "",
        _A.RELEASE: "",
        _A.CLOSE: "Close",
    },
)

# States in which the channel speaks for the body, so that the public directory names it.
OFFICIAL_STATES = (_S.LIVE, _S.PAUSED, _S.SUSPENDED)


def _state_reasons(state: ChannelState, act: ChannelAct, clause: str | None = None) -> tuple[Reason, ...]:
    try:
        CHANNEL_MACHINE.next_state(state, act)
    except Refused as refusal:
        return tuple(Reason(reason.code, reason.message, clause) for reason in refusal.reasons)
    return ()


def skipped_step(state: ChannelState, act: ChannelAct, clause: str | None) -> tuple[Reason, ...]:
    """Why the act's turn in a channel's life has not come, by the clause that asks for the steps before it; or none.

    Where no clause in force asks for them, the sentence says so: no refusal leaves open on what it rests.
    """
    return grounded(Decision(_state_reasons(state, act, clause)), {}).against


def approval_clause(clauses: Clauses) -> str | None:
    """The clause by which nothing is opened unapproved: one that says so, else the one that names who approves."""
    asks = ("channel.prior-authorization", "channel.approval-route", "channel.site-approval")
    return next((clauses[one] for one in asks if one in clauses), None)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A channel that is asked for. `taken_by` is the name of a channel already at this address, or "".

    `looks_like` names a channel of the body that this one could be mistaken for; then `why_alike` says why it must be.

    `listed` are the purposes that the packs allow (code, clause), none where they allow any; `serves` are those chosen.
    """

    may_request: Decision
    purpose: str
    mission_goal: str
    serves: tuple[str, ...]
    listed: tuple[tuple[str, str], ...]
    taken_by: str
    clauses: Clauses
    looks_like: str = ""
    looks_like_id: str = ""
    why_alike: str = ""
    asked: Asked | None = None


@names_its_ground
def decide_request(facts: RequestFacts) -> Decision:
    """Decide whether a channel may be asked for: by whom, what for, and only once per address."""
    if facts.asked is not None and facts.asked.use is Use.PERSONAL:
        return Decision(against_asking(facts.asked))
    against = list(facts.may_request.against)
    if not facts.purpose.strip():
        against.append(
            Reason("no-purpose", "Say what the channel is for and for whom.", facts.clauses.get("channel.purpose"))
        )
    if not facts.mission_goal.strip():
        against.append(
            Reason("no-mission-goal", "Say which goal of the mission it serves.", facts.clauses.get("channel.purpose"))
        )
    listed = dict(facts.listed)
    if listed and not listed.keys() & set(facts.serves):
        words = ", ".join(code.replace("-", " ") for code in listed)
        against.append(
            Reason("no-listed-purpose", f"Choose which of these it serves: {words}.", next(iter(listed.values())))
        )
    if facts.asked is not None:
        against += against_asking(facts.asked)
    if facts.taken_by:
        against.append(
            Reason("address-taken", f"This address is already the channel “{facts.taken_by}”, however it is spelt.")
        )
    if facts.looks_like and not facts.taken_by and not facts.why_alike.strip():
        against.append(
            Reason(
                "looks-alike",
                f"This handle can be mistaken for that of “{facts.looks_like}”. Choose another, or say why it must be.",
                facts.clauses.get("channel.prior-authorization"),
            )
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an approval as the pack names it: any of these roles may take it; `clause` asks for it.

    `weighs_risk` holds for the department's step, in which its head says that the added risk was weighed.
    """

    roles: tuple[str, ...]
    title: str
    clause: str = ""
    weighs_risk: bool = False


@dataclass(frozen=True, slots=True)
class StepFacts:
    """The next step of an approval. `needed` are the pack's steps in order, `taken` the persons of the steps so far.

    `terms_open` says in words that a change of the platform's terms waits for its decision, or is "".
    """

    state: ChannelState
    actor: str
    requester: str
    actor_roles: frozenset[str]
    needed: tuple[Step, ...]
    taken: tuple[str, ...]
    clauses: Clauses
    words: StepWords | None = None
    act: ChannelAct = ChannelAct.APPROVE
    terms_open: str = ""

    @property
    def next_step(self) -> Step | None:
        """The step whose turn it is; None when all are taken."""
        return self.needed[len(self.taken)] if len(self.taken) < len(self.needed) else None

    @property
    def is_last(self) -> bool:
        """Whether this step completes the approval."""
        return len(self.taken) + 1 >= len(self.needed)


@names_its_ground
def decide_step(facts: StepFacts) -> Decision:
    """Decide whether the actor may take the next step of the approval (or decline at it)."""
    if facts.state is ChannelState.REQUESTED and facts.act is ChannelAct.APPROVE:
        against = [not_reviewed(facts.clauses)]
    else:
        against = list(_state_reasons(facts.state, facts.act, approval_clause(facts.clauses)))
    if facts.act is ChannelAct.APPROVE:
        against += terms_open(facts.terms_open, facts.clauses)
    if facts.actor == facts.requester:
        against.append(
            Reason("own-request", "Who asked for a channel cannot approve it.", approval_clause(facts.clauses))
        )
    if facts.actor in facts.taken:
        against.append(Reason("step-taken", "You have already taken a step of this approval; another person must."))
    step = facts.next_step
    if step and not facts.actor_roles.intersection(step.roles):
        against.append(Reason("not-your-step", f"The next step is for: {step.title}.", step.clause or None))
    if facts.words is not None:
        against += against_step(facts.words)
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """A channel about to be opened on its platform. `email_rule` is "required", "where-possible" or "".

    `authorized_clause` asks that an address of the body be used only for what was approved ("" where none does).
    """

    state: ChannelState
    may_open: Decision
    registered_email: str
    official_domains: tuple[str, ...]
    email_rule: str
    why_other_email: str
    clauses: Clauses
    email_clause: str = ""
    is_approved: bool = True
    authorized_clause: str = ""
    registered: Registered | None = None
    terms_open: str = ""

    @property
    def has_official_email(self) -> bool:
        """Whether the registered address is one of the body's own."""
        domain = self.registered_email.rpartition("@")[2].casefold()
        return any(domain == own or domain.endswith(f".{own}") for own in map(str.casefold, self.official_domains))


@names_its_ground
def ready_to_open(facts: OpeningFacts) -> Decision:
    """Whether it is this person's turn to record the opening, whatever their form says: nothing before is left out."""
    against = list(skipped_step(facts.state, ChannelAct.OPEN, approval_clause(facts.clauses)))
    against += facts.may_open.against
    against += terms_open(facts.terms_open, facts.clauses)
    return Decision(tuple(against))


@names_its_ground
def decide_opening(facts: OpeningFacts) -> Decision:
    """Decide whether the channel may be recorded as opened: approved first, and registered with the body's e-mail."""
    against = list(ready_to_open(facts).against)
    if not facts.registered_email.strip():
        against.append(Reason("no-email", "Name the e-mail address the channel is registered with."))
    elif not facts.has_official_email and facts.official_domains:
        domains = " or ".join(facts.official_domains)
        clause = facts.email_clause or None
        if facts.email_rule == "required":
            against.append(Reason("not-official-email", f"Register it with an address of {domains}.", clause))
        elif facts.email_rule == "where-possible" and not facts.why_other_email.strip():
            against.append(
                Reason(
                    "not-official-email", f"Register it with an address of {domains}, or say why it cannot be.", clause
                )
            )
    elif facts.has_official_email and facts.authorized_clause and not facts.is_approved:
        against.append(
            Reason(
                "not-authorized",
                "An address of the body is used only for what was approved; this channel was not.",
                facts.authorized_clause,
            )
        )
    if facts.registered is not None:
        against += against_registration(facts.registered)
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """A channel about to go live, or to go on after a pause."""

    state: ChannelState
    act: ChannelAct
    may_manage: Decision
    capture_plan: str
    has_credential: bool
    page: tuple[Standing, ...]
    was_checked: bool
    clauses: Clauses
    terms_open: str = ""
    connector: tuple[Reason, ...] = ()


# Which step is still to be taken before a channel in this state may speak: the control whose clause asks for it.
_STEP_BEFORE = {
    ChannelState.OPENED: "custody.deposit-duty",
    ChannelState.DEPOSITED: "page.check-before-open",
}


@names_its_ground
def decide_going_live(facts: LiveFacts) -> Decision:
    """Decide whether the channel may go live: nothing is said on it before it can be captured and shows its notices."""
    before = _STEP_BEFORE.get(facts.state)
    clause = facts.clauses.get(before) if before else approval_clause(facts.clauses)
    against = list(skipped_step(facts.state, facts.act, clause))
    against += facts.may_manage.against
    against += terms_open(facts.terms_open, facts.clauses)
    against += facts.connector
    if not facts.capture_plan.strip():
        against.append(
            Reason(
                "no-capture-plan",
                "Say how its posts and comments are captured before it goes live.",
                facts.clauses.get("channel.capture-before-open"),
            )
        )
    if not facts.has_credential:
        against.append(
            Reason("no-credential", "Its log-in is not in custody yet.", facts.clauses.get("custody.deposit-duty"))
        )
    against += against_page(
        facts.page, was_checked=facts.was_checked, clause=facts.clauses.get("page.check-before-open", "")
    )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class StopFacts:
    """A channel about to be declined, paused, resumed or closed. `needs_reason` holds for all but resuming."""

    state: ChannelState
    act: ChannelAct
    may_manage: Decision
    reason: str
    clauses: Clauses


@names_its_ground
def decide_stop(facts: StopFacts) -> Decision:
    """Decide whether the channel may be declined, paused or closed, which needs a reason."""
    against = list(_state_reasons(facts.state, facts.act))
    against += facts.may_manage.against
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why; the reason stays with the channel's history."))
    return Decision(tuple(against))
