"""What an entry commits to, and how the log goes on when it and the database no longer agree. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from rostrum.evidence.commitments import Part


def entry_parts(*, public_id: str, kind: str, at: datetime, actor: str, pack: str, body: bytes) -> list[Part]:
    """The parts of an entry's commitment, in order; each can be shown or withheld by itself.

    `at` must be aware; `body` is the event's canonical JSON.
    """
    return [
        Part("id", public_id.encode()),
        Part("kind", kind.encode()),
        Part("at", instant_text(at).encode()),
        Part("actor", actor.encode()),
        Part("pack", pack.encode()),
        Part("body", body),
    ]


def instant_text(at: datetime) -> str:
    """An instant as entries write it: UTC, microseconds, ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Course(StrEnum):
    """How sequencing goes on."""

    CONTINUE = "continue"
    CONTINUE_WITH_LOSSES = "continue-with-losses"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What is left of a log.

    `signed` is the size under the high-water mark, None when it is gone or unreadable; `indexed` is how many indices
    the database knows (with those it knows to be lost); `agrees` is whether its leaves are those of the tiles.
    """

    has_key: bool
    signed: int | None
    indexed: int
    agrees: bool


def decide_course(facts: LogFacts) -> Course:
    """Decide how to go on without ever signing a second history (design §11.6).

    A database behind the mark was restored from an older backup: the log goes on after the mark, and what the database
    forgot is reported. Without mark or key, or against a database that tells otherwise, nothing more can be signed
    under this origin: a new one begins.
    """
    if not facts.has_key or facts.signed is None or not facts.agrees:
        return Course.RESTART
    return Course.CONTINUE_WITH_LOSSES if facts.indexed < facts.signed else Course.CONTINUE
