"""The evidence of an assessment: the comment, its thread and media, as one canonical document kept as a blob."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Version
from rostrum.connectors.blobs import LocalBlobs
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Refused


def _version(version: Version) -> dict[str, Any]:
    return {
        "item": version.item.public_id,
        "native_id": version.item.native_id,
        "kind": version.item.kind,
        "number": version.number,
        "author_id": version.item.author_id,
        "author_handle": version.author_handle,
        "author_name": version.author_name,
        "published_at": version.item.published_at.isoformat() if version.item.published_at else "",
        "captured_at": version.captured_at.isoformat(),
        "text": version.text,
        "raw_sha256": bytes(version.raw_sha256).hex(),
        "commitment": bytes(version.commitment).hex(),
        "media": [
            {"sha256": medium.sha256, "mime": medium.mime, "alt": medium.alt, "missing": medium.missing}
            for medium in version.media.all()
        ],
    }


def take(item: Item, *, blobs: LocalBlobs, now: datetime) -> tuple[str, int]:
    """Write the evidence about an Item; return its SHA-256 and the number of Items in its thread.

    Raises `Refused` when a medium of the comment was seen but its bytes are not in the archive: without them the
    evidence would not be whole (records-and-law R9).
    """
    versions = list(archive.versions_of(item))
    missing = [medium.missing for version in versions for medium in version.media.all() if not medium.sha256]
    if missing:
        raise Refused.because(
            "media-missing",
            f"The comment's media are not in the archive ({missing[0]}); capture them before anything is done.",
        )
    thread = [one for one in archive.thread_of(item) if one.pk != item.pk]
    document = canonical_json(
        {
            "format": "rostrum-evidence/1",
            "taken_at": now.isoformat(),
            "channel": item.channel.public_id,
            "comment": [_version(version) for version in versions],
            "thread": [_version(version) for one in thread for version in archive.versions_of(one)],
        }
    )
    return blobs.put(document), len(thread) + 1


def is_intact(digest: str, *, blobs: LocalBlobs) -> bool:
    """Whether the evidence, and every medium it names, can be read back and still has its hash."""
    if not blobs.has(digest):
        return False
    with blobs.open(digest) as stream:
        return sha256(stream.read()).hexdigest() == digest
