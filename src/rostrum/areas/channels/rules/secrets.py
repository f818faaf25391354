"""How hard a password is to guess. Judged once, when it is deposited; the value goes nowhere from here."""

import re
from collections.abc import Iterable
from typing import Final

MIN_PASSWORD_CHARACTERS: Final = 12
# A stolen list of passwords is tried at ten thousand million guesses in seconds.
LEAST_GUESSES: Final = 1e10
# What must be left when the names that everybody knows are taken away.
_LEAST_OF_ITS_OWN: Final = 8
_LEAST_NAME: Final = 4
_LOOK_ALIKES: Final = str.maketrans("013457@$!|", "oieastasil")


def weakness(value: str, *, guesses: float, is_breached: bool, names: Iterable[str]) -> str:
    """Why this password is too easy to guess, as the end of a sentence; "" when it is not.

    `guesses` is an estimate of how many tries it withstands; `names` are what everybody knows of the channel: its name,
    handle, platform, department and body.
    """
    if len(value) < MIN_PASSWORD_CHARACTERS:
        return f"needs at least {MIN_PASSWORD_CHARACTERS} characters"
    if _is_derived(value, names):
        return "is made from the channel's own name"
    if is_breached:
        return "is in the list of passwords that were stolen somewhere"
    if guesses < LEAST_GUESSES:
        return "is too easy to guess: take four or more words that do not belong together, or let a machine make it"
    return ""


def _is_derived(value: str, names: Iterable[str]) -> bool:
    """Whether little is left of it without the names, look-alikes undone."""
    words = {
        word
        for name in names
        for word in (*re.split(r"[\W_]+", name.casefold()), re.sub(r"[\W_]+", "", name.casefold()))
        if len(word) >= _LEAST_NAME
    }
    for form in (value.casefold(), value.casefold().translate(_LOOK_ALIKES)):
        left = form
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if left != form and len(re.sub(r"[\W\d_]+", "", left)) < _LEAST_OF_ITS_OWN:
            return True
    return False
