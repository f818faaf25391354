"""The life of a channel: what may be done with it, by whom, and why not. Facts in, decision out; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.workflow.machine import Machine, Transition


class ChannelState(StrEnum):
    """Where a channel stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    OPENED = "opened"
    DEPOSITED = "deposited"
    LIVE = "live"
    PAUSED = "paused"
    CLOSED = "closed"


class ChannelAct(StrEnum):
    """What can be done with a channel."""

    APPROVE = "approve"
    DECLINE = "decline"
    OPEN = "open"
    DEPOSIT = "deposit"
    GO_LIVE = "go_live"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"


class ChannelKind(StrEnum):
    """What kind of official presence it is."""

    PAGE = "official_page"
    BLOG = "blog"
    WIKI = "wiki"
    VIDEO = "video_channel"
    GROUP = "group"


KIND_TITLES = {
    ChannelKind.PAGE: "Official page",
    ChannelKind.BLOG: "Blog",
    ChannelKind.WIKI: "Wiki",
    ChannelKind.VIDEO: "Video channel",
    ChannelKind.GROUP: "Group",
}
STATE_TITLES = {
    ChannelState.REQUESTED: "Asked for",
    ChannelState.APPROVED: "Approved",
    ChannelState.DECLINED: "Declined",
    ChannelState.OPENED: "Opened, credentials owed",
    ChannelState.DEPOSITED: "Credentials deposited",
    ChannelState.LIVE: "Live",
    ChannelState.PAUSED: "Paused",
    ChannelState.CLOSED: "Closed",
}

# The clause of the active packs behind each control (by its id), so that a refusal can cite it; without one, none.
Clauses = Mapping[str, str]

_S, _A = ChannelState, ChannelAct
_KEPT = (_S.APPROVED, _S.OPENED, _S.DEPOSITED, _S.LIVE, _S.PAUSED)

CHANNEL_MACHINE: Machine[ChannelState] = Machine(
    "channel",
    (
        Transition(_S.REQUESTED, _A.APPROVE, _S.APPROVED, "every step the pack names, none by the person who asked"),
        Transition(_S.REQUESTED, _A.DECLINE, _S.DECLINED, "a reason"),
        Transition(_S.APPROVED, _A.OPEN, _S.OPENED, "the e-mail address it is registered with"),
        Transition(_S.OPENED, _A.DEPOSIT, _S.DEPOSITED),
        # A changed password is deposited again; the channel stays where it is.
        Transition(_S.DEPOSITED, _A.DEPOSIT, _S.DEPOSITED),
        Transition(_S.LIVE, _A.DEPOSIT, _S.LIVE),
        Transition(_S.PAUSED, _A.DEPOSIT, _S.PAUSED),
        Transition(_S.DEPOSITED, _A.GO_LIVE, _S.LIVE, "a capture plan, the page elements, a credential in custody"),
        Transition(_S.LIVE, _A.PAUSE, _S.PAUSED, "a reason"),
        Transition(_S.PAUSED, _A.RESUME, _S.LIVE),
        *(Transition(state, _A.CLOSE, _S.CLOSED, "a reason; the records are kept") for state in _KEPT),
    ),
    initial=_S.REQUESTED,
    final=(_S.DECLINED, _S.CLOSED),
)

# States in which the channel speaks for the body, so that the public directory names it.
OFFICIAL_STATES = (_S.LIVE, _S.PAUSED)


def _state_reasons(state: ChannelState, act: ChannelAct, clause: str | None = None) -> tuple[Reason, ...]:
    try:
        CHANNEL_MACHINE.next_state(state, act)
    except Refused as refusal:
        return tuple(Reason(reason.code, reason.message, clause) for reason in refusal.reasons)
    return ()


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A channel that is asked for. `taken_by` is the name of a channel already at this address, or "".

    `listed` are the purposes that the packs allow (code, clause), none where they allow any; `serves` are those chosen.
    """

    may_request: Decision
    purpose: str
    mission_goal: str
    serves: tuple[str, ...]
    listed: tuple[tuple[str, str], ...]
    taken_by: str
    clauses: Clauses


def decide_request(facts: RequestFacts) -> Decision:
    """Decide whether a channel may be asked for: by whom, what for, and only once per address."""
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
    if facts.taken_by:
        against.append(
            Reason("address-taken", f"This address is already the channel “{facts.taken_by}”, however it is spelt.")
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an approval as the pack names it: any of these roles may take it; `clause` asks for it."""

    roles: tuple[str, ...]
    title: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """The next step of an approval. `needed` are the pack's steps in order, `taken` the persons of the steps so far."""

    state: ChannelState
    actor: str
    requester: str
    actor_roles: frozenset[str]
    needed: tuple[Step, ...]
    taken: tuple[str, ...]
    clauses: Clauses

    @property
    def next_step(self) -> Step | None:
        """The step whose turn it is; None when all are taken."""
        return self.needed[len(self.taken)] if len(self.taken) < len(self.needed) else None

    @property
    def is_last(self) -> bool:
        """Whether this step completes the approval."""
        return len(self.taken) + 1 >= len(self.needed)


def decide_step(facts: StepFacts) -> Decision:
    """Decide whether the actor may take the next step of the approval (or decline at it)."""
    against = list(_state_reasons(facts.state, ChannelAct.APPROVE, facts.clauses.get("channel.prior-authorization")))
    if facts.actor == facts.requester:
        against.append(
            Reason(
                "own-request",
                "Who asked for a channel cannot approve it.",
                facts.clauses.get("channel.prior-authorization"),
            )
        )
    if facts.actor in facts.taken:
        against.append(Reason("step-taken", "You have already taken a step of this approval; another person must."))
    step = facts.next_step
    if step and not facts.actor_roles.intersection(step.roles):
        against.append(Reason("not-your-step", f"The next step is for: {step.title}.", step.clause or None))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """A channel about to be opened on its platform. `email_rule` is "required", "where-possible" or ""."""

    state: ChannelState
    may_open: Decision
    registered_email: str
    official_domains: tuple[str, ...]
    email_rule: str
    why_other_email: str
    clauses: Clauses

    @property
    def has_official_email(self) -> bool:
        """Whether the registered address is one of the body's own."""
        domain = self.registered_email.rpartition("@")[2].casefold()
        return any(domain == own or domain.endswith(f".{own}") for own in map(str.casefold, self.official_domains))


