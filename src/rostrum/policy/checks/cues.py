"""Suggestions for a person: which ground a comment may meet, and what an employee may want to reconsider. Pure.

Nothing here decides. Grounds 2, 3, 7, 8, 9, 10, 11 and 12 are never suggested: they turn on meaning, truth or topic.
"""

import re
from collections.abc import Iterator

from rostrum.policy.checks.base import Context, Hit, Parameters
from rostrum.policy.checks.gain import find_campaigning, find_endorsement
from rostrum.policy.checks.tone import find_profanity

_THREAT = re.compile(
    r"\b(?:(?:i|we)(?:'ll|'m\s+going\s+to|\s+will|\s+am\s+going\s+to|'re\s+going\s+to)\s+(?:\w+\s+){0,2}?(?:kill|"
    r"shoot|hurt|stab|beat|burn|bomb|hang|lynch|find\s+you|come\s+for\s+you)|"
    r"(?:should|deserves?\s+to|ought\s+to|needs\s+to)\s+(?:be\s+)?(?:die|shot|hanged|hung|killed|burned|lynched)|"
    r"(?:kill|shoot|hang|lynch|burn)\s+(?:you|him|her|them\s+all|the\s+(?:mayor|council|clerk|chief|inspector))|"
    r"(?:i|we)\s+know\s+where\s+(?:you|he|she|they)\s+(?:live|lives|park|parks|work|works|sleep|sleeps)|"
    r"watch\s+your\s+back|you(?:'re|\s+are)\s+(?:all\s+)?dead|"
    r"bomb\s+(?:the|this|your)|blow\s+up\s+(?:the|this|your))\b",
    re.IGNORECASE,
)
_INSIDER = re.compile(
    r"\b(?:you\s+didn['’]?t\s+hear\s+(?:this|it)\s+from\s+me|between\s+(?:you\s+and\s+me|us)|"
    r"inside\s+(?:information|scoop|info|knowledge)|"
    r"i\s+(?:can['’]?t|cannot|shouldn['’]?t)\s+(?:say|tell)\s+(?:more|how\s+i\s+know|you)|off\s+the\s+record|"
    r"not\s+public\s+yet|hasn['’]?t\s+been\s+announced|"
    r"(?:i\s+)?(?:heard|saw|learned|know)\s+(?:it\s+|this\s+|that\s+)?(?:at|from|through)\s+(?:my\s+)?work|"
    r"as\s+an?\s+(?:\w+\s+){0,2}(?:employee|insider|staffer),?\s+i\s+(?:know|have\s+seen|can\s+tell\s+you)|"
    r"before\s+(?:it['’]?s|it\s+is)\s+announced)\b",
    re.IGNORECASE,
)
_SPOKESPERSON = re.compile(
    r"\b(?:speaking\s+(?:for|on\s+behalf\s+of)\s+the|on\s+behalf\s+of\s+the\s+(?:city|county|state|department|"
    r"agency|dma)|as\s+(?:a\s+)?spokes(?:person|man|woman)\s+for|"
    r"(?:the\s+)?(?:city|county|state|department|agency|dma)(?:'s|’s)\s+(?:official\s+)?(?:position|view|"
    r"stance)\s+is|we\s+at\s+the\s+(?:city|county|state|department|agency|dma)|"
    r"official\s+statement\s+(?:of|from))\b",
    re.IGNORECASE,
)


def suggest_ground(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Suggest that a comment may meet a ground; the moderator answers the ground's elements or passes."""
    ground = str(parameters.get("ground", ""))
    finders = {"1": find_profanity, "5": find_campaigning, "6": find_endorsement}
    if ground == "4":
        spans = [(match.start(), match.end()) for match in _THREAT.finditer(context.text)]
    elif ground in finders:
        spans = [(hit.start or 0, hit.end or 0) for hit in finders[ground](context, {})]
    else:
        return
    for start, end in spans:
        message = f"“{context.text[start:end].strip()}” may meet ground {ground}; a person decides."
        yield Hit(message, "Read it in its thread and answer the ground's elements, or keep the comment.", start, end)


def check_oneself(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Hints for the private self-check; nothing is kept. ``cues``: insider, spokesperson or profanity."""
    cues = parameters.get("cues")
    if cues == "insider":
        for match in _INSIDER.finditer(context.text):
            message = f"“{match[0]}” suggests that you know what the public does not."
            yield Hit(message, "Leave out what you know only through your work.", match.start(), match.end())
    elif cues == "spokesperson":
        for match in _SPOKESPERSON.finditer(context.text):
            message = f"“{match[0]}” sounds as if you spoke for your employer."
            yield Hit(message, "Say that you speak for yourself.", match.start(), match.end())
    elif cues == "profanity":
        yield from find_profanity(context, {})


def point_elsewhere(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Say that this pack has no rules for official posts."""
    if context.facts.channel_kind != "personal":
        other = str(parameters.get("points_to", "another policy")).replace("-", " ")
        yield Hit("This policy has no rules for official posts.", f"See the {other}, which may be a pack of its own.")
