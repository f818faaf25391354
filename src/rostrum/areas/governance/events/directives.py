"""What the ledger records of directives."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class DirectiveIssued(Event):
    """The IT director directs how content is retained and stored; `digest` is of its wording."""

    kind: ClassVar[str] = "governance.directive-issued.v1"
    directive: str
    number: int
    version: int
    platform: str
    content_kinds: list[str]
    method: str
    is_interim: bool
    digest: str
    units: list[str]


@dataclass(frozen=True, slots=True)
class DirectiveReached(Event):
    """A directive reached a department; `reached_all` when it was the last."""

    kind: ClassVar[str] = "governance.directive-reached.v1"
    directive: str
    unit: str
    how: str
    reached_all: bool


@dataclass(frozen=True, slots=True)
class DirectiveSuggested(Event):
    """Something happened that may want an interim directive."""

    kind: ClassVar[str] = "governance.directive-suggested.v1"
    why: str
    subject: str


@dataclass(frozen=True, slots=True)
class SuggestionAnswered(Event):
    """The director answered a suggestion without a directive, or with the one named."""

    kind: ClassVar[str] = "governance.suggestion-answered.v1"
    why: str
    subject: str
    answer: str
