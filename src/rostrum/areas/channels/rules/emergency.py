"""The emergency right: an authorised person speaks at once when nobody else can; another looks at it afterwards."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.areas.channels.rules.life import ChannelState
from rostrum.kernel.decisions import Decision, Reason


class Verdict(StrEnum):
    """What the review of an emergency right found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


VERDICT_TITLES = {
    Verdict.JUSTIFIED: "It was an emergency, and what was done was right",
    Verdict.NOT_JUSTIFIED: "It was not, or more was done than was needed",
}


@dataclass(frozen=True, slots=True)
class EmergencyFacts:
    """A right to speak that somebody is about to give themselves. `log_in_trouble` is why the channel cannot post."""

    state: ChannelState
    may_break_glass: Decision
    already_speaks: bool
    log_in_trouble: str
    reason: str


def decide_emergency(facts: EmergencyFacts) -> Decision:
    """Decide whether the person may take the emergency right: authorised beforehand, with a reason, where it helps."""
    against = list(facts.may_break_glass.against)
    if facts.state is not ChannelState.LIVE:
        against.append(Reason("channel-not-live", "The channel is not live, so nothing can be published there."))
    if facts.already_speaks:
        against.append(Reason("already-held", "You hold the emergency right on this channel already: write your post."))
    if facts.log_in_trouble:
        against.append(Reason("log-in-unreadable", facts.log_in_trouble))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say what has happened and why it cannot wait; the reason stays on record."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The look at an emergency right afterwards."""

    may_review: Decision
    actor: str
    person: str
    ends_at: datetime
    now: datetime
    is_reviewed: bool
    findings: str


def decide_review(facts: ReviewFacts) -> Decision:
    """Decide whether the actor may review it: another person, once, when it is over, with findings."""
    against = list(facts.may_review.against)
    if facts.actor == facts.person:
        against.append(Reason("own-emergency", "Nobody reviews what they did themselves; another person must."))
    if facts.now < facts.ends_at:
        against.append(Reason("still-running", "The emergency right still runs: end it, or wait until it is over."))
    if facts.is_reviewed:
        against.append(Reason("reviewed-already", "It was reviewed already."))
    if not facts.findings.strip():
        against.append(Reason("no-findings", "Say what you found: what was posted, and whether it had to be."))
    return Decision(tuple(against))


def decide_ending(*, may_end: Decision, actor: str, person: str, ends_at: datetime, now: datetime) -> Decision:
    """Decide whether the right may be ended before its time: by the person, or whoever manages the channel."""
    against = [] if actor == person else list(may_end.against)
    if now >= ends_at:
        against.append(Reason("already-ended", "It has ended already."))
    return Decision(tuple(against))
