"""What belongs to a channel (WAU-own-01c), and whether an entry about a part says enough. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason


class Part(StrEnum):
    """One part of a channel."""

    LOG_IN = "log-in"
    CONTENT = "content"
    PROFILE = "profile"
    MARKS = "marks"
    FOLLOWERS = "followers"
    CONTACTS = "contacts"


PART_TITLES = {
    Part.LOG_IN: "Log-in data and passwords",
    Part.CONTENT: "Content and data",
    Part.PROFILE: "Profile content",
    Part.MARKS: "Names, marks and pictures of the body",
    Part.FOLLOWERS: "Followers and subscribers",
    Part.CONTACTS: "Contacts",
}
# Custody, the archive and the looks at the page keep these; for the others a person makes an entry.
KEPT_ELSEWHERE = (Part.LOG_IN, Part.CONTENT, Part.PROFILE)
BY_HAND = tuple(part for part in Part if part not in KEPT_ELSEWHERE)
# Of these a list exists on the platform and nowhere else, so the entry is an export of it.
EXPORTED = (Part.FOLLOWERS, Part.CONTACTS)
MAX_EXPORT_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry about a part, about to be made."""

    may_record: Decision
    part: Part
    note: str
    has_export: bool
    taken_on: date
    today: date
    clause: str


def decide_entry(facts: EntryFacts) -> Decision:
    """Decide whether the entry says enough: an export where there is a list, else a note; not dated ahead."""
    against = list(facts.may_record.against)
    clause = facts.clause or None
    if facts.part in KEPT_ELSEWHERE:
        against.append(Reason("kept-elsewhere", f"{PART_TITLES[facts.part]}: Rostrum keeps this itself.", clause))
    elif facts.part in EXPORTED and not facts.has_export and not facts.note.strip():
        against.append(
            Reason("no-export", "Hand in the export, or say why the platform gives none.", clause),
        )
    elif not facts.has_export and not facts.note.strip():
        against.append(Reason("empty-entry", "Say what there is, or hand in a file.", clause))
    if facts.taken_on > facts.today:
        against.append(Reason("dated-ahead", "The entry cannot be dated later than today."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One part of a channel and the last entry about it."""

    part: Part
    at: datetime | None
    words: str
    renew_days: int = 0

    @property
    def title(self) -> str:
        """The part in words."""
        return PART_TITLES[self.part]

    def is_due(self, now: datetime) -> bool:
        """Whether there is no entry, or none that is recent enough."""
        return self.at is None or bool(self.renew_days and now > self.at + timedelta(days=self.renew_days))
