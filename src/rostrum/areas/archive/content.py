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
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.commitments import Part
from rostrum.evidence.segments import encoded_segments

# Fields under which platforms put text that people wrote: it is searched like the text itself.
_WRITTEN = ("title", "description", "summary", "subject", "caption", "warning")


class Content(NamedTuple):
    """One version, with what its Item says about where it belongs. A tuple: one is made for every post stored."""

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
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parts_of(content: Content) -> list[Part]:
    """The parts of the version's commitment, in order."""
    return [*map(Part, *names_and_values(content))]


def names_and_values(content: Content) -> tuple[tuple[str, ...], list[bytes]]:
    """The names and the values of the parts, in order."""
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
    values = [canonical_json(record), canonical_json(author), content.url.encode(), content.raw_sha256.encode()]
    if content.extra:
        values.append(canonical_json(dict(content.extra)))
    for digest, alt in content.media:
        values += [digest.encode(), alt.encode()]
    segments = encoded_segments(content.text)
    names = _names(has_extra=bool(content.extra), media=len(content.media), segments=len(segments))
    return names, values + segments


@lru_cache(maxsize=4096)
def _names(*, has_extra: bool, media: int, segments: int) -> tuple[str, ...]:
    # Remembered: texts of the same number of words have the same names.
    names = ["record", "author", "url", "raw", *(["extra"] if has_extra else [])]
    names += [name for position in range(media) for name in (f"media/{position}", f"alt/{position}")]
    return (*names, *(f"text/{position}" for position in range(segments)))


def searchable_text(text: str, alts: Sequence[str], extra: Mapping[str, str]) -> str:
    """Everything of a version that people wrote: its text, its images' alternative texts, titles of cards."""
    written = [value for key, value in extra.items() if value and key.lower().endswith(_WRITTEN)]
    return "\n".join([text, *(alt for alt in alts if alt), *written]) if alts or written else text
