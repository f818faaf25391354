"""In whose name a channel is registered on its platform, and with whose contact. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from rostrum.kernel.decisions import Reason

# Words of a body's name that many bodies share; the others are what people know it by.
_SHARED = frozenset(
    (
        "and",
        "board",
        "city",
        "commission",
        "county",
        "department",
        "division",
        "of",
        "office",
        "state",
        "the",
        "town",
        "village",
    )
)


def own_words(body: str, also: tuple[str, ...] = ()) -> frozenset[str]:
    """The words by which people know the body: those of its name that are not shared by all, and `also`."""
    words = set(_words(body)) - _SHARED
    return frozenset((words or set(_words(body))) | {word for one in also for word in _words(one)})


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, slots=True)
class Registered:
    """How a channel is registered: its name and contact there, and what counts as the body's own.

    `contact_words` are the body's domains, telephone numbers and street addresses; with none, no contact can be told
    from another, so only the name is looked at. `clause` is "" where no pack asks for it.
    """

    name: str
    contact: str
    why_other: str
    body_words: frozenset[str]
    contact_words: tuple[str, ...]
    clause: str

    @property
    def has_own_name(self) -> bool:
        """Whether the name is wholly or partly the body's."""
        # "WausauParks" is one word to a machine and two to people.
        folded = "".join(_words(self.name))
        return any(word in folded for word in self.body_words)

    @property
    def has_own_contact(self) -> bool:
        """Whether the contact is the body's, or cannot be told."""
        folded = "".join(_words(self.contact))
        return not self.contact_words or any("".join(_words(word)) in folded for word in self.contact_words)


def against_registration(registered: Registered) -> tuple[Reason, ...]:
    """The reason against a registration in another name or with another contact that does not say why."""
    if not registered.clause or registered.why_other.strip():
        return ()
    missing = [
        words
        for words, holds in (
            ("name", registered.has_own_name),
            ("contact", registered.has_own_contact),
        )
        if not holds
    ]
    if not missing:
        return ()
    what = " and ".join(missing)
    return (
        Reason(
            "not-in-our-name",
            f"The {what} it is registered with {'is' if len(missing) == 1 else 'are'} not the body's: "
            "register it in the body's, or say why that was not possible.",
            registered.clause,
        ),
    )
