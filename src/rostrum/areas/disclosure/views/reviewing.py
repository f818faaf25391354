"""The review desk: records in their threads, redactions and their second look, the decision about each record."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.disclosure import marking, operations, queries, rules
from rostrum.areas.disclosure.forms import DecisionForm, RedactionForm
from rostrum.areas.disclosure.law import known_exemptions
from rostrum.areas.disclosure.models import Redaction, ResponsiveRecord
from rostrum.areas.disclosure.states import RequestState
from rostrum.areas.disclosure.views.reading import ACTS, READS, exemption_choices, request_or_404
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Refused

_PER_PAGE = 100
_MOST_OF_THREAD = 20
_CHOICE_KINDS = {"undecided": "wait", "release": "ok", "redact": "info", "withhold": "stop", "not_responsive": "quiet"}


def _record(request_id: str, record_id: str) -> ResponsiveRecord:
    return get_object_or_404(
        ResponsiveRecord.objects.select_related("version__item", "item__channel", "request", "decided_by"),
        request__public_id=request_id,
        public_id=record_id,
    )


@require_safe
@READS
def review(request: HttpRequest, request_id: str) -> HttpResponse:
    """The review desk: every record in its thread, with what was decided."""
    found = request_or_404(request_id)
    records = queries.records_under_review(found)
    undecided = [record for record in records if record.choice == rules.UNDECIDED]
    show = "undecided" if request.GET.get("show") == "undecided" else "all"
    page = Paginator(undecided if show == "undecided" else records, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "disclosure/review.html",
        {
            "found": found,
            "threads": queries.threads(page.object_list),
            "page": page,
            "kinds": _CHOICE_KINDS,
            "total": len(records),
            "decided": len(records) - len(undecided),
            "undecided": len(undecided),
            "in_review": found.state == RequestState.REVIEWING,
            "to_second": [
                redaction
                for record in records
                for redaction in queries.open_redactions(record)
                if redaction.seconded_at is None
            ],
            "show": show,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@READS
def record_page(request: HttpRequest, request_id: str, record_id: str) -> HttpResponse:
    """One record: what it says, in its thread; its redactions; the decision."""
    record, person = _record(request_id, record_id), signed_in_person(request)
    if request.method != "POST":
        return _page(request, record, person)
    people.may(person, Permission.PROCESS_REQUEST, now=timezone.now()).or_refuse()
    form = DecisionForm(request.POST, exemptions=exemption_choices())
    if not form.is_valid():
        return _page(request, record, person, form=form)
    try:
        operations.decide_record(record_id=record_id, **form.cleaned_data, actor=person, now=timezone.now())
    except Refused as refusal:
        return _page(request, record, person, form=form, refused=refusal.reasons)
    following = (
        record.request.records.filter(choice=rules.UNDECIDED, version_id__gt=record.version_id).first()
        or record.request.records.filter(choice=rules.UNDECIDED).first()
    )
    if following:
        messages.success(request, "The decision is recorded. Here is the next record.")
        return redirect("request-record", request_id, following.public_id)
    messages.success(request, "The decision is recorded. It was the last one.")
    return redirect("request-review", request_id)


def _page(request: HttpRequest, record: ResponsiveRecord, person: User, **more: object) -> HttpResponse:
    state = RequestState(record.request.state)
    redactions = list(record.redactions.filter(dropped_at__isnull=True).select_related("proposed_by", "seconded_by"))
    words = marking.words(record.version.text, redactions)
    exemptions = known_exemptions()
    order = list(record.request.records.values_list("public_id", flat=True))
    position = order.index(record.public_id)
    context: dict[str, object] = {
        "record": record,
        "found": record.request,
        "choice_kind": _CHOICE_KINDS[record.choice],
        "position": position + 1,
        "total": len(order),
        "previous_id": order[position - 1] if position else "",
        "next_id": order[position + 1] if position + 1 < len(order) else "",
        "author": record.version.author_name or record.version.author_handle or record.item.author_id,
        "redactions": [
            {
                "redaction": one,
                "authority": exemptions[one.exemption].citation if one.exemption in exemptions else one.exemption,
                "text": record.version.text[one.start : one.end] if one.place == "text" else "",
                "decision": rules.decide_second(
                    rules.SecondFacts(
                        state=state,
                        proposed_by=one.proposed_by.public_id,
                        actor=person.public_id,
                        seconded=one.seconded_at is not None,
                        dropped=False,
                    )
                ),
            }
            for one in redactions
        ],
        "words": words,
        "has_suggestions": any(word.suggested for word in words),
        "places": {one.place for one in redactions},
        "media": [
            (medium, any(one.place == "media" and one.start == medium.position for one in redactions))
            for medium in record.version.media.all()
        ],
        "thread": [one for one in archive.thread_of(record.item)[: _MOST_OF_THREAD + 1] if one.pk != record.item_id],
        "in_review": state is RequestState.REVIEWING
        and people.may(person, Permission.PROCESS_REQUEST, now=timezone.now()).allowed,
        "form": DecisionForm(
            exemptions=exemption_choices(),
            initial={
                "choice": ("redact" if redactions else None) if record.choice == rules.UNDECIDED else record.choice,
                "exemptions": record.exemptions,
                "reason": record.reason,
            },
        ),
        "redaction_form": RedactionForm(exemptions=exemption_choices()),
        **more,
    }
    return render(request, "disclosure/record.html", context, status=422 if more else 200)


@require_POST
@ACTS
def redact(request: HttpRequest, request_id: str, record_id: str) -> HttpResponse:
    """Withhold the marked words (each run of them is one redaction), the author, ids, or a medium."""
    record, person = _record(request_id, record_id), signed_in_person(request)
    form = RedactionForm(request.POST, exemptions=exemption_choices())
    ranges = marking.ranges(record.version.text, request.POST.getlist("word"))
    media = [int(one) for one in request.POST.getlist("medium") if one.isdecimal() and len(one) < 6]
    whole = [place for place in ("author", "ids") if place in request.POST]
    if not (ranges or media or whole):
        form.add_error(None, "Mark what is to be withheld first.")
    if not form.is_valid():
        return _page(request, record, person, redaction_form=form)
    try:
        operations.propose_redactions(
            record_id=record_id,
            cuts=[
                *(("text", start, end) for start, end in ranges),
                *(("media", position, position) for position in media),
                *((place, 0, 0) for place in whole),
            ],
            **form.cleaned_data,
            actor=person,
            now=timezone.now(),
        )
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return _page(request, record, person, redaction_form=form)
    messages.success(request, "The redaction is proposed. A second person must see it.")
    return redirect("request-record", request_id, record_id)


def _redaction(request_id: str, redaction_id: str) -> Redaction:
    return get_object_or_404(
        Redaction.objects.select_related("record"), record__request__public_id=request_id, public_id=redaction_id
    )


@require_POST
@ACTS
def second(request: HttpRequest, request_id: str, redaction_id: str) -> HttpResponse:
    """Agree to a redaction as the second person."""
    found = _redaction(request_id, redaction_id)
    operations.second_redaction(redaction_id=redaction_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "You agreed to the redaction.")
    return redirect("request-record", request_id, found.record.public_id)


@require_POST
@ACTS
def drop(request: HttpRequest, request_id: str, redaction_id: str) -> HttpResponse:
    """Take a redaction back."""
    found = _redaction(request_id, redaction_id)
    operations.drop_redaction(redaction_id=redaction_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "The redaction is dropped.")
    return redirect("request-record", request_id, found.record.public_id)
