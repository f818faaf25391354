"""Decisions: may it happen, and every reason why not.

A rule returns a `Decision`; an operation calls `or_refuse`; a page shows the same reasons beside the disabled button.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against an act: a stable code, the sentence shown, and the clause it rests on."""

    code: str
    message: str
    clause: str | None = None


class Refused(Exception):
    """A rule says no. Carries every reason, in the order they were found."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("; ".join(reason.message for reason in reasons))
        self.reasons = reasons

    @classmethod
    def because(cls, code: str, message: str, clause: str | None = None) -> "Refused":
        """Build a refusal with one reason."""
        return cls((Reason(code, message, clause),))


class InvalidInput(Exception):
    """What was given cannot be read or used; names the place and says what to correct."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a rule: allowed when nothing stands against it."""

    against: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against the act."""
        return not self.against

    def or_refuse(self) -> None:
        """Raise `Refused` with every reason, or return."""
        if self.against:
            raise Refused(self.against)

    def also(self, other: "Decision") -> "Decision":
        """Both decisions as one: allowed only if both are."""
        return Decision(self.against + other.against)
