"""What a directory may bring with it: who arrives, and which roles follow from their groups. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from rostrum.areas.people.rules.permissions import Role
from rostrum.connectors.identity import OpenIdSettings, SamlSettings
from rostrum.kernel.decisions import Decision, Reason

# Everybody who may do or read more than an employee.
REQUIRED_FOR: Final = frozenset(Role) - {Role.EMPLOYEE}


@dataclass(frozen=True, slots=True)
class GroupRole:
    """A group of the directory, and the role its members hold: over one unit (its slug) or ("") the whole body."""

    group: str
    role: Role
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that people may sign in with."""

    id: str
    name: str
    protocol: OpenIdSettings | SamlSettings
    roles: tuple[GroupRole, ...] = ()
    unknown_persons: Literal["refused", "created"] = "refused"
    # told: the directory's word counts, sign-in by sign-in; trusted: always; ours: the second factor is asked here.
    second_factor: Literal["told", "trusted", "ours"] = "told"
    # Roles it gave end when nobody heard of the person from it for so long: it cannot say that a group is gone.
    roles_last_days: int = 30

    def proves_second_factor(self, *, told: bool) -> bool:
        """Whether signing in there counts as two factors; `told` is what the directory said of this time."""
        return self.second_factor == "trusted" or (self.second_factor == "told" and told)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """Sign-in as the body chose it (settings/sign_in.py reads it)."""

    required_for: frozenset[Role] = REQUIRED_FOR
    directories: tuple[Directory, ...] = ()

    def directory(self, directory_id: str) -> Directory | None:
        """The directory with this id, or None."""
        return next((one for one in self.directories if one.id == directory_id), None)


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    """Somebody arrives from a directory: what is known of them here.

    `linked` is whether the directory's name for them is known; `present` and `is_other` are of the person so linked,
    or else of the person with their e-mail address (None: there is nobody).
    """

    linked: bool
    present: bool | None
    is_other: bool = False
    has_email: bool = True
    email_is_verified: bool = True
    unknown_persons: Literal["refused", "created"] = "refused"


# Two words for whoever is not let in, whatever the cause: who works here is nobody's business.
_UNKNOWN = Reason(
    "not-known-here", "This sign-in belongs to nobody here. Ask your social media coordinator or human resources."
)


def decide_arrival(facts: ArrivalFacts) -> Decision:
    """Decide whether somebody from a directory may come in; where nothing stands against, they may be new."""
    if facts.linked:
        return Decision() if facts.present else Decision((_UNKNOWN,))
    # An address the directory has not verified may be anybody's: it neither finds a person nor makes one.
    if not facts.has_email or not facts.email_is_verified:
        return Decision((_UNKNOWN,))
    if facts.present is None:
        return Decision() if facts.unknown_persons == "created" else Decision((_UNKNOWN,))
    # The person is known there by another name already: a second one would be a second key to the same door.
    return Decision((_UNKNOWN,)) if not facts.present or facts.is_other else Decision()


def roles_from_groups(groups: Iterable[str], mapping: Iterable[GroupRole]) -> frozenset[tuple[Role, str]]:
    """The roles (with the unit's slug or "") that membership in these groups gives: only what the mapping names."""
    member_of = set(groups)
    return frozenset((one.role, one.unit) for one in mapping if one.group in member_of)
