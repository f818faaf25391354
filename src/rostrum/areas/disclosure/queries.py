"""Reads over requests, for pages, productions and the portal."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from rostrum.areas.archive.models import Item
from rostrum.areas.disclosure import rules
from rostrum.areas.disclosure.models import Production, RecordsRequest, Redaction, ResponsiveRecord


def requests() -> QuerySet[RecordsRequest]:
    """Every request, newest first, with `record_count` and `undecided_count`."""
    return RecordsRequest.objects.annotate(
        record_count=Count("records"), undecided_count=Count("records", filter=Q(records__choice="undecided"))
    ).order_by("-number")


def records_under_review(request: RecordsRequest, *, with_payloads: bool = False) -> list[ResponsiveRecord]:
    """The request's records in the order of publication, with versions, Items and redactions at hand.

    `with_payloads` reads what proves and what is handed over as well; pages do without.
    """
    records = request.records.select_related("request", "version__item", "item__channel", "decided_by")
    if not with_payloads:
        records = records.defer("version__raw", "version__seed")
    return list(
        records.prefetch_related(
            Prefetch("redactions", queryset=Redaction.objects.select_related("proposed_by", "seconded_by")),
            "version__media",
        )
    )


def open_redactions(record: ResponsiveRecord) -> list[Redaction]:
    """The redactions of a record that were not dropped."""
    return [redaction for redaction in record.redactions.all() if redaction.dropped_at is None]


def record_facts(record: ResponsiveRecord) -> rules.RecordFacts:
    """What the rules need to know of one record."""
    redactions = open_redactions(record)
    return rules.RecordFacts(
        choice=record.choice,
        exemptions=tuple(record.exemptions),
        reason=record.reason,
        redactions=len(redactions),
        unseconded=sum(1 for redaction in redactions if redaction.seconded_at is None),
    )


@dataclass(frozen=True, slots=True)
class Thread:
    """Records of one conversation, for review in their thread."""

    root: str
    channel: str
    records: tuple[ResponsiveRecord, ...]


def threads(records: Iterable[ResponsiveRecord]) -> list[Thread]:
    """The records grouped by conversation, each in the order of publication."""
    grouped: dict[tuple[int, str], list[ResponsiveRecord]] = {}
    for record in records:
        item = record.item
        grouped.setdefault((item.channel_id, item.root_id or item.native_id), []).append(record)
    return [Thread(root, members[0].item.channel.name, tuple(members)) for (_, root), members in grouped.items()]


def ready_productions(request: RecordsRequest) -> QuerySet[Production]:
    """The productions of a request that can be downloaded."""
    return request.productions.filter(state=Production.State.READY)


def requests_touching(item: Item) -> QuerySet[RecordsRequest]:
    """The requests whose records include a version of the Item."""
    return RecordsRequest.objects.filter(records__item=item).distinct()
