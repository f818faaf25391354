"""What the ledger records of platforms' terms: digests and codes, never the words of a text or of an answer."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class TermsAddressSet(Event):
    """Where a platform's document stands, and whether it is fetched from there."""

    kind: ClassVar[str] = "channels.terms-address-set.v1"
    platform: str
    document: str
    address: str
    is_fetched: bool


@dataclass(frozen=True, slots=True)
class TermsWatchNamed(Event):
    """Who watches a platform's terms, and who decides about a change."""

    kind: ClassVar[str] = "channels.terms-watch-named.v1"
    platform: str
    watcher: str
    decider: str


@dataclass(frozen=True, slots=True)
class TermsStored(Event):
    """A new text of a platform's document; `change` is what it reopens the reviews by, if there were any."""

    kind: ClassVar[str] = "channels.terms-stored.v1"
    look: str
    version: str
    platform: str
    document: str
    number: int
    sha256: str
    raw_sha256: str
    route: str
    change: str
    reopened_reviews: list[str]


@dataclass(frozen=True, slots=True)
class TermsLookedAt(Event):
    """Somebody, or the job, looked at a platform's document, and it was the same."""

    kind: ClassVar[str] = "channels.terms-looked-at.v1"
    look: str
    platform: str
    document: str
    version: str
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class TermsNotReached(Event):
    """A platform's document could not be fetched; recorded when the trouble begins or changes."""

    kind: ClassVar[str] = "channels.terms-not-reached.v1"
    look: str
    platform: str
    document: str


@dataclass(frozen=True, slots=True)
class TermsReviewBegun(Event):
    """A reader is named for the terms and the privacy policy of a channel's platform."""

    kind: ClassVar[str] = "channels.terms-review-begun.v1"
    review: str
    channel: str
    reader: str
    terms: str
    privacy: str
    replaces: str


@dataclass(frozen=True, slots=True)
class TermsAnswersSaved(Event):
    """The reader wrote down answers; how many questions have one."""

    kind: ClassVar[str] = "channels.terms-answers-saved.v1"
    review: str
    channel: str
    answered: int


@dataclass(frozen=True, slots=True)
class TermsNewestTaken(Event):
    """A review under way is about the newest texts from now on."""

    kind: ClassVar[str] = "channels.terms-newest-taken.v1"
    review: str
    channel: str
    terms: str
    privacy: str


@dataclass(frozen=True, slots=True)
class TermsProblemMarked(Event):
    """The reader marked a term as a problem; `conflicts_with` is the clause of the policy it goes against, or ""."""

    kind: ClassVar[str] = "channels.terms-problem-marked.v1"
    review: str
    channel: str
    problem: str
    is_deal_breaker: bool
    conflicts_with: str


@dataclass(frozen=True, slots=True)
class TermsProblemWithdrawn(Event):
    """The reader no longer takes a term for a problem."""

    kind: ClassVar[str] = "channels.terms-problem-withdrawn.v1"
    review: str
    channel: str
    problem: str


@dataclass(frozen=True, slots=True)
class TermsRead(Event):
    """The named reader completed the reading of exactly these texts; the first of the two signatures."""

    kind: ClassVar[str] = "channels.terms-read.v1"
    review: str
    channel: str
    terms_sha256: str
    privacy_sha256: str
    problems: list[str]
    needs_decision: bool


@dataclass(frozen=True, slots=True)
class TermsReviewReturned(Event):
    """The second person gave the review back to its reader."""

    kind: ClassVar[str] = "channels.terms-review-returned.v1"
    review: str
    channel: str


@dataclass(frozen=True, slots=True)
class TermsReviewSigned(Event):
    """The second person signed the review."""

    kind: ClassVar[str] = "channels.terms-review-signed.v1"
    review: str
    channel: str
    reader: str


@dataclass(frozen=True, slots=True)
class TermsUseDecided(Event):
    """The named person decided whether the platform is used in spite of what the reader found."""

    kind: ClassVar[str] = "channels.terms-use-decided.v1"
    decision: str
    review: str
    channel: str
    use: str
    reasons: str


@dataclass(frozen=True, slots=True)
class TermsAccepted(Event):
    """The accepting authority agreed to the terms for a channel; `review_step` says that its request moved on by it."""

    kind: ClassVar[str] = "channels.terms-accepted.v1"
    review: str
    channel: str
    terms_sha256: str
    privacy_sha256: str
    user_posts: str
    review_step: bool


@dataclass(frozen=True, slots=True)
class TermsReviewAdopted(Event):
    """An earlier review of the same texts is taken over for another channel, whose purpose it suits."""

    kind: ClassVar[str] = "channels.terms-review-adopted.v1"
    review: str
    channel: str
    adopted_from: str
    terms_sha256: str
    privacy_sha256: str


@dataclass(frozen=True, slots=True)
class ChannelSuspended(Event):
    """Nothing is published on the channel while a change of its platform's terms is undecided or decided against."""

    kind: ClassVar[str] = "channels.channel-suspended.v1"
    channel: str
    change: str


@dataclass(frozen=True, slots=True)
class ChannelReleased(Event):
    """A suspended channel speaks again."""

    kind: ClassVar[str] = "channels.channel-released.v1"
    channel: str
    change: str


@dataclass(frozen=True, slots=True)
class TermsChangeDecided(Event):
    """The named person decided what the body does about changed terms, with this text before them."""

    kind: ClassVar[str] = "channels.terms-change-decided.v1"
    decision: str
    change: str
    platform: str
    document: str
    from_sha256: str
    to_sha256: str
    use: str
    reasons: str
    settled_reviews: list[str]


@dataclass(frozen=True, slots=True)
class TermsReadingConfirmed(Event):
    """A person who posts on the platform says that they read this text of its rules."""

    kind: ClassVar[str] = "channels.terms-reading-confirmed.v1"
    version: str
    platform: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ChannelUseLookedAt(Event):
    """Somebody watched over how the channel is used, as the platform's terms oblige the body to."""

    kind: ClassVar[str] = "channels.channel-use-looked-at.v1"
    channel: str
    look: str


@dataclass(frozen=True, slots=True)
class CookieUseStated(Event):
    """Somebody said whether the body's own site uses persistent cookies."""

    kind: ClassVar[str] = "channels.cookie-use-stated.v1"
    statement: str
    uses_cookies: bool


@dataclass(frozen=True, slots=True)
class CookieUseDecided(Event):
    """The information officer decided about the persistent cookies."""

    kind: ClassVar[str] = "channels.cookie-use-decided.v1"
    decision: str
    statement: str
    keeps: bool
    privacy_policy: str
