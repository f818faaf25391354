"""Keeping a platform's terms: where they stand, who watches them, each new text, each look."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from rostrum.areas.channels import pack
from rostrum.areas.channels.events import terms as events
from rostrum.areas.channels.models import Platform
from rostrum.areas.channels.models.terms import TermsLook, TermsSource, TermsVersion, TermsWatch
from rostrum.areas.channels.operations.rows import platform_row
from rostrum.areas.channels.operations.terms_changes import CHANGE_DUTY, ask_to_read, reopen
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DOCUMENT_TITLES, REVIEWED, DocumentKind
from rostrum.areas.channels.terms.texts import read_text
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput

WATCH_DUTY = "channels.watch-terms"


@transaction.atomic
def set_terms_address(
    *, platform: str, document: str, address: str, is_fetched: bool, actor: User, now: datetime
) -> TermsSource:
    """Say where a platform publishes a document, and whether it is fetched from there.

    Raises `Refused` without the right, `InvalidInput` for an address that is none or a fetch without one.
    """
    row, kind = _locked(platform), _document(document)
    queries.may_keep_terms(platform, actor=actor, now=now).or_refuse()
    address = address.strip()
    if address and not address.lower().startswith(("https://", "http://")):
        raise InvalidInput("address", "a web address begins with https://")
    if is_fetched and not address:
        raise InvalidInput("address", "give the address it is fetched from")
    source, _ = TermsSource.objects.update_or_create(
        platform=row, document=kind, defaults={"address": address, "is_fetched": is_fetched, "trouble": ""}
    )
    ledger.record(
        events.TermsAddressSet(platform=platform, document=kind, address=address, is_fetched=is_fetched),
        actor=actor.public_id,
        now=now,
    )
    return source


@transaction.atomic
def name_terms_watch(*, platform: str, watcher: User, decider: User, actor: User, now: datetime) -> TermsWatch:
    """Name who watches a platform's terms and who decides about a change; open duties go over to them.

    Raises `Refused` without the right, `InvalidInput` when nothing changes.
    """
    _locked(platform)
    queries.may_keep_terms(platform, actor=actor, now=now).or_refuse()
    found = name_watch(platform, watcher=watcher, decider=decider, actor=actor, now=now)
    if found is None:
        raise InvalidInput("watcher", "nothing was changed")
    return found


def name_watch(platform: str, *, watcher: User, decider: User, actor: User, now: datetime) -> TermsWatch | None:
    """Put these two in charge, in the caller's transaction; None when they are already."""
    before = queries.terms_watch(platform)
    if before is not None and (before.watcher_id, before.decider_id) == (watcher.pk, decider.pk):
        return None
    found, _ = TermsWatch.objects.update_or_create(
        platform_id=platform,
        defaults={"watcher": watcher, "decider": decider, "named_by": actor, "named_at": now},
    )
    entry = ledger.record(
        events.TermsWatchNamed(platform=platform, watcher=watcher.public_id, decider=decider.public_id),
        actor=actor.public_id,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=WATCH_DUTY, subject=platform):
        _hand_over(duty, watcher, evidence=entry.public_id, actor=actor, now=now)
    for change in queries.standing_changes(platform):
        for duty in duty_queries.open_duties(kind=CHANGE_DUTY, subject=change.public_id):
            _hand_over(duty, decider, evidence=entry.public_id, actor=actor, now=now)
    _open_watch(platform, found, actor=actor.public_id, now=now)
    return found


def _hand_over(duty: Duty, person: User, *, evidence: str, actor: User, now: datetime) -> None:
    if duty.owner_id == person.pk:
        return
    duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor.public_id, now=now)
    duties.open_duty(
        kind=duty.kind,
        title=duty.title,
        owner_role=duty.owner_role,
        owner=person,
        # Whoever takes it over does not get more time.
        due_at=duty.due_at,
        subject=duty.subject,
        clause=duty.clause,
        clock=duty.clock,
        actor=actor.public_id,
        now=now,
    )


def _open_watch(platform: str, watch: TermsWatch, *, actor: str, now: datetime) -> None:
    duties.open_duty(
        kind=WATCH_DUTY,
        title=f"Look whether {watch.platform} has changed its terms",
        owner_role=Role.COORDINATOR,
        owner=watch.watcher,
        due_at=choices.due(now, choices.watch_days()),
        subject=platform,
        clause=pack.clauses().get("terms.amendment-watch", ""),
        clock=choices.period(choices.watch_days()),
        actor=actor,
        now=now,
    )


