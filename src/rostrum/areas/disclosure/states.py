"""The life of a public-records request, as one table (records-and-law §4, design §11.14)."""

from enum import StrEnum

from rostrum.workflow.machine import Machine, Transition


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    CLARIFYING = "clarifying"
    SEARCHING = "searching"
    FEE_ESTIMATED = "fee_estimated"
    AWAITING_PREPAYMENT = "awaiting_prepayment"
    REVIEWING = "reviewing"
    DETERMINED = "determined"
    PRODUCED = "produced"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class RequestAct(StrEnum):
    """What can be done with a request."""

    ACKNOWLEDGE = "acknowledge"
    ASK_REQUESTER = "ask_requester"
    HEAR_REQUESTER = "hear_requester"
    SEARCH = "search"
    ESTIMATE_FEE = "estimate_fee"
    ASK_PREPAYMENT = "ask_prepayment"
    REVIEW = "review"
    DETERMINE = "determine"
    PRODUCE = "produce"
    CLOSE = "close"
    WITHDRAW = "withdraw"


_S, _A = RequestState, RequestAct
_OPEN = (
    _S.RECEIVED,
    _S.ACKNOWLEDGED,
    _S.CLARIFYING,
    _S.SEARCHING,
    _S.FEE_ESTIMATED,
    _S.AWAITING_PREPAYMENT,
    _S.REVIEWING,
)

STATE_TITLES = {
    _S.RECEIVED: "Received",
    _S.ACKNOWLEDGED: "Acknowledged",
    _S.CLARIFYING: "Waiting for the requester",
    _S.SEARCHING: "Searching",
    _S.FEE_ESTIMATED: "Fee worked out",
    _S.AWAITING_PREPAYMENT: "Waiting for prepayment",
    _S.REVIEWING: "In review",
    _S.DETERMINED: "Determined",
    _S.PRODUCED: "Produced",
    _S.CLOSED: "Closed",
    _S.WITHDRAWN: "Withdrawn",
}

REQUEST_MACHINE: Machine[RequestState] = Machine(
    "records request",
    (
        Transition(_S.RECEIVED, _A.ACKNOWLEDGE, _S.ACKNOWLEDGED),
        Transition(_S.ACKNOWLEDGED, _A.ASK_REQUESTER, _S.CLARIFYING),
        Transition(_S.CLARIFYING, _A.HEAR_REQUESTER, _S.ACKNOWLEDGED),
        Transition(_S.ACKNOWLEDGED, _A.SEARCH, _S.SEARCHING),
        Transition(_S.SEARCHING, _A.SEARCH, _S.SEARCHING),
        Transition(_S.SEARCHING, _A.ASK_REQUESTER, _S.CLARIFYING),
        # The fee step is optional: most requests go from the search to the review.
        Transition(_S.SEARCHING, _A.ESTIMATE_FEE, _S.FEE_ESTIMATED),
        Transition(_S.FEE_ESTIMATED, _A.ASK_PREPAYMENT, _S.AWAITING_PREPAYMENT),
        Transition(_S.FEE_ESTIMATED, _A.REVIEW, _S.REVIEWING),
        Transition(_S.AWAITING_PREPAYMENT, _A.REVIEW, _S.REVIEWING, "the prepayment is recorded"),
        Transition(_S.SEARCHING, _A.REVIEW, _S.REVIEWING),
        # A further search during the review adds what the first one missed.
        Transition(_S.REVIEWING, _A.SEARCH, _S.REVIEWING),
        Transition(_S.REVIEWING, _A.DETERMINE, _S.DETERMINED, "every record is decided, every redaction seconded"),
        Transition(_S.DETERMINED, _A.PRODUCE, _S.PRODUCED, "something is released, and the redactions are verified"),
        Transition(_S.DETERMINED, _A.CLOSE, _S.CLOSED, "denied, or no records"),
        Transition(_S.PRODUCED, _A.CLOSE, _S.CLOSED),
        *(Transition(state, _A.WITHDRAW, _S.WITHDRAWN) for state in _OPEN),
    ),
    initial=_S.RECEIVED,
    final=(_S.CLOSED, _S.WITHDRAWN),
    titles=STATE_TITLES,
    buttons={
        _A.ACKNOWLEDGE: "Acknowledge the request",
        _A.ASK_REQUESTER: "Ask",
        _A.HEAR_REQUESTER: "Take the answer in",
        _A.SEARCH: "Search and hold",
        _A.ESTIMATE_FEE: "Record the fee",
        _A.ASK_PREPAYMENT: "Record the fee",
        _A.REVIEW: "Begin the review",
        _A.DETERMINE: "Issue the determination",
        _A.PRODUCE: "Make the production",
        _A.CLOSE: "Close the request",
        _A.WITHDRAW: "Record the withdrawal",
    },
)
