"""What the request pages share: who may open them, finding what they are about, what the request's page shows."""

from django.shortcuts import get_object_or_404

from rostrum.areas.channels.models import Channel
from rostrum.areas.disclosure import letters, queries, rules
from rostrum.areas.disclosure.forms import AnswerForm, FeeForm, QuestionForm, SearchForm
from rostrum.areas.disclosure.law import known_exemptions
from rostrum.areas.disclosure.models import Production, RecordsRequest
from rostrum.areas.disclosure.states import REQUEST_MACHINE, STATE_TITLES, RequestState
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.rules import Permission
from rostrum.areas.retention import queries as retention
from rostrum.areas.retention.models import HoldKind

READS = opens_for(Permission.PROCESS_REQUEST, reading=True)
ACTS = opens_for(Permission.PROCESS_REQUEST)

# How each state looks and reads: its words, the colour of its tag.
STATE_WORDS = {
    RequestState.RECEIVED: (STATE_TITLES[RequestState.RECEIVED], "wait"),
    RequestState.ACKNOWLEDGED: (STATE_TITLES[RequestState.ACKNOWLEDGED], "wait"),
    RequestState.CLARIFYING: (STATE_TITLES[RequestState.CLARIFYING], "info"),
    RequestState.SEARCHING: (STATE_TITLES[RequestState.SEARCHING], "wait"),
    RequestState.FEE_ESTIMATED: (STATE_TITLES[RequestState.FEE_ESTIMATED], "wait"),
    RequestState.AWAITING_PREPAYMENT: (STATE_TITLES[RequestState.AWAITING_PREPAYMENT], "info"),
    RequestState.REVIEWING: (STATE_TITLES[RequestState.REVIEWING], "wait"),
    RequestState.DETERMINED: (STATE_TITLES[RequestState.DETERMINED], "ok"),
    RequestState.PRODUCED: (STATE_TITLES[RequestState.PRODUCED], "ok"),
    RequestState.CLOSED: (STATE_TITLES[RequestState.CLOSED], "quiet"),
    RequestState.WITHDRAWN: (STATE_TITLES[RequestState.WITHDRAWN], "quiet"),
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
