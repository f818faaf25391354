"""Changes of a platform's terms: who keeps the texts, who decides on a change, and who confirms having read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rostrum.areas.channels.rules.life import Clauses
from rostrum.areas.channels.rules.terms import Use, _named_decider, _said
from rostrum.kernel.decisions import Decision, Reason


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """Somebody who wants to store a platform's text, or to say where it stands and who watches it.

    `reaches_beyond` holds for whoever reviews terms for a department or for the body; `is_named` for the platform's
    watcher, its decider, and the reader of a review that is under way.
    """

    may_review: Decision
    reaches_beyond: bool
    is_named: bool


def decide_keeping(facts: KeepFacts) -> Decision:
    """Decide whether this person may keep a platform's terms: a new text reopens the review of every channel on it."""
    if facts.is_named or (facts.may_review.allowed and facts.reaches_beyond):
        return Decision()
    if facts.may_review.against:
        return facts.may_review
    return Decision(
        (Reason("not-the-watcher", "The texts are kept by who watches or reads them, by the department, or above it."),)
    )


def is_stale(last_looked_at: datetime | None, watch_days: int, now: datetime) -> bool:
    """Whether nobody has looked at the platform's text for longer than the body allows."""
    return last_looked_at is None or now - last_looked_at > timedelta(days=watch_days)


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change of terms about to be decided. `seen` is the digest of the new text that was before the decider."""

    actor: str
    decider: str
    is_newest_item: bool
    seen: str
    newest: str
    use: Use
    reasons: str
    conditions: str
    clauses: Clauses


def decide_change(facts: ChangeFacts) -> Decision:
    """Decide whether the named person may decide now what the body does about the changed terms."""
    clause = facts.clauses.get("terms.amendment-decider")
    against = list(_named_decider(facts.actor, facts.decider, clause))
    if not facts.is_newest_item:
        against.append(Reason("decided-since", "A later change of this text was recorded; decide on that one.", clause))
    elif facts.seen != facts.newest:
        against.append(Reason("newer-text", "The text has changed again since you read it. Read it first.", clause))
    against += _said(facts.use, facts.reasons, facts.conditions, clause)
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ConfirmFacts:
    """Somebody who says that they read a platform's rules. `speaks` holds for who may post on a channel of it."""

    speaks: bool
    is_newest: bool
    already: bool
    clauses: Clauses


def decide_confirmation(facts: ConfirmFacts) -> Decision:
    """Decide whether this person may confirm having read the newest rules of a platform on which they post."""
    clause = facts.clauses.get("terms.current-version-read")
    against: list[Reason] = []
    if not facts.speaks:
        against.append(Reason("no-right-to-speak", "You hold no right to speak on a channel of this platform."))
    if not facts.is_newest:
        against.append(Reason("newer-text", "There is a newer text; read that one.", clause))
    if facts.already:
        against.append(Reason("already-confirmed", "You have confirmed this text already."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class CookieFacts:
    """The information officer's decision on persistent cookies of the body's own site."""

    uses_cookies: bool
    has_role: bool
    may_decide: str
    reasons: str
    privacy_policy: str
    clauses: Clauses


def decide_cookies(facts: CookieFacts) -> Decision:
    """Decide whether the decision on persistent cookies may be recorded: by the officer, with the policy named."""
    clause = facts.clauses.get("terms.cookie-review")
    against: list[Reason] = []
    if not facts.uses_cookies:
        against.append(Reason("no-cookies", "Nobody has said that the body's site uses persistent cookies."))
    if not facts.has_role:
        against.append(Reason("not-your-decision", f"This is decided by: {facts.may_decide}.", clause))
    if not facts.reasons.strip():
        against.append(Reason("no-reasons", "Give the reasons; they stay with the decision.", clause))
    if not facts.privacy_policy.strip():
        against.append(
            Reason("no-privacy-policy", "Name the version of the body's privacy policy it was held against.", clause)
        )
    return Decision(tuple(against))
