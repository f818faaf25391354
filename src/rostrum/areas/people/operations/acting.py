"""Who acts, and whether they may: a person, the installer before there is one, or a directory the body trusts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from rostrum.areas.people import queries
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision, Reason

SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class ByDirectory:
    """A directory of the body acts: it says who signs in and which groups they are in, nothing else."""

    directory: str


Actor = User | Literal["system"]


def name_of(actor: Actor | ByDirectory) -> str:
    """How the ledger names who acted."""
    if isinstance(actor, ByDirectory):
        return f"directory:{actor.directory}"
    return actor.public_id if isinstance(actor, User) else actor


def may(actor: Actor | ByDirectory, permission: Permission, now: datetime, unit: Unit | None = None) -> Decision:
    """Whether the actor has the permission; the installer has every one, a directory only that over people."""
    if isinstance(actor, User):
        return queries.may(actor, permission, unit=unit, now=now)
    if isinstance(actor, ByDirectory) and permission is not Permission.MANAGE_PEOPLE:
        return Decision((Reason("no-role", "A directory brings people and their groups, nothing else."),))
    return Decision()
