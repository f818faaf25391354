"""What a post must carry and may not pass: signature, length, media, citations, releases, references. Pure."""

import re
from collections.abc import Iterator

from rostrum.kernel.findings import Strength
from rostrum.policy.checks.base import Context, Hit, Parameters, wants
from rostrum.policy.checks.graphemes import count_as, cut_at

_LINK = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+\.(?:gov|org|com|us)\b(?:/\S*)?", re.IGNORECASE)
_PUBLISHED_ELSEWHERE = re.compile(
    r"\b(?:published|posted|printed|available|appears?|full\s+(?:text|notice))\s+(?:\w+\s+){0,3}(?:in|at|on)\b|"
    r"\bwebsite\b",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:(?:official|public|legal|hearing|class\s+[123])\s+notice\b|notice\s+(?:of|is\s+hereby\s+given)(?:\s+(?:a\s+|"
    r"the\s+)?(?:public\s+)?"
    r"(?:hearing|meeting|election|referendum|bids?|sale|foreclosure|assessment|intent|adoption|rezoning|vacation))?)",
    re.IGNORECASE,
)
_NOTICE_OF_OTHER = re.compile(r"notice\s+of$", re.IGNORECASE)
_CRITICAL = re.compile(
    r"\b(?:boil[\s-]+water|do\s+not\s+drink|evacuat(?:e|ion)\s+(?:now|immediately|order|the|your|all)|"
    r"mandatory\s+evacuation|shelter[\s-]+in[\s-]+place|"
    r"tornado\s+warning|flash\s+flood\s+warning|state\s+of\s+emergency|emergency\s+(?:declaration|order|closure)|"
    r"active\s+shooter|"
    r"gas\s+leak|hazardous\s+(?:spill|materials\s+incident)|amber\s+alert|take\s+(?:cover|shelter)\s+(?:now|"
    r"immediately))\b",
    re.IGNORECASE,
)
# "— Pat Example, City Planner" at the end, on its own line, or after a dash.
_SIGNATURE = re.compile(
    r"(?:^|\n|[-–—|•~]\s*)\s*(?:[A-Z][\w.'’-]*\s+){1,3}[A-Z][\w.'’-]*\s*[,|(–—-]\s*[A-Z][\w/&.,' ’-]{2,70}\)?\s*$"
)


def find_missing_signature(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find a first post (``when = "first"``) or later post without the author's name and title."""
    facts = context.facts
    when = parameters.get("when")
    if (when == "first" and facts.is_first_post is False) or (when == "later" and facts.is_first_post):
        return
    signed = f"{facts.text}\n{facts.signature_line}".lower()
    what = "first post" if facts.is_first_post else "post"
    if facts.author_name:
        missing = [
            called
            for called, value in (("name", facts.author_name), ("title", facts.author_title))
            if value and value.lower() not in signed
        ]
        if missing:
            line = ", ".join(each for each in (facts.author_name, facts.author_title) if each)
            yield Hit(f"The {what} does not state your {' and '.join(missing)}.", f"Add the line: {line}")
    elif not _SIGNATURE.search(f"{facts.text}\n{facts.signature_line}".rstrip()):
        yield Hit(f"The {what} states no name and title of its author.", "Add a line: Name, Title")


def find_excess_length(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find text over a platform's limit, counted as the platform counts, with the signature line added.

    A pack may set its own ``limit`` and ``count`` for a platform; else the platform-limits pack says.
    """
    facts = context.facts
    platform = context.policy.platform(facts.platform or facts.channel_kind)
    asked = str(parameters.get("platform", ""))
    here = platform.id if platform else facts.platform.strip().lower()
    if asked and asked != here and asked not in (platform.aliases if platform else ()):
        return
    text = facts.text if not facts.signature_line else f"{facts.text}\n{facts.signature_line}"
    if "limit" in parameters:
        limit, count, byte_limit, called = (
            int(parameters["limit"]),
            str(parameters.get("count", "characters")),
            0,
            "this policy",
        )
    elif platform is not None:
        limit, count, byte_limit, called = platform.limit, platform.count, platform.byte_limit, platform.title
    else:
        return
    length = count_as(text, count)
    with_line = " with the signature line" if facts.signature_line else ""
    if length > limit:
        start = min(cut_at(text, count, limit), len(facts.text))
        over = length - limit
        message = f"{length} characters{with_line}: {over} more than {called} takes ({limit})."
        yield Hit(message, f"Shorten it by {over}, or link to the rest.", start, len(facts.text))
    size = len(text.encode())
    if byte_limit and size > byte_limit:
        message = f"{size} bytes{with_line}: {size - byte_limit} more than {called} takes ({byte_limit})."
        yield Hit(message, "Shorten it; emoji and letters with marks take several bytes.", 0, len(facts.text))


def find_excess_media(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find more images than the platform takes."""
    platform = context.policy.platform(context.facts.platform or context.facts.channel_kind)
    if platform is None or parameters.get("platform", platform.id) != platform.id:
        return
    images = sum(medium.kind == "image" for medium in context.facts.media)
    if platform.images and images > platform.images:
        yield Hit(
            f"{images} images: {platform.title} takes {platform.images}.", "Leave some out, or make a second post."
        )


def find_notice_only_here(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find required notices without the reference of their standard publication."""
    facts = context.facts
    if facts.standard_channel_reference.strip():
        return
    advice = "Publish it the standard way first, and enter the reference."
    if facts.is_required_notice:
        yield Hit("This is a required notice without its standard publication.", advice)
        return
    match = _NOTICE.search(facts.text)
    if (
        match
        and not _NOTICE_OF_OTHER.search(match[0])
        and not (_LINK.search(facts.text) or _PUBLISHED_ELSEWHERE.search(facts.text))
    ):
        message = f"“{match[0]}” reads as a required notice without its standard publication."
        yield Hit(message, advice, match.start(), match.end(), Strength.WARN)


def find_critical_only_here(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find critical information that names no other channel."""
    facts = context.facts
    if facts.other_channel_reference.strip():
        return
    advice = "Publish it on another channel too and name that."
    if facts.is_critical:
        yield Hit("Critical information would be here only.", advice)
        return
    match = _CRITICAL.search(facts.text)
    if match and not _LINK.search(facts.text):
        message = f"“{match[0]}” reads as critical information, and no other channel is named."
        yield Hit(message, advice, match.start(), match.end(), Strength.WARN)


def find_missing_rights(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find media whose rights basis was asked and left empty, unknown, or good for filing only."""
    for number, medium in enumerate(context.facts.media, 1):
        if medium.rights is None:
            continue
        called = medium.name or f"Medium {number}"
        if medium.rights.strip().lower() in ("", "unknown"):
            yield Hit(
                f"{called} has no rights basis.", "State license, permission, release, own work or public domain."
            )
        elif medium.rights == "single-reference-copy":
            yield Hit(f"{called} is a copy for reference only.", "It may be kept, not published.")


def find_missing_release(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find media that show people without a release."""
    for number, medium in enumerate(context.facts.media, 1):
        if medium.people == "unreleased":
            called = medium.name or f"Medium {number}"
            yield Hit(f"{called} shows people without a release.", "Obtain a release or an indemnification.")


def find_missing_citation(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find borrowed material without a link to the original."""
    if context.facts.uses_borrowed and not _LINK.search(context.text):
        yield Hit("Borrowed material is not cited with a link.", "Name the original and link it.")


def find_missing_topic(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find drafts without an official topic, where one was asked."""
    topic = context.facts.official_topic
    if topic is not None and topic.strip().lower() in ("", "none", "unrelated"):
        yield Hit("No official topic is chosen.", "Choose the city business it is about; post nothing else here.")


def find_area_beyond_right(context: Context, _parameters: Parameters) -> Iterator[Hit]:
    """Find drafts about a programme area that the author's right on the channel does not name, or about none."""
    facts = context.facts
    if not facts.permitted_areas:
        return
    permitted = ", ".join(facts.permitted_areas)
    area = (facts.programme_area or "").strip()
    if not area:
        yield Hit(
            "It does not say which programme area it is about.",
            f"Choose it. The author's right here names: {permitted}.",
        )
    elif area.casefold() not in {one.casefold() for one in facts.permitted_areas}:
        yield Hit(
            f"It is about {area}; the author's right here names: {permitted}.",
            "Who approves for that area clears it, or leave it to whoever speaks about it.",
        )


def find_live_event(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Find live or group events, which may be meetings."""
    if context.facts.is_live_event and wants(parameters, "kinds", "event"):
        yield Hit(
            "A live or group event may be a meeting under the open meetings law.", "Ask the clerk or counsel first."
        )
