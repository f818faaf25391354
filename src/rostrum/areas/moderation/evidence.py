"""The evidence of an assessment: the comment, its thread and media, as one canonical document kept as a blob."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Version
from rostrum.connectors.blobs import LocalBlobs
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import Refused

FORMAT = "rostrum-evidence/1"


def _version(version: Version) -> dict[str, Any]:
    item = version.item
    return {
        "item": item.public_id,
        "native_id": item.native_id,
        "kind": item.kind,
        "number": version.number,
        "author_id": item.author_id,
        "author_handle": version.author_handle,
        "author_name": version.author_name,
        "published_at": item.published_at.isoformat() if item.published_at else "",
        "captured_at": version.captured_at.isoformat(),
        "text": version.text,
        "raw_sha256": bytes(version.raw_sha256).hex(),
        # Small payloads lie in the version's own row, large ones are blobs.
        "raw_in": version.raw_packing,
        "commitment": bytes(version.commitment).hex(),
        "media": [
            {"sha256": medium.sha256, "mime": medium.mime, "alt": medium.alt, "missing": medium.missing}
            for medium in version.media.all()
        ],
    }


def take(item: Item, *, reread: str, blobs: LocalBlobs, now: datetime) -> tuple[str, int]:
    """Write the evidence about an Item; return its SHA-256 and the number of Items in its thread.

    `reread` states what a last look at the platform came to. Raises `Refused` when a medium of the comment as it
    stands was seen but its bytes are not in the archive: without them the evidence would not be whole
    (records-and-law R9). What an earlier version lacked is stated in the document.
    """
    latest = archive.latest_version(item)
    missing = [medium.missing for medium in latest.media.all() if not medium.sha256]
    if missing:
        raise Refused.because(
            "media-missing",
            f"The comment's media are not in the archive ({missing[0]}); capture them before anything is done.",
        )
    thread = archive.thread_of(item)
    versions = (
        Version.objects.filter(item__in=thread.order_by().values("pk"))
        .select_related("item")
        .prefetch_related("media")
        .order_by("item__sorted_at", "item_id", "number")
    )
    comment: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for version in versions:
        (comment if version.item_id == item.pk else others).append(_version(version))
    document = canonical_json(
        {
            "format": FORMAT,
            "taken_at": now.isoformat(),
            "reread": reread,
            "channel": item.channel.public_id,
            "comment": comment,
            "thread": others,
        }
    )
    return blobs.put(document), len({one["item"] for one in others}) + 1


def is_intact(digest: str, *, blobs: LocalBlobs) -> bool:
    """Whether the evidence can be read back with its hash, and everything it names is in the blob store."""
    if not blobs.has(digest):
        return False
    document = blobs.read(digest)
    if sha256(document).hexdigest() != digest:
        return False
    told = json.loads(document)
    return all(blobs.has(named) for version in told["comment"] + told["thread"] for named in _named(version))


def _named(version: dict[str, Any]) -> list[str]:
    media = [medium["sha256"] for medium in version["media"] if medium["sha256"]]
    return media + ([version["raw_sha256"]] if version["raw_in"] == "blob" else [])
