"""The controls that records requests carry, with what shows that they act (design §11.12)."""

from datetime import datetime

from django.db.models import Count, Min, Model, QuerySet
from django.urls import reverse

from rostrum.areas.disclosure.models import (
    Determination,
    Production,
    RecordsRequest,
    Redaction,
    ResponsiveRecord,
    SavedSearch,
)
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_disclosure.py"
_PRODUCTIONS = "tests/areas/test_productions.py"


def _since(rows: QuerySet[Model], field: str) -> datetime | None:
    found: datetime | None = rows.aggregate(first=Min(field))["first"]
    return found


def _evidence(rows: QuerySet[Model], field: str, one: str, many: str, none: str) -> Evidence:
    count = rows.count()
    words = none if not count else f"1 {one}." if count == 1 else f"{count} {many}."
    return Evidence(words, count, _since(rows, field), reverse("requests"))


def _any_form() -> Evidence:
    rows = RecordsRequest.objects.all()
    by_way = {row["via"]: row["number"] for row in rows.order_by().values("via").annotate(number=Count("pk"))}
    ways = ", ".join(f"{by_way[way.value]} by {way.label.lower()}" for way in RecordsRequest.Via if way.value in by_way)
    summary = (
        f"Received: {ways}; {rows.filter(requester_name='').count()} without a name." if ways else "None received yet."
    )
    return Evidence(summary, rows.count(), _since(rows, "received_at"), reverse("requests"))


def _acknowledged() -> Evidence:
    rows = RecordsRequest.objects.all()
    answered = rows.filter(determination__isnull=False).count()
    return Evidence(
        f"{rows.count()} response duties opened, {answered} closed by a determination.",
        rows.count(),
        _since(rows, "received_at"),
        reverse("requests"),
    )


def _searches() -> Evidence:
    return _evidence(
        SavedSearch.objects.all(), "run_at", "search kept with its count", "searches kept with their counts",
        "No search made yet.",
    )  # fmt: skip


def _reasons() -> Evidence:
    withheld = ResponsiveRecord.objects.filter(choice=ResponsiveRecord.Choice.WITHHOLD)
    parts = Redaction.objects.filter(dropped_at__isnull=True)
    first = min(filter(None, (_since(withheld, "decided_at"), _since(parts, "proposed_at"))), default=None)
    return Evidence(
        f"{withheld.count()} records and {parts.count()} parts withheld, each under a cited exemption with a reason.",
        withheld.count() + parts.count(),
        first,
        reverse("requests"),
    )


def _fees() -> Evidence:
    return _evidence(
        RecordsRequest.objects.filter(fee_cents__isnull=False), "received_at", "fee worked out under the law's rules",
        "fees worked out under the law's rules", "No fee was charged.",
    )  # fmt: skip


def _second_looks() -> Evidence:
    return _evidence(
        Redaction.objects.filter(seconded_at__isnull=False), "seconded_at", "redaction seen by a second person",
        "redactions seen by a second person", "No redaction made yet.",
    )  # fmt: skip


def _release_copies() -> Evidence:
    made = Production.objects.filter(state=Production.State.READY)
    refused = Production.objects.filter(state=Production.State.FAILED).count()
    return Evidence(
        f"{made.count()} productions looked over and released, {refused} stopped.",
        made.count() + refused,
        _since(made, "finished_at"),
        reverse("requests"),
    )


def _formats() -> Evidence:
    return _evidence(
        Production.objects.filter(state=Production.State.READY), "finished_at", "bag of JSON, CSV and PDF handed over",
        "bags of JSON, CSV and PDF handed over", "Nothing handed over yet.",
    )  # fmt: skip


def _letters() -> Evidence:
    return _evidence(
        Determination.objects.filter(outcome__in=("partial", "denied")), "issued_at",
        "denial with its reasons and the notice of review", "denials with their reasons and the notice of review",
        "Nothing denied yet.",
    )  # fmt: skip


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        "request.any-form",
        (f"{_TESTS}::test_a_request_comes_in_any_form_without_name_or_purpose",),
        _any_form,
    ),
    LiveControl(
        "request.acknowledged",
        (f"{_TESTS}::test_a_request_opens_the_duty_to_respond_and_the_determination_closes_it",),
        _acknowledged,
    ),
    LiveControl(
        "request.exhaustive-search",
        (f"{_TESTS}::test_the_search_is_kept_and_every_version_of_what_it_finds_is_a_record",),
        _searches,
    ),
    LiveControl(
        "request.exemption-reason",
        (
            f"{_TESTS}::test_nothing_is_withheld_without_a_cited_exemption_and_a_reason",
            f"{_TESTS}::test_nothing_is_determined_until_all_is_decided_and_every_redaction_seen_by_two",
        ),
        _reasons,
    ),
    LiveControl(
        "request.exemption",
        (f"{_TESTS}::test_nothing_is_withheld_without_a_cited_exemption_and_a_reason",),
        _reasons,
        # The others ask for marks made beforehand (accounts, personal data) or fields on drafts, which nothing makes.
        clauses=("DMA-II-B-07d", "DMA-II-B-07f"),
    ),
    LiveControl(
        "request.fee-limits",
        (
            f"{_TESTS}::test_a_fee_follows_the_law",
            f"{_TESTS}::test_prepayment_may_be_asked_only_above_five_dollars",
        ),
        _fees,
    ),
    LiveControl(
        "redaction.second-look",
        (
            f"{_TESTS}::test_a_redaction_is_widened_to_words_and_seconded_by_another_person",
            f"{_TESTS}::test_nothing_is_determined_until_all_is_decided_and_every_redaction_seen_by_two",
        ),
        _second_looks,
    ),
    LiveControl(
        "redaction.release-copy",
        (
            f"{_PRODUCTIONS}::test_a_production_verifies_and_the_withheld_number_is_nowhere_in_it",
            f"{_TESTS}::test_nothing_is_determined_while_another_released_record_shows_what_is_withheld",
        ),
        _release_copies,
    ),
    LiveControl(
        "record.personal-data-kept",
        (f"{_PRODUCTIONS}::test_a_production_verifies_and_the_withheld_number_is_nowhere_in_it",),
        _release_copies,
    ),
    LiveControl(
        "record.open-formats",
        (f"{_PRODUCTIONS}::test_the_export_opens_with_ordinary_tools",),
        _formats,
    ),
)
