"""What an area hands to the ledger: a small frozen dataclass, past tense, versioned.

    @dataclass(frozen=True, slots=True)
    class DraftApproved(Event):
        kind: ClassVar[str] = "publishing.draft-approved.v1"
        draft: str
        version_digest: str

Fields hold ids, digests, codes, dates and short reasons typed by the actor; never the content of a post or comment, a
secret, or a token (design §6). Values are str, int, bool, None, or lists and dicts of these.
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. `kind` is ``area.what-happened.vN``."""

    kind: ClassVar[str]

    def body(self) -> dict[str, Any]:
        """The event's fields by name, as the ledger stores them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
