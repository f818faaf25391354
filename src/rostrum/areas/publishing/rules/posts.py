"""The life of a post before and after it is published: what may happen, and why not. Facts in, decision out; pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Decision, Reason, Refused
from rostrum.kernel.findings import Finding, Strength
from rostrum.workflow.machine import Machine, Transition


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class DraftAct(StrEnum):
    """What can be done with a draft."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    LET_OUT = "let_out"
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Outcome(StrEnum):
    """How it went with one revision on one channel."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    INTENDED = "intended"
    PUBLISHED = "published"
    FAILED = "failed"
    UNCLEAR = "unclear"
    NOT_PUBLISHED = "not_published"
    WITHDRAWN = "withdrawn"


class Compared(StrEnum):
    """Whether the platform shows what was approved."""

    NOT_YET = "not_yet"
    SAME = "same"
    DIFFERENT = "different"


STATE_TITLES: Mapping[DraftState, str] = {
    DraftState.DRAFT: "Being written",
    DraftState.IN_REVIEW: "In review",
    DraftState.APPROVED: "Approved",
    DraftState.SCHEDULED: "Scheduled",
    DraftState.PUBLISHED: "Published",
    DraftState.CORRECTED: "Corrected by a later post",
    DraftState.WITHDRAWN: "Withdrawn",
}
OUTCOME_TITLES: Mapping[Outcome, str] = {
    Outcome.SCHEDULED: "Scheduled",
    Outcome.CANCELLED: "Called off",
    Outcome.INTENDED: "Being published",
    Outcome.PUBLISHED: "Published",
    Outcome.FAILED: "Failed; nothing was published",
    Outcome.UNCLEAR: "Unclear; a person must look",
    Outcome.NOT_PUBLISHED: "Not published",
    Outcome.WITHDRAWN: "Taken down",
}
COMPARED_TITLES: Mapping[Compared, str] = {
    Compared.NOT_YET: "Not captured back yet",
    Compared.SAME: "The same as approved",
    Compared.DIFFERENT: "Different from what was approved",
}

_S, _A = DraftState, DraftAct

DRAFT_MACHINE: Machine[DraftState] = Machine(
    "draft",
    (
        Transition(_S.DRAFT, _A.SAVE, _S.DRAFT),
        Transition(_S.DRAFT, _A.SUBMIT, _S.IN_REVIEW, "no blocking finding left"),
        # An edit after submission is another text: it goes back to writing, and approvals of the old one are void.
        Transition(_S.IN_REVIEW, _A.SAVE, _S.DRAFT, "approvals become void"),
        Transition(_S.IN_REVIEW, _A.RETURN, _S.DRAFT, "a note to the author"),
        Transition(_S.IN_REVIEW, _A.APPROVE, _S.APPROVED, "another person than its authors, the digest shown"),
        Transition(_S.DRAFT, _A.LET_OUT, _S.APPROVED, "an emergency right on each channel; reviewed afterwards"),
        Transition(_S.IN_REVIEW, _A.LET_OUT, _S.APPROVED, "an emergency right on each channel; reviewed afterwards"),
        Transition(_S.APPROVED, _A.SAVE, _S.DRAFT, "approvals become void"),
        Transition(_S.APPROVED, _A.RETURN, _S.DRAFT, "a note to the author"),
        Transition(_S.APPROVED, _A.SCHEDULE, _S.SCHEDULED, "a time, the right to speak on each channel"),
        Transition(_S.SCHEDULED, _A.CANCEL, _S.APPROVED, "nothing is under way yet"),
        Transition(_S.SCHEDULED, _A.PUBLISH, _S.PUBLISHED),
        Transition(_S.PUBLISHED, _A.CORRECT, _S.CORRECTED, "the correction is published"),
        Transition(_S.PUBLISHED, _A.WITHDRAW, _S.WITHDRAWN, "a reason; the archive keeps it"),
        Transition(_S.CORRECTED, _A.WITHDRAW, _S.WITHDRAWN, "a reason; the archive keeps it"),
    ),
    initial=_S.DRAFT,
    final=(_S.WITHDRAWN,),
    titles=STATE_TITLES,
    buttons={
        _A.SAVE: "Save",
        _A.SUBMIT: "Hand in for review",
        _A.APPROVE: "Approve",
        _A.RETURN: "Return to the author",
        _A.SCHEDULE: "Schedule it",
        _A.CANCEL: "Call it off",
        _A.LET_OUT: "Publish now",
        _A.PUBLISH: "",
        _A.CORRECT: "Write a correction",
        _A.WITHDRAW: "Withdraw it",
    },
)

OUTCOME_MACHINE: Machine[Outcome] = Machine(
    "publication",
    (
        Transition(Outcome.SCHEDULED, "call-off", Outcome.CANCELLED),
        Transition(Outcome.CANCELLED, "schedule", Outcome.SCHEDULED),
        Transition(Outcome.SCHEDULED, "intend", Outcome.INTENDED, "committed before the platform is called"),
        Transition(Outcome.INTENDED, "receive", Outcome.PUBLISHED, "the platform's receipt"),
        Transition(Outcome.INTENDED, "fail", Outcome.FAILED, "the platform clearly did nothing"),
        Transition(Outcome.INTENDED, "lose", Outcome.UNCLEAR, "no answer, or a stop in between"),
        Transition(Outcome.INTENDED, "wait", Outcome.SCHEDULED, "nothing was written, and trying again may help"),
        # Nothing was written, so trying again cannot publish twice.
        Transition(Outcome.FAILED, "retry", Outcome.SCHEDULED, "a person asks for it"),
        Transition(Outcome.FAILED, "call-off", Outcome.CANCELLED),
        Transition(Outcome.UNCLEAR, "find", Outcome.PUBLISHED, "found on the platform, or a late receipt"),
        Transition(Outcome.UNCLEAR, "fail", Outcome.FAILED, "a late answer: the platform clearly did nothing"),
        Transition(Outcome.UNCLEAR, "miss", Outcome.NOT_PUBLISHED, "a person looked and it is not there"),
        # Who looked may have looked too early.
        Transition(Outcome.NOT_PUBLISHED, "find", Outcome.PUBLISHED, "a late receipt"),
        Transition(Outcome.PUBLISHED, "take-down", Outcome.WITHDRAWN),
    ),
    initial=Outcome.SCHEDULED,
    final=(Outcome.WITHDRAWN,),
    titles=OUTCOME_TITLES,
    buttons={
        "call-off": "Call it off",
        "schedule": "Schedule it",
        "retry": "Try again",
        "find": "Settle it",
        "miss": "Settle it",
        "take-down": "Withdraw it",
        **dict.fromkeys(("intend", "receive", "fail", "lose", "wait"), ""),
    },
)

# A platform that fails for a moment is asked again this often, then a person is.
MOST_ATTEMPTS = 5


# The bytes that are approved


@dataclass(frozen=True, slots=True)
class MediaContent:
    """One medium as approved: the SHA-256 of its bytes (hex), its media type, its alternative text, its captions."""

    blob: str
    mime: str
    alt: str
    has_captions: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """All that an approval approves. Channels are public ids; `publish_at` is an instant or None (at once).

    `answers` are the author's, by code (`questions`) or by the clause that asks; `about` names other parties it is
    about; `signature` is the line that the packs put under the text.
    """

    text: str
    channels: tuple[str, ...]
    media: tuple[MediaContent, ...] = ()
    publish_at: datetime | None = None
    answers: tuple[tuple[str, str], ...] = ()
    about: tuple[str, ...] = ()
    signature: str = ""

    @property
    def published_text(self) -> str:
        """The text as it goes to a platform, with the signature line."""
        return f"{self.text.rstrip()}\n{self.signature}" if self.signature else self.text

    def to_bytes(self) -> bytes:
        """Canonical JSON (RFC 8785): the same content is always the same bytes."""
        return canonical_json(
            {
                "about": list(self.about),
                "answers": dict(self.answers),
                "channels": sorted(self.channels),
                "media": [
                    {"alt": one.alt, "captions": one.has_captions, "mime": one.mime, "sha256": one.blob}
                    for one in self.media
                ],
                "publish_at": self.publish_at.astimezone(UTC).isoformat() if self.publish_at else None,
                "signature": self.signature,
                "text": self.text,
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> "Content":
        """The content that these bytes hold."""
        read = json.loads(body)
        return cls(
            text=read["text"],
            channels=tuple(read["channels"]),
            media=tuple(MediaContent(one["sha256"], one["mime"], one["alt"], one["captions"]) for one in read["media"]),
            publish_at=datetime.fromisoformat(read["publish_at"]) if read["publish_at"] else None,
            answers=tuple(sorted(read["answers"].items())),
            about=tuple(read["about"]),
            signature=read["signature"],
        )


def for_correction(content: Content, signature: str) -> Content:
    """The same content for its corrector to edit: signed anew, with no time and no answers yet."""
    return replace(content, publish_at=None, answers=(), signature=signature)


def digest_of(body: bytes) -> str:
    """The digest (SHA-256, hex) by which approvals and publications name a revision."""
    return sha256(body).hexdigest()


def idempotency_key(digest: str, draft: str, channel: str) -> str:
    """The key under which a platform takes these bytes of this draft once (hex): the same at every attempt."""
    return sha256(canonical_json([digest, draft, channel])).hexdigest()[:48]


def finding_key(finding: Finding) -> str:
    """A stable name for one finding of one revision: the same control about the same place says the same."""
    named = [finding.control, finding.clause, str(finding.start), str(finding.end), finding.message]
    return sha256(canonical_json(named)).hexdigest()[:32]


# Findings and who has cleared them

PERSONS_TO_CLEAR: Mapping[Strength, int] = {Strength.BLOCK: 2, Strength.WARN: 1}


def standing(findings: tuple[Finding, ...], cleared: Mapping[str, int], strength: Strength) -> tuple[Finding, ...]:
    """The findings of this strength that too few persons have cleared. `cleared` counts persons by finding key."""
    needed = PERSONS_TO_CLEAR.get(strength, 0)
    return tuple(one for one in findings if one.strength is strength and cleared.get(finding_key(one), 0) < needed)


def _finding_reasons(findings: tuple[Finding, ...], code: str) -> tuple[Reason, ...]:
    return tuple(Reason(code, one.message, one.clause) for one in findings)


def _state_reasons(state: DraftState, act: DraftAct) -> tuple[Reason, ...]:
    try:
        DRAFT_MACHINE.next_state(state, act)
    except Refused as refusal:
        return refusal.reasons
    return ()


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One channel a post is for. `may_speak` is about the actor; `log_in_trouble` says why its log-in is unreadable.

    `standing` is what else must hold before anything is published there (`decide_standing`).
    """

    name: str
    is_live: bool
    has_credential: bool
    may_speak: Decision
    log_in_trouble: str = ""
    standing: Decision = field(default_factory=Decision)


