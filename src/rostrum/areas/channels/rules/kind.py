"""What makes a channel official: who established, maintains and controls it, and for what purpose. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class OfficialKind(StrEnum):
    """The kinds that the policies define. The values are the words the packs use."""

    SITE = "city-site"
    SPONSORED = "sponsored"


OFFICIAL_KIND_TITLES: Mapping[OfficialKind, str] = {
    OfficialKind.SITE: "the body's own site",
    OfficialKind.SPONSORED: "supported or sponsored by the body",
}


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What the kind of a channel depends on.

    `is_established`: the body approved and opened it. `is_maintained`: one department maintains it and says what for.
    `is_controlled`: the body holds its log-in. `has_designated_employee`: somebody of the body may speak on it.
    """

    is_established: bool
    is_maintained: bool
    is_controlled: bool
    has_designated_employee: bool
    has_official_purpose: bool


@dataclass(frozen=True, slots=True)
class KindStanding:
    """Whether a channel is of the kind that a clause defines, and in words what is missing where it is not."""

    kind: OfficialKind
    clause: str
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the channel is of this kind."""
        return not self.missing

    @property
    def title(self) -> str:
        """The kind in words."""
        return OFFICIAL_KIND_TITLES[self.kind]


def kinds_of(facts: KindFacts, definitions: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[KindStanding, ...]:
    """How the channel stands to each definition: clause and parameters in, one standing per clause out, in order.

    A body's own site is one it established, maintains and controls (WAU-def-02a); a sponsored one has a designated
    employee and a purpose of the body (MKE-V-03, WAU-def-06).
    """
    needed: Mapping[OfficialKind, tuple[tuple[bool, str], ...]] = {
        OfficialKind.SITE: (
            (facts.is_established, "the body has not established it"),
            (facts.is_maintained, "no department maintains it"),
            (facts.is_controlled, "its log-in is not in the body's custody"),
        ),
        OfficialKind.SPONSORED: (
            (facts.has_designated_employee, "no employee is designated to speak on it"),
            (facts.has_official_purpose, "its purpose is not one of the body's"),
        ),
    }
    return tuple(
        KindStanding(kind, clause, tuple(words for is_so, words in needed[kind] if not is_so))
        for clause, parameters in definitions
        for kind in [OfficialKind(str(parameters.get("kind", OfficialKind.SITE)))]
    )
