"""Private gain and politics in official drafts: endorsing, selling, fundraising, campaigning, one's own circle. Pure.

Cues only: each finding warns and asks a person. The same cues may suggest a ground to a moderator, never decide it.
"""

import re
from collections.abc import Iterator

from rostrum.policy.checks.base import Context, Hit, Parameters

_COMPANY = (
    r"(?:[A-Z][\w&'’.-]*\s+){1,4}(?:Inc|LLC|L\.L\.C|Co|Corp|Ltd|Company|Bank|Credit\s+Union|Insurance|Realty|"
    r"Motors|Pizza|Grill|Brewing|Brewery|Diner|Café|Cafe|Restaurant|Salon|Plumbing|Roofing|Heating|Auto|Furniture|"
    r"Hardware|Pharmacy|Bakery)\b\.?"
)
_SELLING = re.compile(
    r"\b(?:buy\s+(?:now|today|yours|one\s+get|it\s+(?:at|from))|shop\s+(?:now|today|at\s+(?-i:[A-Z])|"
    r"our\s+(?:sale|store))|order\s+(?:now|yours|online\s+at)|"
    r"(?:use|with)\s+(?:promo|discount|coupon)?\s*code\s+(?-i:[A-Z0-9]{3,})|promo\s+code|discount\s+code|"
    r"coupon\s+code|affiliate\s+link|"
    r"(?:limited[\s-]time|special|exclusive)\s+(?:offer|deal|discount)|\d{1,2}\s?%\s+off|on\s+sale\s+(?:now|today|"
    r"this\s+week)|"
    r"free\s+(?:quotes?|estimates?)|dm\s+(?:me\s+)?for\s+(?:prices?|details|a\s+quote)|(?:best|lowest|"
    r"cheapest)\s+prices?|"
    r"book\s+your\s+(?:appointment|session)\s+with|(?:call|text)\s+me\s+(?:today|now|for))\b",
    re.IGNORECASE,
)
_ENDORSING = re.compile(
    rf"\b(?:(?:we|I|the\s+(?:city|county|department|agency|mayor))\s+(?:highly\s+|proudly\s+|personally\s+|"
    rf"strongly\s+)?(?:recommends?|endorses?|loves?|suggests?)\s+(?-i:{_COMPANY})|"
    rf"(?:check\s+out|support|visit|try|eat\s+at|bank\s+with|stop\s+by|go\s+to|hire)\s+(?:our\s+friends\s+at\s+|"
    rf"the\s+folks\s+at\s+)?(?-i:{_COMPANY})|"
    r"(?:highly|strongly)\s+recommend\b(?!ed\s+(?:that|to))|our\s+friends\s+at\s+(?-i:[A-Z][\w'’&]*)|"
    r"(?:best|finest|tastiest)\s+(?:pizza|burgers?|coffee|beer|food|restaurant|plumber|dentist|realtor|mechanic|"
    r"barber|bar|bakery|contractor|lawyer)\b)",
    re.IGNORECASE,
)
_FUNDRAISING = re.compile(
    r"\b(?:gofundme|venmo|cash\s?app|paypal(?:\.me)?|zelle|kickstarter|patreon|etsy)\b|"
    r"\bdonat(?:e|ions?)\s+(?:to\s+(?:my|our|his|her|the\s+family)|here|now|today|at\s+(?:http|www)|via|"
    r"through\s+(?:my|this))|"
    r"\b(?:buy|get)\s+(?:your\s+)?(?:raffle|lottery)\s+tickets?\b|\b(?:my|his|her)\s+(?:online\s+)?fundraiser\b",
    re.IGNORECASE,
)
_OWN_BUSINESS = re.compile(
    r"\b(?:my|our\s+family(?:'s)?|my\s+(?:wife|husband|spouse|son|daughter|brother|sister|cousin|uncle|aunt|"
    r"friend|buddy|neighbor|mother|father|mom|dad)(?:'s|’s))\s+"
    r"(?:new\s+|own\s+|small\s+|little\s+)*(?:business|company|shop|store|restaurant|caf[eé]|bar|bakery|salon|"
    r"boutique|practice|firm|food\s+truck|"
    r"book|podcast|side\s+hustle|etsy|listing|rental|farm\s+stand|band)\b",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?:mayor|(?:city|common|county|town|village|state)?\s*(?:council|board|senate|assembly|house)|congress|"
    r"senator|senate|governor|"
    r"president|sheriff|judge|alder(?:man|woman|person)?|supervisor|clerk|treasurer|district\s+attorney|"
    r"school\s+board|"
    r"representative|legislature|coroner|attorney\s+general|supreme\s+court)"
)
_CAMPAIGN = re.compile(
    rf"\b(?:vote|voting)\s+(?:for|against|yes|no)\b(?!\s+(?:your|the\s+(?:best|winner|name|design|next\s+(?:name|"
    rf"design)|people's|fan)|a\s+(?:name|winner|design)|our|which|one\s+of))"
    rf"|\bvote\s+(?:him|her|them)\s+(?:out|in)\b|\bvote\s+(?-i:[A-Z][a-z]+\s+[A-Z][a-z]+)\s+(?:for|on|this|april|"
    rf"november)"
    r"|\bre-?elect(?:ing)?\b(?!ed)|\b(?-i:[Ee]lect)\s+(?-i:[A-Z][a-z]+)"
    rf"|\b(?:support(?:s|ing)?|back(?:s|ing)?|endors(?:e|es|ed|ing)|oppos(?:e|es|ing)|"
    rf"defeat(?:ing)?)\s+(?:\w+\s+){{0,4}}?(?:for|candidate|campaign|ballot|referendum)\b(?!\s+(?:forum|education|"
    rf"materials))"
    rf"|\b(?-i:[A-Z][a-z]+)\s+(?:for|4)\s+(?-i:Mayor|Council|Congress|Senate|Governor|Sheriff|Judge|Assembly|"
    rf"President|Clerk|Alder\w*|School\s+Board)\b"
    rf"|\b(?:paid\s+for\s+by|campaign\s+(?:rally|fund\w*|donations?|kickoff|headquarters|contributions?|"
    rf"volunteers?|signs?|trail)|yard\s+signs?\s+for|"
    rf"(?:is\s+)?running\s+for\s+(?:re-?election|{_OFFICE})|(?:democrats?|republicans?|democratic|"
    rf"gop)\s+(?:candidates?|nominees?|party|agenda)|"
    r"make\s+america\s+great|maga|never\s?trump|blue\s+wave|red\s+wave|vote\s?(?:blue|red|democrat|republican))\b",
    re.IGNORECASE,
)
_CAMPAIGN_TAG = re.compile(
    r"#(?:vote(?:blue|red|yes|no|him\w*|them\w*)\w*|maga\w*|resist|\w+for(?:mayor|council|congress|senate|"
    r"governor|sheriff|president|assembly|judge)\w*|(?:re)?elect(?!ion|or|ed\b|ric)(?-i:[A-Z])\w+)",
    re.IGNORECASE,
)


