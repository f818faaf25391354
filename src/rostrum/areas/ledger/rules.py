"""What an entry commits to, and what may be done when log and database no longer agree. Pure."""

from datetime import UTC, datetime

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
