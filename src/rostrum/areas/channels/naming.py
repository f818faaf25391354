"""Which platform people mean by what they wrote: "FB", "Face Book", "X (formerly Twitter)". Pure."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.kernel.lookalikes import one_step_apart

# Said beside a platform's name without changing which one is meant.
_SAID_BESIDE = """
    page pages account accounts channel channels profile group handle link links url site official our the of on city
    county town village state dept department social media com www http https formerly known previously as aka now was
    name username user feed timeline main public fan seite konto compte cuenta pagina web app inc
"""
_FILLERS = frozenset(_SAID_BESIDE.split())
# Shorter words are a step apart from too many others.
_LONG_ENOUGH = 6


@lru_cache(maxsize=4096)
def platforms_called(text: str) -> tuple[str, ...]:
    """The platforms that a text names, in order; empty where it names none."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = re.findall(r"[^\W_]+", "".join(one for one in plain if not unicodedata.combining(one)))
    whole = "".join(words)
    if found := _SPELLINGS.get(whole):
        return (found,)
    left = [word for word in words if word not in _FILLERS]
    if found := _SPELLINGS.get("".join(left)):
        return (found,)
    named = [_SPELLINGS.get(word, "") for word in left]
    # "you tube", "linked in": two words that are one.
    named += [_SPELLINGS.get(one + two, "") for one, two in pairwise(left)]
    exact = tuple(dict.fromkeys(name for name in named if name))
    return exact or tuple(dict.fromkeys(near for word in left if (near := _near(word))))


def platform_called(text: str) -> str | None:
    """The one platform that a text names; None where it names none, or several."""
    if text.strip().lower() in PLATFORMS:
        return text.strip().lower()
    found = platforms_called(text)
    return found[0] if len(found) == 1 else None


def _near(word: str) -> str:
    if len(word) < _LONG_ENOUGH:
        return ""
    found = {
        slug
        for spelling, slug in _SPELLINGS.items()
        if len(spelling) >= _LONG_ENOUGH and one_step_apart(word, spelling)
    }
    return found.pop() if len(found) == 1 else ""


def _spellings() -> dict[str, str]:
    table: dict[str, str] = {}
    for facts in PLATFORMS.values():
        names = (facts.slug, facts.name, *facts.spellings)
        table |= {"".join(re.findall(r"[^\W_]+", name.casefold())): facts.slug for name in names}
    return table


_SPELLINGS = _spellings()