def _channel_reasons(
    channels: tuple[ChannelFacts, ...], clause: str, clause_to_deposit: str = ""
) -> tuple[Reason, ...]:
    against: list[Reason] = []
    if not channels:
        against.append(Reason("no-channel", "Choose at least one channel."))
    for channel in channels:
        if not channel.is_live:
            against.append(Reason("channel-not-live", f"{channel.name} is not live, so nothing is published there."))
        if not channel.has_credential:
            against.append(
                Reason("no-credential", f"The log-in of {channel.name} is not in custody.", clause_to_deposit or None)
            )
        if channel.log_in_trouble:
            against.append(
                Reason(
                    "log-in-unreadable",
                    f"The log-in of {channel.name} cannot be read now. {channel.log_in_trouble}",
                    clause_to_deposit or None,
                )
            )
        if not channel.may_speak.allowed:
            against.append(
                Reason("no-right-to-speak", f"You hold no right to speak on {channel.name}.", clause or None)
            )
    return tuple(against)


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """Whether the channel's department has a designated spokesperson, and the publisher's right rests on a request.

    The clauses are "" where the policy in force does not ask for it.
    """

    channel: str
    unit: str
    has_spokesperson: bool
    rests_on_request: bool
    spokesperson_clause: str
    request_clause: str