def find_endorsement(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find cues of endorsing, selling or collecting money for someone."""
    taken: list[tuple[int, int]] = []
    for pattern, what in (
        (_OWN_BUSINESS, "promotes a business of your own circle"),
        (_SELLING, "reads as advertising"),
        (_ENDORSING, "reads as an endorsement"),
        (_FUNDRAISING, "asks for money"),
    ):
        for match in pattern.finditer(context.text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            advice = "Leave it out, or have the approver record why it is public business."
            yield Hit(f"“{match[0].strip()}” {what}.", advice, match.start(), match.end())


def find_declared_interests(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find names of the author's declared interests, relatives and associates."""
    for interest in context.facts.declared_interests:
        pattern = re.compile(rf"(?<!\w){re.escape(interest)}(?!\w)", re.IGNORECASE)
        for match in pattern.finditer(context.text):
            message = f"“{match[0]}” is among your declared interests."
            yield Hit(message, "Have someone without an interest decide.", match.start(), match.end())


def find_campaigning(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find cues of support for or opposition to a candidate, party or ballot question."""
    taken: list[tuple[int, int]] = []
    for pattern in (_CAMPAIGN, _CAMPAIGN_TAG):
        for match in pattern.finditer(context.text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            message = f"“{match[0].strip()}” reads as campaigning."
            advice = "Say when and how to vote, never for whom or what."
            yield Hit(message, advice, match.start(), match.end())
