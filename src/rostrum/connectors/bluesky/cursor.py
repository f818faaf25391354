"""How far a capture has come: what the caller keeps between runs, as one short text."""

import json
from dataclasses import asdict, dataclass, field

from rostrum.kernel.decisions import InvalidInput

# Replies of others are remembered so that their edits and deletions are recognised in the stream. Older ones are
# still found by re-reading.
_REMEMBERED = 500


@dataclass(slots=True)
class Cursor:
    """The state of a capture.

    `seq`: last event of the stream (None before the first look). `rev`: last revision of the own repository.
    `read_to`: path up to which the own repository was read, while it is being read whole. `is_incomplete`: something
    was missed, the own repository is to be read whole. `covered_to`: time of the last event. `notified`: newest
    notification seen. `hidden`: threadgate key → replies it hides. `others`: replies and mentions of others, oldest
    first, with the tail of the CID last seen. `counted`: the AppView's reply counts of the channel's latest posts.
    """

    seq: int | None = None
    rev: str = ""
    read_to: str = ""
    is_incomplete: bool = False
    covered_to: str = ""
    notified: str = ""
    hidden: dict[str, list[str]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """Read what `write` wrote; None starts afresh. Raises `InvalidInput`."""
        if text is None:
            return cls()
        try:
            told = json.loads(text)
            if told.pop("v") != 1:
                raise ValueError("another version")
            return cls(**told)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput("cursor", f"This is not a cursor of a Bluesky capture: {error}") from error

    def write(self) -> str:
        """Return the cursor as text."""
        return json.dumps({"v": 1, **asdict(self)}, separators=(",", ":"))

    def remember(self, uri: str, cid: str) -> None:
        """Remember another's post; the oldest one makes room."""
        self.others.pop(uri, None)
        self.others[uri] = cid[-12:]
        while len(self.others) > _REMEMBERED:
            del self.others[next(iter(self.others))]

    def knows(self, uri: str, cid: str) -> bool:
        """Whether exactly this version of another's post was seen."""
        return self.others.get(uri) == cid[-12:]
