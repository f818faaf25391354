"""Writing: a draft begun and saved. Every saving keeps its bytes as a revision and checks them, in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import Unit, User
from rostrum.areas.publishing import checks, events, queries, rules
from rostrum.areas.publishing.models import (
    Approval,
    Check,
    Draft,
    DraftMedia,
    DraftRevision,
    FindingCount,
)
from rostrum.areas.publishing.rules import DRAFT_MACHINE, Content, DraftAct, DraftState, MediaContent
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.evaluate import finding_to_json

MEDIA_TYPES: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "video/mp4": (),
}
MOST_MEDIA = 10
MOST_MEDIA_BYTES = 50 * 1024 * 1024
MOST_TEXT_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class MediaInput:
    """One medium to keep with a revision: new bytes, or the blob (SHA-256, hex) of one the draft already has."""

    alt: str = ""
    has_captions: bool = False
    name: str = ""
    mime: str = ""
    data: bytes = b""
    blob: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    content: MediaContent
    name: str
    size_bytes: int


@transaction.atomic
def create_draft(
    *,
    unit: Unit,
    actor: User,
    now: datetime,
    text: str = "",
    channels: Sequence[Channel] = (),
    media: Sequence[MediaInput] = (),
    publish_at: datetime | None = None,
    answers: Mapping[str, str] | None = None,
    about: Sequence[str] = (),
) -> Draft:
    """Begin a draft for a unit, keep its first revision and check it.

    Raises `Refused` (not this person's unit, no right to speak on a channel) or `InvalidInput` (media, time, text).
    """
    draft = Draft(author=actor, unit=unit, state=DRAFT_MACHINE.initial, created_at=now, changed_at=now)
    content = _content(
        text=text,
        channels=channels,
        publish_at=publish_at,
        answers=answers or {},
        about=about,
        author=draft.author,
    )
    return begin(draft, content, media, channels, actor=actor, now=now)


def begin(
    draft: Draft,
    content: Content,
    media: Sequence[MediaInput],
    channels: Sequence[Channel],
    *,
    actor: User,
    now: datetime,
) -> Draft:
    """Insert a new draft with its first revision (in the caller's transaction); a correction begins here too."""
    rules.decide_save(queries.save_facts(draft, channels, actor=actor, now=now)).or_refuse()
    kept = _keep_media(draft, media)
    draft.save(force_insert=True)
    content = replace(content, media=tuple(one.content for one in kept))
    revision, check = _keep_revision(draft, content, kept, channels, actor=actor, now=now)
    ledger.record(
        events.DraftCreated(
            draft=draft.public_id,
            unit=draft.unit.public_id,
            digest=revision.digest,
            check=check.public_id,
            corrects=draft.corrects.public_id if draft.corrects else "",
        ),
        actor=actor.public_id,
        now=now,
    )
    return draft


@transaction.atomic
def save_revision(
    *,
    draft_id: str,
    text: str,
    channels: Sequence[Channel],
    actor: User,
    now: datetime,
    media: Sequence[MediaInput] = (),
    publish_at: datetime | None = None,
    answers: Mapping[str, str] | None = None,
    about: Sequence[str] = (),
) -> DraftRevision:
    """Keep an edited draft as a further revision, and check it. Approvals and reviews of the one before are void.

    Raises `Refused` (state, unit, right to speak) or `InvalidInput` (nothing was changed; media, time, text).
    """
    draft = queries.locked_draft(draft_id)
    rules.decide_save(queries.save_facts(draft, channels, actor=actor, now=now)).or_refuse()
    kept = _keep_media(draft, media)
    content = _content(
        text=text,
        channels=channels,
        publish_at=publish_at,
        answers=answers or {},
        about=about,
        author=draft.author,
    )
    content = replace(content, media=tuple(one.content for one in kept))
    if content.to_bytes() == bytes(queries.current_revision(draft).body):
        raise InvalidInput("draft", "nothing was changed")

    revision, check = _keep_revision(draft, content, kept, channels, actor=actor, now=now)
    voided = Approval.objects.filter(revision__draft=draft, voided_at=None).update(voided_at=now)
    draft.state = DRAFT_MACHINE.next_state(DraftState(draft.state), DraftAct.SAVE)
    draft.changed_at = now
    draft.submitted_at = draft.submitted_by = None
    draft.save(update_fields=["state", "changed_at", "submitted_at", "submitted_by"])
    ledger.record(
        events.DraftRevised(
            draft=draft.public_id,
            revision=revision.number,
            digest=revision.digest,
            check=check.public_id,
            approvals_voided=voided,
        ),
        actor=actor.public_id,
        now=now,
    )
    return revision


def _content(
    *,
    text: str,
    channels: Sequence[Channel],
    publish_at: datetime | None,
    answers: Mapping[str, str],
    about: Sequence[str],
    author: User,
) -> Content:
    if len(text) > MOST_TEXT_CHARACTERS:
        raise InvalidInput("text", f"at most {MOST_TEXT_CHARACTERS:,} characters")
    if "\x00" in text:
        raise InvalidInput("text", "contains a character that no platform shows (U+0000)")
    if publish_at is not None and publish_at.tzinfo is None:
        raise InvalidInput("publish_at", "a time needs its zone")
    return Content(
        # Browsers send CR LF; what is approved and published has one kind of line end.
        text=text.replace("\r\n", "\n").replace("\r", "\n"),
        channels=tuple(channel.public_id for channel in channels),
        publish_at=publish_at,
        answers=tuple(sorted((code, value.strip()) for code, value in answers.items() if value.strip())),
        about=tuple(dict.fromkeys(party.strip() for party in about if party.strip())),
        signature=checks.signature_for(author),
    )


def _keep_media(draft: Draft, media: Sequence[MediaInput]) -> list[_Kept]:
    if len(media) > MOST_MEDIA:
        raise InvalidInput("media", f"at most {MOST_MEDIA} images or films")
    return [_keep_one(draft, medium, f"media {number}") for number, medium in enumerate(media, start=1)]


def _keep_one(draft: Draft, medium: MediaInput, where: str) -> _Kept:
    if not medium.data:
        # A correction begins with the media of the post it corrects.
        drafts = [one for one in (draft.pk, draft.corrects_id) if one]
        known = DraftMedia.objects.filter(revision__draft__in=drafts, blob=medium.blob).last()
        if known is None:
            raise InvalidInput(where, "this draft has no such image; upload it")
        return _Kept(
            MediaContent(known.blob, known.mime, medium.alt.strip(), medium.has_captions), known.name, known.size_bytes
        )
    if len(medium.data) > MOST_MEDIA_BYTES:
        raise InvalidInput(where, f"larger than {MOST_MEDIA_BYTES // 2**20} MiB")
    mime = _sniffed(medium.data)
    if not mime:
        raise InvalidInput(where, f"“{medium.name}” is not one of {', '.join(MEDIA_TYPES)}")
    # A blob without a row is harmless; a row without its blob would not be. So the blob comes first.
    blob = LocalBlobs(settings.BLOBS_FOLDER).put(medium.data)
    return _Kept(
        MediaContent(blob, mime, medium.alt.strip(), medium.has_captions),
        medium.name[:255] or "image",
        len(medium.data),
    )


def _sniffed(data: bytes) -> str:
    """The media type by the first bytes, because names and headers of uploads are only claims."""
    if data[4:8] == b"ftyp":
        return "video/mp4"
    for mime, beginnings in MEDIA_TYPES.items():
        if any(data.startswith(beginning) for beginning in beginnings):
            return mime if mime != "image/webp" or data[8:12] == b"WEBP" else ""
    return ""


def _keep_revision(
    draft: Draft,
    content: Content,
    kept: Sequence[_Kept],
    channels: Sequence[Channel],
    *,
    actor: User,
    now: datetime,
) -> tuple[DraftRevision, Check]:
    body = content.to_bytes()
    revision = DraftRevision.objects.create(
        draft=draft,
        number=draft.revisions.count() + 1,
        body=body,
        digest=rules.digest_of(body),
        text=content.text,
        area=dict(content.answers).get(checks.AREA_ANSWER, "").casefold()[:100],
        publish_at=content.publish_at,
        made_by=actor,
        made_at=now,
    )
    revision.channels.set(channels)
    DraftMedia.objects.bulk_create(
        [
            DraftMedia(
                revision=revision,
                position=position,
                blob=one.content.blob,
                mime=one.content.mime,
                alt=one.content.alt,
                has_captions=one.content.has_captions,
                name=one.name,
                size_bytes=one.size_bytes,
            )
            for position, one in enumerate(kept)
        ]
    )
    return revision, keep_check(revision, actor=actor, now=now)


def keep_check(revision: DraftRevision, *, actor: User, now: datetime) -> Check:
    """Check a revision under the active packs and keep facts, findings and pack version (in the caller's act)."""
    checked = checks.check_revision(revision, now=now)
    check = Check.objects.create(
        revision=revision,
        evaluations=checked.evaluations,
        findings=[finding_to_json(one) for one in checked.findings],
        pack_version=checked.pack_version,
        checked_by=actor,
        checked_at=now,
    )
    FindingCount.objects.bulk_create(
        [
            FindingCount(check_run=check, control=control, strength=strength, count=count)
            for (control, strength), count in sorted(checks.counted(checked.findings).items())
        ]
    )
    return check
