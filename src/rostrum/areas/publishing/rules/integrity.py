"""What stands on a channel in its name, held against what was published and captured. Facts in, alerts out; pure.

WAU-purpose-02: the body protects the integrity of what is attributed to it. Whatever the product cannot explain is an
alert, and a person says what it is.
"""

from dataclasses import dataclass
from enum import StrEnum

from rostrum.areas.publishing.rules.posts import Compared, compare
from rostrum.kernel.decisions import Decision, Reason


class AlertKind(StrEnum):
    """What was found on the channel that nobody here did."""

    UNKNOWN_POST = "unknown-post"
    CHANGED_POST = "changed-post"
    VANISHED_POST = "vanished-post"
    CHANGED_PROFILE = "changed-profile"


ALERT_TITLES = {
    AlertKind.UNKNOWN_POST: "A post that was not published from here",
    AlertKind.CHANGED_POST: "A post that says something else",
    AlertKind.VANISHED_POST: "A post that is no longer shown",
    AlertKind.CHANGED_PROFILE: "The profile changed",
}


class Verdict(StrEnum):
    """What a person found an alert to be."""

    OURS = "ours"
    NOT_OURS = "not-ours"


VERDICT_TITLES = {
    Verdict.OURS: "Somebody of ours did it, and may",
    Verdict.NOT_OURS: "It was not us, or not rightly",
}


@dataclass(frozen=True, slots=True)
class Approved:
    """What is known here of a post: the text that was approved, and whether its removal was ordered."""

    text: str
    removal_was_ordered: bool


@dataclass(frozen=True, slots=True)
class StandingPost:
    """A post in the channel's name as it was captured last.

    `texts` are its versions' texts, oldest first. `approved` is what was published from here, None where nothing was.
    `may_be_under_way`: a post with this very text was sent from here and its answer is not known yet.
    """

    texts: tuple[str, ...]
    is_shown: bool
    approved: Approved | None
    may_be_under_way: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """What the comparison came to: the alerts, or that it must wait for an answer of the platform."""

    alerts: tuple[AlertKind, ...] = ()
    must_wait: bool = False


def compared(post: StandingPost) -> Compare:
    """Hold a post in the channel's name against what was published from here and captured before."""
    if post.approved is None and post.may_be_under_way:
        return Compare(must_wait=True)
    alerts: list[AlertKind] = []
    if post.approved is None:
        alerts.append(AlertKind.UNKNOWN_POST)
    before = post.approved.text if post.approved else post.texts[0]
    if compare(before, post.texts[-1]) is Compared.DIFFERENT:
        alerts.append(AlertKind.CHANGED_POST)
    if not post.is_shown and not (post.approved and post.approved.removal_was_ordered):
        alerts.append(AlertKind.VANISHED_POST)
    return Compare(tuple(alerts))


def decide_answer(*, is_open: bool, explanation: str, may_manage: Decision, clause: str) -> Decision:
    """Whether a person may say what an alert is: whoever manages the channel, once, in words."""
    against = list(may_manage.against)
    if not is_open:
        against.append(Reason("answered-already", "Somebody has said already what this was.", clause or None))
    if not explanation.strip():
        words = "Say who did it and why, or what was done about it."
        against.append(Reason("no-explanation", words, clause or None))
    return Decision(tuple(against))
