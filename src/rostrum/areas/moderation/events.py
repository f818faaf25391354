"""What the moderation area records. Ids, ground ids and digests; never the comment's text."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class EvidenceTaken(Event):
    """A comment, its thread and media were captured and hashed before anything was done."""

    kind: ClassVar[str] = "moderation.evidence-taken.v1"
    assessment: str
    item: str
    commitment: str
    evidence_digest: str
    thread_size: int
    reread: str


@dataclass(frozen=True, slots=True)
class CommentAssessed(Event):
    """The elements of the grounds were answered and a measure proposed."""

    kind: ClassVar[str] = "moderation.comment-assessed.v1"
    assessment: str
    grounds: list[str]
    measure: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentSeconded(Event):
    """A second person agreed, as the ground asks."""

    kind: ClassVar[str] = "moderation.assessment-seconded.v1"
    assessment: str
    assessed_by: str


@dataclass(frozen=True, slots=True)
class CommentKept(Event):
    """The comment stays."""

    kind: ClassVar[str] = "moderation.comment-kept.v1"
    assessment: str


@dataclass(frozen=True, slots=True)
class CommentReferred(Event):
    """The comment was referred to another office, its thread held, and a duty to answer opened."""

    kind: ClassVar[str] = "moderation.comment-referred.v1"
    assessment: str
    to: str
    hold: str
    duty: str


@dataclass(frozen=True, slots=True)
class SafetyAlertRaised(Event):
    """A threat or a danger was found: the thread is held, and the office that sees to safety owes an answer."""

    kind: ClassVar[str] = "moderation.safety-alert-raised.v1"
    assessment: str
    grounds: list[str]
    to: str
    hold: str
    duty: str


@dataclass(frozen=True, slots=True)
class ReferralAnswered(Event):
    """Those the comment was referred to said what came of it."""

    kind: ClassVar[str] = "moderation.referral-answered.v1"
    assessment: str
    answer_digest: str


@dataclass(frozen=True, slots=True)
class RemovalDecided(Event):
    """A removal was decided and the platform is being asked; the evidence was verified in the same act."""

    kind: ClassVar[str] = "moderation.removal-decided.v1"
    assessment: str
    removal: str
    measure: str
    grounds: list[str]
    evidence_digest: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class RemovalApplied(Event):
    """The platform confirmed the removal, or a person saw that it was done."""

    kind: ClassVar[str] = "moderation.removal-applied.v1"
    removal: str
    confirmed_by: str
    receipt: str


@dataclass(frozen=True, slots=True)
class RemovalFailed(Event):
    """The platform refused to hide or to show the comment, or the outcome is not known."""

    kind: ClassVar[str] = "moderation.removal-failed.v1"
    removal: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RemovalRetried(Event):
    """The platform is asked again to carry out a removal or a restoration that it had not."""

    kind: ClassVar[str] = "moderation.removal-retried.v1"
    removal: str


@dataclass(frozen=True, slots=True)
class AuthorNoticed(Event):
    """The comment's author was told, or could not be."""

    kind: ClassVar[str] = "moderation.author-noticed.v1"
    removal: str
    notice: str


@dataclass(frozen=True, slots=True)
class NoticeAnswered(Event):
    """A message meant as a claim or legal notice got the standard reply, or could not; no legal clock was started.

    `reply_digest` is the SHA-256 (hex) of the reply's text, `commitment` that of the message as it then stood.
    """

    kind: ClassVar[str] = "moderation.notice-answered.v1"
    answer: str
    item: str
    commitment: str
    reply_digest: str
    was_given: bool


@dataclass(frozen=True, slots=True)
class BlockAsked(Event):
    """A moderator asks that somebody be kept from a channel; `notice_check` is the look that shows the notice."""

    kind: ClassVar[str] = "moderation.block-asked.v1"
    block: str
    removal: str
    channel: str
    days: int
    notice_check: str


@dataclass(frozen=True, slots=True)
class BlockAgreed(Event):
    """A second person agreed to a block; it ends by itself in law at `until`, and a person ends it on the platform."""

    kind: ClassVar[str] = "moderation.block-agreed.v1"
    block: str
    asked_by: str
    until: str


@dataclass(frozen=True, slots=True)
class BlockCarriedOut(Event):
    """A person blocked somebody on the platform, as was agreed."""

    kind: ClassVar[str] = "moderation.block-carried-out.v1"
    block: str


@dataclass(frozen=True, slots=True)
class BlockEnded(Event):
    """A block was lifted on the platform, or given up before it was carried out."""

    kind: ClassVar[str] = "moderation.block-ended.v1"
    block: str
    was_carried_out: bool
    reason_digest: str


@dataclass(frozen=True, slots=True)
class RestorationDecided(Event):
    """A hidden comment is to be shown again; the platform is being asked."""

    kind: ClassVar[str] = "moderation.restoration-decided.v1"
    removal: str
    reason_digest: str


@dataclass(frozen=True, slots=True)
class CommentRestored(Event):
    """The platform confirmed that the comment is shown again, or a person saw it."""

    kind: ClassVar[str] = "moderation.comment-restored.v1"
    removal: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class RemovalAbandoned(Event):
    """The platform had refused the removal, and a person gave it up; the comment was never hidden."""

    kind: ClassVar[str] = "moderation.removal-abandoned.v1"
    removal: str
    reason_digest: str


@dataclass(frozen=True, slots=True)
class AssessmentDropped(Event):
    """An assessment was given up before anything was done on the platform; the evidence stays."""

    kind: ClassVar[str] = "moderation.assessment-dropped.v1"
    assessment: str
