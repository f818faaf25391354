"""Sessions: when they end by themselves, and who may end them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session's times, and how long the body lets one last."""

    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    now: datetime
    idle: timedelta
    longest: timedelta


def has_ended(facts: SessionFacts) -> bool:
    """Whether the session is over: ended by somebody, idle too long, or begun too long ago."""
    return (
        facts.ended_at is not None
        or facts.now - facts.seen_at > facts.idle
        or facts.now - facts.started_at > facts.longest
    )


def decide_session_end(*, actor: str, person: str, may_end: Decision, has_ended: bool) -> Decision:
    """Decide whether the actor may end a session of this person: one's own always."""
    against = [] if actor == person else list(may_end.against)
    if has_ended:
        against.append(Reason("already-ended", "This session has ended already."))
    return Decision(tuple(against))