def decide_standing(facts: StandingFacts) -> Decision:
    """Decide whether anybody may publish for the department, and the publisher by a right that was asked for."""
    against = []
    if facts.spokesperson_clause and not facts.has_spokesperson:
        against.append(
            Reason(
                "no-spokesperson",
                f"{facts.unit} has no designated spokesperson; its head designates one before anything is published.",
                facts.spokesperson_clause,
            )
        )
    if facts.request_clause and not facts.rests_on_request:
        against.append(
            Reason(
                "no-approved-request",
                f"Your right to speak on {facts.channel} rests on no approved request; ask for it.",
                facts.request_clause,
            )
        )
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class SaveFacts:
    """A draft about to be saved. `may_draft` is about the unit, `channels` about each channel chosen."""

    state: DraftState
    may_draft: Decision
    channels: tuple[ChannelFacts, ...]
    clause_to_speak: str = ""


def decide_save(facts: SaveFacts) -> Decision:
    """Decide whether the draft may be saved; a channel one may not speak on cannot be chosen."""
    against = [*_state_reasons(facts.state, DraftAct.SAVE), *facts.may_draft.against]
    against += [
        reason
        for reason in _channel_reasons(facts.channels, facts.clause_to_speak)
        if reason.code == "no-right-to-speak"
    ]
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class SubmitFacts:
    """A draft about to be handed in for review. `confirmation` is whether what the packs remind of was confirmed.

    `place` is whether it may be done from where the person is.
    """

    state: DraftState
    may_draft: Decision
    is_empty: bool
    channels: tuple[ChannelFacts, ...]
    blocks: tuple[Finding, ...]
    unanswered: tuple[Finding, ...]
    publish_at: datetime | None
    now: datetime
    clause_to_speak: str = ""
    confirmation: Decision = field(default_factory=Decision)
    place: Decision = field(default_factory=Decision)


