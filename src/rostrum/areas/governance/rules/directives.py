"""When a directive may be issued, which capture method it selects, and when the next one is due. Facts in; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rostrum.kernel.decisions import Decision, Reason

# What a directive can be about: the kinds of content as the packs and the archive tell them apart.
CONTENT_KINDS = ("post", "comment", "share", "message", "profile")
# Ways to capture that every platform has; a connector may offer more (connectors.registry).
CONNECTOR, EXPORT, BY_HAND = "connector", "export", "by-hand"
NOT_AUTOMATIC = (EXPORT, BY_HAND)


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """A directive that somebody wants to issue."""

    may_issue: Decision
    content_kinds: tuple[str, ...]
    method: str
    methods: tuple[str, ...]
    needs_address: bool
    address: str
    option: str
    cost_reason: str
    is_interim: bool
    why_interim: str
    units: int
    clause: str = ""
    interim_clause: str = ""


def decide_issue(facts: IssueFacts) -> Decision:
    """Whether this directive may be issued: by the director, complete, and with departments to tell."""
    against = [Reason(one.code, one.message, one.clause or facts.clause or None) for one in facts.may_issue.against]
    clause = facts.clause or None
    if not facts.content_kinds:
        against.append(Reason("no-content", "Say which kinds of content it is about.", clause))
    if any(one not in CONTENT_KINDS for one in facts.content_kinds):
        against.append(Reason("unknown-content", f"Known kinds: {', '.join(CONTENT_KINDS)}.", clause))
    if facts.method not in facts.methods:
        against.append(Reason("unknown-method", "This platform cannot be captured that way.", clause))
    if facts.needs_address and not facts.address.strip():
        against.append(Reason("no-address", "Give the address from which this method reads.", clause))
    if not facts.option.strip():
        against.append(Reason("no-option", "Say what departments do to retain and store it.", clause))
    if not facts.cost_reason.strip():
        against.append(Reason("no-cost-reason", "Say why this is the most cost-effective option.", clause))
    if facts.is_interim and not facts.why_interim.strip():
        against.append(
            Reason("no-interim-reason", "Say why it cannot wait for the yearly one.", facts.interim_clause or None)
        )
    if not facts.units:
        against.append(Reason("no-units", "There are no departments to tell: add them first.", clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class Told:
    """One directive, as the count of the year depends on it: when each department was reached; None for not yet."""

    directive: str
    reached: tuple[datetime | None, ...]

    @property
    def reached_all_at(self) -> datetime | None:
        """When the last department was reached; None while one was not, or where there was none."""
        instants = [one for one in self.reached if one is not None]
        return max(instants) if instants and len(instants) == len(self.reached) else None


def last_reaching_all(told: Iterable[Told]) -> Told | None:
    """The directive whose notice was the last to reach every department. The year counts from that instant."""
    whole = [(one.reached_all_at, one.directive, one) for one in told if one.reached_all_at is not None]
    return max(whole, key=lambda each: each[:2])[2] if whole else None


@dataclass(frozen=True, slots=True)
class Selected:
    """What directives in force say of one platform's content: the kind, the method, and which directive says so."""

    content_kind: str
    method: str
    address: str
    directive: str


def captures_by(selected: Iterable[Selected]) -> Selected | None:
    """Which method a channel's own line uses; None when directives say nothing of posts and comments.

    The line runs while any kind of content is to be captured automatically: it sees posts and comments together. What
    is said of posts counts before what is said of comments.
    """
    said = {one.content_kind: one for one in selected}
    choices = [said[kind] for kind in ("post", "comment") if kind in said]
    automatic = [one for one in choices if one.method not in NOT_AUTOMATIC]
    if automatic:
        return automatic[0]
    return choices[0] if len(choices) == 2 else None
