"""What the ledger records of blocked sites and personas. Identities and purposes stay with the rows."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SiteBlocked(Event):
    """It was decided that a website is blocked on the body's network."""

    kind: ClassVar[str] = "governance.site-blocked.v1"
    block: str
    site: str
    reason: str


@dataclass(frozen=True, slots=True)
class SiteUnblocked(Event):
    """It was decided that a website is blocked no more."""

    kind: ClassVar[str] = "governance.site-unblocked.v1"
    block: str
    site: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonaExceptionAsked(Event):
    """An exception from the ban on assumed identities was asked for; `digest` is of identity, purpose and requirer."""

    kind: ClassVar[str] = "governance.persona-exception-asked.v1"
    exception: str
    digest: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class PersonaExceptionDecided(Event):
    """The agency head signed or refused an exception."""

    kind: ClassVar[str] = "governance.persona-exception-decided.v1"
    exception: str
    is_signed: bool
    proof: str
    digest: str


@dataclass(frozen=True, slots=True)
class PersonaExceptionEnded(Event):
    """An exception holds no more, and the persona under it."""

    kind: ClassVar[str] = "governance.persona-exception-ended.v1"
    exception: str
    because: str


@dataclass(frozen=True, slots=True)
class PersonaRegistered(Event):
    """A persona exists under a signed exception."""

    kind: ClassVar[str] = "governance.persona-registered.v1"
    persona: str
    exception: str
    held_by: str
