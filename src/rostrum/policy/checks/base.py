"""What a text check gets and gives. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rostrum.kernel.findings import Strength
from rostrum.policy.compose import Policy
from rostrum.policy.facts import DraftFacts

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a check found. Offsets are code points, end exclusive; None for the draft as a whole.

    `at_most` brings the finding down where this hit is less sure than the clause is strict.
    """

    message: str
    advice: str
    start: int | None = None
    end: int | None = None
    at_most: Strength | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """One evaluation: the policy in force and the facts."""

    policy: Policy
    facts: DraftFacts

    @property
    def text(self) -> str:
        """The text checked."""
        return self.facts.text

    def words(self, setting_id: str) -> tuple[str, ...]:
        """A setting that is a list of texts; empty where nobody set it."""
        value = self.policy.setting(setting_id, ())
        return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()


Check = Callable[[Context, Parameters], Iterator[Hit]]


def wants(parameters: Parameters, key: str, value: str) -> bool:
    """Whether a clause's parameters ask for `value`; a clause that does not say asks for everything."""
    asked = parameters.get(key)
    return asked is None or value in asked
