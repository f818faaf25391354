"""Who acts: a person, or the system itself in a job."""

from typing import Protocol


class Person(Protocol):
    """Who acts, as far as the ledger needs it."""

    public_id: str


def actor_id(actor: Person | str) -> str:
    """The public id of who acts; "system" and "public" are given as they are."""
    return actor if isinstance(actor, str) else actor.public_id
