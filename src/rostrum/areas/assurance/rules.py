"""When a review of activity may be opened and completed, and how its sample is drawn. Facts in; pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason

LARGEST_SAMPLE = 200


class Found(StrEnum):
    """What the reviewer found in one post or comment."""

    IN_ORDER = "in-order"
    FINDING = "finding"


def draw(seed: str, population: Iterable[str], wanted: int) -> list[str]:
    """The sample: the items whose hash with the seed is smallest, in that order.

    Whoever has the seed and the ids of the population draws the same sample; nobody chooses what is in it.
    """
    return sorted(population, key=lambda one: hashlib.sha256(f"{seed}\n{one}".encode()).digest())[:wanted]


def digest_of(population: Iterable[str]) -> str:
    """What fixes a population: the hash of its ids in order."""
    return hashlib.sha256("\n".join(sorted(population)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """A review that somebody wants to open."""

    may_review: Decision
    channels: int
    from_at: datetime
    to_at: datetime
    now: datetime
    wanted: int
    population: int
    every_days: int | None
    is_followed: bool
    clause: str = ""


def decide_opening(facts: OpeningFacts) -> Decision:
    """Whether the review may be opened: by an office that reviews, over channels and a time that hold something."""
    against = list(facts.may_review.against)
    clause = facts.clause or None
    if not facts.channels:
        against.append(Reason("no-channel", "Choose at least one channel.", clause))
    if facts.from_at >= facts.to_at:
        against.append(Reason("no-time", "The time ends before it begins.", clause))
    if facts.from_at > facts.now:
        against.append(Reason("in-future", "Nothing can be reviewed that is still to come.", clause))
    if not 1 <= facts.wanted <= LARGEST_SAMPLE:
        against.append(Reason("no-sample", f"Take a sample of 1 to {LARGEST_SAMPLE}.", clause))
    if facts.channels and not facts.population:
        against.append(Reason("nothing-there", "These channels hold nothing of others in that time.", clause))
    if facts.every_days is not None and facts.every_days < 1:
        against.append(Reason("no-interval", "An interval is at least one day.", clause))
    if facts.is_followed:
        against.append(Reason("followed", "The next review after that one was opened already.", clause))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """A review that the reviewer wants to complete."""

    is_reviewers_own: bool
    is_open: bool
    findings: Sequence[str]  # one per sampled item; "" for not looked at yet
    conclusion: str
    clause: str = ""


def decide_completion(facts: CompletionFacts) -> Decision:
    """Whether the review is complete: every item of the sample looked at, and a conclusion written."""
    against: list[Reason] = []
    clause = facts.clause or None
    if not facts.is_reviewers_own:
        against.append(Reason("not-reviewer", "Who opened the review completes it.", clause))
    if not facts.is_open:
        against.append(Reason("completed", "This review is completed already.", clause))
    left = sum(1 for one in facts.findings if not one)
    if left:
        against.append(Reason("not-seen", f"{left} of the sample have not been looked at yet.", clause))
    if not facts.conclusion.strip():
        against.append(Reason("no-conclusion", "Write what the review comes to.", clause))
    return Decision(tuple(against))