def decide_submission(facts: SubmitFacts) -> Decision:
    """Decide whether the draft may be handed in: something to say, where one may speak, with no blocking finding."""
    against = [*_state_reasons(facts.state, DraftAct.SUBMIT), *facts.may_draft.against]
    if facts.is_empty:
        against.append(Reason("empty", "There is neither text nor an image."))
    against += _channel_reasons(facts.channels, facts.clause_to_speak)
    against += [reason for channel in facts.channels for reason in channel.standing.against]
    if facts.publish_at is not None and facts.publish_at <= facts.now:
        against.append(Reason("time-passed", "The time to publish has passed; choose a later one or none."))
    against += _finding_reasons(facts.blocks, "blocked")
    against += _finding_reasons(facts.unanswered, "unanswered")
    against += facts.confirmation.against
    against += facts.place.against
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """An approval about to be given. `authors` are all who wrote or handed in; `shown` is the digest on the page."""

    state: DraftState
    approver: str
    authors: tuple[str, ...]
    may_approve: Decision
    shown: str
    current: str
    blocks: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    unanswered: tuple[Finding, ...] = ()
    clause: str = ""


def decide_approval(facts: ApprovalFacts) -> Decision:
    """Decide whether the approver may approve exactly the bytes shown; list every reason against."""
    against = [*_state_reasons(facts.state, DraftAct.APPROVE), *facts.may_approve.against]
    if facts.approver in facts.authors:
        against.append(Reason("own-draft", "Authors cannot approve their own drafts.", facts.clause or None))
    if facts.shown != facts.current:
        against.append(Reason("changed", "The draft was changed after it was shown to you. Read it again first."))
    against += _finding_reasons(facts.blocks, "blocked")
    against += [
        Reason("warning-open", f"A warning is neither heeded nor cleared: {one.message}", one.clause)
        for one in facts.warnings
    ]
    against += _finding_reasons(facts.unanswered, "unanswered")
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class EmergencyFacts:
    """A draft that its author is about to let out unapproved. `emergencies` are the rights held, "" where none is."""

    state: DraftState
    may_publish: Decision
    shown: str
    current: str
    is_empty: bool
    channels: tuple[ChannelFacts, ...]
    emergencies: tuple[str, ...]
    blocks: tuple[Finding, ...]
    unanswered: tuple[Finding, ...]
    publish_at: datetime | None
    clause_to_speak: str = ""
    clause_to_deposit: str = ""
    confirmation: Decision = field(default_factory=Decision)
    place: Decision = field(default_factory=Decision)


