"""What a person is reminded of, and confirms, as a post is handed in or published. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason


class Moment(StrEnum):
    """At which act a reminder is confirmed; the values are those of the packs' parameter `at`."""

    SUBMISSION = "submission"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One notice that a clause has confirmed: the clause's id, the notice's code, its words as shown."""

    clause: str
    notice: str
    words: str


def decide_confirmation(asked: Iterable[Reminder], confirmed: Collection[str]) -> Decision:
    """Decide whether every reminder was confirmed; `confirmed` are the clauses ticked."""
    return Decision(
        tuple(
            Reason("not-confirmed", f"Confirm that you have this in mind: {one.words}", one.clause)
            for one in asked
            if one.clause not in confirmed
        )
    )
