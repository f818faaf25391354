"""Jobs about platforms' terms: fetching them, telling who is concerned, and what other acts ask of somebody.

Kinds: ``channels.look-at-terms`` {} (hourly), ``channels.fetch-terms`` {platform, document},
``channels.tell-terms-changed`` {change}, and, with {entry}: ``channels.owe-use-look``, ``channels.end-use-look``,
``channels.ask-speaker-to-read``.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsChange, TermsLook, TermsSource
from rostrum.areas.channels.operations import terms_changes, terms_duties, terms_texts
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DOCUMENT_TITLES, DocumentKind
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import queries as governance
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Right, Role
from rostrum.connectors.documents import fetch_document
from rostrum.connectors.interface import ConnectorError
from rostrum.connectors.mail import mailer
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.legal_days import legal_date

_FETCH_EVERY = timedelta(hours=24)


def look_at_terms(args: dict[str, Any], *, now: datetime) -> None:
    """Queue the fetch of each document that is fetched and was not tried for a day."""
    del args
    for source in TermsSource.objects.filter(is_fetched=True):
        tried = TermsLook.objects.filter(platform=source.platform_id, document=source.document).first()
        # An hourly round: a look of nearly a day ago is not put off to the next one.
        if tried is None or now - tried.looked_at > _FETCH_EVERY - timedelta(minutes=30):
            args = {"platform": source.platform_id, "document": source.document}
            jobs.enqueue(
                "channels.fetch-terms", args, now=now, unique_key=f"fetch-terms:{args['platform']}:{args['document']}"
            )


def fetch_terms(args: dict[str, Any], *, now: datetime) -> None:
    """Fetch one document from the address the body entered, and keep it if its words are new."""
    source = TermsSource.objects.filter(platform=args["platform"], document=args["document"], is_fetched=True).first()
    if source is None:
        return
    where = {"platform": source.platform_id, "document": source.document}
    try:
        found = fetch_document(source.address, allows_private=settings.FETCHES_PRIVATE)
        terms_texts.store_terms(
            **where,
            content=found.content,
            media_type=found.media_type,
            route="fetched",
            address=found.address,
            actor=None,
            now=now,
        )
    except ConnectorError as trouble:
        terms_texts.note_terms_not_reached(**where, trouble=str(trouble), actor="system", now=now)
    except InvalidInput as problem:
        trouble_words = f"What came from there is no text: {problem.why}."
        terms_texts.note_terms_not_reached(**where, trouble=trouble_words, actor="system", now=now)


def tell_terms_changed(args: dict[str, Any], *, now: datetime) -> None:
    """Mail the decider, the watcher and the coordinators that terms changed, and those who cannot publish meanwhile."""
    change = TermsChange.objects.select_related("platform").get(public_id=args["change"])
    if change.use:
        return
    title = DOCUMENT_TITLES[DocumentKind(change.document)].lower()
    watch = queries.terms_watch(change.platform_id)
    decider = watch.decider if watch else None
    concerned: dict[int, User] = {one.pk: one for one in people.persons_with(Role.COORDINATOR, now=now)}
    if watch:
        concerned |= {one.pk: one for one in (watch.watcher, watch.decider)}
    speakers = {}
    if choices.change_suspends():
        speakers = {one.pk: one for one in queries.speakers(change.platform_id, now=now)}
    post = mailer(settings.MAIL_SERVER, settings.MAIL_FROM)
    for key, person in sorted((speakers | concerned).items()):
        if not people.is_present(person, now=now):
            continue
        lines = [f"{person.name},", "", f"the {title} of {change.platform} changed; the review of them is open again."]
        if decider is not None and key == decider.pk:
            due = duty_queries.open_duties(kind=terms_changes.CHANGE_DUTY, subject=change.public_id).first()
            lines.append(f"It is for you to decide what the body does about it{_by(due.due_at if due else None)}.")
        elif decider is not None:
            lines.append(f"{decider.name} decides what the body does about it.")
        else:
            lines.append("Nobody is named to decide about it yet: name somebody.")
        if choices.change_suspends():
            lines.append("Until then nothing is published on the body's channels there.")
        lines += ["", f"In Rostrum: Channels, Terms, {change.platform}.", "", governance.body_name(), ""]
        post.send(person.email, f"The {title} of {change.platform} changed", "\n".join(lines))


def _by(due_at: datetime | None) -> str:
    # The day at whose end it is late, as people read it.
    if due_at is None:
        return ""
    last = legal_date(due_at - timedelta(seconds=1), settings.LEGAL_TIME_ZONE)
    return f" by {last:%B} {last.day}, {last.year}"


def owe_use_look(args: dict[str, Any], *, now: datetime) -> None:
    """A channel went live: where its platform's terms oblige the body to watch over its use, somebody owes the look."""
    channel = _channel_of(args["entry"])
    if channel is not None:
        with transaction.atomic():
            terms_duties.owe_use_look(channel, actor="system", now=now)


def end_use_look(args: dict[str, Any], *, now: datetime) -> None:
    """A channel was closed: nobody watches over its use any more."""
    channel = _channel_of(args["entry"])
    if channel is not None:
        for duty in duty_queries.open_duties(kind=terms_duties.USE_DUTY, subject=channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=args["entry"], actor="system", now=now)


def ask_speaker_to_read(args: dict[str, Any], *, now: datetime) -> None:
    """Somebody may speak on a channel: where the pack asks it, they read the platform's rules and confirm it."""
    entry = Entry.objects.get(public_id=args["entry"])
    if entry.body["right"] != Right.SPEAK or governance.activation() is None:
        return
    channel = _channel_of(args["entry"])
    if channel is not None:
        with transaction.atomic():
            terms_changes.ask_to_read(channel.platform_id, actor="system", now=now)


def _channel_of(entry_id: str) -> Channel | None:
    body = Entry.objects.get(public_id=entry_id).body
    return Channel.objects.select_related("platform", "unit").filter(public_id=body["channel"]).first()