@transaction.atomic
def store_terms(
    *,
    platform: str,
    document: str,
    content: bytes,
    media_type: str,
    route: str,
    actor: User | None,
    now: datetime,
    address: str = "",
) -> TermsLook:
    """Keep a platform's text as it stands now; `actor` is None for the job that fetches.

    A text with the same words makes no new version; it is a look that found them unchanged. A new one reopens the
    reviews of every channel on the platform. Raises `Refused` without the right, `InvalidInput` for what is no text.
    """
    row, kind = _locked(platform), _document(document)
    if actor is not None:
        queries.may_keep_terms(platform, actor=actor, now=now).or_refuse()
    read = read_text(content, media_type)
    LocalBlobs(settings.BLOBS_FOLDER).put(content)
    before = queries.newest_terms(platform, kind)
    if before is not None and before.sha256 == read.sha256:
        return _same(row, before, raw_sha256=read.raw_sha256, actor=actor, now=now)

    version = TermsVersion.objects.create(
        platform=row,
        document=kind,
        number=before.number + 1 if before else 1,
        text=read.text,
        sha256=read.sha256,
        raw_sha256=read.raw_sha256,
        media_type=media_type[:100],
        address=address.strip() or _address(row, kind),
        route=route,
        retrieved_at=now,
        added_by=actor,
    )
    look = TermsLook.objects.create(
        platform=row,
        document=kind,
        looked_at=now,
        looked_by=actor,
        outcome=TermsLook.Outcome.NEW,
        raw_sha256=read.raw_sha256,
        version=version,
    )
    reopened = reopen(before, version, actor=actor, now=now) if before and kind in REVIEWED else None
    ledger.record(
        events.TermsStored(
            look=look.public_id,
            version=version.public_id,
            platform=platform,
            document=kind,
            number=version.number,
            sha256=version.sha256,
            raw_sha256=version.raw_sha256,
            route=route,
            change=reopened.change.public_id if reopened else "",
            reopened_reviews=reopened.reviews if reopened else [],
        ),
        actor=_name(actor),
        now=now,
    )
    _note_watched(platform, look, actor=actor, now=now)
    ask_to_read(platform, actor=_name(actor), now=now)
    return look


def _same(row: Platform, version: TermsVersion, *, raw_sha256: str, actor: User | None, now: datetime) -> TermsLook:
    look = TermsLook.objects.create(
        platform=row,
        document=version.document,
        looked_at=now,
        looked_by=actor,
        outcome=TermsLook.Outcome.SAME,
        raw_sha256=raw_sha256,
        version=version,
    )
    ledger.record(
        events.TermsLookedAt(
            look=look.public_id,
            platform=row.slug,
            document=version.document,
            version=version.public_id,
            raw_sha256=raw_sha256,
        ),
        actor=_name(actor),
        now=now,
    )
    TermsSource.objects.filter(platform=row, document=version.document).exclude(trouble="").update(trouble="")
    _note_watched(row.slug, look, actor=actor, now=now)
    return look


@transaction.atomic
def note_terms_unchanged(*, platform: str, document: str, actor: User, now: datetime) -> TermsLook:
    """Record that a person looked at the platform's own page and found the text of the newest version there.

    Raises `Refused` without the right or where no text is kept yet.
    """
    row, kind = _locked(platform), _document(document)
    queries.may_keep_terms(platform, actor=actor, now=now).or_refuse()
    version = queries.newest_terms(platform, kind)
    if version is None:
        raise InvalidInput(
            "document", f"no {DOCUMENT_TITLES[kind].lower()} of {row} are kept yet; store the text first"
        )
    return _same(row, version, raw_sha256="", actor=actor, now=now)


@transaction.atomic
def note_terms_not_reached(*, platform: str, document: str, trouble: str, actor: str, now: datetime) -> TermsLook:
    """Record that the job could not fetch a document. Only a trouble that begins or changes is an act."""
    row, kind = _locked(platform), _document(document)
    look = TermsLook.objects.create(
        platform=row, document=kind, looked_at=now, outcome=TermsLook.Outcome.FAILED, trouble=trouble[:300]
    )
    source = TermsSource.objects.select_for_update().get(platform=row, document=kind)
    if source.trouble != look.trouble:
        source.trouble = look.trouble
        source.save(update_fields=["trouble"])
        ledger.record(
            events.TermsNotReached(look=look.public_id, platform=platform, document=kind), actor=actor, now=now
        )
    return look


def _note_watched(platform: str, look: TermsLook, *, actor: User | None, now: datetime) -> None:
    """Close the watcher's duty once each document was looked at since it opened, and open the next."""
    watch = queries.terms_watch(platform)
    if watch is None:
        return
    for duty in duty_queries.open_duties(kind=WATCH_DUTY, subject=platform):
        if actor is None and now < duty.opened_at + timedelta(days=choices.watch_days()) / 2:
            # A job that looks every day would close and open it every day.
            return
        for document in REVIEWED:
            kept = queries.newest_terms(platform, document)
            last = queries.last_look(platform, document)
            if kept is not None and (last is None or last.looked_at <= duty.opened_at):
                return
        duties.close_duty(duty_id=duty.public_id, evidence=look.public_id, actor=_name(actor), now=now)
    _open_watch(platform, watch, actor=_name(actor), now=now)


def _locked(platform: str) -> Platform:
    row = platform_row(platform)
    return Platform.objects.select_for_update().get(pk=row.pk)


def _document(document: str) -> DocumentKind:
    if document not in list(DocumentKind):
        raise InvalidInput("document", f"one of {', '.join(DocumentKind)}")
    return DocumentKind(document)


def _address(row: Platform, document: DocumentKind) -> str:
    source = TermsSource.objects.filter(platform=row, document=document).first()
    return source.address if source else ""


def _name(actor: User | None) -> str:
    return actor.public_id if actor else "system"
