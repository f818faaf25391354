"""Marks of matters that are not public: confidentiality labels, kinds of protected records, health data, listed terms.

A label is taken for one when it stands as a label or beside a document ("CONFIDENTIAL", "internal use only",
"confidential memo"); saying that a service is confidential ("free and confidential help line") is no finding. Pure.
"""

import re
from collections.abc import Iterator

from rostrum.policy.checks.base import Context, Hit, Parameters, wants

_DOCUMENT = (
    r"(?:memo(?:randum)?s?|reports?|drafts?|documents?|files?|records?|information|data|notes?|letters?|e-?mails?|"
    r"minutes|agreements?|settlements?|materials?|briefings?|communications?|personnel|investigation|negotiations?|"
    r"discussions?|details?|matters?|client|case)"
)
_LABELS: dict[str, tuple[str, ...]] = {
    "confidential": (
        r"(?-i:\bCONFIDENTIAL(?:ITY NOTICE)?\b)",
        r"\b(?:strictly|highly|marked|labell?ed|company|city|agency|privileged\s+and|"
        r"privileged\s*&)\s+confidential\b",
        rf"(?<!non-)(?<!not )\bconfidential\s+(?:\w+\s+)?{_DOCUMENT}\b",
        r"\b(?:for\s+)?internal(?:\s+city)?\s+use(?:\s+only)\b",
        r"\bnot\s+for\s+(?:public\s+|external\s+)?(?:release|distribution|disclosure|dissemination|publication|"
        r"circulation)\b",
        r"\bdo\s+not\s+(?:distribute|disseminate|forward|circulate|publish)\b",
        r"\bnot\s+(?:yet\s+)?public\s+(?:information|knowledge)\b",
        r"\b(?:for\s+)?official\s+use\s+only\b",
        r"(?-i:\bFOUO\b|\bCUI\b)",
        r"\bunder\s+(?:an?\s+)?(?:nda|non-disclosure\s+agreement|embargo)\b|\bembargoed\s+until\b",
        r"\b(?:closed|executive)[\s-]session\s+(?:minutes|notes|discussion|materials?|memo|vote)\b",
        r"\bpersonnel\s+(?:file|record|matter|investigation)s?\b",
    ),
    "sensitive": (
        r"\bsensitive\s+(?:but\s+unclassified|security\s+information|information|document)s?\b",
        r"\btop[\s-]+secret\b",
        r"\bclassified\s+(?:information|documents?|material)\b",
    ),
    "proprietary": (
        r"\bproprietary\s+(?:information|data|material|and\s+confidential|document|software|process|formula)s?\b",
    ),
    "privileged": (
        r"\battorney[\s-]+client\s+(?:privileged?|communications?|confidential)\b",
        r"\b(?:attorney|lawyer)['’]?s?\s+work[\s-]+product\b",
        r"\bprivileged\s+(?:and|&)\s+confidential\b",
        r"\blegally\s+privileged\b",
    ),
    "pupil": (
        r"\b(?:pupil|student)\s+(?:records?|transcripts?|disciplinary\s+records?|id\s*(?:number|no\.?|#))\b",
        r"\b(?:iep|individualized\s+education\s+program)\s+(?:of|for)\b",
    ),
    "law-enforcement": (
        r"\blaw[\s-]+enforcement[\s-]+sensitive\b",
        r"\b(?:police|incident|arrest)\s+report\s+(?:no\.?|number|#)\s*[\w-]*\d",
        r"\bjuvenile\s+(?:records?|arrest|suspect's\s+name)\b",
        r"\bconfidential\s+informant\b",
        r"\bsealed\s+(?:records?|indictment|warrant|file)\b",
    ),
    "trade-secret": (r"\btrade[\s-]+secrets?\b",),
    "health": (
        r"\b(?:medical|health|mental[\s-]health|patient|treatment)\s+(?:records?|charts?|files?|history)\b",
        r"\bprotected\s+health\s+information\b",
        r"(?-i:\bPHI\b|\bMRN\b)",
    ),
}
_NOT_A_LABEL = re.compile(
    r"\b(?:help\s?line|hotline|tip\s?line|tips?|counsel(?:l?ing|or)|support|survey|screening|testing|service|"
    r"anonymous)\b",
    re.IGNORECASE,
)
_COMPILED = {
    kind: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for kind, patterns in _LABELS.items()
}

_PERSON = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Officer|Councilmember|Alderperson)\.?\s+[A-Z][\w'’-]+|"
    r"[A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+|[Hh]e|[Ss]he)"
)
_CONDITION = (
    r"(?:(?:was|is|has\s+been|were|been|got)\s+(?:recently\s+|just\s+)?(?:diagnosed\s+with|hospitalized\s+(?:for|"
    r"with|after)|treated\s+for|"
    r"admitted\s+to\s+(?:the\s+)?(?:hospital|psychiatric|rehab|icu))|tested\s+positive\s+for|suffer(?:s|ed|"
    r"ing)\s+from|"
    r"overdosed|is\s+(?:hiv|covid)[\s-]positive|has\s+(?:cancer|diabetes|hiv|aids|dementia|alzheimer's|depression|"
    r"schizophrenia|"
    r"bipolar\s+disorder|a\s+(?:mental\s+illness|heart\s+condition)))"
)
_HEALTH = re.compile(rf"\b{_PERSON}(?:,?\s+\w+){{0,4}}?\s+{_CONDITION}")

_ADVICE = "Take it out, or record that it is already public and where."


def find_confidential_markers(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find labels of the ``kinds`` asked for, whatever the audience of the channel."""
    taken: list[tuple[int, int]] = []
    for kind, patterns in _COMPILED.items():
        if not wants(parameters, "kinds", kind):
            continue
        for pattern in patterns:
            for match in pattern.finditer(context.text):
                around = context.text[match.start() : match.end() + 14]
                if kind == "confidential" and _NOT_A_LABEL.search(around):
                    continue
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                taken.append(match.span())
                called = kind.replace("-", " ")
                message = (
                    f"“{match[0]}” marks {called} material."
                    if kind != "health"
                    else f"“{match[0]}” points at health records."
                )
                yield Hit(message, _ADVICE, match.start(), match.end())


def find_health_data(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find what reads as a named person's state of health."""
    for match in _HEALTH.finditer(context.text):
        yield Hit("This tells a person's state of health.", "Take it out.", match.start(), match.end())


def find_listed_terms(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find terms of the body's own list (``list``: non_public, compromised, trademarks, judicial-privacy)."""
    name = str(parameters.get("list", "non_public"))
    for term in context.words(f"words.{name}"):
        if not term.strip():
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(term.strip())}(?!\w)", re.IGNORECASE)
        for match in pattern.finditer(context.text):
            message = f"“{match[0]}” is on the body's list of {name.replace('_', '-')} terms."
            yield Hit(message, "Take it out or have it cleared.", match.start(), match.end())
