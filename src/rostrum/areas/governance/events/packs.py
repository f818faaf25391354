"""What the governance area records."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class BodyEstablished(Event):
    """The installation was set up for a public body."""

    kind: ClassVar[str] = "governance.body-established.v1"
    name: str
    body_kind: str


@dataclass(frozen=True, slots=True)
class PacksActivated(Event):
    """The body works under these packs from now on."""

    kind: ClassVar[str] = "governance.packs-activated.v1"
    activation: str
    packs: list[str]
    policy_version: str
    effective_on: dict[str, str]
    reference: str


@dataclass(frozen=True, slots=True)
class ChoiceMade(Event):
    """The body decided a value that the documents leave open."""

    kind: ClassVar[str] = "governance.choice-made.v1"
    key: str
    value: str
    reason: str
    policy_version: str
