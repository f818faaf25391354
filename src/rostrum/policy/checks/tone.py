"""How a text speaks: profanity, insults, shouting, opinions as the body's, private messages, empty replies. Pure.

Word lists only warn or bar the body's own drafts; nothing of the public is ever hidden or removed by them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rostrum.policy.checks.base import Context, Hit, Parameters
from rostrum.policy.packs import load_word_list

# How letters are masked within a word; the first one stays, else "4** hotel" would be rude.
_MASK = {"a": "a@4", "e": "e3", "i": "i1!", "o": "o0", "s": "s5$", "t": "t7"}
_ENDINGS = r"(?:e?s|ed|ing|in'|er|ers|y)?"

_INSULTS = re.compile(
    r"\b(?:idiots?|idiotic|morons?|moronic|imbeciles?|stupid(?:ity)?|dumb|liars?|losers?|pathetic|clowns?|"
    r"crybab(?:y|ies)|"
    r"snowflakes?|trolls?|fools?|foolish|ignorant|lazy|disgusting|disgrace(?:ful)?|garbage\s+human|shut\s+up|"
    r"get\s+a\s+life|get\s+lost|"
    r"grow\s+up|nobody\s+cares|no\s+one\s+asked|what\s+is\s+wrong\s+with\s+you|you\s+people|"
    r"you\s+should\s+be\s+ashamed|"
    r"do\s+your\s+(?:own\s+)?homework|learn\s+to\s+read|stop\s+(?:whining|complaining)|quit\s+(?:whining|"
    r"complaining)|"
    r"are\s+you\s+(?:blind|deaf|stupid))\b",
    re.IGNORECASE,
)
# The plain senses: weather, road and party words that happen to be on the list.
_PLAIN_SENSE = re.compile(r"^(?:snowflakes?|clowns?|trolls?|dumb|lazy|foolish|fools?)$", re.IGNORECASE)
_AIMED = re.compile(
    r"\b(?:you|your|you're|he|she|they|they're|these|those|such|bunch\s+of|council|mayor|residents?)\b", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
_OPINION = re.compile(
    r"\b(?:I(?:'m| am)?\s+(?:personally\s+|really\s+|strongly\s+|honestly\s+)*(?:think|believe|feel|hope|hate|"
    r"love|disagree|doubt|suspect|convinced|disappointed)|"
    r"in\s+my\s+(?:humble\s+|personal\s+|honest\s+)?(?:opinion|view)|my\s+(?:personal\s+)?(?:opinion|view)\s+is|"
    r"if\s+you\s+ask\s+me|"
    r"personally,?\s+I|as\s+far\s+as\s+I(?:'m| am)\s+concerned)\b|\b(?:IMHO|IMO)\b",
    re.IGNORECASE,
)
_FAMILY = (
    r"(?:wife|husband|spouse|son|daughter|mom|mother|dad|father|kids?|child(?:ren)?|grand(?:son|daughter|ma|pa|"
    r"mother|father|kids?)|sister|brother|girlfriend|boyfriend|fianc[eé]e?|dog|cat|family)"
)
_PERSONAL = re.compile(
    rf"\bmy\s+(?:own\s+|dear\s+|little\s+|oldest\s+|"
    rf"youngest\s+)?(?:{_FAMILY}(?:'s)?\s+(?:\w+\s+){{0,2}}(?:birthday|wedding|graduat\w+|baby|surgery|game|"
    rf"recital|party)|"
    rf"{_FAMILY}\b|birthday|wedding|anniversary|vacation|honeymoon|cell|house|weekend|new\s+(?:car|house|puppy|baby))"
    r"|\bour\s+(?:wedding|honeymoon|new\s+baby|family\s+(?:vacation|reunion))\b|\bhappy\s+(?:birthday|"
    r"anniversary)\s+(?:mom|dad|to\s+my)\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\b(?:correct(?:ion|ed|ing)?|error|mistake|wrong(?:ly)?|incorrect(?:ly)?|sorry|apolog\w+|regret|misstated|"
    r"previous(?:ly)?|earlier|update[ds]?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+\.(?:gov|org|com|us)/\S+", re.IGNORECASE)


@lru_cache(maxsize=8)
def _profanity(list_name: str) -> re.Pattern[str]:
    entries = []
    for entry in load_word_list(list_name):
        word = entry.removesuffix("*")
        masked = (rf"[{_MASK.get(char, char)}*]+" if char.isalpha() else r"\s+" for char in word[1:])
        letters = rf"{re.escape(word[0])}+" + "".join(masked)
        entries.append(letters + (_ENDINGS if entry.endswith("*") else ""))
    return re.compile(rf"(?<![\w@#/.])(?:{'|'.join(entries)})(?![\w@])", re.IGNORECASE)


def find_profanity(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find words of the pack's list (``list``), masked forms such as sh*t included."""
    allowed = {word.lower() for word in context.words("words.profanity_allowed")}
    for match in _profanity(str(parameters.get("list", "profanity"))).finditer(context.text):
        if match[0].lower() not in allowed and any(char.isalpha() for char in match[0]):
            yield Hit(f"“{match[0]}” is profane or abusive.", "Use other words.", match.start(), match.end())


def find_hostile_tone(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find insults, shouting and rows of exclamation marks."""
    text = context.text
    for match in _INSULTS.finditer(text):
        near = text[max(0, match.start() - 25) : match.end() + 15]
        if _PLAIN_SENSE.match(match[0]) and not _AIMED.search(near):
            continue
        yield Hit(f"“{match[0]}” reads as hostile.", "Say it factually and politely.", match.start(), match.end())
    letters = _LETTERS.findall(_LINK.sub("", text))
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) >= 40 and capitals > 0.7 * len(letters):
        yield Hit(
            "Nearly all of it is in capitals, which reads as shouting.", "Use capitals for names and alerts only."
        )
    for match in re.finditer(r"[!?]*!{2,}[!?]*", text):
        if len(match[0]) >= 3:
            yield Hit("Rows of exclamation marks read as shouting.", "One is enough.", match.start(), match.end())


def find_opinion_voice(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find first-person opinions, which in an official post look like the body's."""
    for match in _OPINION.finditer(context.text):
        message = f"“{match[0]}” makes a personal opinion look official."
        yield Hit(message, "State the fact or the body's decision instead.", match.start(), match.end())


def find_personal_message(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find family news and other private matters."""
    for match in _PERSONAL.finditer(context.text):
        advice = "Post it from your own page, outside work hours."
        yield Hit(f"“{match[0]}” is a private matter.", advice, match.start(), match.end())


def find_empty_reply(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find replies that say nothing."""
    if context.facts.is_reply and len(_LETTERS.findall(context.text)) < 3:
        yield Hit("The reply has no substance.", "Say something the reader can use, or do not reply.")


def find_correction_wording(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find corrections that admit nothing (``needs = ["admission"]``) or cite nothing (``needs = ["source"]``)."""
    facts = context.facts
    if facts.is_correction and "admission" in parameters.get("needs", ()) and not _ADMITS.search(facts.text):
        yield Hit("The correction does not say that something was wrong.", "Name the mistake and the earlier post.")
    if facts.corrects_other and "source" in parameters.get("needs", ()) and not _LINK.search(facts.text):
        yield Hit("The correction of another person cites no source.", "Link the source; stay factual and polite.")


def find_discomfort(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find drafts whose author is uneasy about them."""
    if context.facts.is_uncomfortable:
        yield Hit("You marked that this makes you uncomfortable.", "Do not post it; it goes to your supervisor.")
