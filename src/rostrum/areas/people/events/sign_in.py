"""What the ledger records of signing in: factors, sessions, directories. Never a secret, a code, or an address."""

from dataclasses import dataclass
from typing import ClassVar

from rostrum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PasswordSet(Event):
    """A person set a password; all of the person's other sessions ended."""

    kind: ClassVar[str] = "people.password-set.v1"
    person: str


@dataclass(frozen=True, slots=True)
class FactorAdded(Event):
    """A person can prove who they are by one more thing; `recovery_codes` is how many were made with it."""

    kind: ClassVar[str] = "people.factor-added.v1"
    person: str
    factor: str
    factor_kind: str
    recovery_codes: int


@dataclass(frozen=True, slots=True)
class FactorRemoved(Event):
    """A person took one of their own factors away."""

    kind: ClassVar[str] = "people.factor-removed.v1"
    person: str
    factor: str
    factor_kind: str


@dataclass(frozen=True, slots=True)
class FactorSuspect(Event):
    """A passkey counted backwards, as a copy would; the sign-in was refused and the passkey is taken no more."""

    kind: ClassVar[str] = "people.factor-suspect.v1"
    person: str
    factor: str


@dataclass(frozen=True, slots=True)
class RecoveryCodesMade(Event):
    """A person made new recovery codes; the former ones are void."""

    kind: ClassVar[str] = "people.recovery-codes-made.v1"
    person: str
    count: int


@dataclass(frozen=True, slots=True)
class RecoveryCodeUsed(Event):
    """A recovery code stood in for a lost factor; `left` are still good."""

    kind: ClassVar[str] = "people.recovery-code-used.v1"
    person: str
    left: int


@dataclass(frozen=True, slots=True)
class SecondFactorGuessed(Event):
    """Somebody who got past the first step typed wrong codes up to the limit; trying is closed for a while."""

    kind: ClassVar[str] = "people.second-factor-guessed.v1"
    person: str


@dataclass(frozen=True, slots=True)
class FactorResetAsked(Event):
    """Somebody asked that a person's lost factors be reset; a second person decides."""

    kind: ClassVar[str] = "people.factor-reset-asked.v1"
    reset: str
    person: str


@dataclass(frozen=True, slots=True)
class FactorResetDropped(Event):
    """A reset that was asked for is not made."""

    kind: ClassVar[str] = "people.factor-reset-dropped.v1"
    reset: str
    person: str


@dataclass(frozen=True, slots=True)
class FactorsReset(Event):
    """A second person confirmed: the person's factors are gone and their sessions ended; they enrol anew."""

    kind: ClassVar[str] = "people.factors-reset.v1"
    reset: str
    person: str
    asked_by: str
    factors: list[str]
    sessions: list[str]


@dataclass(frozen=True, slots=True)
class SessionsEnded(Event):
    """Sessions of a person were ended before their time."""

    kind: ClassVar[str] = "people.sessions-ended.v1"
    person: str
    sessions: list[str]


@dataclass(frozen=True, slots=True)
class DirectoryLinked(Event):
    """A directory's name for somebody belongs to this person from now on."""

    kind: ClassVar[str] = "people.directory-linked.v1"
    person: str
    directory: str


@dataclass(frozen=True, slots=True)
class RolesFollowedDirectory(Event):
    """Roles were given and ended because the person's groups in the directory say so."""

    kind: ClassVar[str] = "people.roles-followed-directory.v1"
    person: str
    directory: str
    given: list[dict[str, str]]
    ended: list[dict[str, str]]
