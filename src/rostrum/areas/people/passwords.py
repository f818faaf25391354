"""What makes a password unfit: guessed quickly, known from breaches, or made of the person's or the body's own words.

No rules about kinds of characters and no forced change: both make worse passwords (NIST SP 800-63B, 5.1.1.2).
Everything is checked here, offline: the estimate and its word lists are the package zxcvbn's; the list of breached
passwords is one that the body keeps itself, where it does (docs/how-to/sign-in.md says how).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

# Guesses that somebody with the stolen hashes must make. Ten thousand million scrypt hashes are out of reach.
LEAST_GUESSES = 10**10
# The estimate takes longer than linear time; what comes after 72 characters cannot make a password easier to guess.
_LOOKED_AT = 72
_SHORTEST_WORD = 4
_WORDS = re.compile(r"[^\W_]+")


class HardToGuess:
    """Refuses what a guesser tries early: dictionary words, names, keyboard runs, dates, and the words given.

    `words_from` names functions that return words of the body (its name, its channels' names), asked each time.
    """

    def __init__(self, words_from: Sequence[str] = ()) -> None:
        self._sources = tuple(words_from)

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password would be guessed too soon."""
        personal = words_of(getattr(user, name, "") for name in ("name", "email", "title"))
        ours: list[str] = []
        for source in self._sources:
            find: Callable[[], Iterable[str]] = import_string(source)
            ours += words_of(find())
        if guesses(password, [*personal, *ours]) >= LEAST_GUESSES:
            return
        if guesses(password, personal) < LEAST_GUESSES <= guesses(password, []):
            raise ValidationError("It is made of your own name, title or e-mail address. Use other words.", "personal")
        if guesses(password, []) >= LEAST_GUESSES:
            raise ValidationError(
                "It is made of the names of this body or its channels, which a guesser tries first. Use other words.",
                "of-the-body",
            )
        raise ValidationError(
            "It would be guessed soon: it is made of common words, names, dates or keyboard patterns. Take four or "
            "more words that have nothing to do with each other, or let your password manager make one.",
            "guessable",
        )

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return "Not made of common words, of your name, or of the names of the body and its channels."


class NotBreached:
    """Refuses what stands in the body's own copy of a list of breached passwords; without one, refuses nothing."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is in the list."""
        del user
        path: Path | None = settings.BREACHED_PASSWORDS
        if path is not None and stands_in(path, password):
            raise ValidationError("It is known from a theft of passwords somewhere. Use another one.", "breached")

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return "Not known from a theft of passwords."


def words_of(texts: Iterable[object]) -> list[str]:
    """The words in these texts that are long enough to build a password of, and each text run together."""
    found: dict[str, None] = {}
    for text in texts:
        parts = [part.lower() for part in _WORDS.findall(str(text or ""))]
        for word in [*parts, "".join(parts)]:
            if len(word) >= _SHORTEST_WORD:
                found[word] = None
    return list(found)


def guesses(password: str, words: Iterable[str]) -> float:
    """How many guesses the password takes, from somebody who also tries these words first."""
    from zxcvbn import matching, scoring

    looked_at = password[:_LOOKED_AT]
    # A dictionary of its own: the package's is shared by all threads.
    dictionaries = {**_dictionaries(), "user_inputs": matching.build_ranked_dict([word.lower() for word in words])}
    found = scoring.most_guessable_match_sequence(looked_at, matching.omnimatch(looked_at, dictionaries))
    return float(found["guesses"])


@cache
def _dictionaries() -> dict[str, dict[str, int]]:
    from zxcvbn import matching

    return {name: words for name, words in matching.RANKED_DICTIONARIES.items() if name != "user_inputs"}


def stands_in(path: Path, password: str) -> bool:
    """Whether the password's SHA-1 stands in a file of sorted lines ``SHA1[:count]``, found by halving.

    That is the form in which "Pwned Passwords" is given out. Raises OSError when the file cannot be read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            # Begin at the line that the middle falls into.
            file.seek(max(0, middle - 1))
            if middle:
                file.readline()
            start = file.tell()
            line = file.readline()
            found = line[:40].upper()
            if not line or found > wanted:
                high = middle
            elif found == wanted:
                return True
            else:
                low = max(start + len(line), middle + 1)
    return False
