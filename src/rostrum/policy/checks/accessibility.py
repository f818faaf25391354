"""What makes a post unreadable for some: media without text, run-together hashtags, look-alike letters. Pure.

A hashtag is several words when it can be split into words of the shipped list (`hashtag-words`), the body's own names
(setting ``body.names``) and an ending that hashtags of public bodies often have (`hashtag-endings`). A tag that is in
the list itself is one word (downtown, firefighter); so is a tag that cannot be split. No dictionary is complete:
the finding is a warning, and it says what it would write.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rostrum.kernel.findings import Strength
from rostrum.policy.checks.base import Context, Hit, Parameters
from rostrum.policy.checks.graphemes import graphemes, is_pictograph
from rostrum.policy.packs import load_word_list

_TAG = re.compile(r"(?<![\w&/#.=-])[#＃](?P<tag>(?=\w*[A-Za-z])[A-Za-z0-9_]+)")
_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
# What a tag is made of before its words are looked for: ordinals (4th), numbers, letters.
_PIECE = re.compile(r"\d+(?:th|rd|nd)(?![a-z]{0,2}\b)|\d+|[a-z]+")
_LEAST_ENDING_REST = 4
# Nobody can read a longer tag; splitting it would only cost time.
_LONGEST_TAG = 60
_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\U0001f130-\U0001f149]{2,}")


def find_missing_alt_text(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find images without alternative text, or with one that only names the file."""
    for number, medium in enumerate(context.facts.media, 1):
        if medium.kind != "image":
            continue
        called = medium.name or f"Image {number}"
        alt = medium.alt.strip()
        if not alt:
            advice = "Write what the image shows that a reader must know, words in it included."
            yield Hit(f"{called} has no alternative text.", advice)
        elif alt == medium.name or re.fullmatch(
            r"(?i)(?:img|dsc|image|photo|picture|untitled)?[\s_-]*[\d_-]*(?:\.\w{3,4})?", alt
        ):
            yield Hit(
                f"The alternative text of {called} says nothing.", "Say what the image shows.", at_most=Strength.WARN
            )


def find_missing_captions(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find videos without captions."""
    for number, medium in enumerate(context.facts.media, 1):
        if medium.kind == "video" and not medium.has_captions:
            yield Hit(
                f"{medium.name or f'Video {number}'} has no captions.",
                "Add a caption file, or captions in the picture.",
            )


def find_unreadable_hashtags(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find hashtags of several words whose words cannot be told apart."""
    links = [match.span() for match in _LINK.finditer(context.text)]
    names = frozenset(part for name in context.words("body.names") for part in name.lower().split())
    for match in _TAG.finditer(context.text):
        if any(start <= match.start() < end for start, end in links):
            continue
        words = words_of_hashtag(match["tag"], names)
        if len(words) > 1:
            better = "#" + "".join(word[:1].upper() + word[1:] for word in words)
            message = f"{match[0]} runs {len(words)} words together; screen readers cannot tell them apart."
            yield Hit(message, f"Write {better}.", match.start(), match.end())


def words_of_hashtag(tag: str, names: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Split a hashtag (without ``#``) into words its writing does not show; one word means it is fine as it is."""
    bare = tag.strip("_")
    if len(bare) > _LONGEST_TAG or any(char.isupper() for char in bare[1:]):
        return (bare,)
    pieces: list[str] = []
    for piece in _PIECE.findall(bare.lower()):
        pieces.extend(_split(piece, names) if piece.isalpha() else (piece,))
    words = [piece for piece in pieces if piece.isalpha() and (len(piece) > 1 or len(pieces) > 2)]
    if len(words) < 2 or max(map(len, words)) < 4:
        # #budget2027 and #covid19 are one word with a number; #a1b2c3 is a code.
        return (bare,)
    return tuple(pieces)


@lru_cache(maxsize=8)
def _listed(name: str) -> frozenset[str]:
    return frozenset(word for line in load_word_list(name) for word in line.split())


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_listed("hashtag-endings"), key=len, reverse=True))


def _is_word(word: str, names: frozenset[str]) -> bool:
    if len(word) <= 2:
        return word in _listed("hashtag-short-words")
    known = _listed("hashtag-words") | names
    if word in known or word in _listed("hashtag-single-words"):
        return True
    # Plurals and simple verb forms of listed words.
    for ending, instead in (("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and word.removesuffix(ending) + instead in known:
            return True
    return len(word) > 6 and word.endswith("ing") and word[-4] == word[-5] and word[:-4] in known


def _split(word: str, names: frozenset[str]) -> tuple[str, ...]:
    if len(word) < 5 or _is_word(word, names):
        return (word,)
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 18), end):
            before = best[start]
            if before is None or not _is_word(word[start:end], names):
                continue
            candidate = (*before, word[start:end])
            held = best[end]
            if held is None or _cost(candidate) < _cost(held):
                best[end] = candidate
    split = best[-1]
    if split is not None and _is_plausible(split):
        return split
    return _split_at_ending(word, names)


def _cost(words: tuple[str, ...]) -> tuple[int, int]:
    # Fewest words first; among those, the one whose shortest word is longest.
    return (len(words), -min(len(word) for word in words))


def _is_plausible(words: tuple[str, ...]) -> bool:
    long_words = [word for word in words if len(word) >= 3]
    short = len(words) - len(long_words)
    return len(words) > 1 and max(map(len, words)) >= 4 and short <= len(long_words)


def _split_at_ending(word: str, names: frozenset[str]) -> tuple[str, ...]:
    """An unknown beginning (a place, a mascot) with a known ending: #rothschildparks."""
    for ending in _endings():
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _LEAST_ENDING_REST and rest not in _listed("hashtag-affixes"):
            return (*_split(rest, names), ending)
    return (word,)


def find_styled_characters(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find styled look-alike letters and long rows of emoji, which screen readers spell out one by one."""
    for match in _STYLED.finditer(context.text):
        message = "These are look-alike symbols, not letters; screen readers skip or spell them."
        yield Hit(message, "Write plain letters.", match.start(), match.end())
    most = context.policy.setting("accessibility.emoji_in_a_row", 4)
    start = end = at = run = 0
    for cluster in [*graphemes(context.text), ""]:
        if cluster and is_pictograph(cluster[0]):
            start = at if run == 0 else start
            end = at + len(cluster)
            run += 1
        elif not (cluster.isspace() and run):
            if run > int(most):
                yield Hit(f"{run} emoji in a row are read aloud one by one.", "Keep one or two.", start, end)
            run = 0
        at += len(cluster)
