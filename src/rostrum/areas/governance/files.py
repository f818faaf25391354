"""Files that governance keeps: scanned papers, evidence of a training, the file of a policy. Recognised by content."""

from dataclasses import dataclass

from django.conf import settings

from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput

LARGEST_BYTES = 20_000_000
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that somebody uploaded, as it came."""

    content: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept: its SHA-256, what it is, what it was called."""

    digest: str
    media_type: str
    name: str


def keep(given: GivenFile, where: str = "file") -> KeptFile:
    """Keep a PDF, PNG or JPEG under its digest. Raises `InvalidInput` for anything else, an empty or too large file."""
    if not given.content:
        raise InvalidInput(where, "this file is empty")
    if len(given.content) > LARGEST_BYTES:
        raise InvalidInput(where, f"this file is larger than {LARGEST_BYTES // 1_000_000} MB")
    for beginning, media_type in _BEGINNINGS:
        if given.content.startswith(beginning):
            return KeptFile(blobs().put(given.content), media_type, given.name[-200:])
    raise InvalidInput(where, "this is not a PDF, a PNG or a JPEG")


def blobs() -> LocalBlobs:
    """Where files are kept."""
    return LocalBlobs(settings.BLOBS_FOLDER)
