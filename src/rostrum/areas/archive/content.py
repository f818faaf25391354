"""What a version's commitment is made of, and what of it is searched. Pure: values in, bytes out.

The parts stand in a fixed order, so that they can be made again from the rows at any time and compared with the leaf:

    record     JSON: what is never withheld (platform, kind, ids, times, route, the version's number)
    author     JSON: id, handle, name
    url        the address
    raw        SHA-256 of the Item's own payload, in hex
    extra      JSON: further fields of the platform, where there are any
    media/N    SHA-256 of the N-th medium in hex, empty where its bytes are missing
    alt/N      its alternative text
    text/N     the N-th segment of the text (words, so that single ones can be withheld later)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.commitments import Part
from rostrum.evidence.segments import text_segments

# Fields under which platforms put text that people wrote: it is searched like the text itself.
_WRITTEN = ("title", "description", "summary", "subject", "caption", "warning")


@dataclass(frozen=True, slots=True)
class Content:
    """One version, with what its Item says about where it belongs."""

    platform: str
    kind: str
    native_id: str
    number: int
    route: str
    raw_sha256: str
    raw_type: str
    captured_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    parent_id: str
    root_id: str
    quoted_id: str
    visibility: str
    version_key: str
    lang: str
    author_id: str
    author_handle: str
    author_name: str
    url: str
    text: str
    extra: Mapping[str, str]
    media: Sequence[tuple[str, str]]  # SHA-256 in hex or "", alternative text


def instant(at: datetime | None) -> str:
    """An instant as it stands in records: UTC, microseconds, ``Z``; empty for none."""
    if at is None:
        return ""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parts_of(content: Content) -> list[Part]:
    """The parts of the version's commitment, in order."""
    record = {
        "captured_at": instant(content.captured_at),
        "edited_at": instant(content.edited_at),
        "kind": content.kind,
        "lang": content.lang,
        "native_id": content.native_id,
        "number": content.number,
        "parent_id": content.parent_id,
        "platform": content.platform,
        "published_at": instant(content.published_at),
        "quoted_id": content.quoted_id,
        "raw_type": content.raw_type,
        "root_id": content.root_id,
        "route": content.route,
        "version_key": content.version_key,
        "visibility": content.visibility,
    }
    author = {"handle": content.author_handle, "id": content.author_id, "name": content.author_name}
    parts = [
        Part("record", canonical_json(record)),
        Part("author", canonical_json(author)),
        Part("url", content.url.encode()),
        Part("raw", content.raw_sha256.encode()),
    ]
    if content.extra:
        parts.append(Part("extra", canonical_json(dict(content.extra))))
    for position, (digest, alt) in enumerate(content.media):
        parts += [Part(f"media/{position}", digest.encode()), Part(f"alt/{position}", alt.encode())]
    pieces = text_segments(content.text)
    parts += map(Part, _segment_names(len(pieces)), map(str.encode, pieces))
    return parts


@lru_cache(maxsize=512)
def _segment_names(count: int) -> tuple[str, ...]:
    return tuple(f"text/{position}" for position in range(count))


def searchable_text(text: str, alts: Sequence[str], extra: Mapping[str, str]) -> str:
    """Everything of a version that people wrote: its text, its images' alternative texts, titles of cards."""
    written = [value for key, value in extra.items() if value and key.lower().endswith(_WRITTEN)]
    return "\n".join([text, *(alt for alt in alts if alt), *written]) if alts or written else text
