"""Pages of records requests, for the custodian: intake and search, the review desk, the answer."""

from rostrum.areas.disclosure.views.answering import close, determination, download, produce, production_response
from rostrum.areas.disclosure.views.desk import (
    acknowledge,
    ask,
    fee,
    heard,
    new_request,
    prepaid,
    request_list,
    request_page,
    search,
    start_review,
    withdraw,
)
from rostrum.areas.disclosure.views.reviewing import drop, record_page, redact, review, second

__all__ = [
    "acknowledge",
    "ask",
    "close",
    "determination",
    "download",
    "drop",
    "fee",
    "heard",
    "new_request",
    "prepaid",
    "produce",
    "production_response",
    "record_page",
    "redact",
    "request_list",
    "request_page",
    "review",
    "search",
    "second",
    "start_review",
    "withdraw",
]
