"""What the publishing area records. Digests, ids and counts; never the text of a post."""

from dataclasses import dataclass, field
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class DraftCreated(Event):
    """A draft was begun; `corrects` names the post it sets right, if any."""

    kind: ClassVar[str] = "publishing.draft-created.v1"
    draft: str
    unit: str
    digest: str
    check: str
    corrects: str


@dataclass(frozen=True, slots=True)
class DraftRevised(Event):
    """A further revision was saved; approvals of earlier ones are void."""

    kind: ClassVar[str] = "publishing.draft-revised.v1"
    draft: str
    revision: int
    digest: str
    check: str
    approvals_voided: int


@dataclass(frozen=True, slots=True)
class DraftChecked(Event):
    """The current revision was checked again; `findings` counts them by control."""

    kind: ClassVar[str] = "publishing.draft-checked.v1"
    draft: str
    digest: str
    check: str
    findings: dict[str, int]


@dataclass(frozen=True, slots=True)
class DraftSubmitted(Event):
    """A draft was handed in for review; `confirmed` are the clauses whose reminders were confirmed."""

    kind: ClassVar[str] = "publishing.draft-submitted.v1"
    draft: str
    digest: str
    check: str
    confirmed: list[str] = field(default_factory=list)
    # "trusted" from the body's own computer and network, "elsewhere" with a reason; "" where no clause asks.
    worked_from: str = ""


@dataclass(frozen=True, slots=True)
class DraftReturned(Event):
    """A draft was given back to its author with a note."""

    kind: ClassVar[str] = "publishing.draft-returned.v1"
    draft: str
    digest: str
    note: str
    approvals_voided: int


@dataclass(frozen=True, slots=True)
class DraftApproved(Event):
    """The bytes with this digest were approved; `answers` are the approver's to what the pack asks."""

    kind: ClassVar[str] = "publishing.draft-approved.v1"
    draft: str
    digest: str
    check: str
    answers: dict[str, str]
    channels: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DraftLetOutInEmergency(Event):
    """Nobody approved: its author let these bytes out under an emergency right. `warnings` are findings passed over."""

    kind: ClassVar[str] = "publishing.draft-let-out-in-emergency.v1"
    draft: str
    digest: str
    check: str
    emergency: str
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class FindingCleared(Event):
    """A person said, with a reason, that a finding does not stand; `still_needed` more persons must."""

    kind: ClassVar[str] = "publishing.finding-cleared.v1"
    draft: str
    digest: str
    finding: str
    control: str
    strength: str
    reason: str
    still_needed: int
    # The disclosure authorization on which it rests; "" where it is the person's own word.
    authorization: str = ""


@dataclass(frozen=True, slots=True)
class DisclosureAuthorized(Event):
    """A person may disclose protected information of a department; `covers` are the clauses of the ban it lifts."""

    kind: ClassVar[str] = "publishing.disclosure-authorized.v1"
    authorization: str
    person: str
    unit: str
    covers: list[str]
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class DisclosureAuthorizationWithdrawn(Event):
    """Leave to disclose was taken back."""

    kind: ClassVar[str] = "publishing.disclosure-authorization-withdrawn.v1"
    authorization: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """The consent of a party the draft is about was recorded."""

    kind: ClassVar[str] = "publishing.consent-recorded.v1"
    draft: str
    party: str
    given_by: str
    given_on: str
    how: str


@dataclass(frozen=True, slots=True)
class PublicationScheduled(Event):
    """Approved bytes were given their time on each channel; `confirmed` are the clauses of the reminders confirmed."""

    kind: ClassVar[str] = "publishing.publication-scheduled.v1"
    draft: str
    digest: str
    due_at: str
    publications: list[str]
    channels: list[str]
    confirmed: list[str] = field(default_factory=list)
    worked_from: str = ""


