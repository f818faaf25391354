"""What the request pages share: who may open them, finding what they are about, what the request's page shows."""

from django.shortcuts import get_object_or_404

from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure import letters, queries, rules
from rostrum.areas.disclosure.forms import AnswerForm, FeeForm, QuestionForm, SearchForm
from rostrum.areas.disclosure.law import known_exemptions
from rostrum.areas.disclosure.models import Production, RecordsRequest
from rostrum.areas.disclosure.states import REQUEST_MACHINE, RequestState
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.rules import Permission
from rostrum.areas.retention import queries as retention
from rostrum.areas.retention.models import HoldKind

READS = opens_for(Permission.PROCESS_REQUEST, reading=True)
ACTS = opens_for(Permission.PROCESS_REQUEST)

# How each state looks and reads: its words, the colour of its tag.
STATE_WORDS = {
    RequestState.RECEIVED: ("Received", "wait"),
    RequestState.ACKNOWLEDGED: ("Acknowledged", "wait"),
    RequestState.CLARIFYING: ("Waiting for the requester", "info"),
    RequestState.SEARCHING: ("Searching", "wait"),
    RequestState.FEE_ESTIMATED: ("Fee worked out", "wait"),
    RequestState.AWAITING_PREPAYMENT: ("Waiting for prepayment", "info"),
    RequestState.REVIEWING: ("In review", "wait"),
    RequestState.DETERMINED: ("Determined", "ok"),
    RequestState.PRODUCED: ("Produced", "ok"),
    RequestState.CLOSED: ("Closed", "quiet"),
    RequestState.WITHDRAWN: ("Withdrawn", "quiet"),
}


def request_or_404(request_id: str) -> RecordsRequest:
    """The request with this public id."""
    return get_object_or_404(RecordsRequest, public_id=request_id)


def exemption_choices() -> list[tuple[str, str]]:
    """Every exemption of the active packs, as a form offers it."""
    return [
        (
            exemption.id,
            f"{exemption.title} ({exemption.citation}{'' if exemption.verified else '; citation not yet verified'})",
        )
        for exemption in known_exemptions().values()
    ]


def search_form(data: object = None) -> SearchForm:
    """The form of an exhaustive search, with the channels there are."""
    return SearchForm(data, channels=[(channel.slug, channel.name) for channel in Channel.objects.order_by("name")])


def page_context(found: RecordsRequest, **more: object) -> dict[str, object]:
    """What the request's page shows: what was asked, what was done, what can be done now."""
    state = RequestState(found.state)
    records = queries.records_under_review(found)
    facts = tuple(queries.record_facts(record) for record in records)
    hold = retention.hold_of(kind=HoldKind.REQUEST, matter=found.public_id)
    determination = getattr(found, "determination", None)
    outcome = determination.outcome if determination else ""
    words, kind = STATE_WORDS[state]
    return {
        "found": found,
        "state_words": words,
        "state_kind": kind,
        "acts": set(REQUEST_MACHINE.acts_from(state)),
        "record_count": len(records),
        "decided": sum(1 for one in facts if one.choice != rules.UNDECIDED),
        "unseconded": sum(one.unseconded for one in facts),
        "hold": hold,
        "held_count": hold.held.count() if hold else 0,
        "searches": [(search, letters.query_words(search.query)) for search in found.searches.select_related("run_by")],
        "determination": determination,
        "close_decision": rules.decide_close(state, outcome),
        "produce_decision": rules.decide_production(
            state, outcome, found.productions.filter(state=Production.State.BUILDING).exists()
        ),
        "fee_dollars": f"${(found.fee_cents or 0) / 100:,.2f}",
        "productions": list(found.productions.all()),
        "search_form": search_form(),
        "fee_form": FeeForm(),
        "question_form": QuestionForm(),
        "answer_form": AnswerForm(),
        **more,
    }
