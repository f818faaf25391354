"""What the ledger records of custody: never a secret, never a log-in's name."""

from dataclasses import dataclass, field
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CredentialDeposited(Event):
    """A log-in went into custody. `changed` and `dropped` name its fields; `due_at` is by when a change was owed."""

    kind: ClassVar[str] = "channels.credential-deposited.v1"
    channel: str
    credential: str
    replaces: str
    changed: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    changed_at: str = ""
    due_at: str = ""
    was_late: bool = False
    resembles_work: str = ""
    why_shared: str = ""


@dataclass(frozen=True, slots=True)
class ChangeReported(Event):
    """A log-in was changed on its platform and is not in custody yet. `how` is "reported" or "noticed"."""

    kind: ClassVar[str] = "channels.change-reported.v1"
    channel: str
    change: str
    changed_at: str
    due_at: str
    how: str


@dataclass(frozen=True, slots=True)
class ChangeDenied(Event):
    """Nothing was changed after all."""

    kind: ClassVar[str] = "channels.change-denied.v1"
    channel: str
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class CredentialTested(Event):
    """Somebody, or the product itself, signed in with the log-in in custody. `how` is "connector" or "person"."""

    kind: ClassVar[str] = "channels.credential-tested.v1"
    channel: str
    credential: str
    how: str


@dataclass(frozen=True, slots=True)
class CredentialFailed(Event):
    """The platform does not take the log-in in custody (a code of `connectors.interface.Trouble`)."""

    kind: ClassVar[str] = "channels.credential-failed.v1"
    channel: str
    credential: str
    trouble: str


@dataclass(frozen=True, slots=True)
class OneTimeCodeShown(Event):
    """A person was shown a one-time code of the channel."""

    kind: ClassVar[str] = "channels.one-time-code-shown.v1"
    channel: str
    credential: str


@dataclass(frozen=True, slots=True)
class DisclosureRequested(Event):
    """A person asks to see a log-in. `parts` are names of fields."""

    kind: ClassVar[str] = "channels.disclosure-requested.v1"
    channel: str
    disclosure: str
    credential: str
    parts: list[str]
    reason: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class DisclosureConfirmed(Event):
    """A second person confirmed that the first may see the log-in, once, until the instant given."""

    kind: ClassVar[str] = "channels.disclosure-confirmed.v1"
    channel: str
    disclosure: str
    requester: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class DisclosureDeclined(Event):
    """A log-in is not shown, or the request was taken back."""

    kind: ClassVar[str] = "channels.disclosure-declined.v1"
    channel: str
    disclosure: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisclosureShown(Event):
    """The person who asked has seen the log-in; it has to be changed."""

    kind: ClassVar[str] = "channels.disclosure-shown.v1"
    channel: str
    disclosure: str
    credential: str
    parts: list[str]


@dataclass(frozen=True, slots=True)
class DisclosureExpired(Event):
    """The time to see the log-in passed unused."""

    kind: ClassVar[str] = "channels.disclosure-expired.v1"
    channel: str
    disclosure: str


@dataclass(frozen=True, slots=True)
class EmergencyTaken(Event):
    """An authorised person gave themselves the right to speak, because nobody else could in time."""

    kind: ClassVar[str] = "channels.emergency-taken.v1"
    channel: str
    emergency: str
    grant: str
    reason: str
    ends_at: str
    told: list[str]


@dataclass(frozen=True, slots=True)
class EmergencyEnded(Event):
    """An emergency right ended before its time."""

    kind: ClassVar[str] = "channels.emergency-ended.v1"
    channel: str
    emergency: str


@dataclass(frozen=True, slots=True)
class EmergencyReviewed(Event):
    """Another person looked at what was done under an emergency right."""

    kind: ClassVar[str] = "channels.emergency-reviewed.v1"
    channel: str
    emergency: str
    verdict: str
    findings: str


@dataclass(frozen=True, slots=True)
class CustodyKeyMade(Event):
    """From now on log-ins are sealed under a new key, named by its id; the former one still opens what it sealed."""

    kind: ClassVar[str] = "channels.custody-key-made.v1"
    key: str
    former: str
    store: str


@dataclass(frozen=True, slots=True)
class CredentialsResealed(Event):
    """Log-ins were sealed again under the current key; their values did not change."""

    kind: ClassVar[str] = "channels.credentials-resealed.v1"
    key: str
    credentials: list[str]


@dataclass(frozen=True, slots=True)
class CustodyKeyDropped(Event):
    """A former key opens nothing any more; every log-in was sealed again before."""

    kind: ClassVar[str] = "channels.custody-key-dropped.v1"
    key: str
