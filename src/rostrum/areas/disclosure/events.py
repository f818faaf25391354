"""What the disclosure area records. Ids, counts, codes and digests; never a requester's name or a record's text."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class RequestReceived(Event):
    """A request came in."""

    kind: ClassVar[str] = "disclosure.request-received.v1"
    request: str
    number: int
    via: str


@dataclass(frozen=True, slots=True)
class RequestAcknowledged(Event):
    """The requester was told that the request is being worked on."""

    kind: ClassVar[str] = "disclosure.request-acknowledged.v1"
    request: str
    respond_by_on: str


@dataclass(frozen=True, slots=True)
class RequesterAsked(Event):
    """The requester was asked to make the request clearer."""

    kind: ClassVar[str] = "disclosure.requester-asked.v1"
    request: str


@dataclass(frozen=True, slots=True)
class RequesterHeard(Event):
    """The requester's answer was taken into the request."""

    kind: ClassVar[str] = "disclosure.requester-heard.v1"
    request: str


@dataclass(frozen=True, slots=True)
class SearchRun(Event):
    """An exhaustive search was made and kept; `query_digest` is the SHA-256 of its canonical form."""

    kind: ClassVar[str] = "disclosure.search-run.v1"
    request: str
    search: str
    query_digest: str
    found: int
    added: int


@dataclass(frozen=True, slots=True)
class ReviewStarted(Event):
    """The search is whole; the records are now reviewed one by one."""

    kind: ClassVar[str] = "disclosure.review-started.v1"
    request: str
    records: int


@dataclass(frozen=True, slots=True)
class FeeEstimated(Event):
    """A fee was worked out under the law's own rules."""

    kind: ClassVar[str] = "disclosure.fee-estimated.v1"
    request: str
    fee_cents: int
    prepayment: bool


@dataclass(frozen=True, slots=True)
class PrepaymentRecorded(Event):
    """The prepayment came in."""

    kind: ClassVar[str] = "disclosure.prepayment-recorded.v1"
    request: str


@dataclass(frozen=True, slots=True)
class RecordDecided(Event):
    """One record was released, withheld or found not responsive."""

    kind: ClassVar[str] = "disclosure.record-decided.v1"
    request: str
    record: str
    commitment: str
    choice: str
    exemptions: list[str]


@dataclass(frozen=True, slots=True)
class RedactionsProposed(Event):
    """Parts of a record were marked to be withheld under one exemption."""

    kind: ClassVar[str] = "disclosure.redactions-proposed.v1"
    request: str
    record: str
    redactions: list[str]
    places: list[str]
    exemption: str


@dataclass(frozen=True, slots=True)
class RedactionSeconded(Event):
    """Another person agreed to a redaction."""

    kind: ClassVar[str] = "disclosure.redaction-seconded.v1"
    request: str
    redaction: str
    proposed_by: str


@dataclass(frozen=True, slots=True)
class RedactionDropped(Event):
    """A redaction was taken back before the determination."""

    kind: ClassVar[str] = "disclosure.redaction-dropped.v1"
    request: str
    redaction: str


@dataclass(frozen=True, slots=True)
class RequestDetermined(Event):
    """The determination was issued; `letter_digest` is the SHA-256 of the letter as sent."""

    kind: ClassVar[str] = "disclosure.request-determined.v1"
    request: str
    determination: str
    outcome: str
    letter_digest: str
    released: int
    redacted: int
    withheld: int


@dataclass(frozen=True, slots=True)
class ProductionAsked(Event):
    """The making of a production was started."""

    kind: ClassVar[str] = "disclosure.production-asked.v1"
    request: str
    production: str


@dataclass(frozen=True, slots=True)
class ProductionMade(Event):
    """A production is ready; `digest` is the SHA-256 of the bag as handed over."""

    kind: ClassVar[str] = "disclosure.production-made.v1"
    request: str
    production: str
    digest: str
    records: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ProductionFailed(Event):
    """A production could not be made, and why."""

    kind: ClassVar[str] = "disclosure.production-failed.v1"
    request: str
    production: str
    fault: str


@dataclass(frozen=True, slots=True)
class RequestClosed(Event):
    """The request is closed."""

    kind: ClassVar[str] = "disclosure.request-closed.v1"
    request: str


@dataclass(frozen=True, slots=True)
class RequestWithdrawn(Event):
    """The requester took the request back."""

    kind: ClassVar[str] = "disclosure.request-withdrawn.v1"
    request: str