def decide_emergency(facts: EmergencyFacts) -> Decision:
    """Decide whether the draft may go out without another's approval: at once, by an emergency right, unblocked."""
    against = [*_state_reasons(facts.state, DraftAct.LET_OUT), *facts.may_publish.against]
    if not facts.emergencies or not all(facts.emergencies):
        against.append(Reason("no-emergency-right", "You hold no emergency right on each of its channels."))
    if facts.shown != facts.current:
        against.append(Reason("changed", "The draft was changed after it was shown to you. Read it again first."))
    if facts.is_empty:
        against.append(Reason("empty", "There is neither text nor an image."))
    if facts.publish_at is not None:
        against.append(Reason("not-at-once", "What goes out in an emergency goes out at once: leave the time empty."))
    against += _channel_reasons(facts.channels, facts.clause_to_speak, facts.clause_to_deposit)
    against += _finding_reasons(facts.blocks, "blocked")
    against += _finding_reasons(facts.unanswered, "unanswered")
    against += facts.confirmation.against
    against += facts.place.against
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """A draft about to be given back to its author."""

    state: DraftState
    may_approve: Decision
    note: str


def decide_return(facts: ReturnFacts) -> Decision:
    """Decide whether the draft may be returned, which needs a note."""
    against = [*_state_reasons(facts.state, DraftAct.RETURN), *facts.may_approve.against]
    if not facts.note.strip():
        against.append(Reason("no-note", "Tell the author what to change."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ClearingFacts:
    """A finding about to be cleared. `strength` is None when the revision has no such finding.

    `reliance` says whether it may be cleared on the ground given (`disclosures.decide_reliance`).
    """

    state: DraftState
    strength: Strength | None
    actor: str
    authors: tuple[str, ...]
    may_clear: Decision
    already: tuple[str, ...]
    reason: str
    reliance: Decision = field(default_factory=Decision)


def decide_clearing(facts: ClearingFacts) -> Decision:
    """Decide whether the actor may say that a finding does not stand: with a reason, and never about one's own text."""
    against = list(facts.may_clear.against)
    if facts.state not in (DraftState.DRAFT, DraftState.IN_REVIEW):
        against.append(Reason("wrong-state", "Findings are cleared while a draft is written or in review."))
    if facts.strength is None:
        against.append(Reason("no-finding", "The draft has no such finding any more."))
    elif facts.strength not in PERSONS_TO_CLEAR:
        against.append(Reason("nothing-to-clear", "This finding only informs; it stands in nobody's way."))
    if facts.actor in facts.authors:
        against.append(Reason("own-draft", "Authors cannot clear findings about their own drafts."))
    if facts.actor in facts.already:
        against.append(Reason("cleared-once", "You have cleared this already; a second person must."))
    against += facts.reliance.against
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why the finding does not stand."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """A publication about to be scheduled. `approved` is the digest of the approval in force, or "".

    `disclosure` is whether what it discloses by leave is still authorized at its time, `confirmation` whether what the
    packs remind of was confirmed.
    """

    state: DraftState
    may_publish: Decision
    approved: str
    current: str
    channels: tuple[ChannelFacts, ...]
    publish_at: datetime | None
    now: datetime
    clause_to_speak: str = ""
    clause_to_deposit: str = ""
    disclosure: Decision = field(default_factory=Decision)
    confirmation: Decision = field(default_factory=Decision)
    place: Decision = field(default_factory=Decision)


def decide_schedule(facts: ScheduleFacts) -> Decision:
    """Decide whether the approved bytes may be given their time on each channel."""
    against = [*_state_reasons(facts.state, DraftAct.SCHEDULE), *facts.may_publish.against]
    if facts.approved != facts.current:
        against.append(Reason("not-approved", "What would be published is not what was approved."))
    if facts.publish_at is not None and facts.publish_at <= facts.now:
        against.append(Reason("time-passed", "The time to publish has passed; the draft needs a new one."))
    against += _channel_reasons(facts.channels, facts.clause_to_speak, facts.clause_to_deposit)
    against += [reason for channel in facts.channels for reason in channel.standing.against]
    against += facts.disclosure.against
    against += facts.confirmation.against
    against += facts.place.against
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class CallingOffFacts:
    """A scheduled post about to be called off, with the outcomes on its channels so far."""

    state: DraftState
    may_publish: Decision
    outcomes: tuple[Outcome, ...]


def decide_calling_off(facts: CallingOffFacts) -> Decision:
    """Decide whether a scheduled post may be called off: only while nothing was, or may have been, sent."""
    against = [*_state_reasons(facts.state, DraftAct.CANCEL), *facts.may_publish.against]
    if not set(facts.outcomes) <= {Outcome.SCHEDULED, Outcome.FAILED, Outcome.NOT_PUBLISHED}:
        against.append(Reason("under-way", "It is being published, or was: it can be withdrawn, not called off."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """What a person is about to do with one publication."""

    outcome: Outcome
    may_publish: Decision
    state: DraftState = DraftState.SCHEDULED


def decide_resolution(facts: OutcomeFacts) -> Decision:
    """Decide whether a person may say what became of a publication: only where that is unclear."""
    against = list(facts.may_publish.against)
    if facts.outcome is not Outcome.UNCLEAR:
        against.append(Reason("not-unclear", "What became of this post is known."))
    return Decision(tuple(against))


def decide_retry(facts: OutcomeFacts) -> Decision:
    """Decide whether a publication may be tried again: only where the platform clearly published nothing."""
    against = list(facts.may_publish.against)
    if facts.outcome is Outcome.UNCLEAR:
        against.append(Reason("unclear", "It may have been published: look on the platform, and say so, first."))
    elif facts.outcome is not Outcome.FAILED:
        against.append(Reason("not-failed", "Only a failed publication is tried again."))
    if facts.state is DraftState.WITHDRAWN:
        against.append(Reason("withdrawn", "The post was withdrawn."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class PublishFacts:
    """A publication whose time has come. `approved` is the digest of the approval in force, or "".

    `disclosure` is whether what it discloses by leave is still authorized.
    """

    digest: str
    approved: str
    channel_is_live: bool
    may_speak: Decision
    standing: Decision = field(default_factory=Decision)
    disclosure: Decision = field(default_factory=Decision)


def decide_publication(facts: PublishFacts) -> Decision:
    """Decide whether the platform may be called: with the approved bytes, on a live channel, for one who still may."""
    against = list(facts.may_speak.against)
    if facts.approved != facts.digest:
        against.append(Reason("not-approved", "What would be published is not what was approved."))
    if not facts.channel_is_live:
        against.append(Reason("channel-not-live", "The channel is not live."))
    against += facts.standing.against
    against += facts.disclosure.against
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class WithdrawFacts:
    """A published post about to be withdrawn."""

    state: DraftState
    may_publish: Decision
    reason: str


def decide_withdrawal(facts: WithdrawFacts) -> Decision:
    """Decide whether a published post may be taken down, which needs a reason; the archive keeps it."""
    against = [*_state_reasons(facts.state, DraftAct.WITHDRAW), *facts.may_publish.against]
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say why it is withdrawn; the reason stays with the record."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A published post about to be set right by a new draft."""

    state: DraftState
    may_draft: Decision
    has_open_correction: bool


def decide_correction(facts: CorrectionFacts) -> Decision:
    """Decide whether a correction may be begun: of a published post, one at a time."""
    against = list(facts.may_draft.against)
    if facts.state is not DraftState.PUBLISHED:
        against.append(Reason("not-published", "Only a published post is corrected; a draft is edited."))
    if facts.has_open_correction:
        against.append(Reason("correction-open", "A correction of this post is already being written."))
    return Decision(tuple(against))


def compare(approved_text: str, captured_text: str) -> Compared:
    """Whether the captured text says what was approved.

    Platforms trim blank ends and normalise line ends; anything else is a difference that a person looks at.
    """
    return Compared.SAME if _as_shown(approved_text) == _as_shown(captured_text) else Compared.DIFFERENT


def _as_shown(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))
