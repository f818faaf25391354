"""What the ledger records of certifications."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PolicyDelivered(Event):
    """A person was given a version of a policy; the certification is due at `due_at`, an ISO instant in UTC."""

    kind: ClassVar[str] = "governance.policy-delivered.v1"
    certification: str
    form: str
    person: str
    text: str
    digest: str
    due_at: str


@dataclass(frozen=True, slots=True)
class PolicyOpened(Event):
    """The person opened the whole text of the version."""

    kind: ClassVar[str] = "governance.policy-opened.v1"
    certification: str
    digest: str


@dataclass(frozen=True, slots=True)
class PolicyRead(Event):
    """The person came to the end of the text and said so."""

    kind: ClassVar[str] = "governance.policy-read.v1"
    certification: str
    digest: str


@dataclass(frozen=True, slots=True)
class PolicyCertified(Event):
    """The person signed, here or on paper; `content_digest` is of everything that was signed."""

    kind: ClassVar[str] = "governance.policy-certified.v1"
    certification: str
    form: str
    person: str
    text: str
    digest: str
    statements: list[str]
    signed_on: str
    proof: str
    content_digest: str
    was_late: bool


@dataclass(frozen=True, slots=True)
class CertificationReturned(Event):
    """The certification reached whom it must: inside the product, or on paper with a picture of it."""

    kind: ClassVar[str] = "governance.certification-returned.v1"
    certification: str
    returned: str
    returned_on: str
    received_by: str
    scan: str


@dataclass(frozen=True, slots=True)
class CertificateKept(Event):
    """The signed page was set as a PDF."""

    kind: ClassVar[str] = "governance.certificate-kept.v1"
    certification: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CertificationEnded(Event):
    """The certification is no longer owed: a new version came, the person left, or is not covered any more."""

    kind: ClassVar[str] = "governance.certification-ended.v1"
    certification: str
    because: str


@dataclass(frozen=True, slots=True)
class CertificationsChased(Event):
    """Persons were reminded of what they owe."""

    kind: ClassVar[str] = "governance.certifications-chased.v1"
    certifications: list[str]
