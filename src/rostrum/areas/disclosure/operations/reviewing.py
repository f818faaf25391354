"""Finding what answers a request, and deciding about it, record by record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Version
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.disclosure import events, parts, rules
from rostrum.areas.disclosure.law import known_exemptions
from rostrum.areas.disclosure.models import Redaction, ResponsiveRecord, SavedSearch
from rostrum.areas.disclosure.operations.intake import written
from rostrum.areas.disclosure.operations.locking import locked_request, move, must_process_requests
from rostrum.areas.disclosure.states import RequestAct, RequestState
from rostrum.areas.disclosure.verifying import Secret, Watch
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.retention import operations as retention
from rostrum.areas.retention.models import HoldKind
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import InvalidInput, Refused

_CHUNK = 500
LONGEST_REASON = 1000


@transaction.atomic
def run_search(*, request_id: str, query: SearchQuery, actor: User, now: datetime) -> SavedSearch:
    """Search the whole archive for the request, keep the search, add what is new, and put all of it on hold.

    Every version of every Item found is added: an edit or a deletion is part of what there is. Raises `InvalidInput`
    for a query that cannot be read.
    """
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    if request.state == RequestState.RECEIVED:
        raise Refused.because("not-acknowledged", "Acknowledge the request before searching.")
    # Messages and personal data answer a request like everything else; what is kept is what was searched.
    query = replace(query, include_restricted=True)
    move(request, RequestAct.SEARCH)
    request.save(update_fields=["state"])
    search = SavedSearch.objects.create(
        request=request, query=query.to_json(), found=0, added=0, run_by=actor, run_at=now
    )
    found = added = 0
    batch: list[Item] = []
    for item in archive.items_matching(query):
        found += 1
        batch.append(item)
        if len(batch) == _CHUNK:
            added += _add(search, batch, request.number, now)
            batch = []
    if batch:
        added += _add(search, batch, request.number, now)
    search.found, search.added = found, added
    search.save(update_fields=["found", "added"])
    ledger.record(
        events.SearchRun(
            request=request.public_id,
            search=search.public_id,
            query_digest=sha256(canonical_json(search.query)).hexdigest(),
            found=found,
            added=added,
        ),
        actor=actor.public_id,
        now=now,
    )
    return search


def _add(search: SavedSearch, items: Sequence[Item], number: int, now: datetime) -> int:
    request = search.request
    versions = list(Version.objects.filter(item__in=items).only("id", "item_id"))
    known = set(
        ResponsiveRecord.objects.filter(request=request, version__in=versions).values_list("version_id", flat=True)
    )
    fresh = [
        ResponsiveRecord(request=request, version=version, item_id=version.item_id, found_by=search)
        for version in versions
        if version.pk not in known
    ]
    ResponsiveRecord.objects.bulk_create(fresh)
    retention.place_hold(
        kind=HoldKind.REQUEST,
        matter=request.public_id,
        items=items,
        reason=f"Responsive to records request {number}",
        matter_is_open=True,
        actor="system",
        now=now,
    )
    return len(fresh)


@transaction.atomic
def start_review(*, request_id: str, actor: User, now: datetime) -> None:
    """Close the search and begin the review. At least one search must have been made: "no records" is a finding."""
    must_process_requests(actor, now=now)
    request = locked_request(request_id)
    if not request.searches.exists():
        raise Refused.because(
            "no-search", "Search the archive first; that there are no records must be a search's answer."
        )
    if request.state == RequestState.AWAITING_PREPAYMENT and request.prepaid_at is None:
        raise Refused.because("fee-open", "The prepayment asked for has not come in.")
    move(request, RequestAct.REVIEW)
    request.save(update_fields=["state"])
    ledger.record(
        events.ReviewStarted(request=request.public_id, records=request.records.count()), actor=actor.public_id, now=now
    )


def _locked_record(record_id: str) -> ResponsiveRecord:
    record = ResponsiveRecord.objects.select_related("request", "version").get(public_id=record_id)
    record.request = locked_request(record.request.public_id)
    return record


@transaction.atomic
def decide_record(
    *, record_id: str, choice: str, exemptions: Sequence[str] = (), reason: str = "", actor: User, now: datetime
) -> ResponsiveRecord:
    """Decide about one record: release, redact, withhold, or not responsive. Raises `Refused` with every reason."""
    must_process_requests(actor, now=now)
    if choice not in ResponsiveRecord.Choice.values or choice == rules.UNDECIDED:
        raise InvalidInput("choice", f"“{choice}” is not one of release, redact, withhold, not_responsive")
    reason = written("reason", reason, LONGEST_REASON)
    record = _locked_record(record_id)
    open_redactions = record.redactions.filter(dropped_at__isnull=True)
    rules.decide_choice(
        rules.ChoiceFacts(
            state=RequestState(record.request.state),
            choice=choice,
            exemptions=tuple(exemptions),
            known_exemptions=frozenset(known_exemptions()),
            reason=reason,
            redactions=open_redactions.count(),
        )
    ).or_refuse()
    if choice == rules.WITHHOLD:
        _reason_must_not_tell(reason, [Secret(record.public_id, record.version.text)])
    if choice == rules.REDACT:
        exemptions = sorted(set(open_redactions.values_list("exemption", flat=True)))
    record.choice, record.exemptions, record.reason = choice, list(exemptions), reason
    record.decided_by, record.decided_at = actor, now
    record.save(update_fields=["choice", "exemptions", "reason", "decided_by", "decided_at"])
    ledger.record(
        events.RecordDecided(
            request=record.request.public_id,
            record=record.public_id,
            commitment=bytes(record.version.commitment).hex(),
            choice=choice,
            exemptions=list(exemptions),
        ),
        actor=actor.public_id,
        now=now,
    )
    return record


@transaction.atomic
def propose_redactions(
    *,
    record_id: str,
    cuts: Sequence[tuple[str, int, int]],
    exemption: str,
    reason: str,
    actor: User,
    now: datetime,
) -> list[Redaction]:
    """Mark parts of a record to be withheld under one exemption; the record is then decided anew.

    Each cut is (place, start, end): ``text`` with code points, widened to whole words; ``media`` with the medium's
    position; ``author``; ``ids`` (what leads to a person, such as the address of what this replies to). Raises
    `InvalidInput` naming what is wrong with a place, `Refused` for an unknown exemption, no reason, or a part that is
    withheld already.
    """
    must_process_requests(actor, now=now)
    record = _locked_record(record_id)
    if record.request.state != RequestState.REVIEWING:
        raise Refused.because("not-in-review", "Redactions are made while the request is in review.")
    if exemption not in known_exemptions():
        raise Refused.because("unknown-exemption", f"No active pack has the exemption {exemption or '(none)'}.")
    reason = written("reason", reason, LONGEST_REASON)
    if not reason:
        raise Refused.because("no-reason", "Say specifically why this part is withheld (s. 19.35(4)(b)).")
    if not cuts:
        raise InvalidInput("cuts", "mark what is to be withheld")
    made: list[Redaction] = []
    for place, start, end in cuts:
        low, high = _checked_cut(record, place, start, end)
        if place == Redaction.Place.TEXT:
            _reason_must_not_tell(reason, [Secret(record.public_id, record.version.text[low:high])])
        redaction = Redaction.objects.create(
            record=record, place=place, start=low, end=high, exemption=exemption, reason=reason,
            proposed_by=actor, proposed_at=now,
        )  # fmt: skip
        made.append(redaction)
    _reopen(record)
    ledger.record(
        events.RedactionsProposed(
            request=record.request.public_id,
            record=record.public_id,
            redactions=[redaction.public_id for redaction in made],
            places=[redaction.place for redaction in made],
            exemption=exemption,
        ),
        actor=actor.public_id,
        now=now,
    )
    return made


def _reason_must_not_tell(reason: str, secrets: Sequence[Secret]) -> None:
    if secrets and Watch(secrets).found_in(reason, of_record=secrets[0].record_id):
        raise Refused.because("reason-tells", "The reason repeats what is to be withheld, and it goes into the letter.")


def _checked_cut(record: ResponsiveRecord, place: str, start: int, end: int) -> tuple[int, int]:
    if place == Redaction.Place.TEXT:
        start, end = parts.widen(record.version.text, start, end)
        same = Q(start__lt=end) & Q(end__gt=start)
    elif place == Redaction.Place.MEDIA:
        if not record.version.media.filter(position=start).exists():
            raise InvalidInput("position", f"this record has no medium {start}")
        end, same = start, Q(start=start)
    elif place in (Redaction.Place.AUTHOR, Redaction.Place.IDS):
        start, end, same = 0, 0, Q()
    else:
        raise InvalidInput("place", f"“{place}” is not one of text, media, author, ids")
    if record.redactions.filter(same, place=place, dropped_at__isnull=True).exists():
        raise Refused.because("overlaps", "A redaction already covers this part.")
    return start, end


def _reopen(record: ResponsiveRecord) -> None:
    # A decision about a record stands for what it showed; a change of its redactions takes it back.
    record.choice, record.decided_by, record.decided_at = rules.UNDECIDED, None, None
    record.save(update_fields=["choice", "decided_by", "decided_at"])


@transaction.atomic
def second_redaction(*, redaction_id: str, actor: User, now: datetime) -> Redaction:
    """Agree to a redaction as the second person. Raises `Refused` for the one who proposed it."""
    must_process_requests(actor, now=now)
    redaction = Redaction.objects.select_related("record__request", "proposed_by").get(public_id=redaction_id)
    request = locked_request(redaction.record.request.public_id)
    redaction.refresh_from_db()
    rules.decide_second(
        rules.SecondFacts(
            state=RequestState(request.state),
            proposed_by=redaction.proposed_by.public_id,
            actor=actor.public_id,
            seconded=redaction.seconded_at is not None,
            dropped=redaction.dropped_at is not None,
        )
    ).or_refuse()
    redaction.seconded_by, redaction.seconded_at = actor, now
    redaction.save(update_fields=["seconded_by", "seconded_at"])
    ledger.record(
        events.RedactionSeconded(
            request=request.public_id, redaction=redaction.public_id, proposed_by=redaction.proposed_by.public_id
        ),
        actor=actor.public_id,
        now=now,
    )
    return redaction


@transaction.atomic
def drop_redaction(*, redaction_id: str, actor: User, now: datetime) -> Redaction:
    """Take a redaction back before the determination; the record is decided anew."""
    must_process_requests(actor, now=now)
    redaction = Redaction.objects.select_related("record__request").get(public_id=redaction_id)
    request = locked_request(redaction.record.request.public_id)
    redaction.refresh_from_db()
    if request.state != RequestState.REVIEWING:
        raise Refused.because("not-in-review", "Redactions are changed while the request is in review.")
    if redaction.dropped_at is not None:
        raise Refused.because("redaction-dropped", "This redaction was dropped already.")
    redaction.dropped_at = now
    redaction.save(update_fields=["dropped_at"])
    _reopen(redaction.record)
    ledger.record(
        events.RedactionDropped(request=request.public_id, redaction=redaction.public_id),
        actor=actor.public_id,
        now=now,
    )
    return redaction
