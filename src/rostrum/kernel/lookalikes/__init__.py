"""Words that look alike: one skeleton for all that an eye may take for the same word. Pure.

Letters of other alphabets by Unicode's own table (UTS #39, `confusables.txt` beside this file; its licence too), and
what people are fooled by within one alphabet: 0 and o, 1 and l and i, rn and m, vv and w, hyphens, dots, underscores.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

# Not in Unicode's table, because the letters differ plainly in print; in a handle they are still mixed up.
_OWN = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "3": "e", "5": "s", "$": "s"})
_SEPARATORS = re.compile(r"[-_.·•~\s]+")
_MOST_ROUNDS = 6
_INVISIBLE = frozenset({"Cf", "Cc", "Mn", "Me"})


@cache
def _prototypes() -> dict[int, str]:
    table: dict[int, str] = {}
    for line in files(__name__).joinpath("confusables.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            letter, *prototype = (int(code, 16) for code in line.split())
            table[letter] = "".join(map(chr, prototype))
    return table


@lru_cache(maxsize=16_384)
def skeleton(word: str) -> str:
    """The word as the eye takes it: two words with the same skeleton can be mistaken for each other.

    For comparing only, never for showing. Empty for a word of nothing but separators and invisible characters.
    """
    drawn = word.casefold()
    # A prototype may be a capital, whose small letter has a prototype of its own: a few rounds settle every letter.
    for _ in range(_MOST_ROUNDS):
        before, drawn = drawn, _visible(_visible(drawn).translate(_prototypes())).casefold()
        if drawn == before:
            break
    return _SEPARATORS.sub("", drawn).translate(_OWN).replace("vv", "w")


def _visible(text: str) -> str:
    """The text without accents and without letters that are drawn as nothing."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one) not in _INVISIBLE)


def one_step_apart(one: str, other: str) -> bool:
    """Whether one letter more, one fewer, one other, or two swapped make one word the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right or left == right[1:]
