"""What the ledger records of the body's policy texts."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PolicyTextEntered(Event):
    """A version of a document was entered; `digest` is of its whole content."""

    kind: ClassVar[str] = "governance.policy-text-entered.v1"
    document: str
    text: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class PolicyTextPutInForce(Event):
    """This version is the one that counts from now on."""

    kind: ClassVar[str] = "governance.policy-text-put-in-force.v1"
    document: str
    text: str
    digest: str
    entered_by: str


@dataclass(frozen=True, slots=True)
class RelatedPolicyListed(Event):
    """The body lists another policy that stays in force beside its own."""

    kind: ClassVar[str] = "governance.related-policy-listed.v1"
    document: str
    policy_kind: str


@dataclass(frozen=True, slots=True)
class RelatedPolicyWithdrawn(Event):
    """A policy that the body had listed is listed no more; its versions are kept."""

    kind: ClassVar[str] = "governance.related-policy-withdrawn.v1"
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyReadingConfirmed(Event):
    """A person confirmed having read this version of a policy."""

    kind: ClassVar[str] = "governance.policy-reading-confirmed.v1"
    person: str
    document: str
    text: str
    digest: str
