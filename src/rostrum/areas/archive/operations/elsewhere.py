"""Keeping a post that one of ours made for the body on somebody else's site, with what shows it (DMA-II-B-05b)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.archive import queries
from rostrum.areas.archive.models import Item as ItemRow
from rostrum.areas.archive.operations.storing import store_batch
from rostrum.areas.archive.rules import PROOFS, decide_elsewhere
from rostrum.areas.channels.addresses import read_page
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.pictures import read_picture
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Item, Kind, MediaFile, Route

FORMAT = "rostrum-elsewhere/1"
# Platform of Items that stand on others' sites.
ELSEWHERE = "elsewhere"
MOST_FILES = 5
MAX_PDF_BYTES = 20 * 1024 * 1024
_LONGEST_TEXT = 50_000
_LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A picture (PNG, JPEG) or a saved copy (PDF) of the post, as it was handed in."""

    name: str
    data: bytes


@transaction.atomic
def keep_post_made_elsewhere(
    *,
    channel_id: str,
    url: str,
    place: str,
    text: str,
    posted_at: datetime,
    posted_by: User,
    is_official: bool,
    files: Sequence[EvidenceFile],
    actor: User,
    now: datetime,
) -> ItemRow:
    """Keep a post on somebody else's site among the records of a channel, as a version with its files as media.

    `place` names the site, `text` says what the post says. It is stamped with its owner like a post of our own. The
    same address with other words or files is a further version. Raises `Refused` (not this person's, posted privately,
    on a channel of ours, nothing that shows it, kept already), `InvalidInput` (address, file, text too long).
    """
    channel = Channel.objects.select_related("unit").get(public_id=channel_id)
    for where, given, longest in (("text", text, _LONGEST_TEXT), ("place", place, _LONGEST_PLACE)):
        if len(given) > longest or "\0" in given:
            raise InvalidInput(where, f"at most {longest:,} characters")
    page = read_page(url)
    media = proofs(files)
    decide_elsewhere(
        queries.elsewhere_facts(
            channel,
            page=page,
            posted_by=posted_by,
            is_official=is_official,
            place=place,
            text=text,
            files=len(media),
            posted_at=posted_at,
            actor=actor,
            now=now,
        )
    ).or_refuse()
    native_id = f"{ELSEWHERE}:{sha256(page.url.encode()).hexdigest()[:40]}"
    report = store_batch(
        channel=channel,
        items=[
            Item(
                platform=ELSEWHERE,
                kind=Kind.POST,
                native_id=native_id,
                id_is_derived=True,
                text=text.strip(),
                raw=canonical_json(
                    {
                        "format": FORMAT,
                        "url": page.url,
                        "place": place.strip(),
                        "text": text.strip(),
                        "posted_at": instant_text(posted_at),
                        "posted_by": posted_by.public_id,
                        "kept_by": actor.public_id,
                        "kept_at": instant_text(now),
                        "files": [
                            {"name": file.name, "sha256": sha256(file.data).hexdigest(), "size": len(file.data)}
                            for file in files
                        ],
                    }
                ),
                route=Route.USER_SUPPLIED,
                url=page.url,
                author_id=posted_by.public_id,
                author_name=posted_by.name,
                published_at=posted_at,
                media=media,
                extra={"place": place.strip(), PROOFS: str(len(media))},
            )
        ],
        route=Route.USER_SUPPLIED,
        actor=actor,
        now=now,
        is_made_for_body=True,
    )
    if report.faults:
        raise InvalidInput("post", report.faults[0].why)
    if not report.stored:
        raise Refused.because("kept-already", "This post is kept already, in these words and with these files.")
    return ItemRow.objects.get(channel=channel, native_id=native_id)


def proofs(files: Sequence[EvidenceFile]) -> tuple[MediaFile, ...]:
    """Pictures and saved copies that show how something stood. Raises `InvalidInput` naming the file."""
    if len(files) > MOST_FILES:
        raise InvalidInput("files", f"at most {MOST_FILES} files")
    return tuple(
        MediaFile(
            name=file.name[:200],
            mime=_mime(file),
            alt="The post as it stood there",
            open=lambda data=file.data: io.BytesIO(data),  # type: ignore[misc]
        )
        for file in files
    )


def _mime(file: EvidenceFile) -> str:
    if file.data.startswith(b"%PDF-"):
        if len(file.data) > MAX_PDF_BYTES:
            raise InvalidInput("files", f"{file.name}: a PDF of at most {MAX_PDF_BYTES >> 20} MB")
        return "application/pdf"
    try:
        return read_picture(file.data, where="files")
    except InvalidInput as problem:
        raise InvalidInput("files", f"{file.name}: {problem.why} (a PDF is taken as well)") from problem
