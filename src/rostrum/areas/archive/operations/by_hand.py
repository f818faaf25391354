"""Keeping by hand what stands on a channel that nothing captures by itself: a blog, a forum, a page of Facebook."""

import io
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.db import transaction

from rostrum.areas.archive import queries
from rostrum.areas.archive.models import Item as ItemRow
from rostrum.areas.archive.operations.elsewhere import MOST_FILES, EvidenceFile, proofs
from rostrum.areas.archive.operations.storing import store_batch
from rostrum.areas.archive.rules import PROOFS, decide_by_hand
from rostrum.areas.channels.addresses import Page, read_page
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.pictures import read_picture
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Item, Kind, MediaFile, Route

FORMAT = "rostrum-by-hand/1"
MAX_MEDIUM_BYTES = 50 * 1024 * 1024
# An article of a blog or a page of a wiki is longer than any post.
LONGEST_TEXT = 500_000
_LONGEST = 300
# What a file begins with, at which byte, and what it then is. No script runs in any of them.
_SIGNS = (
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
)


@transaction.atomic
def keep_by_hand(
    *,
    channel_id: str,
    url: str,
    kind: Kind,
    text: str,
    posted_at: datetime,
    author: str,
    files: Sequence[EvidenceFile],
    evidence: Sequence[EvidenceFile],
    actor: User,
    now: datetime,
    is_ours: bool = False,
    link: str = "",
    answers: str = "",
) -> ItemRow:
    """Keep a post or a comment of a channel as a version, with its own files and with what shows how it stood.

    `is_ours` says that the channel itself said it; `link` is what it points to, `answers` the address of what a comment
    answers, `files` its pictures, video or sound, `evidence` what shows the page. The same address with other words or
    files is a further version. Raises `Refused` (not this person's, captured by a connector, another platform, nothing
    said, nothing that shows it, kept already), `InvalidInput` (address, file, text too long).
    """
    channel = Channel.objects.select_related("unit", "platform").get(public_id=channel_id)
    for where, given, longest in (("text", text, LONGEST_TEXT), ("author", author, _LONGEST)):
        if len(given) > longest or "\0" in given:
            raise InvalidInput(where, f"at most {longest:,} characters")
    if kind not in (Kind.POST, Kind.COMMENT):
        raise InvalidInput("kind", "a post or a comment")
    page = read_page(url)
    target = read_page(link).url if link.strip() else ""
    address, parent = _address(page, url), ""
    if answers.strip():
        parent = _address(read_page(answers), answers)
    media, shown = _own(files), proofs(evidence)
    decide_by_hand(
        queries.by_hand_facts(
            channel,
            page=page,
            text=text or target,
            author=author,
            is_comment=kind is Kind.COMMENT,
            answers=parent,
            own_files=len(media),
            proofs=len(shown),
            posted_at=posted_at,
            actor=actor,
            now=now,
        )
    ).or_refuse()
    said = "\n\n".join(part for part in (text.strip(), target if target not in text else "") if part)
    report = store_batch(
        channel=channel,
        items=[
            Item(
                platform=channel.platform_id,
                kind=kind,
                native_id=_native_id(address),
                id_is_derived=True,
                text=said,
                raw=canonical_json(
                    {
                        "format": FORMAT,
                        "url": address,
                        "kind": kind.value,
                        "text": text.strip(),
                        "link": target,
                        "answers": parent,
                        "author": author.strip(),
                        "is_ours": is_ours,
                        "posted_at": instant_text(posted_at),
                        "kept_by": actor.public_id,
                        "kept_at": instant_text(now),
                        "files": [_told(file) for file in files],
                        "evidence": [_told(file) for file in evidence],
                    }
                ),
                route=Route.USER_SUPPLIED,
                url=address,
                author_id=(channel.native_id or channel.public_id) if is_ours else "",
                author_handle=channel.handle if is_ours else "",
                author_name=author.strip(),
                published_at=posted_at,
                parent_id=_native_id(parent) if parent else "",
                root_id=_native_id(parent) if parent else "",
                media=(*media, *shown),
                extra={PROOFS: str(len(shown)), **({"link": target} if target else {})},
            )
        ],
        route=Route.USER_SUPPLIED,
        actor=actor,
        now=now,
        is_made_for_body=is_ours,
    )
    if report.faults:
        raise InvalidInput("post", report.faults[0].why)
    if not report.stored:
        raise Refused.because("kept-already", "This is kept already, in these words and with these files.")
    return ItemRow.objects.get(channel=channel, native_id=_native_id(address))


def _address(page: Page, url: str) -> str:
    """The address with the place on the page: comments often have no page of their own."""
    place = urlsplit(url.strip()).fragment
    return f"{page.url}#{place}" if place and not place.startswith("!") else page.url


def _native_id(url: str) -> str:
    return f"by-hand:{sha256(url.encode()).hexdigest()[:40]}"


def _told(file: EvidenceFile) -> dict[str, str | int]:
    return {"name": file.name, "sha256": sha256(file.data).hexdigest(), "size": len(file.data)}


def _own(files: Sequence[EvidenceFile]) -> tuple[MediaFile, ...]:
    if len(files) > MOST_FILES:
        raise InvalidInput("files", f"at most {MOST_FILES} files")
    return tuple(
        MediaFile(
            name=file.name[:200],
            mime=_mime(file),
            open=lambda data=file.data: io.BytesIO(data),  # type: ignore[misc]
        )
        for file in files
    )


def _mime(file: EvidenceFile) -> str:
    for at, sign, mime in _SIGNS:
        if file.data[at : at + len(sign)] == sign:
            if len(file.data) > MAX_MEDIUM_BYTES:
                raise InvalidInput("files", f"{file.name}: a video or sound of at most {MAX_MEDIUM_BYTES >> 20} MB")
            return mime
    try:
        return read_picture(file.data, where="files")
    except InvalidInput as problem:
        why = f"{file.name}: {problem.why} (MP4, WebM, MP3, Ogg and FLAC are taken as well)"
        raise InvalidInput("files", why) from problem