def decide_opening(facts: OpeningFacts) -> Decision:
    """Decide whether the channel may be recorded as opened: approved first, and registered with the body's e-mail."""
    against = list(_state_reasons(facts.state, ChannelAct.OPEN, facts.clauses.get("channel.prior-authorization")))
    against += facts.may_open.against
    if not facts.registered_email.strip():
        against.append(Reason("no-email", "Name the e-mail address the channel is registered with."))
    elif not facts.has_official_email and facts.official_domains:
        domains = " or ".join(facts.official_domains)
        clause = facts.clauses.get("channel.official-email")
        if facts.email_rule == "required":
            against.append(Reason("not-official-email", f"Register it with an address of {domains}.", clause))
        elif facts.email_rule == "where-possible" and not facts.why_other_email.strip():
            against.append(
                Reason(
                    "not-official-email", f"Register it with an address of {domains}, or say why it cannot be.", clause
                )
            )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class DepositFacts:
    """A secret about to go into custody. `missing` names required fields left empty; `used_before` means any value."""

    state: ChannelState
    may_deposit: Decision
    missing: tuple[str, ...]
    weak: tuple[str, ...]
    used_before: bool
    clauses: Clauses


MIN_PASSWORD_CHARACTERS = 12


def weak_secrets(secret: dict[str, str]) -> tuple[str, ...]:
    """The fields whose password is too short; tokens are made by platforms and not judged."""
    return tuple(name for name, value in secret.items() if name == "password" and len(value) < MIN_PASSWORD_CHARACTERS)


def decide_deposit(facts: DepositFacts) -> Decision:
    """Decide whether the secret may be taken into custody: complete, not short, and never used before."""
    against = list(_state_reasons(facts.state, ChannelAct.DEPOSIT, facts.clauses.get("custody.deposit-duty")))
    against += facts.may_deposit.against
    against += [
        Reason("empty-secret", f"“{name}” is empty.", facts.clauses.get("custody.deposit-duty"))
        for name in facts.missing
    ]
    against += [
        Reason("weak-secret", f"“{name}” needs at least {MIN_PASSWORD_CHARACTERS} characters.") for name in facts.weak
    ]
    if facts.used_before:
        against.append(
            Reason(
                "reused-secret",
                "This secret is or was in use for a channel. Every channel needs one of its own, new at each change.",
                facts.clauses.get("custody.unique-credential"),
            )
        )
    return Decision(tuple(against))


# What packs ask a page to show, and the field that answers it (with its name in words).
ELEMENTS: Mapping[str, tuple[str, str]] = {
    "maintained-by": ("maintained_by", "the statement that the body maintains it and follows its policy"),
    "policy-link": ("policy_link", "the link to the policy"),
    "department": ("department", "the department"),
    "comment-policy": ("comment_policy", "the comment policy"),
    "purpose": ("stated_purpose", "its purpose"),
    "purpose-and-scope": ("stated_purpose", "its purpose and scope"),
    "blocking-notice": ("blocking_notice", "the notice that breaking the comment policy leads to blocking"),
    "contact": ("official_contact", "the official contact"),
    "official-site-link": ("official_site_link", "the link back to the official site"),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element that a clause asks a page to show; `text` is "" while it is not settled."""

    clause: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """A channel about to go live, or to go on after a pause."""

    state: ChannelState
    act: ChannelAct
    may_manage: Decision
    capture_plan: str
    has_credential: bool
    elements: tuple[Element, ...]
    page_seen: bool
    clauses: Clauses


def decide_going_live(facts: LiveFacts) -> Decision:
    """Decide whether the channel may go live: nothing is said on it before it can be captured and shows its notices."""
    against = list(_state_reasons(facts.state, facts.act, facts.clauses.get("channel.prior-authorization")))
    against += facts.may_manage.against
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
    against += [
        Reason("page-element", f"Its page must show {element.words}.", element.clause)
        for element in facts.elements
        if not element.text.strip()
    ]
    if facts.elements and not facts.page_seen:
        against.append(
            Reason(
                "page-not-seen", "Look at the page and confirm that it shows each of these.", facts.elements[0].clause
            )
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class StopFacts:
    """A channel about to be declined, paused, resumed or closed. `needs_reason` holds for all but resuming."""

    state: ChannelState
    act: ChannelAct
    may_manage: Decision
    reason: str


def decide_stop(facts: StopFacts) -> Decision:
    """Decide whether the channel may be declined, paused or closed, which needs a reason."""
    against = list(_state_reasons(facts.state, facts.act))
    against += facts.may_manage.against
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why; the reason stays with the channel's history."))
    return Decision(tuple(against))


def health(
    *, state: ChannelState, trouble: str, last_connected_at: datetime | None, cadence_minutes: int, now: datetime
) -> str:
    """How the channel's line to its platform stands: "" (nothing to say), "good", "late", "never" or the trouble."""
    if state not in OFFICIAL_STATES:
        return ""
    if trouble:
        return trouble
    if last_connected_at is None:
        return "never"
    # Two rounds missed: one may be late by chance.
    return "late" if (now - last_connected_at).total_seconds() > 2 * 60 * cadence_minutes + 60 else "good"