@dataclass(frozen=True, slots=True)
class PublicationCalledOff(Event):
    """A scheduled post was called off before anything was sent."""

    kind: ClassVar[str] = "publishing.publication-called-off.v1"
    draft: str
    publications: list[str]


@dataclass(frozen=True, slots=True)
class PublicationIntended(Event):
    """The platform is about to be called; committed before the call."""

    kind: ClassVar[str] = "publishing.publication-intended.v1"
    draft: str
    publication: str
    channel: str
    digest: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PostPublished(Event):
    """The platform's receipt: the approved bytes are published. Names who answers for them, and what they correct."""

    kind: ClassVar[str] = "publishing.post-published.v1"
    draft: str
    publication: str
    channel: str
    digest: str
    native_id: str
    url: str
    published_at: str
    unit: str
    author: str
    approvers: list[str]
    publisher: str
    corrects: str
    # The emergency right under which it went out unapproved; "" where another person approved it.
    emergency: str = ""
    property_holder: str = ""
    property_kind: str = ""


@dataclass(frozen=True, slots=True)
class PublicationPutOff(Event):
    """Nothing was written, and the platform is asked again later."""

    kind: ClassVar[str] = "publishing.publication-put-off.v1"
    draft: str
    publication: str
    trouble: str
    due_at: str


@dataclass(frozen=True, slots=True)
class PublicationFailed(Event):
    """The platform clearly did not publish."""

    kind: ClassVar[str] = "publishing.publication-failed.v1"
    draft: str
    publication: str
    trouble: str


@dataclass(frozen=True, slots=True)
class PublicationRetried(Event):
    """A person asked to try a failed publication again."""

    kind: ClassVar[str] = "publishing.publication-retried.v1"
    draft: str
    publication: str


@dataclass(frozen=True, slots=True)
class PublicationUnclear(Event):
    """No answer came; whether it was published is for a person to find out."""

    kind: ClassVar[str] = "publishing.publication-unclear.v1"
    draft: str
    publication: str
    trouble: str


@dataclass(frozen=True, slots=True)
class UnclearResolved(Event):
    """A person, or a look at the platform, settled whether it was published."""

    kind: ClassVar[str] = "publishing.unclear-resolved.v1"
    draft: str
    publication: str
    published: bool
    native_id: str
    url: str


@dataclass(frozen=True, slots=True)
class PublicationCompared(Event):
    """What the archive captured was compared with what was approved."""

    kind: ClassVar[str] = "publishing.publication-compared.v1"
    draft: str
    publication: str
    result: str
    version: str


@dataclass(frozen=True, slots=True)
class PostWithdrawn(Event):
    """A published post was ordered off its channels; the archive keeps it."""

    kind: ClassVar[str] = "publishing.post-withdrawn.v1"
    draft: str
    reason: str
    publications: list[str]


@dataclass(frozen=True, slots=True)
class PostTakenDown(Event):
    """The platform confirmed that a withdrawn post is gone."""

    kind: ClassVar[str] = "publishing.post-taken-down.v1"
    draft: str
    publication: str


@dataclass(frozen=True, slots=True)
class LeaversPostHeld(Event):
    """What somebody who left had approved or scheduled waits for a second person; the publications are called off."""

    kind: ClassVar[str] = "publishing.leavers-post-held.v1"
    draft: str
    person: str
    publications: list[str]


@dataclass(frozen=True, slots=True)
class IntegrityAlertRaised(Event):
    """Something stands on a channel in the body's name that nobody here did. `subject` is an Item or a page check."""

    kind: ClassVar[str] = "publishing.integrity-alert-raised.v1"
    alert: str
    channel: str
    alert_kind: str
    subject: str
    mark: str


@dataclass(frozen=True, slots=True)
class IntegrityAlertAnswered(Event):
    """A person said what an alert was; `explanation_digest` is the SHA-256 (hex) of the words."""

    kind: ClassVar[str] = "publishing.integrity-alert-answered.v1"
    alert: str
    verdict: str
    explanation_digest: str
