"""Everything that changes a records request; each function is one official act."""

from rostrum.areas.disclosure.operations.answering import (
    close_request,
    estimate_fee,
    issue_determination,
    record_prepayment,
    withdraw_request,
)
from rostrum.areas.disclosure.operations.intake import (
    acknowledge_request,
    ask_requester,
    hear_requester,
    receive_request,
)
from rostrum.areas.disclosure.operations.producing import ask_production, fail_production, finish_production
from rostrum.areas.disclosure.operations.reviewing import (
    decide_record,
    drop_redaction,
    propose_redactions,
    run_search,
    second_redaction,
    start_review,
)

__all__ = [
    "acknowledge_request",
    "ask_production",
    "ask_requester",
    "close_request",
    "decide_record",
    "drop_redaction",
    "estimate_fee",
    "fail_production",
    "finish_production",
    "hear_requester",
    "issue_determination",
    "propose_redactions",
    "receive_request",
    "record_prepayment",
    "run_search",
    "second_redaction",
    "start_review",
    "withdraw_request",
]
