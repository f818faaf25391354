"""What we publish: limits, and the marks (facets) for links, mentions and hashtags, by UTF-8 byte offsets."""

import re
from collections.abc import Callable

from rostrum.connectors.interface import ConnectorError, OutgoingPost, Trouble
from rostrum.kernel.graphemes import count_graphemes

GRAPHEME_LIMIT = 300
BYTE_LIMIT = 3000
IMAGE_LIMIT = 4
IMAGE_LIMIT_BYTES = 1_000_000
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")

# A mark begins at the start, after a space, or after an opening bracket.
_LINK = re.compile(r"(?<![\w@/.])https?://[^\s<>\"]+")
_MENTION = re.compile(
    r"(?<![\w@/.])@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])"
)
_HASHTAG = re.compile(r"(?<![\w#&/])[#＃]([^\s#＃\u00ad\u2060\u200a-\u200d]+)")
_TRAILING = re.compile(r"[.,;:!?'\"”’)\]}>…]+$")

Facet = dict[str, object]


def check_limits(post: OutgoingPost) -> None:
    """Raise `ConnectorError` (REFUSED) when the platform would not take the post."""
    graphemes, size = count_graphemes(post.text), len(post.text.encode())
    if graphemes > GRAPHEME_LIMIT:
        raise ConnectorError(Trouble.REFUSED, f"Bluesky takes {GRAPHEME_LIMIT} characters; this has {graphemes}.")
    if size > BYTE_LIMIT:
        raise ConnectorError(Trouble.REFUSED, f"Bluesky takes {BYTE_LIMIT} bytes of text; this has {size}.")
    if not post.text.strip() and not post.media:
        raise ConnectorError(Trouble.REFUSED, "There is nothing to publish.")
    if len(post.media) > IMAGE_LIMIT:
        raise ConnectorError(Trouble.REFUSED, f"Bluesky takes {IMAGE_LIMIT} images; there are {len(post.media)}.")
    for medium in post.media:
        if medium.mime not in IMAGE_TYPES:
            raise ConnectorError(Trouble.REFUSED, f"Only images are published to Bluesky, not {medium.mime}.")
        if len(medium.data) > IMAGE_LIMIT_BYTES:
            raise ConnectorError(Trouble.REFUSED, f"Bluesky takes images up to {IMAGE_LIMIT_BYTES // 1000} kB.")


def facets_of(text: str, did_of_handle: Callable[[str], str | None]) -> list[Facet]:
    """Return the facets of a text, in order; a mention nobody answers to is left as plain text."""
    found: list[tuple[int, int, Facet]] = []
    for match in _LINK.finditer(text):
        link = _without_trailing(match.group())
        found.append((match.start(), match.start() + len(link), {"$type": _TYPE + "link", "uri": link}))
    taken = [(start, end) for start, end, _ in found]
    for match in _MENTION.finditer(text):
        did = None if _lies_in(match.start(), taken) else did_of_handle(match.group(1).lower())
        if did:
            found.append((match.start(), match.end(), {"$type": _TYPE + "mention", "did": did}))
    for match in _HASHTAG.finditer(text):
        tag = _without_trailing(match.group(1))
        # A bare number is a place in a list, not a tag.
        if tag and not tag.isdigit() and len(tag) <= 64 and not _lies_in(match.start(), taken):
            found.append((match.start(), match.start() + 1 + len(tag), {"$type": _TYPE + "tag", "tag": tag}))
    return [
        {"index": {"byteStart": _bytes_before(text, start), "byteEnd": _bytes_before(text, end)}, "features": [feature]}
        for start, end, feature in sorted(found, key=lambda entry: entry[0])
    ]


_TYPE = "app.bsky.richtext.facet#"


def _lies_in(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _without_trailing(text: str) -> str:
    trimmed = _TRAILING.sub("", text)
    # A closing bracket belongs to the link when the link opened it.
    if text[len(trimmed) : len(trimmed) + 1] == ")" and trimmed.count("(") > trimmed.count(")"):
        return trimmed + ")"
    return trimmed


def _bytes_before(text: str, at: int) -> int:
    return len(text[:at].encode())
